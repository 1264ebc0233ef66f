// The filters at the side, which are the legend too.

import { dayName } from "./data";
import { clear, h, longList, shorten } from "./dom";
import { sentenceCase, words } from "./panel";
import { fold } from "./search";
import type { State } from "./state";
import { groupColor, typeColor, type Theme } from "./theme";

interface Item<T> {
  value: T;
  name: string;
  count: number;
  color?: string;
  title?: string;
}

export class Filters {
  private readonly redraws: (() => void)[] = [];

  constructor(private readonly box: HTMLElement, private readonly state: State, private readonly colors: () => Theme) {
    const { model } = state;
    this.facet("Types", "types", state.types, () => count(model.nodes, (thing) => thing.type, (_, node) => state.unlinked || state.fullDegree[node]! > 0)
      .sort((a, b) => a.value - b.value)
      .map((item) => ({ ...item, name: sentenceCase(model.types[item.value]!), color: typeColor(this.colors(), item.value) })));
    this.look();
    const assertions = model.edges.flatMap((edge) => edge.assertions);
    this.facet("Status", "statuses", state.statuses, () => count(assertions, (one) => one.status)
      .sort((a, b) => a.value - b.value)
      .map((item) => ({ ...item, name: sentenceCase(model.statuses[item.value]!) })));
    this.score();
    this.time(assertions.flatMap((one) => one.days ?? []), assertions.some((one) => one.days === null));
    this.facet("Relations", "relations", state.relations, () => count(model.edges, (edge) => edge.relation)
      .map((item) => ({ ...item, name: words(model.relations[item.value]!.name), title: model.relations[item.value]!.meaning })));
    if (model.documents.some((document) => document.source !== null)) {
      this.facet("Publishers", "publishers", state.publishers, () => count(assertions, (one) => model.documents[one.document]!.source ?? "")
        .map((item) => ({ ...item, name: item.value === "" ? "(unknown)" : shorten(item.value, 60) })));
    }
    if (model.documents.length > 1) {
      this.facet("Documents", "documents", state.documents, () => count(assertions, (one) => one.document)
        .map((item) => ({ ...item, name: shorten(model.documents[item.value]!.title ?? model.documents[item.value]!.id, 70), title: shorten(model.documents[item.value]!.id, 200) })), false);
    }
    const reset = h("button", { type: "button", class: "small wide", data: { action: "reset" }, text: "Reset all filters", on: { click: () => state.reset() } });
    box.append(reset);
    const update = () => {
      reset.disabled = !state.isFiltered;
      for (const redraw of this.redraws) redraw();
    };
    state.onChange(update);
    update();
  }

  /** After the colors changed. */
  refresh(): void {
    for (const redraw of this.redraws) redraw();
  }

  private section(title: string, name: string, isOpen = true): HTMLElement {
    const section = h("details", { class: "facet", data: { facet: name } }, h("summary", {}, h("h3", { text: title })));
    section.open = isOpen;
    this.box.append(section);
    return section;
  }

  /** Boxes to tick; what is not ticked is left out. */
  private facet<T>(title: string, name: string, off: Set<T>, items: () => Item<T>[], isOpen = true): void {
    let all = items();
    if (all.length === 0) return;
    const section = this.section(title, name, isOpen && all.length <= 40);
    const list = h("div", { class: "boxes", role: "group", "aria-label": title });
    const filter = all.length > 12 ? h("input", { type: "search", class: "narrow", placeholder: `Find in ${title.toLowerCase()}`, "aria-label": `Find in ${title.toLowerCase()}` }) : null;
    const both = h("p", { class: "both" },
      h("button", { type: "button", text: "all", "aria-label": `All ${title.toLowerCase()}`, on: { click: () => { off.clear(); this.state.changed(); } } }), " · ",
      h("button", { type: "button", text: "none", "aria-label": `None of the ${title.toLowerCase()}`, on: { click: () => { all.forEach((item) => off.add(item.value)); this.state.changed(); } } }));
    /** The boxes that are there, to be set again after changes elsewhere. */
    const boxes = new Map<T, { box: HTMLInputElement; dot: HTMLElement | null; count: HTMLElement }>();
    const draw = () => {
      clear(list);
      boxes.clear();
      const wanted = fold(filter?.value ?? "");
      longList(list, all.filter((item) => fold(item.name).includes(wanted)), 14, (item) => {
        const box = h("input", { type: "checkbox", data: { value: String(item.value) } });
        box.checked = !off.has(item.value);
        box.addEventListener("change", () => {
          if (box.checked) off.delete(item.value);
          else off.add(item.value);
          this.state.changed();
        });
        const dot = item.color ? h("span", { class: "dot", "aria-hidden": "true" }) : null;
        if (dot) dot.style.background = item.color!;
        const number = h("span", { class: "count", text: item.count.toLocaleString("en") });
        boxes.set(item.value, { box, dot, count: number });
        return h("label", { title: item.title }, box, dot, h("bdi", { text: item.name }), number);
      });
    };
    filter?.addEventListener("input", draw);
    section.append(...(filter ? [filter] : []), list, both);
    draw();
    this.redraws.push(() => {
      for (const [value, { box }] of boxes) box.checked = !off.has(value);
      // Counts of types and colors change; those of statements do not.
      if (!all.some((item) => item.color)) return;
      all = items();
      for (const item of all) {
        const known = boxes.get(item.value);
        if (known?.dot) known.dot.style.background = item.color!;
        if (known) known.count.textContent = item.count.toLocaleString("en");
      }
    });
  }

