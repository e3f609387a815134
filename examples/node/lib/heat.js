// SPDX-License-Identifier: Apache-2.0
//
// Makes what index.d.ts calls Heat of the library's model: its lists of lines and of functions, and the instructions of each
// function, put together by file and line.
//
// All of it runs on the event loop's thread, in slices: after some milliseconds everything else has its turn. Whoever calls
// sees to it that nobody else asks the model in between: a list is there until the next one is made.
'use strict';

const { CONSTANTS } = require('./declarations');

const SCHEMA_VERSION = 1;
const SLICE_MS = 5;
const FORMS = ['unknown', 'specialized', 'generic', 'fixed', 'trace']; // enum ty_live_form
const END_REASONS = [null, 'duration', 'stopped', 'exited', 'collector', 'error']; // enum ty_end_reason

class Slices {
  #began = performance.now();

  async rest() {
    if (performance.now() - this.#began < SLICE_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}

/** 64-bit numbers come as BigInt where they are too large for a number: then the last digits do not matter. */
function count(value) {
  return Number(value);
}

class HeatMaker {
  constructor({ library, live, pythonVersion, sources }) {
    this.library = library;
    this.live = live;
    this.pythonVersion = pythonVersion;
    this.sources = sources;
    this.opcodes = new Map();
  }

  #samples(info) {
    const [samples, onStack] = [count(info.leaf), count(info.on_stack)];
    const share = (part) => (this.counted > 0 ? part / this.counted : 0);
    return { samples, share: share(samples), onStack, onStackShare: share(onStack) };
  }

  #overview() {
    const overview = this.library.sized('ty_live_overview_info');
    this.library.ty_live_overview(this.live, 0, overview);
    return overview;
  }

  #threads(number) {
    const threads = [];
    for (let i = 1; i <= number; i++) {
      const info = this.library.sized('ty_live_thread_info');
      this.library.ty_live_thread(this.live, i, info);
      const samples = count(info.counted);
      threads.push({ id: count(info.id), name: info.name, isMain: info.is_main !== 0, samples });
    }
    return threads;
  }

  /** Rows of one group, as objects of the library. */
  async #rows(group, slices) {
    const rows = [];
    const query = this.library.sized('ty_live_query', { group: CONSTANTS[group] });
    const number = this.library.ty_live_functions(this.live, query);
    for (let i = 0; i < number; i++) {
      const info = this.library.sized('ty_live_function_info');
      if (this.library.ty_live_function(this.live, i, info) === 0) rows.push(info);
      await slices.rest();
    }
    return rows;
  }

  /** What only the opcode's number tells. */
  #opcode(number) {
    if (!this.opcodes.has(number)) {
      const opcode = this.library.sized('ty_opcode');
      const known = this.library.ty_decode_opcode(this.pythonVersion, number, opcode) === 0;
      this.opcodes.set(number, known ? { family: opcode.family, caches: opcode.caches } : { family: null, caches: 0 });
    }
    return this.opcodes.get(number);
  }

  #instruction(info, name) {
    const form = FORMS[info.form] ?? 'unknown';
    return {
      function: name,
      offset: info.offset,
      opname: info.name || null,
      base: info.base_name || null,
      form,
      specialized: form === 'specialized',
      ...(info.name ? this.#opcode(info.opcode) : { family: null, caches: 0 }),
      argument: info.has_argument ? info.argument : null,
      argumentText: info.argument_text,
      column: info.column,
      endLine: info.end_line,
      endColumn: info.end_column,
      forms: info.forms,
      ...this.#samples(info),
    };
  }

  /** Puts the instructions of a function where their lines are; of lines without samples there are none. */
  async #addInstructions(row, lines, slices) {
    const number = this.library.ty_live_instructions(this.live, row.function, 0);
    for (let i = 0; i < number; i++) {
      const info = this.library.sized('ty_live_instruction_info');
      if (this.library.ty_live_instruction(this.live, i, info) === 0 && !info.is_line)
        lines.get(info.line)?.instructions.push(this.#instruction(info, row.name));
      await slices.rest();
    }
  }

  /** Lines with samples by number, by name of their file. */
  async #lines(slices, wanted) {
    const files = new Map();
    for (const row of await this.#rows('TY_LIVE_FILE_LINES', slices)) {
      if (!wanted(row.filename)) continue;
      if (!files.has(row.filename)) files.set(row.filename, new Map());
      files.get(row.filename).set(row.line, { line: row.line, ...this.#samples(row), instructions: [] });
    }
    return files;
  }

  async make({ instructions = true, files = null } = {}) {
    const slices = new Slices();
    const wanted = files ? (name) => files.includes(name) : () => true;
    const overview = this.#overview();
    this.counted = count(overview.counted);
    const lines = await this.#lines(slices, wanted);
    if (instructions)
      for (const row of await this.#rows('TY_LIVE_FUNCTIONS', slices))
        if (lines.has(row.filename)) await this.#addInstructions(row, lines.get(row.filename), slices);
    const found = [];
    for (const row of await this.#rows('TY_LIVE_FILES', slices)) {
      if (!lines.has(row.filename)) continue;
      found.push({
        file: row.filename,
        path: await this.sources.path(row.filename),
        ...this.#samples(row),
        lines: [...lines.get(row.filename).values()],
      });
    }
    return {
      version: SCHEMA_VERSION,
      sampling: {
        durationMs: count(overview.duration_ns) / 1e6,
        samples: count(overview.samples),
        missed: count(overview.missed),
        failed: count(overview.failed),
      },
      stacks: {
        counted: this.counted,
        verified: count(overview.verified),
        repaired: count(overview.repaired),
        torn: count(overview.torn),
        incomplete: count(overview.incomplete),
        unreadable: count(overview.unreadable),
      },
      threads: this.#threads(overview.threads),
      files: found,
    };
  }
}

module.exports = { END_REASONS, HeatMaker };
