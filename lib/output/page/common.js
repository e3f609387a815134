// SPDX-License-Identifier: Apache-2.0
//
// What all pages share. Every text of the data comes from the profiled program or its files and reaches the page as text
// only (textContent, canvas), never as markup.

export const element = id => document.getElementById(id);
export const profile = JSON.parse(element('profile').textContent);

// What no font shows must not hide in a name, and what XML forbids must not get into an SVG.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]/gu;
export const visible = text => text.replace(HIDDEN,
  character => '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0'));

// A line of source: tabs are no attack.
export const visibleSource = text => visible(text.replaceAll('\t', '    '));

export function make(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

export function makeButton(text, title, action) {
  const button = make('button', text);
  button.type = 'button';
  if (title) button.title = title;
  button.onclick = action;
  return button;
}

const grouped = new Intl.NumberFormat('en-US');
export const count = number => grouped.format(number);

export function percent(part, whole) {
  if (!whole || !part) return '0 %';
  const share = 100 * part / whole;
  return `${share.toFixed(Math.abs(share) < 1 ? 2 : 1)} %`;
}

export function time(samples) {
  const ms = samples * profile.interval_ns / 1e6, size = Math.abs(ms);
  return size < 1000 ? `${ms.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

// A page that is opened from a file may have no storage.
function stored(key, value) {
  try {
    if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

let shownTheme = 'light';
export const theme = () => shownTheme;

function setTheme(name) {
  shownTheme = document.documentElement.dataset.theme = name;
  element('theme').setAttribute('aria-pressed', name === 'dark');
  stored('tachyon-theme', name);
}

export function startTheme(changed) {
  const kept = stored('tachyon-theme');
  setTheme(['dark', 'light'].includes(kept) ? kept : matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  element('theme').onclick = () => {
    setTheme(theme() === 'dark' ? 'light' : 'dark');
    changed();
  };
}

// Columns are bytes of UTF-8, strings are UTF-16.
export function indexOfByte(text, bytes) {
  let index = 0;
  for (let at = 0; index < text.length && at < bytes; index++) {
    const code = text.charCodeAt(index);
    // Four bytes for the two halves of a pair.
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;
  }
  return index;
}

// The part of a line that a span covers, as indexes; null where it covers none of it.
export function spanOnLine(text, number, { line, endLine, column, endColumn }) {
  if (column < 0 || number < line || number > endLine) return null;
  const blank = text.length - text.trimStart().length;
  const begin = number === line ? indexOfByte(text, column) : blank;
  const end = number === endLine ? indexOfByte(text, endColumn) : text.length;
  return begin < end ? [begin, end] : null;
}

// A line of source with one part of it marked.
export function sourceLine(text, part) {
  const code = make('code');
  if (!part) code.textContent = visibleSource(text);
  else code.append(visibleSource(text.slice(0, part[0])), make('mark', visibleSource(text.slice(...part))),
    visibleSource(text.slice(part[1])));
  return code;
}

// The facts of a run, verdicts included, for a list of definitions.
export function showRun(list) {
  const fact = (name, value, title) => {
    const term = make('dt', name);
    if (title) term.title = title;
    list.append(term, make('dd', String(value)));
  };
  const seconds = profile.duration_ns / 1e9, { trust } = profile;
  fact('Samples', count(profile.samples));
  fact('Duration', `${seconds.toFixed(2)} s`);
  fact('Rate', seconds ? `${count(Math.round(profile.samples / seconds))} / s` : '–');
  fact('Stacks verified', count(trust.verified), 'The bytes that were read prove a stack that existed at one instant');
  fact('Stacks repaired', count(trust.repaired), 'A frame was caught dying or being born; the bytes prove the stack');
  fact('Stacks torn', count(trust.torn), 'The bytes contradict each other: the stack may never have existed');
  fact('Stacks incomplete', count(trust.incomplete), 'The outermost frames are missing');
  fact('Threads unreadable', count(trust.unreadable));
  fact('Ticks missed', count(trust.missed), 'The profiler was late');
  fact('Readings failed', count(trust.failed), 'The process could not be read at all');
}
