// SPDX-License-Identifier: Apache-2.0
//
// The command of examples/node, on a target that test_node.py starts: TACHYON_PID runs TACHYON_SOURCE.
'use strict';

const assert = require('node:assert/strict');
const { execFile, spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { test } = require('node:test');
const { promisify } = require('node:util');

const PACKAGE = path.resolve(__dirname, '../../examples/node');
const COMMAND = path.join(PACKAGE, 'bin/tachyon-heat.js');

const pid = Number(process.env.TACHYON_PID);
const source = process.env.TACHYON_SOURCE;

/** Runs it to its end. */
async function command(...words) {
  try {
    return { status: 0, ...(await promisify(execFile)(process.execPath, [COMMAND, ...words])) };
  } catch ({ code, stdout, stderr }) {
    return { status: code, stdout, stderr };
  }
}

test('the process exits while it samples', async () => {
  const code = `require(${JSON.stringify(PACKAGE)}).attach(${pid}).then(() => process.exit(7))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: 'inherit' });
  assert.deepEqual(await once(child, 'exit'), [7, null]);
});

test('the command', async () => {
  const { stdout } = await command('-d', '0.2', '-f', source, String(pid));
  const heat = JSON.parse(stdout);
  assert.deepEqual(heat.files.map(({ file }) => file), [source]);
  assert.ok(heat.files[0].lines[0].instructions.length > 0);
  assert.equal(heat.sampling.endReason, 'duration');
});

test('the command streams until it is interrupted', async () => {
  const child = spawn(process.execPath, [COMMAND, '--stream', '0.05', String(pid)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const piece of child.stdout) {
    if (text.split('\n').length <= 3 && (text + piece).split('\n').length > 3) child.kill('SIGINT');
    text += piece;
  }
  const heats = text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.ok(heats.length >= 4);
  assert.equal(heats.at(-1).sampling.endReason, 'stopped');
  assert.ok(heats[0].stacks.counted < heats.at(-1).stacks.counted);
});

test('the command says what is wrong', async () => {
  const help = await command('--help');
  assert.match(help.stdout, /^usage: tachyon-heat/);
  assert.equal(help.status, 0);
  for (const words of [[], ['1', '2'], ['--nothing', '1'], ['-d', 'x', '1'], ['-m', 'x', String(pid)]]) {
    const { status, stdout, stderr } = await command(...words);
    assert.equal(status, 2, words.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /^tachyon-heat: .*\n.*--help/);
  }
  const { status, stderr } = await command('2147483647');
  assert.equal(status, 1);
  assert.match(stderr, /^tachyon-heat: there is no process 2147483647/);
});
