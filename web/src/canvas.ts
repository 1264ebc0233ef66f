// The drawn graph: sigma draws dots and lines with WebGL, labels go on a sheet of their own above it.

import Graph from "graphology";
import Sigma from "sigma";
import { EdgeArrowProgram, EdgeDoubleArrowProgram, EdgeLineProgram, EdgeRectangleProgram } from "sigma/rendering";

import { shorten } from "./dom";
import { always, CanvasSheet, type Dot, type Line, type Picture, trimmed, writeLabels } from "./pen";
import type { State } from "./state";
import { firmestFirst, shown } from "./summary";
import { groupColor, typeColor, type Theme } from "./theme";

export type Selection =
  | { kind: "node"; node: number }
  | { kind: "pair"; a: number; b: number }
  | { kind: "path"; nodes: number[] }
  | null;

export interface CanvasEvents {
  node(node: number): void;
  group(group: number): void;
  pair(a: number, b: number): void;
  stage(): void;
}

interface Pair {
  /** Documents that give an edge its status, of all edges. */
  count: number;
  edges: number[];
  statuses: Set<number>;
  forth: boolean;
  back: boolean;
}

/** Lines up to this number have their names written without being chosen. */
const NAMED_LINES = 120;
/** With more lines, only chosen ones have breadth and heads. */
const THICK_LINES = 3000;
/** With more lines, those under the pointer are not looked for with each move. */
const HOVERED_LINES = 6000;
const nodeKey = (node: number) => `n${node}`;
const groupKey = (group: number) => `g${group}`;
const numberOf = (key: string) => Number(key.slice(1));

export class Canvas {
  private graph = new Graph({ type: "undirected" });
  private renderer: Sigma | null = null;
  private readonly labels: HTMLCanvasElement;
  private hovered: string | null = null;
  private hoveredLine: string | null = null;
  private dragged: string | null = null;
  private selection: Selection = null;
  private lit: Set<string> | null = null;
  private litLines = new Set<string>();
  private readonly moved = new Map<string, { x: number; y: number }>();
  /** Lines are drawn anew in one step with what comes next. */
  private queued = false;
  private theme: Theme;

  constructor(private readonly box: HTMLElement, private readonly state: State, theme: Theme, private readonly events: CanvasEvents) {
    this.theme = theme;
    this.build();
    const stage = document.createElement("div");
    stage.className = "stage";
    this.labels = document.createElement("canvas");
    this.labels.className = "labels";
    box.append(stage, this.labels);
    try {
      // Without dots at first: each drawing of many takes time.
      this.renderer = new Sigma(new Graph({ type: "undirected" }), stage, {
        renderLabels: false, renderEdgeLabels: false, zIndex: true, stagePadding: 64,
        hideEdgesOnMove: this.graph.size > 8000, allowInvalidContainer: true,
        defaultNodeType: "circle", defaultEdgeType: "line", minEdgeThickness: 1.3,
        edgeProgramClasses: { thin: EdgeLineProgram, line: EdgeRectangleProgram, arrow: EdgeArrowProgram, both: EdgeDoubleArrowProgram },
        defaultDrawNodeHover: () => {}, zoomToSizeRatioFunction: (ratio) => ratio ** 0.35, minCameraRatio: 0.01, maxCameraRatio: 2.5, zoomDuration: 150,
        nodeReducer: (key, data) => this.dotLook(key, data), edgeReducer: (key, data) => this.lineLook(key, data),
      });
    } catch {
      // No WebGL: lists, map and time line do without.
      return;
    }
    this.listen(this.renderer);
    this.frame(null);
    this.renderer.setGraph(this.graph);
  }

  get works(): boolean {
    return this.renderer !== null;
  }

  get counts(): { dots: number; lines: number } {
    return { dots: this.graph.order, lines: this.graph.size };
  }

