// SPDX-License-Identifier: Apache-2.0
//
// The data of a flame graph: columns of numbers. A place is a file, a line and a function.
import { profile, visible } from './common.js';

export const strings = profile.strings.map(visible);
export const places = profile.places;
export const { parent, place, self } = profile.nodes; // thread n: place -1 - n
export const selfBefore = profile.nodes.before ?? null; // of the baseline, in samples of this run
export const isDiff = selfBefore !== null;
export const nodeCount = parent.length;

const rowOfFile = new Map(profile.files.path.map((path, row) => [path, row]));
const modules = profile.files.module.map(visible);

export const nameOf = p => strings[places.name[p]];
export const fileOf = p => strings[places.file[p]];
export const lineOf = p => places.line[p];
export const kindOf = p => profile.files.kind[rowOfFile.get(places.file[p])];
export const moduleOf = p => modules[rowOfFile.get(places.file[p])];
// Artificial frames, like <GC>, have no file.
export const whereOf = p => lineOf(p) ? `${fileOf(p)}:${lineOf(p)}` : '';

const base = path => path.slice(path.lastIndexOf('/') + 1);

export function labelOf(p, withModules) {
  if (!lineOf(p)) return nameOf(p);
  return `${nameOf(p)} (${withModules ? moduleOf(p) : base(fileOf(p))}:${lineOf(p)})`;
}

export function matches(p, text) {
  return [labelOf(p, false), labelOf(p, true), whereOf(p)].some(label => label.toLowerCase().includes(text));
}

// By node: the number of its thread, and how deep it lies.
export const threadOf = new Int32Array(nodeCount);
export const depthOf = new Int32Array(nodeCount);
for (let node = 0; node < nodeCount; node++) {
  threadOf[node] = place[node] < 0 ? -1 - place[node] : threadOf[parent[node]];
  depthOf[node] = place[node] < 0 ? 0 : depthOf[parent[node]] + 1;
}

// Rows of a table of instructions by node: they are sorted by it.
function rowsOf(table) {
  const begin = new Map();
  table.node.forEach((node, row) => { if (!begin.has(node)) begin.set(node, row); });
  return function* (node) {
    for (let row = begin.get(node) ?? Infinity; table.node[row] === node; row++) yield row;
  };
}

export const executing = { table: profile.leaf, rows: rowsOf(profile.leaf) };
export const waiting = { table: profile.standing, rows: rowsOf(profile.standing) };

// Lines of source by file and number, as far as they are in the page.
const sources = new Map();
profile.source.file.forEach((file, row) => {
  if (!sources.has(file)) sources.set(file, new Map());
  sources.get(file).set(profile.source.line[row], profile.source.text[row]);
});
export const sourceOf = p => sources.get(places.file[p]);
