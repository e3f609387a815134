// SPDX-License-Identifier: Apache-2.0
//
// The tree that is drawn: the profile's nodes of the chosen threads, merged by place. Columns of numbers, no object a
// node: 50 000 nodes cost some ms. Children are linked, the largest first.
//
// Inverted, leaves come first and their callers below. That tree may be much larger than the profile (every leaf has
// its whole stack), so its nodes are made when they are looked at: a node keeps the stacks it stands for and makes its
// children of them when they are asked for.
import { depthOf, isDiff, nodeCount, parent, place, places, self, selfBefore, threadOf } from './profile.js';

const PLACES = places.name.length + 1;

export class Tree {
  constructor({ thread, inverted, before }) {
    this.inverted = inverted;
    this.before = before; // the baseline gives the widths
    this.place = [];
    this.parent = [];
    this.depth = [];
    this.self = [];
    this.total = [];
    this.selfBefore = [];
    this.totalBefore = [];
    this.start = []; // samples left of it, from the root's left edge
    this.first = [];
    this.next = [];
    this.deepest = []; // a bound of the depth below
    this.weight = before ? this.totalBefore : this.total;
    this.add(-1, -1);
    if (inverted) this.startInverted(thread);
    else this.build(thread);
  }

  add(up, p) {
    const node = this.place.push(p) - 1, depth = up < 0 ? 0 : this.depth[up] + 1;
    this.parent.push(up);
    this.depth.push(depth);
    this.deepest.push(depth);
    this.start.push(0);
    this.first.push(-1);
    this.next.push(-1);
    for (const column of [this.self, this.total, this.selfBefore, this.totalBefore]) column.push(0);
    return node;
  }

  build(thread) {
    const of = new Int32Array(nodeCount), known = new Map();
    this.nextMember = new Int32Array(nodeCount).fill(-1);
    this.firstMember = [-1];
    for (let node = 0; node < nodeCount; node++) {
      if (thread >= 0 && threadOf[node] !== thread) continue;
      if (place[node] < 0) continue; // of is 0, the root
      const up = of[parent[node]], key = up * PLACES + place[node];
      let made = known.get(key);
      if (made === undefined) {
        known.set(key, made = this.add(up, place[node]));
        this.firstMember.push(-1);
      }
      of[node] = made;
      this.nextMember[node] = this.firstMember[made];
      this.firstMember[made] = node;
      this.self[made] += self[node];
      if (isDiff) this.selfBefore[made] += selfBefore[node];
    }
    this.sumUp();
    this.linkAll();
  }

  // Parents have smaller numbers than children.
  sumUp() {
    for (let node = this.place.length - 1; node >= 0; node--) {
      this.total[node] += this.self[node];
      this.totalBefore[node] += this.selfBefore[node];
      const up = this.parent[node];
      if (up < 0) continue;
      this.total[up] += this.total[node];
      this.totalBefore[up] += this.totalBefore[node];
      if (this.deepest[up] < this.deepest[node]) this.deepest[up] = this.deepest[node];
    }
  }

  linkAll() {
    const order = Uint32Array.from({ length: this.place.length - 1 }, (_, index) => index + 1);
    const { weight } = this;
    // The smallest first: each is put before those that were linked already.
    order.sort((a, b) => weight[a] - weight[b] || b - a);
    for (const node of order) {
      if (!weight[node]) continue;
      this.next[node] = this.first[this.parent[node]];
      this.first[this.parent[node]] = node;
    }
    for (let node = 0; node < this.place.length; node++) this.placeChildren(node);
  }

  placeChildren(node) {
    let start = this.start[node];
    for (let child = this.first[node]; child >= 0; child = this.next[child]) {
      this.start[child] = start;
      start += this.weight[child];
    }
  }

  startInverted(thread) {
    const stacks = [];
    this.waiting = []; // by node: the stacks it stands for, as pairs of leaf and where in its stack we are
    for (let node = 0; node < nodeCount; node++) {
      const samples = self[node] || (isDiff && selfBefore[node]);
      if (samples && place[node] >= 0 && (thread < 0 || threadOf[node] === thread)) stacks.push(node, node);
    }
    this.give(0, stacks);
  }

  give(node, stacks) {
    this.waiting[node] = stacks;
    for (let i = 0; i < stacks.length; i += 2) {
      this.total[node] += self[stacks[i]];
      if (isDiff) this.totalBefore[node] += selfBefore[stacks[i]];
      this.deepest[node] = Math.max(this.deepest[node], this.depth[node] + depthOf[stacks[i + 1]]);
    }
  }

  expand(node) {
    if (!this.inverted || !this.waiting[node]) return;
    const stacks = this.waiting[node], byPlace = new Map();
    this.waiting[node] = null;
    for (let i = 0; i < stacks.length; i += 2) {
      const at = node ? parent[stacks[i + 1]] : stacks[i];
      if (place[at] < 0) continue;
      if (!byPlace.has(place[at])) byPlace.set(place[at], []);
      byPlace.get(place[at]).push(stacks[i], at);
    }
    const children = [];
    for (const [p, members] of byPlace) {
      const child = this.add(node, p);
      this.give(child, members);
      if (!node) {
        this.self[child] = this.total[child];
        this.selfBefore[child] = this.totalBefore[child];
      }
      if (this.weight[child]) children.push(child);
      if (!node) (this.members ??= new Map()).set(child, members.filter((_, index) => index % 2 === 0));
    }
    children.sort((a, b) => this.weight[a] - this.weight[b] || b - a);
    for (const child of children) {
      this.next[child] = this.first[node];
      this.first[node] = child;
    }
    this.placeChildren(node);
  }

  firstChild(node) {
    this.expand(node);
    return this.first[node];
  }

  // Nodes of the profile whose samples executed here. Inverted, only leaves have some.
  membersOf(node) {
    if (this.inverted) return this.members?.get(node) ?? [];
    const members = [];
    for (let member = this.firstMember[node] ?? -1; member >= 0; member = this.nextMember[member]) members.push(member);
    return members;
  }

  childrenOf(node) {
    const children = [];
    for (let child = this.firstChild(node); child >= 0; child = this.next[child]) children.push(child);
    return children;
  }

  // From the outermost to the node, without the root.
  pathTo(node) {
    const path = [];
    for (; node > 0; node = this.parent[node]) path.unshift(node);
    return path;
  }

  // The node that a path of places leads to; as far as it goes.
  follow(path) {
    let node = 0;
    for (const p of path) {
      const child = this.childrenOf(node).find(candidate => this.place[candidate] === p);
      if (child === undefined) break;
      node = child;
    }
    return node;
  }
}
