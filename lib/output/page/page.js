// SPDX-License-Identifier: Apache-2.0
//
// The flame graph's page. Data is the JSON in #profile; every text of it comes from the profiled program and reaches the
// page as text only (textContent, canvas), never as markup.
import { FlameChartContainer, FlameChartPlugin } from 'flame-chart-js';

const profile = JSON.parse(document.getElementById('profile').textContent);
const element = id => document.getElementById(id);
const HEAT = [[0.6, 0], [0.35, 1], [0.18, 2], [0.12, 3], [0.06, 4], [0.03, 5], [0.01, 6], [0, 7]];
const COLORS = {
  light: ['#ff6b4a', '#ff8c5a', '#ffab66', '#ffc67a', '#ffe08f', '#e9e6a8', '#cfe3c0', '#bcd7e8'],
  dark: ['#c8432a', '#b3552f', '#9c6233', '#8a6b36', '#75703a', '#5d6b42', '#4b6656', '#41586b'],
};
const DIMMED = { light: '#ececec', dark: '#2c2f36' };
const TOP_INSTRUCTIONS = 8;
const HOT_SPOTS = 5;

// What no font shows must not hide in a name.
const visible = text => text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
  character => '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0'));
const strings = profile.strings.map(visible);
const { parent, place, self } = profile.nodes; // thread n: place -1 - n
const base = path => path.slice(path.lastIndexOf('/') + 1);
const nameOf = p => strings[profile.places.name[p]];
const fileOf = p => strings[profile.places.file[p]];
const whereOf = p => profile.places.line[p] ? `${fileOf(p)}:${profile.places.line[p]}` : '';
const labelOf = p => profile.places.line[p] ? `${nameOf(p)} (${base(fileOf(p))}:${profile.places.line[p]})` : nameOf(p);

const rowsOf = table => {
  const rows = new Map();
  table.node.forEach((node, row) => (rows.get(node) ?? rows.set(node, []).get(node)).push(row));
  return rows;
};
const leafRows = rowsOf(profile.leaf), standingRows = rowsOf(profile.standing);

const threadOf = new Int32Array(parent.length);
parent.forEach((up, node) => { threadOf[node] = place[node] < 0 ? -1 - place[node] : threadOf[up]; });

const state = { thread: -1, inverted: false, search: '', theme: '', selected: null, root: null };

function makeNode(p, up) {
  return { place: p, up, total: 0, self: 0, members: [], children: [], byPlace: new Map() };
}

function childOf(node, p) {
  let child = node.byPlace.get(p);
  if (!child) {
    child = makeNode(p, node);
    node.byPlace.set(p, child);
    node.children.push(child);
  }
  return child;
}

// Nodes of the chosen threads, merged by place. Parents have smaller numbers than children.
function buildTree() {
  const root = makeNode(-1, null), made = new Array(parent.length);
  for (let node = 0; node < parent.length; node++) {
    if (state.thread >= 0 && threadOf[node] !== state.thread) continue;
    made[node] = place[node] < 0 ? root : childOf(made[parent[node]], place[node]);
    if (place[node] >= 0) made[node].members.push(node);
    made[node].self += self[node];
    for (let at = made[node]; at && self[node]; at = at.up) at.total += self[node];
  }
  root.self = 0;
  return root;
}

// Leaves first, callers below: a node's total is the samples of the leaf it stands under.
function buildInverted() {
  const root = makeNode(-1, null);
  for (let node = 0; node < parent.length; node++) {
    if (!self[node] || place[node] < 0 || (state.thread >= 0 && threadOf[node] !== state.thread)) continue;
    let at = childOf(root, place[node]);
    at.members.push(node);
    at.self += self[node];
    at.total += self[node];
    root.total += self[node];
    for (let up = parent[node]; place[up] >= 0; up = parent[up]) {
      at = childOf(at, place[up]);
      at.total += self[node];
    }
  }
  return root;
}

const matches = p => {
  const text = state.search.toLowerCase();
  return labelOf(p).toLowerCase().includes(text) || whereOf(p).toLowerCase().includes(text);
};

function color(node, share) {
  const theme = state.theme;
  if (state.search && node.place >= 0 && !node.matches) return DIMMED[theme];
  return COLORS[theme][HEAT.find(([least]) => share >= least)[1]];
}

