// SPDX-License-Identifier: Apache-2.0
'use strict';

const { TachyonError } = require('./errors');
const { load } = require('./library');
const { Profile } = require('./profile');

/** Attaches to a process and begins to sample. */
function attach(pid, options) {
  return Profile.attach(pid, options);
}

/** Samples a process for a time and gives what was found. */
async function profile(pid, { durationMs = 1000, instructions, files, ...options } = {}) {
  const running = await attach(pid, { ...options, durationMs });
  try {
    const { error } = await running.ended;
    if (error) throw error;
    return await running.heat({ instructions, files });
  } finally {
    await running.close();
  }
}

/** The library's name, as it was found, and version. */
function library(name) {
  const found = load(name);
  return { name: found.name, version: found.ty_version_string() };
}

module.exports = { TachyonError, attach, library, profile };
