// SPDX-License-Identifier: Apache-2.0
//
// The flame graph's page: what a reader can change, and what is said beside the picture.
import { count, element, make, makeButton, percent, profile, showRun, startTheme, theme, time, visible } from './common.js';
import { executing, isDiff, kindOf, labelOf, matches, nodeCount, parent, place, places, self, selfBefore,
  threadOf, whereOf, nameOf }
  from './profile.js';
import { Chart } from './chart.js';
import { change, describe, signed } from './details.js';
import { drawSvg } from './svg.js';
import { Tree } from './tree.js';

const HEAT = [[0.6, 0], [0.35, 1], [0.18, 2], [0.12, 3], [0.06, 4], [0.03, 5], [0.01, 6], [0, 7]];
const COLORS = {
  light: ['#ff7f66', '#ff9b70', '#ffb67c', '#ffcf8c', '#ffe49c', '#ece7b2', '#d6e6c6', '#c6dcea'],
  dark: ['#c2452d', '#b0562f', '#986132', '#856734', '#706c38', '#5a6740', '#4a6252', '#42566a'],
};
const KINDS = ['Project', 'Standard library', 'Site packages', 'Other'];
const KIND_COLORS = {
  light: ['#ffb59e', '#b8d4f0', '#cfe6b8', '#d9d9d9'],
  dark: ['#a8482f', '#3c5f86', '#4c6b36', '#55585e'],
};
// From much better to much worse, and what is new or gone.
const CHANGES = [[-1, 0], [-0.5, 1], [-0.1, 2], [0.1, 3], [0.5, 4], [1, 5], [Infinity, 6]];
const DIFF_COLORS = {
  light: ['#6fa8dc', '#9fc5e8', '#cfe2f3', '#e4e4e4', '#f7d3c8', '#f2a48d', '#ec6f52'],
  dark: ['#2f6ea8', '#3d6388', '#405468', '#4a4d53', '#6e4c42', '#8f4a35', '#b8432a'],
};
const NEW_COLOR = { light: '#c9a6e8', dark: '#7a4fa3' };
const SPECIALIZED_COLORS = { light: ['#f2b6a0', '#f3d9a4', '#c4e3b5', '#e4e4e4'], dark: ['#94412c', '#7d682f', '#3f7040', '#4a4d53'] };
const HOT_SPOTS = 8;
const SEARCH_DELAY_MS = 120;

const state = { thread: -1, inverted: false, before: false, modules: true, color: isDiff ? 'diff' : 'heat', search: '' };
let tree, chart, pointed = null;

// ---- how boxes look ----

const matching = new Uint8Array(places.name.length); // by place
const labels = new Map();

function label(node) {
  const p = tree.place[node];
  if (p < 0) return tree.inverted ? 'all leaves' : 'all';
  if (!labels.has(p)) labels.set(p, labelOf(p, state.modules));
  return labels.get(p);
}

function heat(node) {
  const share = tree.weight[0] ? tree.weight[node] / tree.weight[0] : 0;
  return COLORS[theme()][HEAT.find(([least]) => share >= least)[1]];
}

// By self time, as far as there is some: a parent of what got slower did not get slower itself. The root of a step that
// costs no time of its own is as its whole.
function difference(node) {
  const leaf = tree.self[node] || tree.selfBefore[node];
  const now = leaf ? tree.self[node] : tree.total[node], before = leaf ? tree.selfBefore[node] : tree.totalBefore[node];
  if (!tree.totalBefore[node] || !tree.total[node]) return NEW_COLOR[theme()];
  const change = before ? (now - before) / before : now ? Infinity : 0;
  return DIFF_COLORS[theme()][CHANGES.find(([most]) => change <= most)[1]];
}

const adapted = new Map(); // by node of the tree: [specialized, generic] leaf samples below

function specialization(node) {
  let [specialized, generic] = adapted.get(node) ?? [-1, 0];
  if (specialized < 0) {
    specialized = 0;
    for (const member of tree.membersOf(node)) {
      for (const row of executing.rows(member)) {
        const { form } = profile.opcodes[executing.table.opcode[row]];
        if (form === 'specialized') specialized += executing.table.samples[row];
        else if (form === 'generic') generic += executing.table.samples[row];
      }
    }
    adapted.set(node, [specialized, generic]);
  }
  const whole = specialized + generic, colors = SPECIALIZED_COLORS[theme()];
  return whole ? colors[specialized / whole >= 0.67 ? 2 : specialized / whole >= 0.33 ? 1 : 0] : colors[3];
}

