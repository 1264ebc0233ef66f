// Draws the graph on a canvas or into an SVG file, with labels that do not cover each other.

import { svg } from "./dom";
import { FONT, type Theme } from "./theme";

export interface Dot {
  x: number;
  y: number;
  size: number;
  color: string;
  label: string;
  /** Labels with more are placed first; none is left out from `always` on. */
  weight: number;
  isGroup: boolean;
}

export interface Line {
  key: string;
  from: Dot;
  to: Dot;
  width: number;
  color: string;
  label: string;
  /** Whether there is a head at either end. */
  arrows: [boolean, boolean];
}

/** What can be drawn on. */
interface Sheet {
  circle(dot: Dot): void;
  line(line: Line, points: [number, number, number, number]): void;
  text(text: string, x: number, y: number, angle: number, size: number, bold: boolean, color: string): void;
}

export const always = 1e9;
/** So many names are written even over dots. */
const FIRST = 28;

const measured = new Map<string, number>();
let ruler: CanvasRenderingContext2D | null = null;

function width(text: string, size: number, bold: boolean): number {
  const key = `${bold ? "b" : "n"}${text}`;
  let found = measured.get(key);
  if (found === undefined) {
    ruler ??= document.createElement("canvas").getContext("2d");
    if (ruler) ruler.font = `${bold ? "600 " : ""}100px ${FONT}`;
    found = ruler ? ruler.measureText(text).width / 100 : text.length * 0.55;
    if (measured.size > 20_000) measured.clear();
    measured.set(key, found);
  }
  return found * size;
}

/** Boxes that are taken, found by their place. */
class Taken {
  private readonly cells = new Map<string, [number, number, number, number][]>();

  private *keys(box: [number, number, number, number]): Generator<string> {
    for (let x = Math.floor(box[0] / 120); x <= Math.floor(box[2] / 120); x += 1) {
      for (let y = Math.floor(box[1] / 40); y <= Math.floor(box[3] / 40); y += 1) yield `${x} ${y}`;
    }
  }

  hits(box: [number, number, number, number]): boolean {
    for (const key of this.keys(box)) {
      for (const other of this.cells.get(key) ?? []) {
        if (box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]) return true;
      }
    }
    return false;
  }

  add(box: [number, number, number, number]): void {
    for (const key of this.keys(box)) {
      const known = this.cells.get(key);
      if (known) known.push(box);
      else this.cells.set(key, [box]);
    }
  }
}

/** Writes the labels of dots and lines, the weightiest first, as far as there is room. */
export function writeLabels(sheet: Sheet, dots: Dot[], lines: Line[], theme: Theme, size: number, most = 400): number {
  const taken = new Taken();
  // Among many dots names keep more away from each other, so that there is something to see beside them.
  const [wide, high] = dots.length > 500 ? [26, 14] : [1, 0];
  const covered = new Taken();
  for (const dot of dots.length <= 600 ? dots : []) {
    if (dot.weight > 0) covered.add([dot.x - dot.size * 0.7, dot.y - dot.size * 0.7, dot.x + dot.size * 0.7, dot.y + dot.size * 0.7]);
  }
  let count = 0;
  for (const dot of [...dots].filter((one) => one.label !== "" && one.weight > 0).sort((a, b) => b.weight - a.weight)) {
    if (count >= most) break;
    const bold = dot.weight >= always;
    const half = width(dot.label, size, bold) / 2;
    const y = dot.y + dot.size + size * 0.85;
    const box: [number, number, number, number] = [dot.x - half - wide, y - size * 0.62 - high, dot.x + half + wide, y + size * 0.62 + high];
    // The first names may cover dots, which the rest may not.
    if (dot.weight < always && (taken.hits(box) || (count >= (dot.isGroup ? 12 : FIRST) && covered.hits(box)))) continue;
    taken.add(box);
    sheet.text(dot.label, dot.x, y, 0, size, bold, theme.ink);
    count += 1;
  }
  for (const line of lines) {
    if (line.label === "" || count >= most) continue;
    const [x1, y1, x2, y2] = trimmed(line);
    const long = Math.hypot(x2 - x1, y2 - y1);
    const small = size - 2;
    const wide = width(line.label, small, false);
    if (long < wide + 12) continue;
    let angle = Math.atan2(y2 - y1, x2 - x1);
    if (angle > Math.PI / 2 || angle <= -Math.PI / 2) angle += Math.PI;
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    const [across, up] = [Math.abs(Math.cos(angle)) * wide + small, Math.abs(Math.sin(angle)) * wide + small];
    // A slanted label leaves the corners of its box free; its middle is what counts.
    const box: [number, number, number, number] = [x - across * 0.3, y - up * 0.3, x + across * 0.3, y + up * 0.3];
    if (taken.hits(box) || covered.hits(box)) continue;
    taken.add(box);
    sheet.text(line.label, x, y, angle, small, false, theme.soft);
    count += 1;
  }
  return count;
}

