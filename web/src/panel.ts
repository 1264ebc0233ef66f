// What is known of the thing or the line that was chosen, with the sentences that prove it.

import { dayName, reference, type Assertion, type Edge, type Model } from "./data";
import { clear, h, longList, plural, readable, shorten, webLink } from "./dom";
import type { State } from "./state";
import { shown, summarize, type Said } from "./summary";
import { typeColor, type Theme } from "./theme";

export interface PanelEvents {
  choose(node: number): void;
  open(group: number): void;
  focus(node: number): void;
  expand(node: number): void;
  hide(node: number): void;
  pathFrom(node: number): void;
  close(): void;
}

export function words(name: string): string {
  return name.replaceAll("_", " ");
}

export function sentenceCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
}

export class Panel {
  constructor(
    private readonly box: HTMLElement,
    private readonly state: State,
    private readonly colors: () => Theme,
    private readonly events: PanelEvents,
  ) {}

  private get model(): Model {
    return this.state.model;
  }

  private start(label: string): void {
    clear(this.box);
    this.box.scrollTop = 0;
    this.box.setAttribute("aria-label", label);
  }

  private swatch(node: number): HTMLElement {
    const dot = h("span", { class: "dot", "aria-hidden": "true" });
    dot.style.background = typeColor(this.colors(), this.model.nodes[node]!.type);
    return dot;
  }

  private nodeButton(node: number, extra = ""): HTMLElement {
    const thing = this.model.nodes[node]!;
    return h("button", { type: "button", class: `node-link ${extra}`, data: { node }, title: sentenceCase(this.model.types[thing.type]!), on: { click: () => this.events.choose(node) } },
      this.swatch(node), h("bdi", { text: shorten(thing.name, 80) }));
  }

  /** What a reader may begin with. */
  overview(): void {
    const { state, model } = this;
    this.start("Overview");
    const assertions = model.edges.reduce((sum, edge) => sum + edge.assertions.length, 0);
    this.box.append(
      h("h2", { text: "Overview" }),
      h("p", { class: "soft", text: `${plural(model.nodes.length, "thing")}, ${plural(model.edges.length, "relation")}, ${plural(assertions, "statement")} in ${plural(model.documents.length, "document")}. Choose a thing or a line to see the sentences that prove it.` }),
    );
    const { groups } = state.drawn();
    if (groups.length > 0) {
      const list = h("ul", { class: "plain" });
      longList(list, groups, 12, (group) => {
        const members = state.members(group);
        const name = shorten(model.nodes[members[0]!]!.name, 44);
        return h("li", {}, h("button", { type: "button", class: "node-link", data: { group }, on: { click: () => this.events.open(group) } }, h("bdi", { text: name }), h("span", { class: "soft", text: members.length > 1 ? ` and ${plural(members.length - 1, "other")}` : "" })));
      });
      this.box.append(h("h3", { text: "Groups" }), h("p", { class: "soft", text: "Things that have more to do with each other than with the rest. Choose one to open it." }), list);
    }
    const best = model.nodes.map((_, node) => node).filter((node) => state.nodeOn[node] && state.degree[node]! > 0)
      .sort((a, b) => state.degree[b]! - state.degree[a]! || a - b);
    const most = h("ol", { class: "plain ranked" });
    longList(most, best, 12, (node) => h("li", {}, this.nodeButton(node), h("span", { class: "count", text: state.degree[node]! })));
    this.box.append(h("h3", { text: "Most relations" }), most);
    const edges = model.edges.map((_, number) => number).filter((number) => state.edgeOn[number])
      .map((number) => ({ number, documents: shown(model, model.edges[number]!.relation, state.passing[number]!).documents }))
      .filter(({ documents }) => documents > 1)
      .sort((a, b) => b.documents - a.documents || a.number - b.number);
    if (edges.length > 0) {
      const told = h("ol", { class: "plain" });
      longList(told, edges, 6, ({ number }) => h("li", {}, this.relation(model.edges[number]!, null)));
      this.box.append(h("h3", { text: "Told by most documents" }), told);
    }
  }

