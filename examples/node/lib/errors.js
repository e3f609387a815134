// SPDX-License-Identifier: Apache-2.0
'use strict';

const util = require('node:util');

const { CONSTANTS } = require('./declarations');

// The library's own errors are numbered from here on; below are the operating system's.
const FIRST_OWN = 4000;
const CLASSES = ['none', 'retry', 'gone', 'permission', 'unsupported', 'usage', 'system'];
const NAMES = new Map(
  Object.entries(CONSTANTS)
    .filter(([, value]) => value > FIRST_OWN)
    .map(([name, value]) => [value, name]),
);

function nameOf(result) {
  const number = Math.abs(result);
  return NAMES.get(number) ?? (number < FIRST_OWN ? util.getSystemErrorName(-number) : `TY_E${number}`);
}

/** What the library, or this package, says went wrong. */
class TachyonError extends Error {
  constructor(code, message, { errno = 0, result = 0, kind = 'usage' } = {}) {
    super(message);
    this.name = 'TachyonError';
    this.code = code;
    this.errno = errno;
    this.result = result;
    this.kind = kind;
  }
}

/** The error of a call: the target's last one, where it has it, says most. */
function errorOf(library, result, target) {
  const info = library.sized('ty_error_info');
  const options = { result, kind: CLASSES[library.ty_error_classify(result)] };
  let message = library.ty_strerror(result);
  if (target && library.ty_last_error(target, info) === 0 && info.code === result) {
    message = info.message;
    options.errno = info.os_errno;
  }
  return new TachyonError(nameOf(result), message, options);
}

module.exports = { TachyonError, errorOf };
