// SPDX-License-Identifier: Apache-2.0
//
// One file of a heatmap: its lines with samples, who called them and whom they call, and below each line its
// instructions. An instruction under the mouse or the keyboard's focus shows its own span in the source, over all lines
// that it covers.
import { count, element, make, makeButton, percent, profile, sourceLine, spanOnLine, startTheme, theme, visible }
  from './common.js';

const FORM_TITLES = {
  specialized: 'specialized: adapted to the types it has seen',
  generic: 'generic: could be specialized and is not',
  trace: 'a JIT trace was entered: what runs inside is not visible',
};
const { instructions, opcodes } = profile;

// ---- the data by line ----

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const group = key(item);
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(item);
  }
  return groups;
}

const heat = new Map(profile.heat.line.map((line, row) => [line, { self: profile.heat.self[row], total: profile.heat.total[row] }]));
const calls = groupBy(profile.calls, call => call.line);
const callers = groupBy(profile.callers, call => call.line);
// What has no line of its own belongs to its function's first.
const lineOfRow = row => instructions.line[row] > 0 ? instructions.line[row] : profile.functions[instructions.function[row]].line;
const rowsOfLine = groupBy(instructions.line.keys(), lineOfRow);
const formsOfRow = groupBy(profile.forms.instruction.keys(), form => profile.forms.instruction[form]);
const most = { self: Math.max(1, ...profile.heat.self), total: Math.max(1, ...profile.heat.total) };

const numbers = profile.source.length ? profile.source.map((_, index) => index + 1)
  : [...new Set([...heat.keys(), ...rowsOfLine.keys()])].sort((a, b) => a - b);
const textOf = number => profile.source[number - 1] ?? '';

// Leaf samples of a line by form; those of instructions that could be specialized are what counts.
function specializationOf(number) {
  let specialized = 0, generic = 0, kinds = 0, adapted = 0;
  for (const row of rowsOfLine.get(number) ?? []) {
    const { form } = opcodes[instructions.opcode[row]];
    kinds += form === 'specialized' || form === 'generic';
    adapted += form === 'specialized';
    for (const index of formsOfRow.get(row) ?? []) {
      if (opcodes[profile.forms.opcode[index]].form === 'specialized') specialized += profile.forms.samples[index];
      if (opcodes[profile.forms.opcode[index]].form === 'generic') generic += profile.forms.samples[index];
    }
  }
  return { specialized, generic, kinds, adapted };
}

// ---- spans in the source ----

const codes = new Map(); // the element of a line's text
let marked = [];

function writeLine(number, span) {
  const old = codes.get(number);
  if (!old) return;
  const text = textOf(number), made = sourceLine(text, span && spanOnLine(text, number, span));
  old.replaceWith(made);
  codes.set(number, made);
}

function mark(row) {
  marked.forEach(number => writeLine(number, null));
  marked = [];
  if (row < 0) return;
  const span = { line: instructions.line[row], endLine: instructions.end_line[row], column: instructions.column[row],
    endColumn: instructions.end_column[row] };
  for (let number = span.line; number <= span.endLine && codes.has(number); number++) {
    writeLine(number, span);
    marked.push(number);
  }
}

// ---- the panel of a line ----

function opcodeCell(row) {
  const cell = make('td'), opcode = opcodes[instructions.opcode[row]], forms = formsOfRow.get(row) ?? [];
  const name = make('code', opcode.name, opcode.form);
  name.title = FORM_TITLES[opcode.form] ?? '';
  cell.append(name);
  if (opcode.base !== opcode.name) cell.append(make('span', ` of ${opcode.base}`, 'faint'));
  if (opcode.form === 'generic') cell.append(make('span', ' not specialized', 'generic'));
  // What it was when it was sampled, where that was not always what it is now.
  for (const form of forms) {
    const other = opcodes[profile.forms.opcode[form]];
    if (forms.length > 1 || other.name !== opcode.name)
      cell.append(make('span', ` · ${count(profile.forms.samples[form])} as ${other.name}`, 'faint'));
  }
  return cell;
}

function spanText(row) {
  const line = instructions.line[row], endLine = instructions.end_line[row], column = instructions.column[row];
  if (column < 0) return line > 0 ? String(line) : '';
  return line === endLine ? `${column}–${instructions.end_column[row]}` : `${column}–${endLine}:${instructions.end_column[row]}`;
}

