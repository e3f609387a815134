// SPDX-License-Identifier: Apache-2.0
//
// What is shown as an SVG of its own: text as text, for documents.
import { percent } from './common.js';
import { ROW, walk } from './chart.js';

const SPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 1200;
const LETTER = 6.6; // px, about, of the font below

function shape(name, attributes, text) {
  const made = document.createElementNS(SPACE, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

export function drawSvg(tree, zoomed, look, css) {
  const svg = shape('svg', { width: WIDTH, 'font-family': 'sans-serif', 'font-size': 12 });
  const value = name => css.getPropertyValue(name).trim();
  let deepest = 0;
  svg.append(shape('rect', { width: '100%', height: '100%', fill: value('--back') }));
  walk(tree, zoomed, WIDTH, Infinity, (node, x, width, depth) => {
    if (depth < tree.depth[zoomed]) return;
    const y = (depth - tree.depth[zoomed]) * ROW, group = shape('g', {});
    deepest = Math.max(deepest, y + ROW);
    group.append(shape('rect', { x: x.toFixed(2), y, width: Math.max(width - 1, 0.5).toFixed(2), height: ROW - 1,
      fill: node < 0 ? value('--rest') : look.dim(node) ? value('--soft') : look.color(node) }));
    if (node >= 0) {
      const label = look.label(node), letters = Math.floor((width - 8) / LETTER);
      group.append(shape('title', {}, `${label}: ${tree.total[node]} samples, ${percent(tree.total[node], tree.total[0])}`));
      if (letters > 2)
        group.append(shape('text', { x: (x + 4).toFixed(2), y: y + 14, fill: value('--box-text') },
          letters < label.length ? label.slice(0, letters - 1) + '…' : label));
    }
    svg.append(group);
  });
  svg.setAttribute('height', deepest);
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${deepest}`);
  return new XMLSerializer().serializeToString(svg);
}
