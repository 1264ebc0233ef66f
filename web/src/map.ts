// Places with coordinates on a plain map: a grid of degrees, and points where people live.

import { clear, h, plural, shorten, svg } from "./dom";
import type { State } from "./state";
import { typeColor, type Theme } from "./theme";

interface View {
  x: number;
  y: number;
  width: number;
}

const RATIO = 0.52;
// The number of the type, whatever it is called.
const PLACE = 2;

export class PlaceMap {
  private view: View = { x: 0, y: 8, width: 360 };
  private readonly drawing = svg("svg", { class: "map", role: "group", "aria-label": "Map of places" });
  private marks = svg("g");
  private drag: { x: number; y: number; view: View } | null = null;
  private landDrawn = false;
  private isPlaced = false;

  constructor(private readonly box: HTMLElement, private readonly state: State, private readonly colors: () => Theme, private readonly choose: (node: number) => void) {
    this.drawing.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.point(event));
    }, { passive: false });
    this.drawing.addEventListener("pointerdown", (event) => {
      if ((event.target as Element).closest(".place")) return;
      this.drag = { x: event.clientX, y: event.clientY, view: { ...this.view } };
      this.drawing.setPointerCapture(event.pointerId);
    });
    this.drawing.addEventListener("pointermove", (event) => {
      if (!this.drag) return;
      const scale = this.drag.view.width / this.drawing.getBoundingClientRect().width;
      this.view = { ...this.drag.view, x: this.drag.view.x - (event.clientX - this.drag.x) * scale, y: this.drag.view.y - (event.clientY - this.drag.y) * scale };
      this.apply();
    });
    this.drawing.addEventListener("pointerup", () => (this.drag = null));
  }

  places(): number[] {
    const { model } = this.state;
    return model.nodes.map((_, node) => node).filter((node) => model.nodes[node]!.place?.latitude != null
      && (this.state.nodeOn[node] || (this.state.fullDegree[node] === 0 && !this.state.types.has(model.nodes[node]!.type) && this.state.focus === null)));
  }

  private point(event: MouseEvent): [number, number] {
    const box = this.drawing.getBoundingClientRect();
    return [this.view.x + ((event.clientX - box.left) / box.width) * this.view.width, this.view.y + ((event.clientY - box.top) / box.height) * this.view.width * RATIO];
  }

  zoom(factor: number, around?: [number, number]): void {
    const width = Math.min(400, Math.max(3, this.view.width * factor));
    const [x, y] = around ?? [this.view.x + this.view.width / 2, this.view.y + (this.view.width * RATIO) / 2];
    const real = width / this.view.width;
    this.view = { x: x - (x - this.view.x) * real, y: y - (y - this.view.y) * real, width };
    this.apply();
  }

  private apply(): void {
    const { x, y, width } = this.view;
    this.drawing.setAttribute("viewBox", `${x} ${y} ${width} ${width * RATIO}`);
    // Marks and letters keep their size on the screen.
    this.drawing.style.setProperty("--unit", String(width / 900));
    this.marks.querySelectorAll("circle").forEach((circle) => circle.setAttribute("r", String(((Number(circle.dataset.size) || 5) * width) / 900)));
    const taken: [number, number, number, number][] = [];
    this.marks.querySelectorAll("text").forEach((text) => {
      const size = (12.5 * width) / 900;
      const [left, top] = [Number(text.dataset.x), Number(text.dataset.y)];
      const gap = ((Number(text.dataset.size) + 3) * width) / 900;
      const box: [number, number, number, number] = [left + gap, top - size * 0.6, left + gap + (text.textContent ?? "").length * size * 0.56, top + size * 0.6];
      const isFree = !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
      text.setAttribute("visibility", isFree ? "visible" : "hidden");
      if (!isFree) return;
      taken.push(box);
      text.setAttribute("font-size", String(size));
      text.setAttribute("stroke-width", String((3 * width) / 900));
      text.setAttribute("x", String(box[0]));
      text.setAttribute("y", String(top + size * 0.35));
    });
  }

  fit(): void {
    const { nodes } = this.state.model;
    const places = this.places().map((node) => nodes[node]!.place!);
    if (places.length === 0) return;
    const [xs, ys] = [places.map((place) => place.longitude! + 180), places.map((place) => 90 - place.latitude!)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const width = Math.min(360, Math.max(24, (right - left) * 1.35, ((bottom - top) * 1.35) / RATIO));
    this.view = { x: (left + right) / 2 - width / 2, y: (top + bottom) / 2 - (width * RATIO) / 2, width };
    this.apply();
  }

  draw(): void {
    const { model } = this.state;
    const places = this.places();
    clear(this.box);
    const all = model.nodes.filter((thing) => thing.type === PLACE).length;
    if (places.length === 0) {
      this.box.append(h("p", { class: "note", text: "No place with known coordinates passes the filters." }));
      return;
    }
    if (!this.landDrawn) this.ground();
    clear(this.marks);
    const weight = (node: number) => model.nodes[node]!.mentions.reduce((sum, numbers) => sum + (numbers.length - 1) / 5, 0);
    const ranked = places.map((node) => ({ node, weight: weight(node) })).sort((a, b) => b.weight - a.weight || a.node - b.node);
    for (const { node, weight: mentions } of ranked) {
      const { name, place } = model.nodes[node]!;
      const [x, y] = [place!.longitude! + 180, 90 - place!.latitude!];
      const size = Math.min(14, 4 + 1.6 * Math.sqrt(mentions));
      const circle = svg("circle", { class: "place", cx: x, cy: y, fill: typeColor(this.colors(), PLACE), tabindex: 0, role: "button", "aria-label": `${shorten(name, 80)}, ${plural(mentions, "mention")}`, data: { size, node } }, svg("title", { text: `${shorten(name, 80)}, ${plural(mentions, "mention")}` }));
      circle.addEventListener("click", () => this.choose(node));
      circle.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          this.choose(node);
        }
      });
      this.marks.append(circle);
    }
    for (const { node, weight: mentions } of ranked.slice(0, 300)) {
      const { name, place } = model.nodes[node]!;
      this.marks.append(svg("text", { data: { x: place!.longitude! + 180, y: 90 - place!.latitude!, size: Math.min(14, 4 + 1.6 * Math.sqrt(mentions)) }, text: shorten(name, 40) }));
    }
    this.box.append(this.drawing, h("p", { class: "soft caption", text: `${places.length} of ${plural(all, "place")} have known coordinates; the others are countries, regions, or places that no list has. Grey points: where people live.` }));
    if (this.isPlaced) this.apply();
    else this.fit();
    this.isPlaced = true;
  }

  private ground(): void {
    this.landDrawn = true;
    let grid = "";
    for (let x = 0; x <= 360; x += 30) grid += `M${x} 0V180`;
    for (let y = 0; y <= 180; y += 30) grid += `M0 ${y}H360`;
    let land = "";
    this.state.model.land.forEach((digits, row) => {
      for (let column = 0; column < digits.length * 4; column += 1) {
        if ((parseInt(digits[column >> 2]!, 16) >> (3 - (column % 4))) & 1) land += `M${column + 0.5} ${row + 0.5}h0`;
      }
    });
    this.drawing.append(svg("path", { class: "grid", d: grid }), svg("path", { class: "equator", d: "M0 90H360" }), svg("path", { class: "land", d: land }), this.marks);
  }
}