  node(node: number): void {
    const { state, model } = this;
    const thing = model.nodes[node]!;
    this.start(`About ${shorten(thing.name, 80)}`);
    const button = (text: string, title: string, action: () => void, name: string) =>
      h("button", { type: "button", class: "small", title, text, data: { action: name }, on: { click: action } });
    const isFocus = state.focus !== null;
    this.box.append(
      this.closeButton(),
      h("p", { class: "kind" }, this.swatch(node), sentenceCase(model.types[thing.type]!)),
      h("h2", { class: "name" }, h("bdi", { text: shorten(thing.name, 400) })),
      h("p", { class: "actions" },
        button("Only neighbors", "Show only this and what is joined to it", () => this.events.focus(node), "focus"),
        button(isFocus ? "Add neighbors" : "Show neighbors", "Draw what is joined to it too", () => this.events.expand(node), "expand"),
        button("Path to …", "Find the shortest way to another thing", () => this.events.pathFrom(node), "path"),
        button("Hide", "Take it out of the drawing", () => this.events.hide(node), "hide")),
    );
    if (state.fullDegree[node] === 0) this.box.append(h("p", { class: "note", text: "No relation of it was found." }));
    else if (!state.nodeOn[node]) this.box.append(h("p", { class: "note", text: "Filters hide it, or all of its relations." }));
    const others = thing.aliases.filter(([name]) => name !== thing.name);
    if (others.length > 0) {
      const list = h("ul", { class: "names" });
      longList(list, others, 10, ([name, count]) => h("li", {}, h("bdi", { text: shorten(name, 200) }), h("span", { class: "count", title: plural(count, "mention"), text: count })));
      this.box.append(h("h3", { text: "Also called" }), list);
    }
    this.identity(node);
    if (state.fullDegree[node]! > 0) this.relations(node);
    this.mentions(node);
  }

  private identity(node: number): void {
    const thing = this.model.nodes[node]!;
    if (thing.link === null) return;
    const line = h("p", { class: "links" }, knowledgeLink(thing.link));
    const { place } = thing;
    if (place !== null) {
      if (place.within.length) line.append(", in ", h("bdi", { text: place.within.map(([, name]) => name).join(", ") }));
      if (place.latitude !== null && place.longitude !== null) line.append(` (${degrees(place.latitude, "N", "S")}, ${degrees(place.longitude, "E", "W")})`);
    }
    this.box.append(h("h3", { text: "Identified as" }), line);
  }

  private relations(node: number): void {
    const { state, model } = this;
    const on = state.edgesOf[node]!.filter((number) => state.edgeOn[number]);
    const hidden = state.edgesOf[node]!.length - on.length;
    this.box.append(h("h3", {}, "Relations", h("span", { class: "count", text: on.length })));
    const sorted = on.map((number) => model.edges[number]!).sort((a, b) =>
      a.relation - b.relation || Number(a.head !== node) - Number(b.head !== node) || this.state.passing[this.number(b)]!.length - this.state.passing[this.number(a)]!.length);
    const list = h("div", { class: "relations" });
    longList(list, sorted, 30, (edge) => this.relation(edge, node, sorted.length <= 3));
    this.box.append(list);
    if (hidden > 0) this.box.append(h("p", { class: "soft", text: `${plural(hidden, "more is", "more are")} hidden by filters.` }));
  }

  private number(edge: Edge): number {
    return edge.assertions[0]!.edge;
  }

  /** A relation on one line, with one more for each status if there are several, which opens to its evidence. */
  private relation(edge: Edge, seen: number | null, isOpen = false): HTMLElement {
    const { model, state } = this;
    const passing = state.passing[this.number(edge)]!;
    const assertions = passing.length ? passing : edge.assertions;
    const relation = model.relations[edge.relation]!;
    const other = edge.head === seen ? edge.tail : edge.head;
    const told = summarize(model, edge.relation, assertions);
    const summary = h("summary", {});
    if (seen === null) summary.append(this.nodeButton(edge.head), h("span", { class: "relation-name", title: relation.meaning, text: words(relation.name) }), this.nodeButton(edge.tail));
    else if (edge.head === seen || relation.symmetric) summary.append(h("span", { class: "relation-name", title: relation.meaning, text: words(relation.name) }), this.nodeButton(other));
    else summary.append(this.nodeButton(other), h("span", { class: "relation-name", title: relation.meaning, text: words(relation.name) }), h("span", { class: "soft", text: "this" }));
    if (told.length > 1) summary.append(...told.map((said) => this.said(said)));
    else {
      const [{ status, documents, score }] = told;
      if (status > 0) summary.append(this.status(status));
      summary.append(h("span", { class: "score", title: surest(told[0]), text: `${percent(score)}${documents > 1 ? ` · ${documents} docs` : ""}` }));
    }
    const details = h("details", { class: "relation", data: { edge: this.number(edge) } }, summary);
    const fill = () => {
      if (!details.open || details.childElementCount > 1) return;
      const list = h("div", {});
      longList(list, told.flatMap((said) => said.assertions), 10, (assertion) => this.assertion(edge, assertion));
      details.append(list);
    };
    details.addEventListener("toggle", fill);
    details.open = isOpen;
    fill();
    return details;
  }