// Gives nodes what the chart wants. No recursion: stacks may be deep.
function layOut(root) {
  const matching = new Map(), pending = [root];
  let found = 0;
  root.start = 0;
  while (pending.length) {
    const node = pending.pop();
    if (node.place >= 0 && state.search) {
      if (!matching.has(node.place)) matching.set(node.place, matches(node.place));
      node.matches = matching.get(node.place);
      // What lies under a match is counted with it.
      node.underMatch = node.up.underMatch || node.matches;
      if (node.matches && !node.up.underMatch) found += node.total;
    }
    node.name = node.place < 0 ? (state.inverted ? 'all leaves' : 'all') : labelOf(node.place);
    node.duration = node.total;
    node.color = color(node, root.total ? node.total / root.total : 0);
    node.children.sort((a, b) => b.total - a.total);
    let start = node.start;
    for (const child of node.children) {
      child.start = start;
      start += child.total;
      pending.push(child);
    }
  }
  element('found').value = state.search ? `${percent(found, root.total)} on stacks that match` : '';
}

const percent = (part, whole) => whole ? `${(100 * part / whole).toFixed(part / whole < 0.01 ? 2 : 1)} %` : '0 %';
const time = samples => {
  const ms = samples * profile.interval_ns / 1e6;
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 2 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
};
const make = (tag, text, className) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

// Instructions of all members of a node, added up by name and offset, most samples first.
function instructionsOf(node, rows, table) {
  const sums = new Map();
  for (const member of node.members) {
    for (const row of rows.get(member) ?? []) {
      const key = `${table.opcode[row]}@${table.offset[row]}:${table.column[row]}`;
      const sum = sums.get(key) ?? sums.set(key, { row, samples: 0 }).get(key);
      sum.samples += table.samples[row];
    }
  }
  return [...sums.values()].sort((a, b) => b.samples - a.samples);
}

function instructionTable(title, sums, table) {
  const part = document.createDocumentFragment();
  if (!sums.length) return part;
  const whole = sums.reduce((sum, { samples }) => sum + samples, 0), body = make('table');
  part.append(make('h3', title), body);
  for (const { row, samples } of sums.slice(0, TOP_INSTRUCTIONS)) {
    const opcode = profile.opcodes[table.opcode[row]], line = make('tr'), name = make('td'), bar = make('td', '', 'bar');
    name.append(make('code', opcode.name, opcode.specialized ? 'specialized' : ''));
    if (opcode.base !== opcode.name) name.append(make('span', ` of ${opcode.base}`, 'faint'));
    const at = [`@${table.offset[row]}`];
    if (table.column[row] >= 0) at.push(`col ${table.column[row]}–${table.end_column[row]}`);
    name.append(make('span', ' ' + at.join(' '), 'faint'));
    const fill = make('i');
    fill.style.width = `${100 * samples / sums[0].samples}%`;
    bar.append(fill);
    line.append(name, make('td', String(samples), 'number'), make('td', percent(samples, whole), 'number'), bar);
    body.append(line);
  }
  if (sums.length > TOP_INSTRUCTIONS) part.append(make('div', `… and ${sums.length - TOP_INSTRUCTIONS} more`, 'faint'));
  return part;
}

function describe(node) {
  const part = document.createDocumentFragment(), facts = make('dl');
  const fact = (name, value) => facts.append(make('dt', name), make('dd', value));
  part.append(make('h2', node.place < 0 ? node.name : nameOf(node.place)));
  if (node.place >= 0 && whereOf(node.place)) part.append(make('div', whereOf(node.place)));
  fact('Total', `${time(node.total)}, ${node.total} samples, ${percent(node.total, state.root.total)}`);
  fact('Self', `${time(node.self)}, ${node.self} samples, ${percent(node.self, state.root.total)}`);
  part.append(facts);
  part.append(instructionTable('Executing here (leaf samples)', instructionsOf(node, leafRows, profile.leaf),
    profile.leaf));
  // Below an inverted leaf the calls' counts would be those of other leaves as well.
  if (!state.inverted)
    part.append(instructionTable('Waiting in a call made here (on-stack samples)',
      instructionsOf(node, standingRows, profile.standing), profile.standing));
  return part;
}