  private listen(renderer: Sigma): void {
    renderer.on("afterRender", () => this.writeLabels());
    renderer.on("clickNode", ({ node }) => (node.startsWith("g") ? this.events.group(numberOf(node)) : this.events.node(numberOf(node))));
    renderer.on("clickStage", ({ event }) => {
      const line = this.lineAt(event.x, event.y);
      if (line === null) return this.events.stage();
      const [a, b] = this.graph.extremities(line);
      if (a.startsWith("n") && b.startsWith("n")) this.events.pair(numberOf(a), numberOf(b));
      else this.events.group(numberOf(a.startsWith("g") ? a : b));
    });
    renderer.on("enterNode", ({ node }) => this.hover(node, null));
    renderer.on("leaveNode", () => this.hover(null, null));
    renderer.on("doubleClickNode", ({ event }) => event.preventSigmaDefault());
    renderer.on("downNode", ({ node, event }) => {
      this.dragged = node;
      event.preventSigmaDefault();
      if (!renderer.getCustomBBox()) renderer.setCustomBBox(renderer.getBBox());
    });
    renderer.on("moveBody", ({ event }) => {
      if (this.dragged === null) {
        if (this.hovered === null && this.graph.size <= HOVERED_LINES) this.hover(null, this.lineAt(event.x, event.y));
        return;
      }
      const point = renderer.viewportToGraph(event);
      this.moved.set(this.dragged, point);
      this.graph.mergeNodeAttributes(this.dragged, point);
      event.preventSigmaDefault();
      event.original.preventDefault();
    });
    const drop = () => (this.dragged = null);
    renderer.on("upNode", drop);
    renderer.on("upStage", drop);
  }

  /** The line next to a point of the screen; thin ones need not be met exactly. */
  private lineAt(x: number, y: number): string | null {
    const renderer = this.renderer;
    if (!renderer) return null;
    const places = new Map<string, { x: number; y: number }>();
    this.graph.forEachNode((key) => {
      const look = renderer.getNodeDisplayData(key);
      if (look) places.set(key, renderer.framedGraphToViewport(look));
    });
    let [best, nearest]: [string | null, number] = [null, 6];
    this.graph.forEachEdge((key, _, a, b) => {
      const [from, to] = [places.get(a), places.get(b)];
      if (!from || !to) return;
      const [right, down] = [to.x - from.x, to.y - from.y];
      const along = Math.min(1, Math.max(0, ((x - from.x) * right + (y - from.y) * down) / (right * right + down * down || 1)));
      const away = Math.hypot(x - from.x - along * right, y - from.y - along * down);
      if (away < nearest) [best, nearest] = [key, away];
    });
    return best;
  }

  private hover(node: string | null, line: string | null): void {
    if (node === this.hovered && line === this.hoveredLine) return;
    this.hovered = node;
    this.hoveredLine = line;
    this.box.classList.toggle("pointing", node !== null || line !== null);
    // On the sheet of labels alone: the drawing below stays as it is.
    this.writeLabels();
  }

  /** Makes the graph that is drawn from what the state says. */
  private build(): void {
    const { model } = this.state;
    const { nodes, groups } = this.state.drawn();
    const graph = new Graph({ type: "undirected" });
    const count = nodes.length + groups.length;
    // Many dots, and those on a small screen, are small.
    const room = Math.min(1, Math.sqrt((this.box.clientWidth * this.box.clientHeight) / 640_000));
    const scale = Math.max(0.4, Math.min(1.15, Math.sqrt(260 / Math.max(count, 1))) * room);
    for (const node of nodes) {
      const thing = model.nodes[node]!;
      const place = this.moved.get(nodeKey(node)) ?? thing;
      const degree = this.state.degree[node]!;
      graph.addNode(nodeKey(node), {
        x: place.x, y: place.y, size: Math.min(24, 4.5 + 2.1 * Math.sqrt(degree)) * scale, weight: 1 + degree,
        name: shorten(thing.name, 34), color: this.color(node),
      });
    }
    for (const group of groups) {
      const members = this.state.members(group);
      const place = this.moved.get(groupKey(group)) ?? {
        x: members.reduce((sum, node) => sum + model.nodes[node]!.x, 0) / members.length,
        y: members.reduce((sum, node) => sum + model.nodes[node]!.y, 0) / members.length,
      };
      const name = shorten(model.nodes[members[0]!]!.name, 24);
      graph.addNode(groupKey(group), {
        x: place.x, y: place.y, size: Math.min(34, 6 + 1.6 * Math.sqrt(members.length)) * Math.min(1, Math.max(0.4, Math.sqrt(50 / groups.length))), weight: 1 + members.length,
        name: members.length > 1 ? `${name} + ${members.length - 1}` : name, color: groupColor(this.theme, group),
      });
    }
    for (const [key, pair] of this.pairs(graph)) {
      const [a, b] = key.split(" ") as [string, string];
      const line = this.line(pair, a.startsWith("g") || b.startsWith("g"));
      const [from, to] = pair.back && !pair.forth ? [b, a] : [a, b];
      graph.addEdgeWithKey(key, from, to, line);
    }
    this.graph = graph;
  }