/** A line from border to border. */
export function trimmed({ from, to }: Line): [number, number, number, number] {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const long = Math.hypot(x, y) || 1;
  const [near, far] = [Math.min(from.size, long / 2), Math.min(to.size, long / 2)];
  return [from.x + (x / long) * near, from.y + (y / long) * near, to.x - (x / long) * far, to.y - (y / long) * far];
}

function heads(line: Line, [x1, y1, x2, y2]: [number, number, number, number]): [number, number][][] {
  const long = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [x, y] = [(x2 - x1) / long, (y2 - y1) / long];
  const size = Math.min(4 + line.width * 2.2, long / 2);
  const head = (tipX: number, tipY: number, way: number): [number, number][] => [
    [tipX, tipY],
    [tipX - way * x * size - (y * size) / 2.2, tipY - way * y * size + (x * size) / 2.2],
    [tipX - way * x * size + (y * size) / 2.2, tipY - way * y * size - (x * size) / 2.2],
  ];
  return [...(line.arrows[1] ? [head(x2, y2, 1)] : []), ...(line.arrows[0] ? [head(x1, y1, -1)] : [])];
}

export class CanvasSheet implements Sheet {
  constructor(private readonly context: CanvasRenderingContext2D, private readonly theme: Theme) {}

  circle(dot: Dot): void {
    const { context } = this;
    context.beginPath();
    context.arc(dot.x, dot.y, dot.size, 0, 2 * Math.PI);
    context.fillStyle = dot.color;
    context.fill();
    context.lineWidth = dot.isGroup ? 3 : 1.5;
    context.strokeStyle = this.theme.paper;
    context.stroke();
  }

  ring(dot: Dot): void {
    const { context } = this;
    context.beginPath();
    context.arc(dot.x, dot.y, dot.size + 2, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = this.theme.accent;
    context.stroke();
  }

  line(line: Line, points: [number, number, number, number]): void {
    const { context } = this;
    context.strokeStyle = line.color;
    context.fillStyle = line.color;
    context.lineWidth = line.width;
    context.beginPath();
    context.moveTo(points[0], points[1]);
    context.lineTo(points[2], points[3]);
    context.stroke();
    for (const head of heads(line, points)) {
      context.beginPath();
      head.forEach(([x, y], at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
      context.fill();
    }
  }

  text(text: string, x: number, y: number, angle: number, size: number, bold: boolean, color: string): void {
    const { context } = this;
    context.save();
    context.translate(x, y);
    context.rotate(angle);
    context.font = `${bold ? "600 " : ""}${size}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = this.theme.paper;
    context.strokeText(text, 0, 0);
    context.fillStyle = color;
    context.fillText(text, 0, 0);
    context.restore();
  }
}

class SvgSheet implements Sheet {
  constructor(private readonly root: SVGElement, private readonly theme: Theme) {}

  circle(dot: Dot): void {
    const circle = svg("circle", { cx: dot.x.toFixed(1), cy: dot.y.toFixed(1), r: dot.size.toFixed(1), fill: dot.color, stroke: this.theme.paper, "stroke-width": dot.isGroup ? 3 : 1.5 });
    circle.append(svg("title", { text: dot.label }));
    this.root.append(circle);
  }

  line(line: Line, points: [number, number, number, number]): void {
    const [x1, y1, x2, y2] = points.map((number) => number.toFixed(1));
    this.root.append(svg("line", { x1, y1, x2, y2, stroke: line.color, "stroke-width": line.width.toFixed(1) }));
    for (const head of heads(line, points)) {
      this.root.append(svg("polygon", { points: head.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "), fill: line.color }));
    }
  }

  text(text: string, x: number, y: number, angle: number, size: number, bold: boolean, color: string): void {
    this.root.append(svg("text", {
      transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})${angle ? ` rotate(${((angle * 180) / Math.PI).toFixed(1)})` : ""}`,
      "font-size": size, "font-weight": bold ? 600 : 400, fill: color, stroke: this.theme.paper, "stroke-width": 3.5,
      "stroke-linejoin": "round", "paint-order": "stroke", "text-anchor": "middle", "dominant-baseline": "central", text,
    }));
  }
}

export interface Picture {
  dots: Dot[];
  lines: Line[];
  width: number;
  height: number;
}

function paint(sheet: Sheet, picture: Picture, theme: Theme): void {
  for (const line of picture.lines) sheet.line(line, trimmed(line));
  for (const dot of picture.dots) sheet.circle(dot);
  writeLabels(sheet, picture.dots, picture.lines, theme, 12);
}

export function toSvg(picture: Picture, theme: Theme, title: string): Blob {
  const { width, height } = picture;
  const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT });
  root.append(svg("title", { text: title }), svg("rect", { width, height, fill: theme.paper }));
  paint(new SvgSheet(root, theme), picture, theme);
  return new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" });
}

export function toPng(picture: Picture, theme: Theme): Promise<Blob> {
  const scale = 2;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale];
  const context = canvas.getContext("2d");
  if (!context) return Promise.reject(new Error("this browser gives no canvas"));
  context.scale(scale, scale);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, picture.width, picture.height);
  paint(new CanvasSheet(context, theme), picture, theme);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png"));
}