  /** How many documents give a relation a status, who published them, when, who says so, and how surely. */
  private said(said: Said): HTMLElement {
    const facts = h("span", { class: "by" }, plural(said.documents, "document"));
    if (said.publishers.length > 0) facts.append(" (", ...listed(said.publishers, (name) => h("bdi", { text: shorten(name, 60) })), ")");
    if (said.dates !== null) facts.append(", ", h("bdi", { text: [...new Set(said.dates)].map((date) => shorten(date, 30)).join(" to ") }));
    if (said.by.length > 0) facts.append(", by ", ...listed(said.by, (number) => this.named(number)));
    return h("span", { class: "said" }, this.status(said.status), facts, h("span", { class: "score", title: surest(said), text: percent(said.score) }));
  }

  /** What a number of an assertion names. */
  private named(number: number): HTMLElement {
    const { name, norm } = reference(this.model, number);
    return number >= 0 ? this.nodeButton(number, "inline") : h("bdi", { text: shorten(norm ?? name, 80) });
  }

  private status(status: number): HTMLElement {
    const name = this.model.statuses[status]!;
    return h("span", { class: `status ${name}`, text: name });
  }

  /** A statement: its sentences, who says so, when, where, how surely, and in which document. */
  assertion(edge: Edge, assertion: Assertion, names = false): HTMLElement {
    const { model } = this;
    const quote = h("blockquote", { class: "assertion" });
    if (names) {
      const relation = model.relations[edge.relation]!;
      quote.append(h("p", { class: "who" }, this.nodeButton(edge.head), h("span", { class: "relation-name", title: relation.meaning, text: words(relation.name) }), this.nodeButton(edge.tail)));
    }
    for (const number of assertion.evidence) quote.append(this.sentence(number, assertion, edge));
    const facts = h("p", { class: "facts" });
    facts.append(this.status(assertion.status), h("span", { class: "score", title: "How sure the program is that the text says so", text: percent(assertion.score) }));
    const named = (word: string, number: number | null) => {
      if (number !== null) facts.append(h("span", {}, `${word} `, this.named(number)));
    };
    named("by", assertion.by);
    named("on", assertion.date);
    named("in", assertion.place);
    const source = model.documents[assertion.document]!;
    quote.append(facts, this.source(assertion.document, source.date));
    return quote;
  }

  private sentence(number: number, assertion: Assertion, edge: Edge): HTMLElement {
    const { model } = this;
    const [text, start, , before] = model.quotes[number]!;
    const letters = Array.from(text);
    const marks: [number, number, "mark" | "b"][] = [];
    if (assertion.trigger !== null) {
      const [word, at, , beforeWord] = model.quotes[assertion.trigger]!;
      const offset = at - beforeWord - (start - before);
      const length = Array.from(word).length;
      if (offset >= 0 && letters.slice(offset, offset + length).join("") === word) marks.push([offset, offset + length, "mark"]);
    }
    for (const end of [edge.head, edge.tail]) {
      const names = model.nodes[end]!.aliases.map(([name]) => name).sort((a, b) => b.length - a.length);
      const found = names.find((name) => name.length > 1 && text.includes(name));
      if (found === undefined) continue;
      const from = Array.from(text.slice(0, text.indexOf(found))).length;
      marks.push([from, from + Array.from(found).length, "b"]);
    }
    marks.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    const line = h("p", { class: "evidence", dir: "auto" });
    let at = 0;
    for (const [from, to, tag] of marks) {
      if (from < at) continue;
      line.append(readable(letters.slice(at, from).join("")), h(tag, { text: letters.slice(from, to).join("") }));
      at = to;
    }
    line.append(readable(letters.slice(at).join("")));
    return line;
  }