const COLORINGS = {
  heat: { name: 'Heat: share of the total', color: heat },
  kind: { name: 'Origin of the code', color: node => KIND_COLORS[theme()][tree.place[node] < 0 ? 3 : kindOf(tree.place[node])] },
  specialized: { name: 'Specialization', color: specialization },
  diff: { name: 'Change of self time', color: difference },
};

const look = {
  label,
  color: node => COLORINGS[state.color].color(node),
  dim: node => state.search !== '' && (tree.place[node] < 0 || !matching[tree.place[node]]),
};

// ---- tooltip, panel, link ----

function showTooltip(node, event) {
  const tooltip = element('tooltip');
  if (node < 0) {
    tooltip.hidden = true;
    pointed = null;
    return;
  }
  if (pointed !== node || tooltip.hidden) tooltip.replaceChildren(describe(tree, node, { zoomed: chart.zoomed, full: false }));
  pointed = node;
  tooltip.hidden = false;
  const box = tooltip.getBoundingClientRect(), below = event.clientY + 16;
  tooltip.style.left = `${Math.max(0, Math.min(event.clientX + 14, innerWidth - box.width - 8))}px`;
  tooltip.style.top = `${below + box.height < innerHeight ? below : Math.max(0, event.clientY - box.height - 12)}px`;
}

function showDetails(node) {
  element('details').replaceChildren(describe(tree, node, { zoomed: chart.zoomed, full: true }));
}

function remember() {
  const parts = new URLSearchParams(), path = tree.pathTo(chart.selected).map(node => tree.place[node]);
  if (state.thread >= 0) parts.set('thread', state.thread);
  if (state.inverted) parts.set('inverted', '1');
  if (state.before) parts.set('before', '1');
  if (!state.modules) parts.set('names', 'file');
  if (state.color !== (isDiff ? 'diff' : 'heat')) parts.set('color', state.color);
  if (state.search) parts.set('search', state.search);
  if (path.length) parts.set('node', path.join('.'));
  if (path.length && chart.zoomed !== chart.selected) parts.set('zoom', tree.depth[chart.zoomed]);
  history.replaceState(null, '', '#' + parts);
}

function zoom(node) {
  chart.zoom(node);
  showDetails(node);
  remember();
}

function select(node) {
  chart.select(node);
  showDetails(node);
  remember();
}

// ---- what can be changed ----

// `path`: places of the node to go to.
function rebuild(path = []) {
  tree = new Tree(state);
  adapted.clear();
  showTooltip(-1);
  chart.show(tree);
  zoom(tree.follow(path));
  showHotSpots();
  showStates();
}

function search(text) {
  state.search = text;
  if (element('search').value !== text) element('search').value = text;
  const wanted = text.toLowerCase();
  for (let p = 0; p < matching.length; p++) matching[p] = text !== '' && matches(p, wanted);
  let found = 0, whole = 0;
  const under = new Uint8Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    if (state.thread >= 0 && threadOf[node] !== state.thread) continue;
    under[node] = place[node] >= 0 && (matching[place[node]] || under[parent[node]]);
    whole += self[node];
    if (under[node]) found += self[node];
  }
  element('found').value = text ? `${percent(found, whole)} on stacks that match` : '';
  element('search').classList.toggle('nothing', text !== '' && !found);
  chart.redraw();
  remember();
}

const press = (id, pressed) => element(id).setAttribute('aria-pressed', pressed);

function toggle(key, id) {
  const path = key === 'before' ? tree.pathTo(chart.zoomed).map(node => tree.place[node]) : [];
  state[key] = !state[key];
  press(id, state[key]);
  rebuild(path);
}

function toggleModules() {
  state.modules = !state.modules;
  press('names', !state.modules);
  labels.clear();
  chart.forgetLabels();
  showHotSpots();
  remember();
}

function setColor(name) {
  state.color = name;
  element('color').value = name;
  showLegend();
  chart.redraw();
  remember();
}

