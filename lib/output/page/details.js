// SPDX-License-Identifier: Apache-2.0
//
// What is said about one node: in the tooltip in short, in the panel in full. Leaf samples (the node was executing) and
// on-stack samples (it waited for what it called) are never added up.
import { count, make, percent, profile, sourceLine, spanOnLine, time } from './common.js';
import { executing, fileOf, isDiff, lineOf, moduleOf, nameOf, place, sourceOf, waiting, whereOf } from './profile.js';

const TOP_INSTRUCTIONS = 8;
const FORM_TITLES = {
  specialized: 'adapted to the types it has seen',
  generic: 'could be specialized and is not',
  trace: 'a JIT trace was entered: what runs inside is not visible',
};

// Instructions of all members of a node, added up by name and place in the bytecode, most samples first. In a diff two
// versions of a function are compared, whose offsets say nothing to each other: there by name alone.
function instructionsOf(tree, node, { table, rows }) {
  const sums = new Map();
  for (const member of tree.membersOf(node)) {
    for (const row of rows(member)) {
      const key = isDiff ? profile.opcodes[table.opcode[row]].name : `${table.opcode[row]}@${table.offset[row]}:${table.column[row]}`;
      const sum = sums.get(key) ?? sums.set(key, { row, samples: 0, before: 0 }).get(key);
      sum.samples += table.samples[row];
      sum.before += isDiff ? table.before[row] : 0;
    }
  }
  return [...sums.values()].sort((a, b) => Math.max(b.samples, b.before) - Math.max(a.samples, a.before));
}

const spanOf = (table, row) => ({ line: lineOf(place[table.node[row]]), endLine: table.end_line[row], column: table.column[row],
  endColumn: table.end_column[row] });

function instructionName(table, row) {
  const cell = make('td'), opcode = profile.opcodes[table.opcode[row]], code = make('code', opcode.name, opcode.form);
  code.title = FORM_TITLES[opcode.form] ?? '';
  cell.append(code);
  if (opcode.base !== opcode.name) cell.append(make('span', ` of ${opcode.base}`, 'faint'));
  if (opcode.form === 'generic') cell.append(make('span', ' not specialized', 'generic'));
  if (isDiff) return cell;
  const span = spanOf(table, row), at = [`@${table.offset[row]}`];
  if (span.column >= 0 && span.line === span.endLine) at.push(`col ${span.column}–${span.endColumn}`);
  else if (span.column >= 0) at.push(`${span.line}:${span.column}–${span.endLine}:${span.endColumn}`);
  cell.append(make('span', ' ' + at.join(' '), 'faint'));
  return cell;
}

function barCell(part, whole) {
  const cell = make('td', undefined, 'bar'), fill = make('i');
  fill.style.width = `${whole ? 100 * part / whole : 0}%`;
  cell.append(fill);
  return cell;
}

export function signed(value, text) {
  return (value > 0 ? '+' : value < 0 ? '−' : '') + text(Math.abs(value));
}

function instructionTable(title, tree, node, part, limit, mark) {
  const sums = instructionsOf(tree, node, part), { table } = part, box = make('div');
  if (!sums.length) return box;
  const body = make('table'), most = Math.max(...sums.map(sum => Math.max(sum.samples, sum.before)));
  const whole = sums.reduce((sum, { samples }) => sum + samples, 0);
  box.append(make('h3', title), body);
  for (const { row, samples, before } of sums.slice(0, limit)) {
    const line = make('tr');
    line.append(instructionName(table, row));
    if (isDiff) {
      line.append(make('td', `${count(Math.round(before))} → ${count(samples)}`, 'number'),
        make('td', signed(samples - before, value => time(value)), judged(samples - before)));
    } else {
      line.append(make('td', count(samples), 'number'), make('td', percent(samples, whole), 'number'),
        barCell(samples, most));
    }
    if (mark) {
      line.onmouseenter = () => mark(spanOf(table, row));
      line.onmouseleave = () => mark(null);
    }
    body.append(line);
  }
  if (sums.length > limit) box.append(make('div', `… and ${sums.length - limit} more`, 'faint'));
  return box;
}