  private look(): void {
    const { state } = this;
    const section = this.section("Colors", "look", true);
    const radio = (value: "type" | "group", text: string) => {
      const input = h("input", { type: "radio", name: "color", value });
      input.checked = state.colorBy === value;
      input.addEventListener("change", () => {
        state.colorBy = value;
        state.changed();
      });
      return h("label", {}, input, text);
    };
    const key = h("div", { class: "boxes" });
    const lines = h("p", { class: "line-key", "aria-label": "Lines" },
      h("span", { class: "line fact" }), "fact ", h("span", { class: "line open" }), "possible, intended, former ", h("span", { class: "line negated" }), "negated");
    const unlinked = h("input", { type: "checkbox", data: { value: "unlinked" } });
    const alone = state.model.nodes.filter((_, node) => state.fullDegree[node] === 0).length;
    unlinked.addEventListener("change", () => {
      state.unlinked = unlinked.checked;
      state.changed(true);
    });
    section.append(h("div", { class: "radios", role: "radiogroup", "aria-label": "Colors of dots" }, radio("type", "by type"), radio("group", "by group")), key, lines);
    if (alone > 0) section.append(h("label", { class: "single" }, unlinked, "Things without relations", h("span", { class: "count", text: alone.toLocaleString("en") })));
    this.redraws.push(() => {
      unlinked.checked = state.unlinked;
      clear(key);
      if (state.colorBy !== "group") return;
      state.groups.slice(0, 8).forEach((members, group) => {
        if (members.length < 2) return;
        const best = [...members].sort((a, b) => state.fullDegree[b]! - state.fullDegree[a]! || a - b)[0]!;
        const dot = h("span", { class: "dot", "aria-hidden": "true" });
        dot.style.background = groupColor(this.colors(), group);
        key.append(h("span", { class: "entry" }, dot, h("bdi", { text: `${shorten(state.model.nodes[best]!.name, 26)} …` }), h("span", { class: "count", text: members.length })));
      });
    });
  }

  private score(): void {
    const { state } = this;
    const input = h("input", { type: "range", min: 0, max: 100, step: 1, value: 0, "aria-label": "Least score in percent", data: { value: "score" } });
    const said = h("output", {});
    const section = this.section("Least score", "score");
    section.append(h("div", { class: "slider" }, input, said));
    input.addEventListener("input", () => {
      state.minScore = Number(input.value) / 100;
      state.changed();
    });
    this.redraws.push(() => {
      input.value = String(Math.round(state.minScore * 100));
      said.textContent = state.minScore > 0 ? `${Math.round(state.minScore * 100)} %` : "any";
    });
  }

  /** Two handles on one line, whose steps are the days that statements name. */
  private time(all: number[], hasUndated: boolean): void {
    const { state } = this;
    const steps = [...new Set(all)].sort((a, b) => a - b);
    if (steps.length < 2) return;
    const last = steps.length - 1;
    const handle = (name: string) => h("input", { type: "range", min: 0, max: last, step: 1, "aria-label": name, data: { value: name === "First date" ? "from" : "to" } });
    const [from, to] = [handle("First date"), handle("Last date")];
    const said = h("output", {});
    const section = this.section("Time", "time");
    section.append(h("div", { class: "two-handles" }, h("div", { class: "track" }), from, to), h("p", { class: "slider" }, said));
    const take = (moved: HTMLInputElement) => {
      let [low, high] = [Number(from.value), Number(to.value)];
      if (low > high) [low, high] = moved === from ? [high, high] : [low, low];
      state.range = low === 0 && high === last ? null : [steps[low]!, steps[high]!];
      state.changed();
    };
    from.addEventListener("input", () => take(from));
    to.addEventListener("input", () => take(to));
    const undated = h("input", { type: "checkbox", data: { value: "undated" } });
    undated.addEventListener("change", () => {
      state.undated = undated.checked;
      state.changed();
    });
    if (hasUndated) section.append(h("label", { class: "single" }, undated, "Statements without a date"));
    this.redraws.push(() => {
      const at = (day: number) => steps.findIndex((step) => step >= day);
      from.value = String(state.range === null ? 0 : at(state.range[0]));
      to.value = String(state.range === null ? last : at(state.range[1]));
      const [first, final] = state.range ?? [steps[0]!, steps[last]!];
      said.textContent = `${dayName(first)} to ${dayName(final)}`;
      from.setAttribute("aria-valuetext", dayName(first));
      to.setAttribute("aria-valuetext", dayName(final));
      undated.checked = state.undated;
    });
  }
}

function count<T, K>(items: T[], key: (item: T) => K, isCounted = (_item: T, _index: number) => true): { value: K; count: number }[] {
  const counts = new Map<K, number>();
  items.forEach((item, index) => counts.set(key(item), (counts.get(key(item)) ?? 0) + (isCounted(item, index) ? 1 : 0)));
  return [...counts].map(([value, number]) => ({ value, count: number })).sort((a, b) => b.count - a.count);
}
