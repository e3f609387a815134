// SPDX-License-Identifier: Apache-2.0
//
// Finds libtachyon and sees that it is one that this package was written for.
//
// The soname's number is that of the ABI: a library with the same one that is newer has all that is declared here, with the
// same layout (structs say their size). An older one may lack functions.
'use strict';

const koffi = require('koffi');

const { ADDRESSES, PROTOTYPES, sized } = require('./declarations');
const { TachyonError } = require('./errors');

const NAMES = ['libtachyon.so.0', 'libtachyon.so'];
const MAJOR = 0;
const OLDEST = 0x000100; // major << 16 | minor << 8 | patch
// What koffi lends a call that runs on another thread as its stack; its own default is 128 KiB.
const STACK_BYTES = 1 << 20;

const loaded = new Map(); // by name

function versionText(number) {
  return `${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
}

function checkVersion(handle, name) {
  let number;
  try {
    number = handle.func('uint32_t ty_version_number(void)')();
  } catch {
    throw new TachyonError('ERR_TACHYON_LIBRARY', `${name} is no libtachyon: it has no ty_version_number()`);
  }
  if (number >> 16 !== MAJOR || number < OLDEST)
    throw new TachyonError(
      'ERR_TACHYON_VERSION',
      `${name} is version ${versionText(number)}, but this package is for ${versionText(OLDEST)} and newer versions ` +
        `${MAJOR}.x: install the package and the library of one release`,
    );
}

function open(name) {
  const handle = koffi.load(name);
  checkVersion(handle, name);
  const library = { name, sized };
  for (const prototype of PROTOTYPES) library[/(\w+)\(/.exec(prototype)[1]] = handle.func(prototype);
  for (const symbol of ADDRESSES) library[symbol] = handle.symbol(symbol);
  return library;
}

function configure() {
  if (loaded.size === 0 && koffi.config().async_stack_size < STACK_BYTES)
    koffi.config({ async_stack_size: STACK_BYTES });
}

/**
 * The library: its functions by name. Without a name the environment's TACHYON_LIBRARY, else what the dynamic linker finds.
 */
function load(given = process.env.TACHYON_LIBRARY) {
  const names = given ? [given] : NAMES;
  const reasons = [];
  configure();
  for (const name of names) {
    if (loaded.has(name)) return loaded.get(name);
    try {
      loaded.set(name, open(name));
      return loaded.get(name);
    } catch (error) {
      if (error instanceof TachyonError) throw error;
      reasons.push(`  ${name}: ${error.message}`);
    }
  }
  throw new TachyonError(
    'ERR_TACHYON_LIBRARY',
    `no libtachyon found. Tried: ${names.join(', ')}\n${reasons.join('\n')}\n` +
      'Install libtachyon0, or say where it is: the option `library`, or the environment variable TACHYON_LIBRARY',
  );
}

module.exports = { load };