function saveSvg() {
  const link = make('a');
  const text = drawSvg(tree, chart.zoomed, look, getComputedStyle(document.documentElement));
  link.href = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  link.download = 'flamegraph.svg';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// ---- the panel ----

function showLegend() {
  const colors = state.color === 'heat' ? [...COLORS[theme()]].reverse().map((color, index) =>
      [color, ['< 1 %', '≥ 1', '3', '6', '12', '18', '35', '60 %'][index]])
    : state.color === 'kind' ? KIND_COLORS[theme()].map((color, index) => [color, KINDS[index]])
    : state.color === 'specialized' ? SPECIALIZED_COLORS[theme()].map((color, index) =>
        [color, ['< 33 %', '≥ 33 %', '≥ 67 % specialized', 'nothing to specialize'][index]])
    : [...DIFF_COLORS[theme()].map((color, index) => [color, ['−100 %', '−50', '−10', '±10', '+50', '+100', 'more'][index]]),
      [NEW_COLOR[theme()], 'new, gone']];
  element('legend').replaceChildren(...colors.map(([color, text]) => {
    const item = make('span', text);
    item.style.borderTopColor = color;
    return item;
  }));
}

// Self samples of places in the chosen threads: now, and before.
function sumByPlace() {
  const sums = new Map();
  for (let node = 0; node < nodeCount; node++) {
    const before = isDiff ? selfBefore[node] : 0;
    if (place[node] < 0 || !(self[node] || before) || (state.thread >= 0 && threadOf[node] !== state.thread)) continue;
    const sum = sums.get(place[node]) ?? { p: place[node], now: 0, before: 0 };
    sums.set(place[node], sum);
    sum.now += self[node];
    sum.before += before;
  }
  return [...sums.values()];
}

function hotSpot(sum, share, text, kind) {
  const item = make('li'), wanted = isDiff ? nameOf(sum.p) : whereOf(sum.p) || nameOf(sum.p), bar = make('i');
  bar.style.width = `${100 * share}%`;
  item.append(makeButton(labelOf(sum.p, state.modules), 'Search for it', () => search(state.search === wanted ? '' : wanted)),
    make('span', text, `number ${kind}`), bar);
  return item;
}

function showHotSpots() {
  const sums = sumByPlace(), whole = sums.reduce((total, { now }) => total + now, 0);
  if (!isDiff) {
    element('hot').replaceChildren(...sums.sort((a, b) => b.now - a.now).slice(0, HOT_SPOTS)
      .map(sum => hotSpot(sum, sum.now / whole, percent(sum.now, whole), '')));
    return;
  }
  const difference = sum => Math.abs(sum.now - sum.before), most = Math.max(...sums.map(difference));
  element('hot').replaceChildren(...sums.sort((a, b) => difference(b) - difference(a)).slice(0, 2 * HOT_SPOTS)
    .filter(difference).map(sum => hotSpot(sum, difference(sum) / most,
      `${signed(sum.now - sum.before, time)} (${change(sum.now, sum.before)})`, sum.now > sum.before ? 'worse' : 'better')));
}

const STATES = [
  ['gil', profile.free_threaded ? 'Attached to the interpreter' : 'Holds the GIL'],
  ['waiting', 'Waits for the GIL'],
  ['cpu', 'On CPU'],
  ['gc', 'Collecting garbage'],
  ['exception', 'Handling an exception'],
];

// Shares of the samples of the chosen threads; what was not asked of the target is not shown as 0.
function showStates() {
  const chosen = profile.threads.filter((_, index) => state.thread < 0 || state.thread === index);
  const sum = key => chosen.reduce((total, thread) => total + thread[key], 0), whole = sum('samples');
  element('states').replaceChildren(...STATES.flatMap(([key, name]) => {
    const known = key === 'cpu' ? whole - sum('cpu_unknown') : whole, bar = make('i'), value = make('dd');
    bar.style.width = `${known ? 100 * sum(key) / known : 0}%`;
    value.append(known ? percent(sum(key), known) : 'not known', bar);
    return [make('dt', name), value];
  }));
}

// ---- keys ----

function move(key) {
  const node = chart.selected, up = tree.parent[node];
  if (key === 'ArrowUp' && up >= 0) select(up);
  if (key === 'ArrowDown' && tree.firstChild(node) >= 0) select(tree.firstChild(node));
  if (up < 0 || key === 'ArrowUp' || key === 'ArrowDown') return;
  const siblings = tree.childrenOf(up), beside = siblings[siblings.indexOf(node) + (key === 'ArrowRight' ? 1 : -1)];
  if (beside !== undefined) select(beside);
}

const KEYS = {
  '/': () => element('search').focus(),
  i: () => toggle('inverted', 'invert'),
  m: toggleModules,
  t: () => element('theme').click(),
  s: saveSvg,
  b: () => isDiff && toggle('before', 'before'),
  Escape: () => zoom(0),
  Home: () => zoom(0),
  Backspace: () => zoom(Math.max(tree.parent[chart.zoomed], 0)),
  '?': () => { element('keys').open = !element('keys').open; },
};

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target === element('search')) {
    if (event.key === 'Escape') search('');
    else if (event.key === 'Enter') element('canvas').focus();
    return;
  }
  const onCanvas = event.target === element('canvas');
  if (onCanvas && event.key.startsWith('Arrow')) move(event.key);
  else if (onCanvas && (event.key === 'Enter' || event.key === ' ')) zoom(chart.selected);
  else if (Object.hasOwn(KEYS, event.key)) KEYS[event.key]();
  else return;
  event.preventDefault();
}

