// SPDX-License-Identifier: Apache-2.0
//
// One target that is sampled.
//
// The library samples on a thread of libuv's pool: one call, ty_sampler_run(), for as long as it lasts, with the library's
// own clock, so that the event loop neither waits nor makes samples late. What is asked comes from the model of a live view
// (tachyon/live.h), which lets one thread sample while another one asks; that other one is the event loop's, and questions
// wait for each other.
//
// Such a call takes a thread of the pool, which has few of them, that files and names are looked up with: so the number of
// targets that are sampled at a time is limited.
'use strict';

const { CONSTANTS } = require('./declarations');
const { TachyonError, errorOf } = require('./errors');
const { END_REASONS, HeatMaker } = require('./heat');
const { load } = require('./library');
const { Sources } = require('./sources');

const MODES = { wall: CONSTANTS.TY_MODE_WALL, cpu: CONSTANTS.TY_MODE_CPU, gil: CONSTANTS.TY_MODE_GIL,
  exception: CONSTANTS.TY_MODE_EXCEPTION };
const THREADS = { main: CONSTANTS.TY_THREADS_MAIN, all: CONSTANTS.TY_THREADS_ALL };
const NS_PER_MS = 1e6;
const PROGRESS_MS = 50;
const SHORTEST_INTERVAL_MS = 0.01;
const LONGEST_MS = 1e12; // some thirty years; in ns it still is an exact number of 64 bits
const POOL_THREADS = 4; // libuv's, unless UV_THREADPOOL_SIZE says otherwise

const running = new Set(); // profiles

// The process waits for the pool's threads before it exits.
process.on('exit', () => {
  for (const profile of running) profile[stopNow]();
});
const stopNow = Symbol('stopNow');

function poolThreads() {
  return Number(process.env.UV_THREADPOOL_SIZE) || POOL_THREADS;
}

