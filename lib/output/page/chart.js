// SPDX-License-Identifier: Apache-2.0
//
// Draws a tree on a canvas. What a screen shows bounds the work, not the size of the tree: children are sorted, so the
// first one that is too narrow to be seen ends a row, and rows out of sight are only passed through.

export const ROW = 20;
export const NARROWEST = 0.7; // px; what is narrower is drawn as one block with its smaller siblings
const TEXT_FROM = 24;

// Calls visit(node, x, width) for every box, and visit(-1, …) for what is too narrow, of the tree below `zoomed` and the
// nodes above it. `deepest`: rows below are left out.
export function walk(tree, zoomed, width, deepest, visit) {
  for (let up = tree.parent[zoomed]; up >= 0; up = tree.parent[up]) visit(up, 0, width, tree.depth[up]);
  const scale = tree.weight[zoomed] ? width / tree.weight[zoomed] : 0, left = tree.start[zoomed], pending = [zoomed];
  while (pending.length) {
    const node = pending.pop(), depth = tree.depth[node];
    visit(node, (tree.start[node] - left) * scale, node === zoomed ? width : tree.weight[node] * scale, depth);
    if (depth >= deepest) continue;
    for (let child = tree.firstChild(node); child >= 0; child = tree.next[child]) {
      if (tree.weight[child] * scale >= NARROWEST) {
        pending.push(child);
        continue;
      }
      let rest = 0;
      const x = (tree.start[child] - left) * scale;
      for (; child >= 0; child = tree.next[child]) rest += tree.weight[child];
      if (rest * scale >= NARROWEST) visit(-1, x, rest * scale, depth + 1);
      break;
    }
  }
}

export class Chart {
  // look: { color(node), label(node), dim(node) }; tell: { hover(node, event), zoom(node), select(node) }
  constructor(scroller, canvas, look, tell) {
    Object.assign(this, { scroller, canvas, look, tell, tree: null, zoomed: 0, selected: 0, hovered: -1, wanted: false });
    this.context = canvas.getContext('2d');
    this.widths = new Map();
    this.listen();
  }

  listen() {
    const { canvas, scroller } = this;
    new ResizeObserver(() => this.redraw()).observe(scroller);
    scroller.addEventListener('scroll', () => this.redraw(), { passive: true });
    canvas.addEventListener('mousemove', event => this.hover(this.at(event.offsetX, event.offsetY), event));
    canvas.addEventListener('mouseleave', event => this.hover(-1, event));
    canvas.addEventListener('click', event => {
      const node = this.at(event.offsetX, event.offsetY);
      if (node >= 0) this.tell.zoom(node);
    });
  }

  hover(node, event) {
    if (node !== this.hovered) {
      this.hovered = node;
      this.redraw();
    }
    canvasCursor(this.canvas, node >= 0);
    this.tell.hover(node, event);
  }

  show(tree) {
    this.tree = tree;
    this.zoomed = this.selected = 0;
    this.hovered = -1;
    this.redraw();
  }

  zoom(node) {
    this.zoomed = this.selected = node;
    this.redraw();
    this.reveal(node);
  }

  select(node) {
    this.selected = node;
    this.redraw();
    this.reveal(node);
  }

  reveal(node) {
    const top = this.tree.depth[node] * ROW, { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = Math.max(0, top - ROW);
    else if (top + 2 * ROW > scrollTop + clientHeight) this.scroller.scrollTop = top + 2 * ROW - clientHeight;
  }

  // Labels have other texts now.
  forgetLabels() {
    this.widths.clear();
    this.redraw();
  }

  redraw() {
    if (this.wanted || !this.tree) return;
    this.wanted = true;
    requestAnimationFrame(() => {
      this.wanted = false;
      this.draw();
    });
  }

  fit() {
    const { canvas, scroller, tree } = this, ratio = devicePixelRatio || 1;
    const height = (tree.deepest[this.zoomed] + 1) * ROW;
    canvas.parentElement.style.height = `${Math.max(height, scroller.clientHeight)}px`;
    this.width = scroller.clientWidth;
    this.height = scroller.clientHeight;
    const wide = Math.round(this.width * ratio), high = Math.round(this.height * ratio);
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
      canvas.style.width = `${this.width}px`;
      canvas.style.height = `${this.height}px`;
    }
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  draw() {
    this.fit();
    const { context, scroller, tree } = this, css = getComputedStyle(document.documentElement);
    const value = name => css.getPropertyValue(name).trim(), top = scroller.scrollTop;
    const colors = { text: value('--box-text'), rest: value('--rest'), mark: value('--mark'), dimmed: value('--soft') };
    context.fillStyle = value('--back');
    context.fillRect(0, 0, this.width, this.height);
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    this.boxes = 0;
    walk(tree, this.zoomed, this.width, Math.ceil((top + this.height) / ROW), (node, x, width, depth) => {
      const y = depth * ROW - top;
      if (y > -ROW && y < this.height) this.drawBox(node, x, y, width, colors);
    });
  }

  drawBox(node, x, y, width, colors) {
    const { context, look } = this, inner = Math.max(width - (width > 3 ? 1 : 0), NARROWEST);
    this.boxes++;
    if (node < 0) {
      context.fillStyle = colors.rest;
      context.fillRect(x, y, inner, ROW - 1);
      return;
    }
    const above = this.tree.depth[node] < this.tree.depth[this.zoomed];
    context.globalAlpha = above ? 0.55 : 1;
    context.fillStyle = look.dim(node) ? colors.dimmed : look.color(node);
    context.fillRect(x, y, inner, ROW - 1);
    context.globalAlpha = 1;
    if (node === this.hovered || node === this.selected) {
      context.strokeStyle = colors.mark;
      context.lineWidth = 2;
      context.strokeRect(x + 1, y + 1, Math.max(inner - 2, 1), ROW - 3);
    }
    if (width < TEXT_FROM) return;
    context.fillStyle = colors.text;
    // A cut label may be a little too long: letters are not all of one width.
    context.fillText(this.fitted(node, inner - 8), x + 4, y + ROW / 2, inner - 8);
  }

  // The label, cut to a width by its share: measuring every cut would be slow.
  fitted(node, width) {
    const label = this.look.label(node);
    let whole = this.widths.get(label);
    if (whole === undefined) this.widths.set(label, whole = this.context.measureText(label).width);
    if (whole <= width) return label;
    const letters = Math.floor(label.length * (width - 10) / whole);
    return letters > 1 ? label.slice(0, letters) + '…' : '';
  }

  // The node at a point of the canvas, -1 for none.
  at(x, y) {
    if (!this.tree) return -1;
    const { tree } = this, depth = Math.floor((y + this.scroller.scrollTop) / ROW);
    let node = this.zoomed;
    if (depth < tree.depth[node]) {
      while (tree.depth[node] > depth) node = tree.parent[node];
      return node;
    }
    const scale = tree.weight[node] / this.width, at = tree.start[node] + x * scale;
    while (node >= 0 && tree.depth[node] < depth) {
      let child = tree.firstChild(node);
      while (child >= 0 && tree.start[child] + tree.weight[child] <= at) child = tree.next[child];
      node = child >= 0 && tree.weight[child] / scale >= NARROWEST ? child : -1;
    }
    return node;
  }
}

function canvasCursor(canvas, over) {
  canvas.style.cursor = over ? 'pointer' : 'default';
}