function listen() {
  let delay;
  element('search').oninput = event => {
    clearTimeout(delay);
    delay = setTimeout(() => search(event.target.value), SEARCH_DELAY_MS);
  };
  element('threads').onchange = event => {
    state.thread = Number(event.target.value);
    rebuild();
    search(state.search);
  };
  element('color').onchange = event => setColor(event.target.value);
  element('invert').onclick = () => toggle('inverted', 'invert');
  element('before').onclick = () => toggle('before', 'before');
  element('names').onclick = toggleModules;
  element('reset').onclick = () => zoom(0);
  element('svg').onclick = saveSvg;
  addEventListener('keydown', onKey);
  addEventListener('hashchange', goToLink);
}

// ---- begin ----

function readLink() {
  const wanted = new URLSearchParams(location.hash.slice(1)), thread = Number(wanted.get('thread') ?? -1);
  state.thread = profile.threads[thread] ? thread : -1;
  state.inverted = wanted.get('inverted') === '1';
  state.before = isDiff && wanted.get('before') === '1';
  state.modules = wanted.get('names') !== 'file';
  if (Object.hasOwn(COLORINGS, wanted.get('color'))) state.color = wanted.get('color');
  element('threads').value = state.thread;
  element('color').value = state.color;
  press('invert', state.inverted);
  press('before', state.before);
  press('names', !state.modules);
  return wanted;
}

function goToLink() {
  const wanted = readLink(), path = (wanted.get('node') ?? '').split('.').filter(Boolean).map(Number);
  labels.clear();
  rebuild(path);
  if (wanted.has('zoom')) {
    const node = chart.selected;
    zoom(tree.pathTo(node)[Number(wanted.get('zoom')) - 1] ?? 0);
    select(node);
  }
  search(wanted.get('search') ?? '');
  showLegend();
}

function start() {
  document.title = visible(profile.title);
  element('title').textContent = visible(profile.title);
  element('threads').append(new Option('All threads', -1));
  profile.threads.forEach((thread, index) =>
    element('threads').append(new Option(visible(`${thread.name || 'thread'} (tid ${thread.tid})`), index)));
  element('threads').hidden = profile.threads.length < 2;
  for (const [key, { name }] of Object.entries(COLORINGS)) {
    if (key === 'diff' ? isDiff : key !== 'specialized' || profile.opcodes.length)
      element('color').append(new Option(name, key));
  }
  element('nothing').hidden = self.some(samples => samples > 0);
  element('before').hidden = !isDiff;
  if (isDiff) {
    element('baseline').hidden = false;
    element('baseline').textContent = `Compared with ${visible(profile.baseline.title)}: ` +
      `${count(profile.baseline.samples)} samples in ${(profile.baseline.duration_ns / 1e9).toFixed(2)} s. ` +
      'A sample stands for the duration of its run divided by its samples.';
    element('hot-title').textContent = 'Changes of self time';
  }
  showRun(element('run'));
  startTheme(() => {
    showLegend();
    chart.redraw();
  });
  chart = new Chart(element('scroller'), element('canvas'), look, { hover: showTooltip, zoom });
  listen();
  goToLink();
  document.documentElement.dataset.ready = 'yes';
}

start();
