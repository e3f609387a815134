// SPDX-License-Identifier: Apache-2.0
//
// examples/node on a live target, which test_node.py starts: TACHYON_PID runs TACHYON_SOURCE under CPython TACHYON_VERSION.
// The last test ends it.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const PACKAGE = path.resolve(__dirname, '../../examples/node');
const { attach, library, profile } = require(PACKAGE);

const pid = Number(process.env.TACHYON_PID);
const source = process.env.TACHYON_SOURCE;
const lines = fs.readFileSync(source, 'utf8').split('\n');
const PATIENCE_MS = 20000;

function lineWith(mark) {
  return lines.findIndex((line) => line.includes(`# ${mark}`)) + 1;
}

function fileOf(heat) {
  return heat.files.find((file) => file.file === source);
}

function lineOf(heat, mark) {
  return fileOf(heat)?.lines.find((line) => line.line === lineWith(mark));
}

function functionsOn(line) {
  return [...new Set(line?.instructions.map((row) => row.function))].sort();
}

/** The first instruction that was seen waiting for what it had called. */
function waitingOn(line) {
  return line?.instructions.find(({ onStack, samples }) => onStack > samples);
}

/** Asks until the answer is as it should be. */
async function eventually(running, good) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const heat = await running.heat();
    if (good(heat)) return heat;
    assert.ok(performance.now() < end, `not within ${PATIENCE_MS} ms, but ${JSON.stringify(heat).slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function withProfile(action, options) {
  const running = await attach(pid, options);
  try {
    return await action(running);
  } finally {
    await running.close();
  }
}

test('what is hot, and what it consists of', async () => {
  // What there is of it comes by chance, and in time.
  const heat = await withProfile((running) => eventually(running, (found) =>
    found.stacks.counted >= 300 && functionsOn(lineOf(found, 'SHARED')).length === 2 && waitingOn(lineOf(found, 'CALL'))?.opname));

  assert.equal(heat.version, 1);
  assert.equal(heat.library, library().version);
  assert.equal(heat.target.pid, pid);
  assert.equal(heat.target.python, process.env.TACHYON_VERSION);
  assert.equal(heat.sampling.mode, 'wall');
  assert.equal(heat.sampling.endReason, null);
  const { counted, verified, repaired } = heat.stacks;
  assert.equal(counted, verified + repaired);
  assert.equal(heat.threads.length, 1);
  assert.equal(heat.threads[0].samples, counted);

  const file = fileOf(heat);
  assert.equal(file.path, source);
  const hot = lineOf(heat, 'HOT');
  assert.ok(hot.share > 0.2 && hot.share <= 1, `${hot.share}`);
  assert.equal(hot.share, hot.samples / counted);
  const order = file.lines.map(({ samples }) => samples);
  assert.deepEqual(order, [...order].sort((a, b) => b - a), 'the hottest line comes first');
  assert.equal(hot.instructions.reduce((sum, { samples }) => sum + samples, 0), hot.samples);
  const specializes = process.env.TACHYON_SPECIALIZES === '1';
  const operation = hot.instructions.find(({ base, samples }) => base === 'BINARY_OP' && samples > 0);
  assert.match(operation.opname, specializes ? /^BINARY_OP_/ : /^BINARY_OP$/);
  assert.equal(operation.specialized, specializes);
  assert.equal(operation.form, specializes ? 'specialized' : 'generic');
  assert.equal(operation.family, 'BINARY_OP');
  assert.ok(operation.caches >= 1);
  assert.equal(operation.function, 'hot');
  assert.ok(operation.offset > 0 && operation.endLine === hot.line && operation.column >= 8);

  assert.match(waitingOn(lineOf(heat, 'CALL')).opname, /CALL/);
  assert.equal(lineOf(heat, 'COLD'), undefined);
  assert.deepEqual(functionsOn(lineOf(heat, 'SHARED')), ['shared', 'shared.<locals>.<lambda>']);
  assert.deepEqual(JSON.parse(JSON.stringify(heat)), heat, 'all of it is JSON');
});

test('only some files, and lines alone', async () => {
  await withProfile(async (running) => {
    await eventually(running, (heat) => heat.stacks.counted >= 20);
    const heat = await running.heat({ files: [source], instructions: false });
    assert.deepEqual(heat.files.map(({ file }) => file), [source]);
    assert.ok(heat.files[0].lines.every(({ instructions }) => instructions.length === 0));
    assert.deepEqual((await running.heat({ files: [] })).files, []);
  });
});

test('a profile of some time', async () => {
  const heat = await profile(pid, { durationMs: 200, intervalMs: 2, mode: 'gil', threads: 'main' });
  assert.equal(heat.sampling.endReason, 'duration');
  assert.equal(heat.sampling.intervalMs, 2);
  assert.equal(heat.sampling.mode, 'gil');
  assert.ok(heat.sampling.samples > 0 && heat.sampling.samples <= 101);
  assert.ok(heat.sampling.durationMs >= 150);
});

test('the event loop goes on while it samples and answers', async () => {
  await withProfile(async (running) => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const began = performance.now();
    let asked = 0;
    while (performance.now() - began < 300 || asked < 3) {
      await running.heat();
      asked++;
    }
    clearInterval(timer);
    assert.ok(turns >= 3, `${turns} turns of a timer while ${asked} questions were answered`);
  });
});

test('a stream counts on until it is stopped', async () => {
  await withProfile(async (running) => {
    const counts = [];
    for await (const heat of running.stream({ everyMs: 30 })) {
      counts.push(heat.sampling.samples);
      if (counts.length === 3) running.stop();
      if (heat.sampling.endReason) assert.equal(heat.sampling.endReason, 'stopped');
    }
    assert.ok(counts.length >= 4 && counts.at(-1) > counts[0], `${counts}`);
    assert.deepEqual(await running.ended, { reason: 'stopped', error: null });
    assert.ok((await running.heat()).stacks.counted > 0, 'it can be asked after its end');
  });
});

test('a reset counts from here on', async () => {
  await withProfile(async (running) => {
    const before = await eventually(running, (heat) => heat.stacks.counted >= 50);
    await running.stop();
    await running.reset();
    const after = await running.heat();
    assert.ok(after.stacks.counted < before.stacks.counted);
    assert.deepEqual(after.files, []);
  });
});

test('nothing is used after close', async () => {
  const running = await attach(pid);
  const asked = running.heat();
  const closing = running.close();
  assert.equal(running.close(), closing, 'closing twice is closing once');
  assert.equal((await asked).version, 1, 'what was asked before is answered');
  await closing;
  for (const use of [() => running.heat(), () => running.reset(), () => running.stop()])
    assert.throws(use, { name: 'TachyonError', code: 'ERR_TACHYON_CLOSED' });
  for await (const heat of running.stream({ everyMs: 1 })) assert.fail(`a stream gave ${heat}`);
  assert.equal(running.target.pid, pid, 'what it was stays known');
});

test('several at once, as many as threads can be spared', async () => {
  const all = await Promise.all([attach(pid), attach(pid), attach(pid)]);
  await assert.rejects(attach(pid), { code: 'ERR_TACHYON_BUSY' });
  for (const running of all) await eventually(running, (heat) => heat.stacks.counted >= 5);
  await Promise.all(all.map((running) => running.close()));
  await (await attach(pid)).close();
});

test('the end of the target is no error, and what was found stays', async () => {
  await withProfile(async (running) => {
    await eventually(running, (heat) => heat.stacks.counted >= 20);
    process.kill(pid, 'SIGKILL');
    assert.deepEqual(await running.ended, { reason: 'exited', error: null });
    const heat = await running.heat();
    assert.equal(heat.sampling.endReason, 'exited');
    assert.ok(lineOf(heat, 'HOT').instructions.length > 0);
    await assert.rejects(attach(pid), { name: 'TachyonError' });
  });
});