  private pairs(graph: Graph): Map<string, Pair> {
    const { model } = this.state;
    const keyOf = (node: number) => {
      const key = nodeKey(node);
      if (graph.hasNode(key)) return key;
      const group = groupKey(model.nodes[node]!.group);
      return this.state.nodeOn[node] && graph.hasNode(group) ? group : null;
    };
    const pairs = new Map<string, Pair>();
    model.edges.forEach((edge, number) => {
      if (!this.state.edgeOn[number]) return;
      const [head, tail] = [keyOf(edge.head), keyOf(edge.tail)];
      if (head === null || tail === null || head === tail) return;
      const isForth = head < tail;
      const key = isForth ? `${head} ${tail}` : `${tail} ${head}`;
      let pair = pairs.get(key);
      if (!pair) pairs.set(key, (pair = { count: 0, edges: [], statuses: new Set(), forth: false, back: false }));
      const { status, documents } = shown(model, edge.relation, this.state.passing[number]!);
      pair.count += documents;
      pair.edges.push(number);
      pair.statuses.add(status);
      if (!model.relations[edge.relation]!.symmetric) {
        if (isForth) pair.forth = true;
        else pair.back = true;
      }
    });
    return pairs;
  }

  private line(pair: Pair, isOfGroup: boolean): Record<string, unknown> {
    const { model } = this.state;
    const [status] = firmestFirst(model, pair.statuses);
    const names = [...new Set(pair.edges.map((edge) => model.relations[model.edges[edge]!.relation]!.name.replaceAll("_", " ")))];
    const more = names.length > 2 ? ` + ${names.length - 2}` : "";
    return {
      size: Math.min(6, isOfGroup ? 0.4 + 0.5 * Math.log2(pair.count) : 1.5 + 0.7 * Math.log2(pair.count)),
      name: isOfGroup ? "" : names.slice(0, 2).join(", ") + more,
      color: "", status: model.statuses[status!], isOfGroup,
      type: isOfGroup || pair.forth === pair.back ? (pair.forth && !isOfGroup ? "both" : "line") : "arrow",
    };
  }

  private color(node: number): string {
    const thing = this.state.model.nodes[node]!;
    return this.state.colorBy === "group" ? groupColor(this.theme, thing.group) : typeColor(this.theme, thing.type);
  }

  private dotLook(key: string, data: Record<string, any>): Record<string, any> {
    const isLit = this.lit === null || this.lit.has(key);
    const isChosen = this.isChosen(key);
    return {
      ...data, label: null, zIndex: isChosen ? 3 : isLit ? 2 : 0, color: isLit ? data.color : this.theme.faint,
      size: isChosen ? data.size * 1.25 + 1 : data.size, highlighted: false,
    };
  }

  private lineLook(key: string, data: Record<string, any>): Record<string, any> {
    const { theme } = this;
    const isLit = this.lit === null || this.litLines.has(key);
    const plain = data.isOfGroup ? theme.open : data.status === "negated" ? theme.negated : data.status === "fact" ? theme.edge : theme.open;
    const strong = this.lit !== null && isLit;
    const color = strong ? this.strongColor(data) : isLit ? plain : theme.faint;
    const type = !strong && this.graph.size > THICK_LINES ? "thin" : data.type;
    return { ...data, label: null, type, color, zIndex: isLit ? 1 : 0, size: data.size + (strong ? 0.8 : 0) };
  }

  private strongColor(data: Record<string, any>): string {
    return data.status === "negated" ? this.theme.negated : this.theme.accent;
  }

  private isChosen(key: string): boolean {
    const chosen = this.selection;
    if (chosen === null || !key.startsWith("n")) return false;
    const node = numberOf(key);
    if (chosen.kind === "node") return node === chosen.node;
    return chosen.kind === "pair" ? node === chosen.a || node === chosen.b : chosen.nodes.includes(node);
  }

  /** Draws what the state now says; positions stay where they are. */
  update(): void {
    this.build();
    this.light();
    this.renderer?.setSetting("hideEdgesOnMove", this.graph.size > 8000);
    this.renderer?.setGraph(this.graph);
    this.hovered = null;
    this.hoveredLine = null;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.update();
  }