const canvas = element('canvas'), tooltip = element('tooltip');
let pointer = { x: 0, y: 0 };

function showTooltip(node) {
  tooltip.hidden = !node;
  if (!node) return;
  tooltip.replaceChildren(describe(node));
  const box = tooltip.getBoundingClientRect();
  tooltip.style.left = `${Math.max(0, Math.min(pointer.x + 14, innerWidth - box.width - 8))}px`;
  tooltip.style.top = `${Math.max(0, Math.min(pointer.y + 14, innerHeight - box.height - 8))}px`;
}

const flames = new FlameChartPlugin({ data: [] });
let chart = null;

function settings() {
  const css = getComputedStyle(document.documentElement);
  return {
    options: { tooltip: data => showTooltip(data?.data?.source), timeUnits: '' },
    styles: { main: { backgroundColor: css.getPropertyValue('--back').trim(), blockHeight: 20,
      fontColor: css.getPropertyValue('--text').trim(), font: '11px sans-serif' } },
  };
}

function makeChart() {
  const box = element('chart').getBoundingClientRect();
  canvas.width = box.width;
  canvas.height = box.height;
  return new FlameChartContainer({ canvas, plugins: [flames], settings: settings() });
}

// A frame round a node, and the node within what is seen: the chart itself only follows the mouse.
function mark(node) {
  const flat = flames.flatTree.find(({ source }) => source === node);
  flames.selectedRegion = flat ? { type: 'node', data: flat } : null;
  chart.render();
}

const pathOf = node => {
  const steps = [];
  for (; node.up; node = node.up) steps.unshift(node.up.children.indexOf(node));
  return steps;
};

function remember() {
  const parts = new URLSearchParams();
  if (state.thread >= 0) parts.set('thread', state.thread);
  if (state.inverted) parts.set('inverted', '1');
  if (state.search) parts.set('search', state.search);
  if (state.selected?.up) parts.set('node', pathOf(state.selected).join('.'));
  history.replaceState(null, '', '#' + parts);
}

function select(node) {
  state.selected = node;
  element('details').replaceChildren(describe(node));
  mark(node);
  remember();
}

function zoom(node) {
  chart.setZoom(node.start, node.start + Math.max(node.total, 1e-9));
  select(node);
}

function draw(keepTree) {
  const path = state.selected ? pathOf(state.selected) : [];
  if (!keepTree) state.root = state.inverted ? buildInverted() : buildTree();
  layOut(state.root);
  flames.setData(state.root.total ? [state.root] : []);
  let node = state.root;
  if (keepTree) for (const step of path) node = node.children[step] ?? node;
  zoom(node);
}

function setTheme(theme) {
  state.theme = theme;
  document.documentElement.dataset.theme = theme;
}

function move(key) {
  const node = state.selected ?? state.root, siblings = node.up?.children ?? [node];
  const beside = siblings[siblings.indexOf(node) + (key === 'ArrowRight' ? 1 : -1)];
  const next = key === 'ArrowDown' ? node.children[0] : key === 'ArrowUp' ? node.up : beside;
  if (next) select(next);
}

function saveSvg() {
  const space = 'http://www.w3.org/2000/svg', svg = document.createElementNS(space, 'svg'), width = 1200, row = 18;
  const zoomed = state.selected ?? state.root, pending = [[zoomed, 0]];
  let depth = 0;
  while (pending.length) {
    const [node, level] = pending.pop(), wide = width * node.total / zoomed.total;
    if (wide < 0.5) continue;
    depth = Math.max(depth, level + 1);
    const box = document.createElementNS(space, 'rect'), text = document.createElementNS(space, 'text');
    const title = document.createElementNS(space, 'title'), x = width * (node.start - zoomed.start) / zoomed.total;
    Object.entries({ x, y: level * row, width: wide, height: row - 1, fill: node.color })
      .forEach(([name, value]) => box.setAttribute(name, value));
    title.textContent = `${node.name}: ${node.total} samples, ${percent(node.total, state.root.total)}`;
    box.append(title);
    svg.append(box);
    if (wide > 30) {
      text.setAttribute('x', x + 3);
      text.setAttribute('y', level * row + 13);
      text.textContent = node.name.slice(0, Math.floor(wide / 6.5));
      svg.append(text);
    }
    node.children.forEach(child => pending.push([child, level + 1]));
  }
  Object.entries({ width, height: depth * row, 'font-family': 'sans-serif', 'font-size': 11 })
    .forEach(([name, value]) => svg.setAttribute(name, value));
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' }));
  link.download = 'flamegraph.svg';
  link.click();
}

