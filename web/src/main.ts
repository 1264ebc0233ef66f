// The page: bar, filters, drawing, map, time line and panel, and what happens between them.

import { Canvas, type Selection } from "./canvas";
import { Combobox } from "./combobox";
import { read } from "./data";
import { clear, download, h, plural, shorten } from "./dom";
import { Filters } from "./filters";
import { PlaceMap } from "./map";
import { nodeLink } from "./node_link";
import { Panel } from "./panel";
import { toPng, toSvg } from "./pen";
import { Search } from "./search";
import { State, WHOLE, type Mode } from "./state";
import { theme, type ThemeName } from "./theme";
import { Timeline } from "./timeline";

type Tab = "graph" | "map" | "timeline";

const HELP: [string, string][] = [
  ["/", "search"],
  ["Enter", "take the suggestion"],
  ["Arrows", "walk to a neighbor; without a choice, move the drawing"],
  ["+  −  0", "nearer, farther, all"],
  ["N", "only the neighbors of what is chosen"],
  ["H", "hide what is chosen"],
  ["Esc", "back: suggestions, choice, neighbors"],
  ["?", "this help"],
];

function start(app: HTMLElement, json: string): void {
  const model = read(json);
  const state = new State(model);
  let search: Search | null = null;
  const searchOf = () => (search ??= new Search(model, (node) => state.fullDegree[node]!));

  const preferred = window.matchMedia("(prefers-color-scheme: dark)");
  let themeName: ThemeName = preferred.matches ? "dark" : "light";
  const colors = () => theme(themeName);
  document.documentElement.dataset.theme = themeName;

  let selection: Selection = null;
  let tab: Tab = "graph";

  // -- frame
  const counts = h("p", { class: "counts", role: "status", "aria-live": "polite", id: "counts" });
  const finder = new Combobox("Search names  ( / )", state, searchOf, colors, (node) => choose(node));
  finder.input.id = "search";
  const themeButton = h("button", { type: "button", id: "theme", class: "icon", title: "Light or dark" });
  const exportMenu = h("details", { class: "menu", id: "export" }, h("summary", { text: "Export" }));
  const helpButton = h("button", { type: "button", id: "help", class: "icon", title: "Keys (?)", "aria-label": "Keys", text: "?" });
  const filterButton = h("button", { type: "button", class: "icon narrow-only", title: "Filters", "aria-label": "Filters", text: "☰" });
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Views" });
  const bar = h("header", { class: "bar" }, filterButton, h("div", { class: "title" }, h("h1", {}, h("bdi", { text: shorten(model.title, 80) })), counts), finder.box, tabs, exportMenu, themeButton, helpButton);
  const side = h("aside", { class: "side", "aria-label": "Filters" });
  const notice = h("div", { class: "notice", id: "notice" });
  const graphBox = h("div", { class: "graph", id: "graph-view", role: "application", tabindex: 0, "aria-label": "Drawing of the graph. Arrow keys walk from a chosen thing to its neighbors; slash searches." });
  const mapBox = h("div", { class: "sheet", id: "map-view", hidden: true });
  const timeBox = h("div", { class: "sheet", id: "timeline-view", hidden: true });
  const tools = h("div", { class: "tools", role: "toolbar", "aria-label": "Drawing" });
  const main = h("main", {}, notice, graphBox, mapBox, timeBox, tools);
  const panelBox = h("aside", { class: "panel", id: "panel", tabindex: -1 });
  clear(app);
  app.append(bar, side, main, panelBox);

  const panel = new Panel(panelBox, state, colors, {
    choose: (node) => choose(node),
    open: (group) => openGroup(group),
    focus: (node) => focusOn(node),
    expand: (node) => expand(node),
    hide: (node) => hide(node),
    pathFrom: (node) => {
      pathFrom.set(shorten(model.nodes[node]!.name, 60));
      pathEnds[0] = node;
      pathBox.open = true;
      pathTo.input.focus();
    },
    close: () => back(),
  });
  // Before the drawing, whose size depends on it.
  showNotice();
  const canvas = new Canvas(graphBox, state, colors(), {
    node: (node) => choose(node, false),
    group: (group) => openGroup(group),
    pair: (a, b) => choosePair(a, b),
    stage: () => select(null),
  });
  if (!canvas.works) graphBox.append(h("p", { class: "note", text: "This browser has no WebGL, so the graph cannot be drawn. Search, lists, the map and the time line work without it." }));
  const map = new PlaceMap(mapBox, state, colors, (node) => choose(node, false));
  const timeline = new Timeline(timeBox, state, panel);

  // -- paths
  const pathEnds: [number | null, number | null] = [null, null];
  const findPath = () => {
    const [from, to] = pathEnds;
    if (from === null || to === null) return;
    const found = state.path(from, to);
    if (found !== null) {
      found.nodes.forEach((node) => state.show(node, false));
      selection = { kind: "path", nodes: found.nodes };
    } else selection = null;
    showTab("graph");
    canvas.select(selection);
    panel.path(from, to, found);
    if (found !== null && found.nodes.length > 2) canvas.center(found.nodes[found.nodes.length >> 1]!);
  };
  const pathFrom = new Combobox("From", state, searchOf, colors, (node) => { pathEnds[0] = node; findPath(); });
  const pathTo = new Combobox("To", state, searchOf, colors, (node) => { pathEnds[1] = node; findPath(); });
  pathFrom.input.id = "path-from";
  pathTo.input.id = "path-to";
  const pathBox = h("details", { class: "facet", data: { facet: "path" } }, h("summary", {}, h("h3", { text: "Shortest path" })), pathFrom.box, pathTo.box);
  side.append(pathBox);
  const filters = new Filters(side, state, colors);

  // -- what is chosen
  function select(next: Selection): void {
    selection = next;
    canvas.select(next);
    showPanel();
  }

  function showPanel(): void {
    if (selection === null) panel.overview();
    else if (selection.kind === "node") panel.node(selection.node);
    else if (selection.kind === "pair") panel.pair(selection.a, selection.b);
    else panel.path(selection.nodes[0]!, selection.nodes.at(-1)!, state.path(selection.nodes[0]!, selection.nodes.at(-1)!));
    app.classList.toggle("has-choice", selection !== null);
  }

  function choose(node: number, move = true): void {
    const wasHidden = state.hidden.has(node);
    const isNew = state.show(node, true) || wasHidden;
    select({ kind: "node", node });
    if ((move || isNew) && tab === "graph") canvas.center(node);
  }

  function choosePair(a: number, b: number): void {
    select({ kind: "pair", a, b });
  }

  function openGroup(group: number): void {
    state.opened.add(group);
    selection = null;
    state.changed(true);
    canvas.fit(true, state.members(group));
    showPanel();
  }

  function focusOn(node: number): void {
    state.focus = null;
    state.changed();
    state.focus = new Set([node, ...state.neighbors(node)]);
    showTab("graph");
    state.changed(true);
    select({ kind: "node", node });
    canvas.fit(true);
  }

  function expand(node: number): void {
    const { focus } = state;
    if (focus !== null) {
      // Neighbors under the filters alone, not within what is in view.
      state.focus = null;
      state.changed();
      state.focus = new Set([...focus, node, ...state.neighbors(node)]);
    } else {
      for (const neighbor of state.neighbors(node)) state.extra.add(neighbor);
      state.extra.add(node);
    }
    state.changed(true);
    select({ kind: "node", node });
    if (focus !== null) canvas.fit(true);
  }

  function hide(node: number): void {
    state.hidden.add(node);
    state.extra.delete(node);
    selection = null;
    state.changed(true);
    showPanel();
  }

  /** One step back: first the choice goes, then the view of neighbors. */
  function back(): void {
    if (selection !== null) select(null);
    else if (state.focus !== null) {
      state.focus = null;
      state.changed(true);
      canvas.fit(true);
      showPanel();
    }
  }

  // -- views
  const tabButtons = new Map<Tab, HTMLButtonElement>();
  for (const [name, text] of [["graph", "Graph"], ["map", "Map"], ["timeline", "Timeline"]] as [Tab, string][]) {
    const button = h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `${name}-view`, text, on: { click: () => showTab(name) } });
    tabButtons.set(name, button);
    tabs.append(button);
  }
  tabs.addEventListener("keydown", (event) => {
    const names = [...tabButtons.keys()];
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.stopPropagation();
    const next = names[(names.indexOf(tab) + step + names.length) % names.length]!;
    showTab(next);
    tabButtons.get(next)!.focus();
  });

  function showTab(name: Tab): void {
    tab = name;
    for (const [other, button] of tabButtons) {
      button.setAttribute("aria-selected", String(other === name));
      button.tabIndex = other === name ? 0 : -1;
    }
    graphBox.classList.toggle("away", name !== "graph");
    mapBox.hidden = name !== "map";
    timeBox.hidden = name !== "timeline";
    tools.hidden = name === "timeline";
    drawSheets();
  }

  function drawSheets(): void {
    if (tab === "map") map.draw();
    if (tab === "timeline") timeline.draw();
  }

  const tool = (text: string, label: string, action: () => void) => h("button", { type: "button", title: label, "aria-label": label, text, on: { click: action } });
  tools.append(
    tool("+", "Nearer (+)", () => (tab === "map" ? map.zoom(0.7) : canvas.zoom(0.7))),
    tool("−", "Farther (-)", () => (tab === "map" ? map.zoom(1.4) : canvas.zoom(1.4))),
    tool("⤢", "Show all (0)", () => (tab === "map" ? map.fit() : canvas.fit())),
  );

  // -- notice above the drawing
  function showNotice(): void {
    clear(notice);
    const button = (text: string, action: () => void, isOn = false) => {
      const made = h("button", { type: "button", text, "aria-pressed": String(isOn), on: { click: action } });
      notice.append(made);
    };
    if (state.focus !== null) {
      notice.append(h("span", { text: `Only ${plural(state.focus.size, "thing")} of ${model.nodes.length.toLocaleString("en")} in view.` }));
      button("Show all", () => {
        state.focus = null;
        state.changed(true);
        canvas.fit();
        showPanel();
      });
    } else if (state.nodeCount > WHOLE || state.mode !== "all") {
      const { groups, nodes, left } = state.drawn();
      const mode = (to: Mode) => () => {
        state.mode = to;
        state.opened.clear();
        state.extra.clear();
        state.changed(true);
        canvas.fit();
        showPanel();
      };
      button("Groups", mode("groups"), state.mode === "groups");
      button("Most relations", mode("top"), state.mode === "top");
      button("Everything", mode("all"), state.mode === "all");
      const said = state.mode === "groups" ? `${plural(groups.length, "group")}; click one to open it.`
        : state.mode === "top" ? `The ${nodes.length.toLocaleString("en")} with most relations.` : "Large graphs move slowly when all is drawn.";
      notice.append(h("span", { text: said }));
      if (left > 0 && state.mode !== "all") {
        button(`More (${left.toLocaleString("en")} left)`, () => {
          if (state.mode === "top") state.topCount *= 2;
          else state.groupCount += 300;
          state.changed(true);
          canvas.fit();
        });
      }
    }
    if (state.hidden.size > 0) {
      button(`Show ${plural(state.hidden.size, "hidden thing")}`, () => {
        state.hidden.clear();
        state.changed(true);
        showPanel();
      });
    }
    notice.hidden = notice.childElementCount === 0;
  }

  function showCounts(): void {
    const linked = state.unlinked ? model.nodes.length : model.nodes.filter((_, node) => state.fullDegree[node]! > 0).length;
    const part = (some: number, all: number, one: string, many: string) => (some === all ? `${all.toLocaleString("en")} ${all === 1 ? one : many}` : `${some.toLocaleString("en")} of ${all.toLocaleString("en")} ${many}`);
    counts.textContent = `${part(state.nodeCount, linked, "thing", "things")}, ${part(state.edgeCount, model.edges.length, "relation", "relations")}, ${plural(model.documents.length, "document")}`;
    counts.dataset.nodes = String(state.nodeCount);
    counts.dataset.edges = String(state.edgeCount);
    tabButtons.get("map")!.textContent = `Map ${map.places().length.toLocaleString("en")}`;
    tabButtons.get("timeline")!.textContent = `Timeline ${timeline.count.toLocaleString("en")}`;
  }

  state.onChange((structural) => {
    canvas.update();
    showCounts();
    showNotice();
    if (!structural) showPanel();
    drawSheets();
  });

  // -- light and dark
  function setTheme(name: ThemeName): void {
    themeName = name;
    document.documentElement.dataset.theme = name;
    themeButton.textContent = name === "dark" ? "☀" : "☾";
    themeButton.setAttribute("aria-label", name === "dark" ? "Light colors" : "Dark colors");
    canvas.setTheme(colors());
    filters.refresh();
    showPanel();
    drawSheets();
  }
  themeButton.addEventListener("click", () => setTheme(themeName === "dark" ? "light" : "dark"));
  preferred.addEventListener("change", () => setTheme(preferred.matches ? "dark" : "light"));

  // -- files
  const fileName = (extension: string) => `${model.title.replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 60) || "graph"}.${extension}`;
  const entry = (text: string, name: string, action: () => void) => h("button", { type: "button", text, data: { export: name }, on: { click: () => { exportMenu.open = false; action(); } } });
  exportMenu.append(h("div", { class: "entries" },
    entry("Picture (PNG)", "png", () => void toPng(canvas.picture(), colors()).then((blob) => download(fileName("png"), blob))),
    entry("Picture (SVG)", "svg", () => download(fileName("svg"), toSvg(canvas.picture(), colors(), model.title))),
    entry("What passes the filters (node-link JSON)", "json", () => {
      const json = nodeLink(model, (node) => state.nodeOn[node] === 1, (edge) => state.passing[edge]!);
      download(fileName("json"), new Blob([json], { type: "application/json" }));
    })));
  document.addEventListener("click", (event) => {
    if (!exportMenu.contains(event.target as Node)) exportMenu.open = false;
  });

  // -- keys
  const dialog = h("dialog", { class: "help", "aria-label": "Keys" }, h("h2", { text: "Keys" }),
    h("dl", {}, ...HELP.flatMap(([key, meaning]) => [h("dt", {}, h("kbd", { text: key })), h("dd", { text: meaning })])),
    h("p", { class: "soft", text: "Click a dot or a line for its evidence; drag dots; scroll to zoom." }),
    h("form", { method: "dialog" }, h("button", { class: "small", text: "Close" })));
  app.append(dialog);
  // Forms may not be sent, so the button closes the dialog itself.
  dialog.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
  });
  helpButton.addEventListener("click", () => dialog.showModal());
  filterButton.addEventListener("click", () => app.classList.toggle("has-filters"));

  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.key === "Escape") {
      if (exportMenu.open) exportMenu.open = false;
      else back();
      return;
    }
    if (target.closest("input, textarea, select")) return;
    const chosen = selection?.kind === "node" ? selection.node : null;
    const isOnGraph = tab === "graph" && !target.closest("button, summary, a, .panel, .side");
    const arrow = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] } as Record<string, [number, number]>)[event.key];
    if (event.key === "/") finder.input.focus();
    else if (event.key === "?") dialog.showModal();
    else if (arrow && isOnGraph) {
      const next = chosen === null ? null : canvas.toward(chosen, ...arrow);
      if (chosen === null) canvas.pan(...arrow);
      else if (next !== null) choose(next);
    } else if ((event.key === "+" || event.key === "=") && tab === "graph") canvas.zoom(0.7);
    else if (event.key === "-" && tab === "graph") canvas.zoom(1.4);
    else if (event.key === "0" && tab === "graph") canvas.fit();
    else if (event.key === "n" && chosen !== null) focusOn(chosen);
    else if (event.key === "h" && chosen !== null) hide(chosen);
    else return;
    event.preventDefault();
  });

  new ResizeObserver(() => canvas.resize()).observe(graphBox);

  themeButton.textContent = themeName === "dark" ? "☀" : "☾";
  themeButton.setAttribute("aria-label", themeName === "dark" ? "Light colors" : "Dark colors");
  showTab("graph");
  showCounts();
  showPanel();
  document.documentElement.dataset.ready = "true";
  // For the browser tests: where things are on the screen.
  app.addEventListener("relata:where", (event) => {
    const { node, group } = (event as CustomEvent<{ node?: number; group?: number }>).detail;
    const place = node !== undefined ? canvas.place(node) : group !== undefined ? canvas.groupPlace(group) : null;
    app.dataset.where = JSON.stringify({ ...canvas.counts, place });
  });
}

const app = document.getElementById("app")!;
const data = document.getElementById("graph")!;
try {
  start(app, data.textContent ?? "");
} catch (error) {
  app.replaceChildren(h("p", { class: "note", text: `The page cannot show this graph: ${error instanceof Error ? error.message : String(error)}` }));
  throw error;
}
