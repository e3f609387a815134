// SPDX-License-Identifier: Apache-2.0
//
// The index of a heatmap: files by what they belong to, in the folders of their modules, the hottest first.
import { count, element, make, percent, profile, showRun, startTheme, visible } from './common.js';

const KINDS = ['Project', 'Standard library', 'Site packages', 'Other'];
const inFiles = profile.files.reduce((sum, file) => sum + file.self, 0);

// Pages are named by us; nothing else may become a link.
const pageOf = file => /^file_\d+\.html$/.test(file.page) ? file.page : '#';

function numbers(entry) {
  const bar = make('span', undefined, 'bar'), fill = make('i');
  // Of the whole, as the number beside it and the ground below it say.
  fill.style.width = `${profile.counted ? 100 * entry.self / profile.counted : 0}%`;
  bar.append(fill);
  return [make('span', percent(entry.self, profile.counted), 'number'), make('span', entry.total === undefined ? ''
    : percent(entry.total, profile.counted), 'number'), bar];
}

function fileRow(file, name) {
  const row = make('div', undefined, 'file'), link = make('a', visible(name));
  link.href = pageOf(file);
  link.title = visible(file.path);
  row.append(link, ...numbers(file));
  return row;
}

// Files by the parts of their modules.
function makeTree(files) {
  const root = { folders: new Map(), files: [], self: 0, count: 0 };
  for (const file of files) {
    const parts = file.kind === 3 ? [file.module] : file.module.split('.');
    let at = root;
    for (const part of parts.slice(0, -1)) {
      if (!at.folders.has(part)) at.folders.set(part, { folders: new Map(), files: [], self: 0, count: 0 });
      at.self += file.self;
      at.count++;
      at = at.folders.get(part);
    }
    at.self += file.self;
    at.count++;
    at.files.push([parts.at(-1), file]);
  }
  return root;
}

// `joined`: a folder that holds nothing but another one is shown with it.
function folderRow(name, folder, open, joined) {
  const details = make('details'), summary = make('summary');
  while (joined && folder.folders.size === 1 && !folder.files.length) {
    const [[inner, only]] = folder.folders;
    name += '.' + inner;
    folder = only;
  }
  const title = make('span', visible(name));
  title.append(make('span', ` ${count(folder.count)} ${folder.count === 1 ? 'file' : 'files'}`, 'faint'));
  summary.append(title, ...numbers({ self: folder.self }));
  details.append(summary);
  details.open = open;
  fill(details, folder, open && folder.count <= 12);
  return details;
}

function fill(box, folder, open) {
  const rows = [...[...folder.folders].map(([name, inner]) => ({ self: inner.self, make: () => folderRow(name, inner, open, true) })),
    ...folder.files.map(([name, file]) => ({ self: file.self, make: () => fileRow(file, name) }))];
  rows.sort((a, b) => b.self - a.self).forEach(row => box.append(row.make()));
}

// So that the shares add up.
function restRow() {
  const row = make('div', undefined, 'heads faint');
  row.append(make('span', 'In no file, as <GC>'), ...numbers({ self: profile.counted - inFiles }));
  return row;
}

function show(filter) {
  const files = profile.files.filter(file => `${file.module}\n${file.path}`.toLowerCase().includes(filter));
  const heads = make('div', undefined, 'heads faint');
  heads.append(make('span', `${count(files.length)} of ${count(profile.files.length)} files; shares of all stacks`),
    make('span', 'self', 'number'), make('span', 'total', 'number'));
  element('files').replaceChildren(heads);
  KINDS.forEach((name, kind) => {
    const some = files.filter(file => file.kind === kind);
    if (some.length) element('files').append(folderRow(name, makeTree(some), kind === 0, false));
  });
  if (!files.length) element('files').append(make('p', profile.files.length ? 'No file matches.' : 'No samples in any file.'));
  else if (!filter && inFiles < profile.counted) element('files').append(restRow());
  if (filter) openAll(true);
}

function openAll(open) {
  document.querySelectorAll('#files details').forEach(details => { details.open = open; });
  element('open').setAttribute('aria-pressed', open);
}

const toggleAll = () => openAll(element('open').getAttribute('aria-pressed') !== 'true');

function start() {
  document.title = element('title').textContent = visible(`Heatmap – ${profile.title}`);
  showRun(element('run'));
  startTheme(() => {});
  element('search').oninput = event => show(event.target.value.toLowerCase());
  element('open').onclick = toggleAll;
  addEventListener('keydown', event => {
    if (event.target === element('search') || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === '/') element('search').focus();
    else if (event.key === 'e') toggleAll();
    else if (event.key === 't') element('theme').click();
    else return;
    event.preventDefault();
  });
  show('');
  document.documentElement.dataset.ready = 'yes';
}

start();
