// What is shown: filters, what was hidden or opened by hand, and what follows from it.

import type { Assertion, Edge, Model } from "./data";

/** Graphs up to this size are drawn whole at first. */
export const WHOLE = 5000;
/** Groups that are drawn as one dot at first; the rest on demand. */
const GROUPS = 300;

export type Mode = "groups" | "top" | "all";

export class State {
  // What was taken out by filters.
  readonly types = new Set<number>();
  readonly relations = new Set<number>();
  readonly statuses = new Set<number>();
  readonly publishers = new Set<string>();
  readonly documents = new Set<number>();
  minScore = 0;
  range: [number, number] | null = null;
  undated = true;
  unlinked = false;

  // What was chosen by hand.
  readonly hidden = new Set<number>();
  readonly opened = new Set<number>();
  readonly extra = new Set<number>();
  focus: Set<number> | null = null;
  mode: Mode = "all";
  topCount = 500;
  groupCount = GROUPS;
  colorBy: "type" | "group" = "type";

  // What follows.
  /** The assertions of each edge that pass. */
  readonly passing: Assertion[][];
  readonly edgeOn: Uint8Array;
  readonly nodeOn: Uint8Array;
  readonly degree: Int32Array;
  nodeCount = 0;
  edgeCount = 0;

  /** Edges at each node. */
  readonly edgesOf: number[][];
  readonly fullDegree: Int32Array;
  readonly groups: number[][] = [];

  private readonly listeners: ((structural: boolean) => void)[] = [];

  constructor(readonly model: Model) {
    this.passing = model.edges.map((edge) => edge.assertions);
    this.edgeOn = new Uint8Array(model.edges.length);
    this.nodeOn = new Uint8Array(model.nodes.length);
    this.degree = new Int32Array(model.nodes.length);
    this.fullDegree = new Int32Array(model.nodes.length);
    this.edgesOf = model.nodes.map(() => []);
    model.edges.forEach((edge, number) => {
      this.edgesOf[edge.head]!.push(number);
      if (edge.tail !== edge.head) this.edgesOf[edge.tail]!.push(number);
    });
    model.nodes.forEach((thing, node) => {
      this.fullDegree[node] = this.edgesOf[node]!.length;
      (this.groups[thing.group] ??= []).push(node);
    });
    this.unlinked = model.edges.length === 0;
    this.compute();
    if (this.nodeCount > WHOLE) this.mode = "groups";
  }

  onChange(listener: (structural: boolean) => void): void {
    this.listeners.push(listener);
  }

  /** Takes note of a change; a structural one is of what is drawn, not of a filter. */
  changed(structural = false): void {
    this.compute();
    for (const listener of this.listeners) listener(structural);
  }

  get isFiltered(): boolean {
    return this.types.size + this.relations.size + this.statuses.size + this.publishers.size + this.documents.size + this.hidden.size > 0
      || this.minScore > 0 || this.range !== null || !this.undated || this.focus !== null;
  }

  reset(): void {
    for (const set of [this.types, this.relations, this.statuses, this.publishers, this.documents, this.hidden, this.opened, this.extra]) set.clear();
    this.minScore = 0;
    this.range = null;
    this.undated = true;
    this.focus = null;
    this.changed(true);
  }

  passes(assertion: Assertion): boolean {
    if (assertion.score < this.minScore || this.statuses.has(assertion.status) || !this.documentOn(assertion.document)) return false;
    if (assertion.days === null) return this.undated;
    return this.range === null || (assertion.days[0] <= this.range[1] && assertion.days[1] >= this.range[0]);
  }

  documentOn(document: number): boolean {
    return !this.documents.has(document) && !this.publishers.has(this.model.documents[document]!.source ?? "");
  }

  private compute(): void {
    const { model } = this;
    const mayShow = (node: number) => !this.types.has(model.nodes[node]!.type) && !this.hidden.has(node) && (this.focus === null || this.focus.has(node));
    const checkDocuments = this.documents.size + this.publishers.size > 0;
    const checkAssertions = checkDocuments || this.minScore > 0 || this.statuses.size > 0 || this.range !== null || !this.undated;
    this.degree.fill(0);
    this.edgeCount = 0;
    model.edges.forEach((edge, number) => {
      const isOn = !this.relations.has(edge.relation) && mayShow(edge.head) && mayShow(edge.tail);
      this.passing[number] = !isOn ? [] : checkAssertions ? edge.assertions.filter((assertion) => this.passes(assertion)) : edge.assertions;
      const on = this.passing[number]!.length > 0;
      this.edgeOn[number] = on ? 1 : 0;
      if (on) {
        this.edgeCount += 1;
        this.degree[edge.head]! += 1;
        if (edge.tail !== edge.head) this.degree[edge.tail]! += 1;
      }
    });
    this.nodeCount = 0;
    model.nodes.forEach((thing, node) => {
      const isWanted = this.degree[node]! > 0 || this.extra.has(node) || (this.unlinked
        && (!checkDocuments || thing.mentions.some(([document]) => this.documentOn(document!))));
      this.nodeOn[node] = mayShow(node) && isWanted ? 1 : 0;
      this.nodeCount += this.nodeOn[node]!;
    });
  }