function instructionRow(row, whole) {
  const made = make('tr', undefined, instructions.on_stack[row] ? '' : 'idle'), bar = make('td', undefined, 'bar'), fill = make('i');
  fill.style.width = `${whole ? 100 * instructions.leaf[row] / whole : 0}%`;
  bar.append(fill);
  made.tabIndex = 0;
  made.onmouseenter = made.onfocus = () => mark(row);
  made.onmouseleave = made.onblur = () => mark(-1);
  const argument = make('td', visible(instructions.argument[row]), 'argument');
  argument.title = argument.textContent;
  const some = value => value ? count(value) : '';
  made.append(make('td', String(instructions.offset[row]), 'number'), opcodeCell(row), argument,
    make('td', spanText(row), 'faint'), make('td', some(instructions.leaf[row]), 'number'),
    make('td', some(instructions.on_stack[row]), 'number'), bar);
  return made;
}

function summaryOf(number) {
  const { specialized, generic, kinds, adapted } = specializationOf(number), whole = specialized + generic;
  const text = whole ? `${percent(specialized, whole)} specialized (${adapted} of ${kinds} instructions that can be, ` +
    `${count(specialized)} of ${count(whole)} leaf samples)` : 'No sample in an instruction that can be specialized';
  return make('div', text, whole ? (specialized / whole >= 0.67 ? 'specialized' : 'generic') : 'faint');
}

function makePanel(number) {
  const panel = make('div', undefined, 'panel'), rows = rowsOfLine.get(number) ?? [];
  panel.append(summaryOf(number));
  const whole = Math.max(1, ...rows.map(row => instructions.leaf[row]));
  for (const [index, members] of groupBy(rows, row => instructions.function[row])) {
    const made = profile.functions[index], table = make('table'), head = make('tr');
    if (rows.length !== members.length || index) panel.append(make('h3', visible(made.name)));
    if (!made.listed) panel.append(make('div', 'Its bytecode could not be read: sampled instructions only', 'faint'));
    head.append(...['offset', 'instruction', 'argument', 'columns', 'leaf', 'on-stack', 'leaf samples'].map(text => make('th', text)));
    table.append(head, ...members.map(row => instructionRow(row, whole)));
    panel.append(table);
  }
  return panel;
}

function togglePanel(number, open) {
  const row = element(`L${number}`), button = row?.querySelector('.toggle');
  if (!button || open === (button.getAttribute('aria-expanded') === 'true')) return;
  button.setAttribute('aria-expanded', open);
  button.textContent = open ? '▾' : '▸';
  row.classList.toggle('opened', open);
  if (open) row.after(makePanel(number));
  else row.nextElementSibling.remove();
  drawMinimap();
}

// ---- lines ----

// A link into a page of ours; nothing else may become one.
function linkTo(call) {
  const line = `#L${Number(call.target)}`;
  return /^file_\d+\.html$/.test(call.page) ? call.page + line : line;
}

function callMenu(symbol, title, list) {
  const menu = make('details', undefined, 'menu'), summary = make('summary', `${symbol} ${count(list.length)}`);
  summary.title = title;
  menu.append(summary);
  menu.ontoggle = () => {
    if (menu.childElementCount > 1) return;
    const items = make('ul');
    for (const call of list) {
      const item = make('li'), link = make('a', visible(`${call.name} (${call.file}:${call.target})`));
      link.href = linkTo(call);
      item.append(link, make('span', ` ${count(call.samples)}`, 'faint'));
      items.append(item);
    }
    menu.append(items);
  };
  return menu;
}

function makeLine(number) {
  const row = make('div', undefined, 'row'), link = make('a', String(number)), text = make('div', undefined, 'text');
  const samples = heat.get(number), code = sourceLine(textOf(number), null);
  row.id = `L${number}`;
  link.href = `#L${number}`;
  row.classList.toggle('sampled', Boolean(samples));
  codes.set(number, code);
  text.append(code);
  if (callers.has(number)) text.append(callMenu('▲', 'Called from', callers.get(number)));
  if (calls.has(number)) text.append(callMenu('▼', 'Calls', calls.get(number)));
  const cell = make('span');
  if (rowsOfLine.has(number)) {
    const button = makeButton('▸', 'Bytecode of this line', () => togglePanel(number, button.getAttribute('aria-expanded') !== 'true'));
    button.className = 'toggle';
    button.setAttribute('aria-expanded', 'false');
    cell.append(button);
  }
  row.append(link, make('span', samples?.self ? count(samples.self) : '', 'number'),
    make('span', samples?.total ? count(samples.total) : '', 'number'), cell, text);
  return row;
}

const pressed = id => element(id).getAttribute('aria-pressed') === 'true';

// On a scale of logarithms: the second hottest line should not be white.
function heatOf(number) {
  const measure = pressed('measure') ? 'total' : 'self', samples = heat.get(number)?.[measure] ?? 0;
  return Math.log1p(samples) / Math.log1p(most[measure]);
}

