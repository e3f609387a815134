// SPDX-License-Identifier: Apache-2.0

/**
 * The hot lines of a running Python program, and the bytecode instructions they consist of, as samples tell.
 *
 * Of every number of samples there are two: `samples`, in which the thing was executing, and `onStack`, in which it was
 * executing or waiting for what it had called (under recursion a sample counts once). Shares are parts, from 0 to 1, of
 * all stacks that were counted: `stacks.counted`.
 */
export interface Samples {
  samples: number;
  share: number;
  onStack: number;
  onStackShare: number;
}

/** What the adaptive interpreter made of an instruction; `generic` could be specialized and is not, `fixed` cannot. */
export type Form = 'unknown' | 'specialized' | 'generic' | 'fixed' | 'trace';

export interface Instruction extends Samples {
  /** Qualified name of the function it belongs to: several may have code on one line. */
  function: string;
  /** Byte offset in the function's bytecode; -1: not known. With `function` it tells instructions apart. */
  offset: number;
  /** Name of the form that most of its samples were in, e.g. "BINARY_OP_ADD_INT"; null: could not be read. */
  opname: string | null;
  /** Name of its generic form, e.g. "BINARY_OP". */
  base: string | null;
  form: Form;
  specialized: boolean;
  /** Family of forms, null if it has none. */
  family: string | null;
  /** Inline-cache code units, of 2 bytes each, that follow it. */
  caches: number;
  /** null: it has none. */
  argument: number | null;
  /** What dis shows in parentheses: a constant, names, "to 24"; "": nothing. */
  argumentText: string;
  /** Place in the source; columns from 0 in bytes of UTF-8; -1: not known. */
  column: number;
  endLine: number;
  endColumn: number;
  /** Number of forms it was sampled in. */
  forms: number;
}

export interface Line extends Samples {
  /** From 1; 0: not known. */
  line: number;
  /** All of the line's instructions, sampled or not; empty if they were not asked for. */
  instructions: Instruction[];
}

export interface File extends Samples {
  /** As the target names it. */
  file: string;
  /** The same file by an absolute path of our own; null where it is none of ours (a container's, generated code). */
  path: string | null;
  /** With samples, the hottest first. */
  lines: Line[];
}

export interface Target {
  pid: number;
  /** Process id as the target sees itself. */
  namespacePid: number;
  /** "3.14" */
  python: string;
  /** PY_VERSION_HEX; 0: not known. */
  hexversion: number;
  freeThreaded: boolean;
  /** File that holds the interpreter, as the target names it. */
  runtime: string;
}

export type EndReason = 'duration' | 'stopped' | 'exited' | 'collector' | 'error';

export interface Heat {
  /** Of this schema. It changes when a member goes or changes its meaning. */
  version: 1;
  /** Version of the library. */
  library: string;
  target: Target;
  sampling: {
    mode: Mode;
    threads: ThreadSelection;
    intervalMs: number;
    durationMs: number;
    samples: number;
    /** Ticks that passed without a sample. */
    missed: number;
    /** Ticks at which the target could not be read. */
    failed: number;
    /** null: it goes on. */
    endReason: EndReason | null;
  };
  /** Stacks of threads by how far they can be trusted; `counted` are those that shares are parts of. */
  stacks: {
    counted: number;
    verified: number;
    repaired: number;
    torn: number;
    incomplete: number;
    unreadable: number;
  };
  threads: { id: number; name: string; isMain: boolean; samples: number }[];
  /** With samples, the hottest first. */
  files: File[];
}

/** Which threads count: all, those on a processor, those that hold the GIL, those with an exception. */
export type Mode = 'wall' | 'cpu' | 'gil' | 'exception';
export type ThreadSelection = 'all' | 'main';

export interface AttachOptions {
  /** Time between samples; 1 if not given. */
  intervalMs?: number;
  /** When to end; 0 or not given: when the target does, or by stop(). */
  durationMs?: number;
  /** 'wall' if not given. */
  mode?: Mode;
  /** 'all' if not given. */
  threads?: ThreadSelection;
  /** File of libtachyon; the environment's TACHYON_LIBRARY, or what the dynamic linker finds, if not given. */
  library?: string;
}

export interface HeatOptions {
  /** false: lines alone. */
  instructions?: boolean;
  /** Only these files, as the target names them. */
  files?: string[];
}

export interface Profile {
  readonly target: Target;
  readonly library: { name: string; version: string };
  /** Settles when sampling has ended. An error is one that ended it; that the target ended is none. */
  readonly ended: Promise<{ reason: EndReason; error: TachyonError | null }>;
  /** What was found so far; also after the end. */
  heat(options?: HeatOptions): Promise<Heat>;
  /** What was found so far, again and again, and once more at the end. */
  stream(options?: HeatOptions & { everyMs?: number }): AsyncGenerator<Heat, void, void>;
  /** Counts from now on. */
  reset(): Promise<void>;
  /** Ends sampling. What was found can still be asked for. */
  stop(): Promise<{ reason: EndReason; error: TachyonError | null }>;
  /** Ends sampling and frees all; everything else throws ERR_TACHYON_CLOSED from then on. May be called twice. */
  close(): Promise<void>;
}

/**
 * What the library, or this package, says went wrong. `code` is a name of the library's errors (`TY_EPERMISSION`,
 * `TY_ENOTPYTHON`, `TY_EEXITED`, …), of the system's (`ENOMEM`), or
 *
 * - `ERR_TACHYON_LIBRARY`: no libtachyon was found, or what was found is none
 * - `ERR_TACHYON_VERSION`: the library and this package do not fit
 * - `ERR_TACHYON_CLOSED`: used after close()
 * - `ERR_TACHYON_BUSY`: as many targets are being sampled as threads can be spared
 *
 * The message says what to do. A wrong argument is a RangeError.
 */
export class TachyonError extends Error {
  readonly code: string;
  /** The operating system's error behind it, 0 if there is none. */
  readonly errno: number;
  /** What the library returned, 0 if it was not asked. */
  readonly result: number;
  readonly kind: 'none' | 'retry' | 'gone' | 'permission' | 'unsupported' | 'usage' | 'system';
}

/** Attaches to a process and begins to sample, on another thread. */
export function attach(pid: number, options?: AttachOptions): Promise<Profile>;

/** Samples a process for a time, 1000 ms if not given, and gives what was found. */
export function profile(pid: number, options?: AttachOptions & HeatOptions): Promise<Heat>;

/** The library that is used. */
export function library(name?: string): { name: string; version: string };