  /** Nodes that an edge in force joins to a node. */
  neighbors(node: number): Set<number> {
    const found = new Set<number>();
    for (const number of this.edgesOf[node]!) {
      if (!this.edgeOn[number]) continue;
      const edge = this.model.edges[number]!;
      found.add(edge.head === node ? edge.tail : edge.head);
    }
    return found;
  }

  /** What is drawn: nodes by themselves, and groups as one. */
  drawn(): { nodes: number[]; groups: number[]; left: number } {
    const on: number[] = [];
    for (let node = 0; node < this.nodeOn.length; node += 1) if (this.nodeOn[node]) on.push(node);
    if (this.focus !== null || this.mode === "all") return { nodes: on, groups: [], left: 0 };
    if (this.mode === "top") {
      const best = [...on].sort((a, b) => this.degree[b]! - this.degree[a]! || a - b).slice(0, this.topCount);
      const nodes = new Set([...best, ...on.filter((node) => this.extra.has(node) || this.opened.has(this.model.nodes[node]!.group))]);
      return { nodes: [...nodes].sort((a, b) => a - b), groups: [], left: on.length - nodes.size };
    }
    const counts = new Map<number, number>();
    const nodes: number[] = [];
    for (const node of on) {
      const { group } = this.model.nodes[node]!;
      if (this.extra.has(node) || this.opened.has(group)) nodes.push(node);
      else counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    const ranked = [...counts.entries()].sort(([a, x], [b, y]) => y - x || a - b).map(([group]) => group);
    return { nodes, groups: ranked.slice(0, this.groupCount), left: Math.max(0, ranked.length - this.groupCount) };
  }

  /** The members of a group that pass, the best joined first. */
  members(group: number): number[] {
    return this.groups[group]!.filter((node) => this.nodeOn[node]).sort((a, b) => this.degree[b]! - this.degree[a]! || a - b);
  }

  /** Makes sure that a node is drawn, by itself or with its group, unless filters forbid it. */
  show(node: number, withGroup: boolean): boolean {
    const isDrawn = this.drawn().nodes.includes(node);
    if (isDrawn) return false;
    this.hidden.delete(node);
    if (this.focus !== null && !this.focus.has(node)) this.focus.add(node);
    const { group } = this.model.nodes[node]!;
    if (withGroup && this.mode === "groups" && this.fullDegree[node]! > 0 && this.groups[group]!.length <= 800) this.opened.add(group);
    this.extra.add(node);
    this.changed(false);
    return true;
  }

  /** A shortest way along edges in force; among several the first in order. */
  path(from: number, to: number): { nodes: number[]; edges: Edge[] } | null {
    const came = new Map<number, number>([[from, from]]);
    const queue = [from];
    for (let at = 0; at < queue.length && !came.has(to); at += 1) {
      const next = [...this.neighbors(queue[at]!)].sort((a, b) => a - b);
      for (const neighbor of next) {
        if (came.has(neighbor)) continue;
        came.set(neighbor, queue[at]!);
        queue.push(neighbor);
      }
    }
    if (!came.has(to)) return null;
    const nodes = [to];
    while (nodes[0] !== from) nodes.unshift(came.get(nodes[0]!)!);
    const edges = nodes.slice(1).flatMap((node, step) => this.between(nodes[step]!, node).slice(0, 1));
    return { nodes, edges };
  }

  /** The edges in force between two nodes, whichever way they point. */
  between(a: number, b: number): Edge[] {
    const [near, far] = this.edgesOf[a]!.length <= this.edgesOf[b]!.length ? [a, b] : [b, a];
    return this.edgesOf[near]!
      .filter((number) => this.edgeOn[number])
      .map((number) => this.model.edges[number]!)
      .filter((edge) => (edge.head === near && edge.tail === far) || (edge.head === far && edge.tail === near));
  }
}