  private source(document: number, date: string | null): HTMLElement {
    const { id, title, url, source } = this.model.documents[document]!;
    const name = shorten(title ?? id, 120);
    return h("p", { class: "source" }, url === null ? h("cite", { text: name }) : h("cite", {}, webLink(url, name)),
      source !== null && h("span", { text: ` · ${shorten(source, 60)}` }), date !== null && h("span", { text: ` · ${shorten(date, 30)}` }));
  }

  private mentions(node: number): void {
    const { model } = this;
    const { mentions } = model.nodes[node]!;
    if (mentions.length === 0) return;
    const sorted = [...mentions].sort((a, b) => b.length - a.length || a[0]! - b[0]!);
    const list = h("ul", { class: "plain mentions" });
    longList(list, sorted, 12, ([document, ...numbers]) => {
      const counts = model.kinds.map((_, kind) => numbers.filter((number, at) => at % 5 === 4 && number === kind).length);
      const said = model.kinds.flatMap((kind, at) => (counts[at] ? [plural(counts[at]!, kind)] : [])).join(", ");
      return h("li", {}, this.source(document!, model.documents[document!]!.date), h("span", { class: "soft", text: said }));
    });
    this.box.append(h("h3", {}, "Mentioned in", h("span", { class: "count", text: mentions.length })), list);
  }

  pair(a: number, b: number): void {
    const edges = this.state.between(a, b);
    this.start("Relations between two things");
    this.box.append(this.closeButton(), h("p", { class: "kind", text: plural(edges.length, "relation") }),
      h("h2", { class: "name" }, this.nodeButton(a), h("span", { class: "soft", text: " – " }), this.nodeButton(b)));
    edges.forEach((edge) => this.box.append(this.relation(edge, null, true)));
  }

  path(from: number, to: number, found: { nodes: number[]; edges: Edge[] } | null): void {
    this.start("Path");
    this.box.append(this.closeButton(), h("p", { class: "kind", text: "Shortest path" }), h("h2", { class: "name" }, this.nodeButton(from), h("span", { class: "soft", text: " → " }), this.nodeButton(to)));
    if (found === null) {
      this.box.append(h("p", { class: "note", text: "Nothing joins them under these filters." }));
      return;
    }
    this.box.append(h("p", { class: "soft", text: plural(found.edges.length, "step") }));
    found.edges.forEach((edge) => this.box.append(this.relation(edge, null, true)));
  }

  private closeButton(): HTMLElement {
    return h("button", { type: "button", class: "close", "aria-label": "Close (Esc)", title: "Close (Esc)", text: "×", on: { click: () => this.events.close() } });
  }
}

/** The first few of a list with commas between them, and how many more there are. */
function listed<T>(items: readonly T[], make: (item: T) => Node): (Node | string)[] {
  const made = items.slice(0, 3).flatMap((item, at) => (at > 0 ? [", ", make(item)] : [make(item)]));
  return items.length > 3 ? [...made, ` and ${(items.length - 3).toLocaleString("en")} more`] : made;
}

function surest(said: Said): string {
  return `Surest of ${plural(said.assertions.length, "statement")} in ${plural(said.documents, "document")}`;
}

export function percent(score: number): string {
  return `${Math.round(score * 100)} %`;
}

function degrees(number: number, plus: string, minus: string): string {
  return `${Math.abs(number).toFixed(2)}° ${number < 0 ? minus : plus}`;
}

/** An identifier as a link, where it is known whose it is. */
function knowledgeLink(link: string): HTMLElement {
  if (/^Q\d+$/.test(link)) return webLink(`https://www.wikidata.org/wiki/${link}`, `Wikidata ${link}`);
  const geonames = /^geonames:(\d+)$/.exec(link);
  if (geonames) return webLink(`https://www.geonames.org/${geonames[1]}`, `GeoNames ${geonames[1]}`);
  return webLink(link, shorten(link, 120));
}

/** Days as one would write them: a day, a month, a year, or first and last. */
export function daysText([first, last]: [number, number]): string {
  const [from, to] = [dayName(first), dayName(last)];
  if (from === to) return from;
  const isFirst = from.endsWith("-01");
  if (isFirst && from.endsWith("-01-01") && to.endsWith("-12-31")) return from.slice(0, 4) === to.slice(0, 4) ? from.slice(0, 4) : `${from.slice(0, 4)} – ${to.slice(0, 4)}`;
  if (isFirst && from.slice(0, 7) === to.slice(0, 7) && dayName(last + 1).endsWith("-01")) return from.slice(0, 7);
  return `${from} – ${to}`;
}
