// SPDX-License-Identifier: Apache-2.0
//
// Where a file of the target is in our own file system. The target may name it relative to its working directory, and may be
// in a container, whose files only look like ours: what counts is that its name and ours lead to one file.
'use strict';

const fs = require('node:fs/promises');
const path = require('node:path');

async function identity(name) {
  try {
    const { dev, ino } = await fs.stat(name, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** Paths of files by the names that a target has for them; each is looked for once. */
class Sources {
  #pid;
  #found = new Map();
  #directory; // the target's, when it was attached to: it may have ended when a file is looked for
  #hasOurRoot;

  constructor(pid) {
    this.#pid = pid;
    this.#directory = fs.readlink(`/proc/${pid}/cwd`).catch(() => null);
    this.#hasOurRoot = Promise.all([identity(`/proc/${pid}/root/`), identity('/')]).then(([theirs, own]) => theirs === own);
  }

  async #find(name) {
    const directory = await this.#directory;
    // What stands in angle brackets was never a file.
    if (name.startsWith('<') || !(path.isAbsolute(name) || directory)) return null;
    const own = path.resolve(directory ?? '/', name);
    const theirs = await identity(`/proc/${this.#pid}/root${own}`);
    const ours = await identity(own);
    return ours && (theirs ? theirs === ours : await this.#hasOurRoot) ? own : null;
  }

  path(name) {
    if (!this.#found.has(name)) this.#found.set(name, this.#find(name));
    return this.#found.get(name);
  }
}

module.exports = { Sources };