  select(selection: Selection): void {
    this.selection = selection;
    this.light();
    this.redraw();
  }

  private light(): void {
    const chosen = this.selection;
    this.litLines = new Set();
    this.lit = null;
    if (chosen === null) return;
    const lit = new Set<string>();
    if (chosen.kind === "node") {
      const key = nodeKey(chosen.node);
      if (!this.graph.hasNode(key)) return;
      lit.add(key);
      this.graph.forEachEdge(key, (line, _, a, b) => {
        this.litLines.add(line);
        lit.add(a).add(b);
      });
    } else {
      const steps = chosen.kind === "pair" ? [chosen.a, chosen.b] : chosen.nodes;
      steps.forEach((node, at) => {
        const key = nodeKey(node);
        if (!this.graph.hasNode(key)) return;
        lit.add(key);
        const before = at > 0 ? nodeKey(steps[at - 1]!) : null;
        if (before !== null && this.graph.hasNode(before)) {
          const line = this.graph.edge(before, key);
          if (line !== undefined) this.litLines.add(line);
        }
      });
      if (lit.size === 0) return;
    }
    this.lit = lit;
  }

  private redraw(): void {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.renderer?.refresh({ skipIndexation: true });
    });
  }

  // -- where one looks

  /** Puts all that is drawn, or some nodes of it, on the screen. */
  fit(animated = true, nodes: number[] | null = null): void {
    if (!this.renderer) return;
    this.frame(nodes);
    const home = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };
    if (animated && nodes === null) void this.renderer.getCamera().animate(home, { duration: 250 });
    else this.renderer.getCamera().setState(home);
    this.redraw();
  }

  /** Takes the place of all that is drawn, or of some nodes of it, as the whole. */
  private frame(nodes: number[] | null): void {
    const keys = nodes?.map(nodeKey).filter((key) => this.graph.hasNode(key)) ?? this.graph.nodes().filter((key) => this.graph.degree(key) > 0 || this.graph.order < 30);
    const points = (keys.length ? keys : this.graph.nodes()).map((key) => this.graph.getNodeAttributes(key));
    if (points.length === 0) return;
    const range = (values: number[], least: number): [number, number] => {
      let [low, high] = [Infinity, -Infinity];
      for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
      const short = Math.max(0, least - (high - low)) / 2;
      return [low - short, high + short];
    };
    this.renderer?.setCustomBBox({ x: range(points.map((point) => point.x as number), 700), y: range(points.map((point) => point.y as number), 450) });
  }

  /** Moves a node to the middle, near enough to see what is joined to it. */
  center(node: number): void {
    const key = nodeKey(node);
    const place = this.renderer?.getNodeDisplayData(key);
    if (!this.renderer || !place) return;
    const camera = this.renderer.getCamera();
    let reach = 0;
    this.graph.forEachNeighbor(key, (other) => {
      const there = this.renderer!.getNodeDisplayData(other);
      if (there) reach = Math.max(reach, Math.abs(there.x - place.x), Math.abs(there.y - place.y));
    });
    const ratio = reach === 0 ? Math.min(camera.ratio, 0.6) : Math.min(1, Math.max(0.08, reach * 2.5));
    void camera.animate({ x: place.x, y: place.y, ratio }, { duration: 300 });
  }

  zoom(factor: number): void {
    const camera = this.renderer?.getCamera();
    if (camera) void camera.animate({ ratio: camera.ratio * factor }, { duration: 150 });
  }

  pan(x: number, y: number): void {
    const camera = this.renderer?.getCamera();
    if (camera) void camera.animate({ x: camera.x + x * 0.15 * camera.ratio, y: camera.y + y * 0.15 * camera.ratio }, { duration: 120 });
  }

  /** The neighbor that lies most in a direction (to the right, up), for walks with the arrow keys. */
  toward(node: number, x: number, y: number): number | null {
    const key = nodeKey(node);
    if (!this.graph.hasNode(key)) return null;
    const from = this.graph.getNodeAttributes(key);
    let best: [number, number] | null = null;
    this.graph.forEachNeighbor(key, (other, to) => {
      if (!other.startsWith("n")) return;
      const [right, up] = [to.x - from.x, to.y - from.y];
      const along = (right * x + up * y) / (Math.hypot(right, up) || 1);
      if (along > 0.3 && (best === null || along > best[0])) best = [along, numberOf(other)];
    });
    return best === null ? null : best[1];
  }

  // -- labels and pictures

  private dots(): Map<string, Dot> {
    const dots = new Map<string, Dot>();
    const renderer = this.renderer;
    if (!renderer) return dots;
    const { width, height } = renderer.getDimensions();
    this.graph.forEachNode((key, data) => {
      const look = renderer.getNodeDisplayData(key);
      if (!look) return;
      const { x, y } = renderer.framedGraphToViewport(look);
      const size = renderer.scaleSize(look.size);
      if (x < -size - 60 || y < -size - 30 || x > width + size + 60 || y > height + size + 30) return;
      const isLit = this.lit === null || this.lit.has(key);
      const isFirst = key === this.hovered || this.isChosen(key);
      const weight = isFirst ? always + 1 : !isLit ? 0 : (data.weight as number) + (this.lit !== null ? 1000 : 0);
      dots.set(key, { x, y, size, color: look.color, label: data.name as string, weight, isGroup: key.startsWith("g") });
    });
    return dots;
  }

  private lines(dots: Map<string, Dot>, labelsOnly: boolean): Line[] {
    const lines: Line[] = [];
    const renderer = this.renderer;
    if (!renderer) return lines;
    const few = this.graph.size <= NAMED_LINES;
    const add = (key: string, data: Record<string, any>, a: string, b: string) => {
      const isNamed = this.hoveredLine === key || (this.lit === null ? few : this.litLines.has(key) && this.litLines.size <= 60);
      if (labelsOnly && !isNamed) return;
      const [from, to] = [dots.get(a), dots.get(b)];
      const look = renderer.getEdgeDisplayData(key);
      if (!from || !to || !look) return;
      lines.push({
        key, from, to, width: renderer.scaleSize(look.size), color: look.color, label: isNamed ? (data.name as string) : "",
        arrows: [data.type === "both", data.type === "both" || data.type === "arrow"],
      });
    };
    if (labelsOnly && !few) {
      for (const key of new Set([...this.litLines, ...(this.hoveredLine ? [this.hoveredLine] : [])])) {
        if (this.graph.hasEdge(key)) add(key, this.graph.getEdgeAttributes(key), this.graph.source(key), this.graph.target(key));
      }
    } else this.graph.forEachEdge((key, data, a, b) => add(key, data, a, b));
    return lines;
  }

  private writeLabels(): void {
    const renderer = this.renderer;
    const context = this.labels.getContext("2d");
    if (!renderer || !context) return;
    const { width, height } = renderer.getDimensions();
    const scale = window.devicePixelRatio || 1;
    if (this.labels.width !== Math.round(width * scale) || this.labels.height !== Math.round(height * scale)) {
      [this.labels.width, this.labels.height] = [Math.round(width * scale), Math.round(height * scale)];
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const dots = this.dots();
    const lines = this.lines(dots, true);
    const sheet = new CanvasSheet(context, this.theme);
    for (const line of lines) if (line.key === this.hoveredLine) sheet.line({ ...line, width: line.width + 1.5, color: this.strongColor(this.graph.getEdgeAttributes(line.key)) }, trimmed(line));
    const over = this.hovered === null ? undefined : dots.get(this.hovered);
    if (over) sheet.ring(over);
    const written = writeLabels(sheet, [...dots.values()], lines, this.theme, 12.5);
    this.labels.dataset.count = String(written);
  }

  /** What is on the screen, for a file. */
  picture(): Picture {
    const { width, height } = this.renderer?.getDimensions() ?? { width: 800, height: 600 };
    const dots = this.dots();
    return { dots: [...dots.values()], lines: this.lines(dots, false), width: Math.round(width), height: Math.round(height) };
  }

  resize(): void {
    const { renderer, box } = this;
    if (!renderer) return;
    const { width, height } = renderer.getDimensions();
    if (width === box.clientWidth && height === box.clientHeight) return;
    renderer.resize();
    renderer.refresh();
  }

  /** Where a node is on the screen, and what else tests ask for. */
  place(node: number): { x: number; y: number } | null {
    const look = this.renderer?.getNodeDisplayData(nodeKey(node));
    return look && this.renderer ? this.renderer.framedGraphToViewport(look) : null;
  }

  groupPlace(group: number): { x: number; y: number } | null {
    const look = this.renderer?.getNodeDisplayData(groupKey(group));
    return look && this.renderer ? this.renderer.framedGraphToViewport(look) : null;
  }
}
