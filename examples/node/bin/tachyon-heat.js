#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { parseArgs } = require('node:util');

const { TachyonError, attach } = require('../lib');

const USAGE = `usage: tachyon-heat [OPTION…] PID

Samples a running Python program and writes its hot lines and bytecode instructions as JSON.

  -d, --duration SECONDS    how long (10; with --stream until the target ends)
  -s, --stream SECONDS      write all that was found so far so often, one JSON object a line
  -i, --interval MS         time between samples (1)
  -m, --mode MODE           wall, cpu, gil or exception (wall)
  -t, --threads THREADS     all or main (all)
  -f, --file NAME           only this file, as the target names it; may be given more than once
      --no-instructions     lines alone
      --pretty              indent
      --library FILE        libtachyon.so.0, where the dynamic linker does not find it
  -h, --help

Ctrl-C ends sampling and writes what was found. Fields are described in lib/index.d.ts.
`;

const OPTIONS = {
  duration: { type: 'string', short: 'd' },
  stream: { type: 'string', short: 's' },
  interval: { type: 'string', short: 'i' },
  mode: { type: 'string', short: 'm' },
  threads: { type: 'string', short: 't' },
  file: { type: 'string', short: 'f', multiple: true },
  'no-instructions': { type: 'boolean' },
  pretty: { type: 'boolean' },
  library: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};
const DEFAULT_S = 10;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

class UsageError extends Error {}

function number(text, name, otherwise) {
  if (text === undefined) return otherwise;
  if (!/^\d*\.?\d+$/.test(text)) throw new UsageError(`${name} is to be a number, not ${text}`);
  return Number(text);
}

function parse(words) {
  let parsed;
  try {
    parsed = parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  if (positionals.length !== 1 || !/^\d+$/.test(positionals[0])) throw new UsageError('one process id is wanted');
  const everyS = number(values.stream, '--stream');
  return {
    pid: Number(positionals[0]),
    everyS,
    pretty: values.pretty,
    attach: {
      intervalMs: number(values.interval, '--interval'),
      durationMs: number(values.duration, '--duration', everyS === undefined ? DEFAULT_S : 0) * 1000,
      mode: values.mode,
      threads: values.threads,
      library: values.library,
    },
    heat: { instructions: !values['no-instructions'], files: values.file },
  };
}

function write(heat, pretty) {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(heat, null, pretty ? 2 : 0)}\n`, () => resolve());
  });
}

async function run(options) {
  const profile = await attach(options.pid, options.attach);
  const stop = () => void profile.stop();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  // Who reads the output has gone: then nobody wants more.
  process.stdout.once('error', stop);
  try {
    if (options.everyS !== undefined) {
      for await (const heat of profile.stream({ ...options.heat, everyMs: options.everyS * 1000 }))
        await write(heat, options.pretty);
    } else {
      await profile.ended;
      await write(await profile.heat(options.heat), options.pretty);
    }
    const { error } = await profile.ended;
    if (error) throw error;
  } finally {
    await profile.close();
  }
}

async function main() {
  try {
    const options = parse(process.argv.slice(2));
    if (options.help) process.stdout.write(USAGE);
    else await run(options);
  } catch (error) {
    const isUsage = error instanceof UsageError || error instanceof RangeError;
    if (!isUsage && !(error instanceof TachyonError)) throw error;
    process.stderr.write(`tachyon-heat: ${error.message}\n${isUsage ? 'tachyon-heat --help says what there is\n' : ''}`);
    process.exitCode = isUsage ? EXIT_USAGE : EXIT_FAILED;
  }
}

main();