function callAsync(fn, ...args) {
  return new Promise((resolve, reject) => {
    fn.async(...args, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

function checkNumber(value, name, least) {
  if (typeof value !== 'number' || !(value >= least) || value > LONGEST_MS)
    throw new RangeError(`${name} is to be a number from ${least} to ${LONGEST_MS}, not ${value}`);
  return value;
}

function checkOneOf(value, name, table) {
  if (!Object.hasOwn(table, value))
    throw new RangeError(`${name} is to be one of ${Object.keys(table).join(', ')}, not ${value}`);
  return value;
}

function checked({ intervalMs = 1, durationMs = 0, mode = 'wall', threads = 'all', library } = {}) {
  return {
    intervalMs: checkNumber(intervalMs, 'intervalMs', SHORTEST_INTERVAL_MS),
    durationMs: checkNumber(durationMs, 'durationMs', 0),
    mode: checkOneOf(mode, 'mode', MODES),
    threads: checkOneOf(threads, 'threads', THREADS),
    library,
  };
}

class Profile {
  #library;
  #options;
  #target = null;
  #sampler = null;
  #live = null;
  #maker;
  #information;
  #run; // settles when sampling has ended: { reason, error }
  #asked = Promise.resolve(); // the last question; the next one waits for it
  #closing = null;

  /** See index.d.ts. */
  static async attach(pid, given) {
    if (!Number.isInteger(pid) || pid < 1 || pid > 0x7fffffff)
      throw new RangeError(`a process id is a positive number, not ${pid}`);
    const options = checked(given);
    const profile = new Profile(load(options.library), options);
    if (running.size >= Math.max(1, poolThreads() - 1))
      throw new TachyonError('ERR_TACHYON_BUSY', `${running.size} targets are being sampled, each on a thread of libuv's ` +
        'pool, which files need as well: close one, or start the program with a larger UV_THREADPOOL_SIZE');
    running.add(profile);
    try {
      await profile.#start(pid);
    } catch (error) {
      running.delete(profile);
      profile.#free();
      throw error;
    }
    return profile;
  }

  constructor(library, options) {
    this.#library = library;
    this.#options = options;
  }

  async #start(pid) {
    await this.#attach(pid);
    this.#makeModel();
    this.#makeSampler();
    this.#maker = new HeatMaker({ library: this.#library, live: this.#live,
      pythonVersion: this.#information.python_version, sources: new Sources(pid) });
    const collector = this.#library.ty_live_collector(this.#live);
    this.#run = callAsync(this.#library.ty_sampler_run, this.#sampler, [collector], 1).then((result) => this.#ended(result));
  }

  #check(result) {
    if (result < 0) throw errorOf(this.#library, result, this.#target);
  }

  async #attach(pid) {
    const out = [null];
    const options = this.#library.sized('ty_attach_options', {
      threads: THREADS[this.#options.threads],
      opcodes: 1,
      no_gc_frames: 1, // garbage collection belongs to the line that it runs on
    });
    const result = await callAsync(this.#library.ty_attach, pid, options, out);
    this.#target = out[0];
    this.#check(result);
    this.#information = this.#library.sized('ty_target_information');
    this.#check(this.#library.ty_target_info(this.#target, this.#information));
  }

  #makeModel() {
    const out = [null];
    this.#check(this.#library.ty_live_new(this.#library.sized('ty_live_options', { opcodes: 1, listings: 1 }), out));
    this.#live = out[0];
  }

  #makeSampler() {
    const out = [null];
    const options = this.#library.sized('ty_sampler_options', {
      interval_ns: Math.round(this.#options.intervalMs * NS_PER_MS),
      duration_ns: Math.round(this.#options.durationMs * NS_PER_MS),
      mode: MODES[this.#options.mode],
      opcodes: 1,
      // From the library to the library: no thread but the event loop's calls JavaScript.
      progress: this.#library.ty_live_progress,
      progress_user_data: this.#live,
      progress_interval_ns: PROGRESS_MS * NS_PER_MS,
    });
    this.#check(this.#library.ty_sampler_new(this.#target, options, out));
    this.#sampler = out[0];
  }

  #ended(result) {
    const summary = this.#library.sized('ty_run_summary');
    running.delete(this);
    this.#library.ty_sampler_summary(this.#sampler, summary);
    return {
      reason: END_REASONS[summary.end_reason] ?? 'error',
      error: result < 0 ? errorOf(this.#library, result, this.#target) : null,
    };
  }

  #free() {
    if (this.#sampler) this.#library.ty_sampler_free(this.#sampler);
    if (this.#live) this.#library.ty_live_free(this.#live);
    if (this.#target) this.#library.ty_detach(this.#target);
    this.#sampler = this.#live = this.#target = null;
  }

  #checkOpen() {
    if (this.#closing) throw new TachyonError('ERR_TACHYON_CLOSED', 'this profile was closed');
  }

  [stopNow]() {
    if (this.#sampler) this.#library.ty_sampler_stop(this.#sampler);
  }

  /** One question after the other. */
  #ask(question) {
    this.#checkOpen();
    const answer = this.#asked.then(question);
    this.#asked = answer.catch(() => {});
    return answer;
  }

  get target() {
    const { pid, namespace_pid, python_version, python_hexversion, free_threaded, runtime_path } = this.#information;
    return {
      pid,
      namespacePid: namespace_pid,
      python: `${python_version >> 8}.${python_version & 255}`,
      hexversion: python_hexversion,
      freeThreaded: free_threaded !== 0,
      runtime: runtime_path,
    };
  }

  get library() {
    return { name: this.#library.name, version: this.#library.ty_version_string() };
  }

  get ended() {
    return this.#run;
  }

  heat(options) {
    return this.#ask(async () => {
      // Whether it has ended is asked first: what is said to be the end is all of it.
      const end = await Promise.race([this.#run, null]);
      this.#check(await callAsync(this.#library.ty_live_update, this.#live));
      const { version, sampling, ...rest } = await this.#maker.make(options);
      const { mode, threads, intervalMs } = this.#options;
      return {
        version,
        library: this.library.version,
        target: this.target,
        sampling: { mode, threads, intervalMs, ...sampling, endReason: end ? end.reason : null },
        ...rest,
      };
    });
  }

  async *stream({ everyMs = 1000, ...options } = {}) {
    checkNumber(everyMs, 'everyMs', 1);
    for (;;) {
      let timer;
      const tick = new Promise((resolve) => {
        timer = setTimeout(resolve, everyMs, null);
      });
      const end = await Promise.race([this.#run, tick]);
      clearTimeout(timer);
      if (this.#closing) return;
      yield await this.heat(options);
      if (end) return;
    }
  }

  reset() {
    return this.#ask(async () => {
      this.#check(await callAsync(this.#library.ty_live_update, this.#live));
      this.#library.ty_live_reset(this.#live);
    });
  }

  stop() {
    this.#checkOpen();
    this[stopNow]();
    return this.#run;
  }

  close() {
    if (!this.#closing) {
      this[stopNow]();
      this.#closing = Promise.all([this.#run, this.#asked]).then(() => this.#free());
    }
    return this.#closing;
  }
}

module.exports = { Profile };