function color() {
  for (const number of numbers) {
    const text = element(`L${number}`).lastElementChild;
    if (!heat.has(number)) continue;
    text.style.setProperty('--heat', heatOf(number));
    delete text.dataset.form;
    if (!pressed('adapted')) continue;
    const { specialized, generic } = specializationOf(number), whole = specialized + generic;
    text.style.setProperty('--heat', whole ? specialized / whole : 0);
    text.dataset.form = whole && specialized / whole < 0.5 ? 'generic' : 'specialized';
  }
  drawMinimap();
}

// ---- the map beside them ----

// Lines by their numbers, not by where they are drawn: to ask for that would lay out the whole file.
const shown = () => pressed('hot') ? numbers.filter(number => heat.has(number)) : numbers;

// The index of the first line whose row reaches below a height of the window.
function firstBelow(lines, y) {
  let low = 0, high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (element(`L${lines[middle]}`).getBoundingClientRect().bottom > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

function drawMinimap() {
  const canvas = element('minimap'), { clientHeight: height, clientWidth: width } = canvas, ratio = devicePixelRatio || 1;
  const context = canvas.getContext('2d'), box = element('scroller').getBoundingClientRect();
  const lines = shown(), placeOf = index => height * index / Math.max(1, lines.length);
  const from = placeOf(firstBelow(lines, box.top)), to = placeOf(firstBelow(lines, box.bottom));
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  context.fillStyle = theme() === 'dark' ? '#ffffff18' : '#00000012';
  context.fillRect(0, from, width, Math.max(to - from, 4));
  const thick = Math.max(2, placeOf(1));
  lines.forEach((number, index) => {
    if (!heat.has(number)) return;
    context.fillStyle = `rgb(255 92 48 / ${0.25 + 0.75 * heatOf(number)})`;
    context.fillRect(3, placeOf(index), width - 6, thick);
  });
}

function goToMap(event) {
  const lines = shown(), index = Math.floor(lines.length * event.offsetY / element('minimap').clientHeight);
  element(`L${lines[index]}`)?.scrollIntoView({ block: 'center' });
}

// ---- what can be changed ----

function toggle(id) {
  element(id).setAttribute('aria-pressed', !pressed(id));
  if (id === 'hot') element('lines').classList.toggle('only-hot', pressed(id));
  if (id === 'bytecode') for (const number of heat.keys()) togglePanel(number, pressed(id));
  color();
}

// To the next line with samples of its own, or the one before.
function step(direction) {
  const hot = numbers.filter(number => heat.get(number)?.self), now = Number(location.hash.slice(2)) || 0;
  const next = direction > 0 ? hot.find(number => number > now) : hot.findLast(number => number < now);
  if (next !== undefined) location.hash = `L${next}`;
}

const KEYS = {
  s: () => toggle('measure'),
  f: () => toggle('adapted'),
  h: () => toggle('hot'),
  b: () => toggle('bytecode'),
  t: () => element('theme').click(),
  n: () => step(1),
  p: () => step(-1),
  o: () => element(location.hash.slice(1))?.querySelector('.toggle')?.click(),
};

function listen() {
  for (const id of ['measure', 'adapted', 'hot', 'bytecode']) element(id).onclick = () => toggle(id);
  element('scroller').addEventListener('scroll', () => requestAnimationFrame(drawMinimap), { passive: true });
  element('minimap').onclick = goToMap;
  new ResizeObserver(drawMinimap).observe(element('scroller'));
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(KEYS, event.key)) return;
    KEYS[event.key]();
    event.preventDefault();
  });
}

function start() {
  document.title = visible(`${profile.module} – heatmap`);
  element('title').textContent = visible(profile.module);
  element('title').title = visible(profile.path);
  element('facts').textContent = `${visible(profile.path)} · self ${percent(profile.self, profile.counted)} · ` +
    `total ${percent(profile.total, profile.counted)} · ${count(heat.size)} lines with samples`;
  element('missing').hidden = profile.source.length > 0;
  for (const id of ['adapted', 'bytecode']) element(id).hidden = !profile.with_opcodes;
  const longest = profile.source.reduce((most, text) => Math.max(most, text.length), 80);
  element('lines').style.setProperty('--longest', Math.min(longest, 400));
  element('lines').append(...numbers.map(makeLine));
  startTheme(color);
  listen();
  color();
  const hottest = profile.heat.line[profile.heat.self.indexOf(Math.max(...profile.heat.self))];
  (element(location.hash.slice(1)) ?? element(`L${hottest}`))?.scrollIntoView({ block: 'center' });
  document.documentElement.dataset.ready = 'yes';
}

start();
