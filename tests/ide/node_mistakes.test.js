// SPDX-License-Identifier: Apache-2.0
//
// What examples/node says where something is wrong. test_node.py gives a Python process that may not
// be read (TACHYON_REFUSED) or TACHYON_PID, a process that is no Python, and libraries that are none.
'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');

const PACKAGE = path.resolve(__dirname, '../../examples/node');
const { TachyonError, attach, library } = require(PACKAGE);

const refused = Number(process.env.TACHYON_REFUSED);
const pid = Number(process.env.TACHYON_PID);

test('permission', { skip: !refused }, async () => {
  await assert.rejects(attach(refused), (error) => {
    assert.ok(error instanceof TachyonError && error instanceof Error);
    assert.equal(error.code, 'TY_EPERMISSION');
    assert.equal(error.kind, 'permission');
    assert.equal(error.result, -4007);
    assert.ok(error.errno > 0);
    assert.match(error.message, /^may not read process \d+: .*\. [A-Z]/s);
    return true;
  });
});

test('processes that cannot be sampled', { skip: !pid }, async () => {
  await assert.rejects(attach(2147483647), { code: 'TY_EEXITED', kind: 'gone' });
  await assert.rejects(attach(Number(process.env.TACHYON_NOT_PYTHON)), { code: 'TY_ENOTPYTHON', kind: 'unsupported' });
});

test('arguments', { skip: !pid }, async () => {
  for (const wrong of [0, -1, 1.5, NaN, '7', undefined, 2 ** 31]) await assert.rejects(attach(wrong), RangeError);
  for (const wrong of [{ intervalMs: 0 }, { intervalMs: '1' }, { durationMs: -1 }, { durationMs: Infinity }, { mode: 'idle' },
    { mode: 'toString' }, { threads: 'one' }])
    await assert.rejects(attach(pid, wrong), RangeError, JSON.stringify(wrong));
});

test('libraries', { skip: !pid }, async () => {
  const missing = { code: 'ERR_TACHYON_LIBRARY', message: /Tried: \/nowhere\/libtachyon.so.0[^]*TACHYON_LIBRARY/ };
  await assert.rejects(attach(pid, { library: '/nowhere/libtachyon.so.0' }), missing);
  assert.throws(() => library(process.env.TACHYON_OTHER_VERSION), { code: 'ERR_TACHYON_VERSION', message: /is version 1\.2\.3/ });
  assert.throws(() => library(process.env.TACHYON_NO_LIBRARY), { code: 'ERR_TACHYON_LIBRARY', message: /is no libtachyon/ });
  assert.match(library().version, /^\d+\.\d+\.\d+$/);
});
