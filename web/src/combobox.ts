// A field for names with suggestions, by mouse and by keyboard.

import { clear, h, plural, shorten } from "./dom";
import { sentenceCase } from "./panel";
import type { Search } from "./search";
import type { State } from "./state";
import { typeColor, type Theme } from "./theme";

let numbers = 0;

export class Combobox {
  readonly box: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private hits: number[] = [];
  private at = -1;

  constructor(
    label: string,
    private readonly state: State,
    private readonly search: () => Search,
    private readonly colors: () => Theme,
    private readonly choose: (node: number) => void,
  ) {
    const id = `suggestions-${(numbers += 1)}`;
    this.input = h("input", {
      type: "search", role: "combobox", placeholder: label, "aria-label": label, "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": id, autocomplete: "off", spellcheck: "false",
    });
    this.list = h("ul", { id, role: "listbox", class: "suggestions", "aria-label": label, hidden: true });
    this.box = h("div", { class: "combobox" }, this.input, this.list);
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("focus", () => this.suggest());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  set(text: string): void {
    this.input.value = text;
    this.close();
  }

  private suggest(): void {
    const { model } = this.state;
    const found = this.search().find(this.input.value, 12);
    this.hits = found.map(({ node }) => node);
    this.at = found.length ? 0 : -1;
    clear(this.list);
    found.forEach(({ node, alias }, index) => {
      const thing = model.nodes[node]!;
      const dot = h("span", { class: "dot", "aria-hidden": "true" });
      dot.style.background = typeColor(this.colors(), thing.type);
      const item = h("li", { role: "option", id: `${this.list.id}-${index}`, data: { node } }, dot,
        h("span", { class: "suggestion" }, h("bdi", { text: shorten(thing.name, 60) }), alias !== null && h("span", { class: "soft", text: ` also ${shorten(alias, 40)}` })),
        h("span", { class: "soft", text: `${sentenceCase(model.types[thing.type]!)} · ${plural(this.state.fullDegree[node]!, "relation")}` }));
      // Before the field loses its focus, which would close the list.
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.take(index);
      });
      this.list.append(item);
    });
    if (found.length === 0 && this.input.value.trim() !== "") this.list.append(h("li", { class: "none soft", text: "Nothing has that name." }));
    const isOpen = this.list.childElementCount > 0;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.mark();
  }

  private mark(): void {
    [...this.list.children].forEach((item, index) => {
      if (item.getAttribute("role") !== "option") return;
      item.setAttribute("aria-selected", String(index === this.at));
      if (index === this.at) item.scrollIntoView({ block: "nearest" });
    });
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.hits.length === 0) return;
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.at = (this.at + step + this.hits.length) % this.hits.length;
      this.mark();
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.take(this.at);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (this.list.hidden && this.input.value === "") this.input.blur();
      this.input.value = "";
      this.close();
    }
  }

  private take(index: number): void {
    const node = this.hits[index];
    if (node === undefined) return;
    this.set(shorten(this.state.model.nodes[node]!.name, 60));
    this.input.blur();
    this.choose(node);
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}