function showRun() {
  const fact = (name, value) => element('run').append(make('dt', name), make('dd', String(value)));
  document.title = element('title').textContent = profile.title;
  fact('Samples', profile.samples);
  fact('Duration', `${(profile.duration_ns / 1e9).toFixed(2)} s`);
  fact('Rate', profile.duration_ns ? `${(profile.samples / (profile.duration_ns / 1e9)).toFixed(0)} / s` : '–');
  for (const name of ['verified', 'repaired', 'torn', 'incomplete', 'unreadable', 'missed', 'failed'])
    fact(name, profile.trust[name]);
}

function showHotSpots() {
  const sums = new Map();
  self.forEach((samples, node) => place[node] >= 0 && samples &&
    sums.set(place[node], (sums.get(place[node]) ?? 0) + samples));
  const whole = [...sums.values()].reduce((a, b) => a + b, 0);
  for (const [p, samples] of [...sums].sort((a, b) => b[1] - a[1]).slice(0, HOT_SPOTS)) {
    const item = make('li'), button = make('button', labelOf(p));
    button.onclick = () => search(state.search === whereOf(p) ? '' : whereOf(p) || nameOf(p));
    item.append(button, ` ${percent(samples, whole)}`);
    element('hot').append(item);
  }
}

function search(text) {
  element('search').value = state.search = text;
  draw(true);
}

function invert() {
  state.inverted = !state.inverted;
  element('invert').setAttribute('aria-pressed', state.inverted);
  state.selected = null;
  draw(false);
}

function listen() {
  let waiting;
  element('search').oninput = event => {
    clearTimeout(waiting);
    waiting = setTimeout(() => search(event.target.value), 150);
  };
  element('threads').onchange = event => {
    state.thread = Number(event.target.value);
    state.selected = null;
    draw(false);
  };
  element('invert').onclick = invert;
  element('reset').onclick = () => zoom(state.root);
  element('svg').onclick = saveSvg;
  element('theme').onclick = () => {
    setTheme(state.theme === 'dark' ? 'light' : 'dark');
    chart.setSettings(settings());
    draw(true);
  };
  addEventListener('mousemove', event => { pointer = { x: event.clientX, y: event.clientY }; }, true);
  canvas.addEventListener('mouseleave', () => showTooltip(null));
  flames.on('select', data => {
    const node = data?.node?.source ?? data?.source;
    if (node) zoom(node);
  });
  new ResizeObserver(() => {
    const box = element('chart').getBoundingClientRect();
    chart.resize(box.width, box.height);
  }).observe(element('chart'));
  addEventListener('keydown', event => {
    if (event.target === element('search')) {
      if (event.key === 'Escape') search('');
      return;
    }
    if (event.key.startsWith('Arrow') && event.target === canvas) move(event.key);
    else if (event.key === 'Enter' && event.target === canvas) zoom(state.selected ?? state.root);
    else if (event.key === 'Escape') zoom(state.root);
    else if (event.key === '/') element('search').focus();
    else if (event.key === 'i') invert();
    else if (event.key === 't') element('theme').click();
    else return;
    event.preventDefault();
  });
}

function start() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  setTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  element('threads').append(new Option('All threads', -1));
  profile.threads.forEach((thread, index) =>
    element('threads').append(new Option(visible(`${thread.name} (tid ${thread.tid})`), index)));
  state.thread = Number(wanted.get('thread') ?? -1);
  element('threads').value = state.thread;
  state.inverted = wanted.get('inverted') === '1';
  element('invert').setAttribute('aria-pressed', state.inverted);
  element('search').value = state.search = wanted.get('search') ?? '';
  showRun();
  showHotSpots();
  chart = makeChart();
  listen();
  draw(false);
  let node = state.root;
  for (const step of (wanted.get('node') ?? '').split('.')) node = node.children[Number(step || NaN)] ?? node;
  if (node !== state.root) zoom(node);
}

start();