// The source round the line of a place, and what marks a span in it. Empty where the page has none. The blank that all
// lines begin with is left out.
function sourceBlock(p, first) {
  const block = make('pre', undefined, 'source');
  const lines = [...sourceOf(p) ?? []].filter(([number]) => Math.abs(number - lineOf(p)) <= 2);
  const indents = lines.filter(([, text]) => text.trim()).map(([, text]) => text.length - text.trimStart().length);
  const indent = Math.min(...indents, 1000);
  const write = span => {
    block.replaceChildren(...lines.map(([number, text]) => {
      const line = make('div', undefined, number === lineOf(p) ? 'current' : '');
      const part = span && spanOnLine(text, number, span)?.map(index => Math.max(0, index - indent));
      line.append(make('span', String(number), 'line-number'), sourceLine(text.slice(indent), part));
      return line;
    }));
  };
  write(first);
  return [block, span => write(span ?? first)];
}

function facts(tree, node, root) {
  const list = make('dl'), fact = (name, value) => list.append(make('dt', name), make('dd', value));
  const say = (samples, whole) => `${time(samples)} · ${count(samples)} · ${percent(samples, whole)}`;
  fact('Total', say(tree.total[node], tree.total[root]));
  fact('Self', say(tree.self[node], tree.total[root]));
  return list;
}

export function change(now, before) {
  if (!before) return now ? 'new' : '–';
  if (!now) return 'vanished';
  return signed(100 * (now - before) / before, value => `${value.toFixed(1)} %`);
}

// The class of a cell that shows a difference of times.
function judged(difference) {
  return difference > 0 ? 'number worse' : difference < 0 ? 'number better' : 'number';
}

function diffFacts(tree, node) {
  const table = make('table', undefined, 'diff'), head = make('tr');
  head.append(...['', 'before', 'now', 'change', ''].map(text => make('th', text)));
  table.append(head);
  for (const [name, now, before] of [['Total', tree.total[node], tree.totalBefore[node]],
    ['Self', tree.self[node], tree.selfBefore[node]]]) {
    const row = make('tr'), kind = judged(now - before);
    row.append(make('td', name), make('td', time(before), 'number'), make('td', time(now), 'number'),
      make('td', signed(now - before, time), kind), make('td', change(now, before), kind));
    table.append(row);
  }
  return table;
}

export function describe(tree, node, { zoomed, full }) {
  const part = document.createDocumentFragment(), p = tree.place[node];
  part.append(make('h2', p < 0 ? (tree.inverted ? 'all leaves' : 'all') : nameOf(p)));
  if (p >= 0 && whereOf(p)) {
    const where = make('div', `${full ? fileOf(p) : moduleOf(p)}:${lineOf(p)}`, 'faint');
    part.append(where);
  }
  part.append(isDiff ? diffFacts(tree, node) : facts(tree, node, 0));
  if (zoomed > 0 && !isDiff) part.append(make('div', `${percent(tree.total[node], tree.total[zoomed])} of what is zoomed`, 'faint'));
  let mark = null;
  if (p >= 0) {
    const hottest = isDiff ? null : instructionsOf(tree, node, executing)[0];
    const [block, highlight] = sourceBlock(p, hottest ? spanOf(executing.table, hottest.row) : null);
    if (block.childElementCount) part.append(block);
    mark = highlight;
  }
  const limit = full ? TOP_INSTRUCTIONS * 2 : TOP_INSTRUCTIONS;
  part.append(instructionTable('Executing here (leaf samples)', tree, node, executing, limit, full && mark));
  // Below an inverted leaf the calls' counts would be those of other leaves as well.
  if (!tree.inverted)
    part.append(instructionTable('Waiting in a call made here (on-stack samples)', tree, node, waiting, limit, full && mark));
  return part;
}
