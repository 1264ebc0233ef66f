// Statements in the order of their dates, under bars that say how many there are when.

import { dayName, type Assertion } from "./data";
import { clear, h, longList, plural, svg } from "./dom";
import { daysText, type Panel } from "./panel";
import type { State } from "./state";

export class Timeline {
  constructor(private readonly box: HTMLElement, private readonly state: State, private readonly panel: Panel) {}

  private dated(): Assertion[] {
    const all = this.state.passing.flatMap((assertions) => assertions.filter((assertion) => assertion.days !== null));
    return all.sort((a, b) => a.days![0] - b.days![0] || a.days![1] - b.days![1] || a.edge - b.edge);
  }

  get count(): number {
    return this.state.passing.reduce((sum, assertions) => sum + assertions.reduce((inner, one) => inner + (one.days === null ? 0 : 1), 0), 0);
  }

  draw(): void {
    clear(this.box);
    const all = this.dated();
    if (all.length === 0) {
      this.box.append(h("p", { class: "note", text: "No statement with a date passes the filters." }));
      return;
    }
    const [first, last] = [all[0]!.days![0], Math.max(...all.map((one) => one.days![0]))];
    this.box.append(h("p", { class: "soft", text: `${plural(all.length, "statement")} by the date that the text gives for it, else that of the document.` }));
    const list = h("ol", { class: "dates" });
    const fill = (from: number, to: number) => {
      clear(list);
      const days = new Map<string, Assertion[]>();
      for (const one of all) {
        if (one.days![0] < from || one.days![0] > to) continue;
        const name = daysText(one.days!);
        const known = days.get(name);
        if (known) known.push(one);
        else days.set(name, [one]);
      }
      longList(list, [...days], 60, ([name, said]) => {
        const item = h("li", {}, h("time", { text: name }));
        const inner = h("div", {});
        longList(inner, said, 8, (one) => this.panel.assertion(this.state.model.edges[one.edge]!, one, true));
        item.append(inner);
        return item;
      });
    };
    if (last > first) this.box.append(this.bars(all, first, last, fill));
    this.box.append(list);
    fill(-Infinity, Infinity);
  }

  /** Bars of equal stretches of time; one chosen shows its statements alone, and once more all. */
  private bars(all: Assertion[], first: number, last: number, choose: (from: number, to: number) => void): SVGElement {
    const count = Math.min(60, last - first + 1);
    const width = (last - first + 1) / count;
    const heights = new Array<number>(count).fill(0);
    for (const one of all) heights[Math.min(count - 1, Math.floor((one.days![0] - first) / width))]! += 1;
    const most = Math.max(...heights);
    const drawing = svg("svg", { class: "bars", viewBox: "0 0 600 86", role: "group", "aria-label": "Statements over time" });
    let chosen: SVGElement | null = null;
    heights.forEach((height, at) => {
      if (height === 0) return;
      const [from, to] = [first + Math.round(at * width), first + Math.round((at + 1) * width) - 1];
      const size = 6 + (58 * height) / most;
      const name = `${dayName(from)}${to > from ? ` to ${dayName(to)}` : ""}: ${plural(height, "statement")}`;
      const bar = svg("rect", { x: (at * 600) / count + 0.5, y: 66 - size, width: Math.max(1.5, 600 / count - 1), height: size, rx: 1, tabindex: 0, role: "button", "aria-label": name }, svg("title", { text: name }));
      const press = () => {
        const isNew = chosen !== bar;
        chosen?.classList.remove("chosen");
        chosen = isNew ? bar : null;
        chosen?.classList.add("chosen");
        if (isNew) choose(from, to);
        else choose(-Infinity, Infinity);
      };
      bar.addEventListener("click", press);
      bar.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          press();
        }
      });
      drawing.append(bar);
    });
    drawing.append(svg("text", { x: 0, y: 82, text: dayName(first) }), svg("text", { x: 600, y: 82, "text-anchor": "end", text: dayName(last) }));
    return drawing;
  }
}
