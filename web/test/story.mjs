// A small graph whose every answer is known.

import { quote } from "./graphs.mjs";

const hex = (number) => number.toString(16).padStart(16, "0");
const ids = {
  maria: `person-${hex(1)}`, emil: `person-${hex(2)}`, bank: `organization-${hex(3)}`, ferry: `organization-${hex(4)}`, london: `place-${hex(5)}`,
  storm: `event-${hex(6)}`, alone: `person-${hex(7)}`, island: `person-${hex(8)}`, shore: `person-${hex(9)}`,
};

export const DOCUMENTS = [
  { id: "news/one.txt", title: "Bank chief in London", date: "2024-05-02", url: "https://example.org/one", source: "Harbour Post" },
  { id: "news/two.txt", title: "Ferries change hands", date: "2024-06-10", url: "javascript:alert(1)", source: "Evening Star" },
  { id: "news/three.txt" },
];

function node(id, name, more = {}, aliases = {}) {
  const spans = [{ start: 5, end: 5 + Buffer.byteLength(name), char_start: 5, char_end: 5 + [...name].length, kind: "name" }, { start: 60, end: 63, char_start: 59, char_end: 62, kind: "pronoun" }];
  const names = Object.entries({ [name]: 2, ...aliases }).sort(([a], [b]) => (a < b ? -1 : 1));
  return { id, type: id.split("-")[0].toUpperCase(), name, aliases: names.map(([alias, count]) => ({ name: alias, count })), ...more, mentions: [{ document: "news/one.txt", spans }] };
}

function says(document, text, word, more = {}) {
  const trigger = word && { trigger: quote(word, 100 + Buffer.byteLength(text.slice(0, text.indexOf(word)))) };
  if (trigger) [trigger.trigger.char_start, trigger.trigger.char_end] = [98 + [...text.slice(0, text.indexOf(word))].length, 98 + [...text.slice(0, text.indexOf(word))].length + [...word].length];
  const evidence = quote(text, 100);
  [evidence.char_start, evidence.char_end] = [98, 98 + [...text].length];
  return { document, evidence: [evidence], ...trigger, score: 0.9, ...more };
}

const [maria, emil, bank, ferry, london, storm, alone, island, shore] = Object.values(ids);
const ref = (id, name, norm) => ({ id, name, ...(norm && { norm }) });

export const STORY = {
  directed: true, multigraph: true,
  graph: { name: "story", generator: "test", version: 1, documents: DOCUMENTS },
  nodes: [
    node(maria, "Maria Keller", {}, { Keller: 4, "Mrs Keller": 1 }),
    node(emil, "Émile Żółkiewski", {}, { "E. Zolkiewski": 1 }),
    node(bank, "Nordbank"),
    node(ferry, "Sered Ferries"),
    node(london, "London", { link: "geonames:2643743" }),
    node(storm, "Storm Otto"),
    node(alone, "Ada Quill"),
    node(island, "Bo Lind"),
    node(shore, "Cy Marsh"),
  ],
  edges: [
    { source: maria, target: bank, type: "head_of", assertions: [says("news/one.txt", "Maria Keller, who lives in Łódź, leads Nordbank.", "leads"), says("news/two.txt", "Keller no longer runs Nordbank.", "runs", { status: "former", score: 0.4 })] },
    { source: maria, target: emil, type: "met", assertions: [says("news/one.txt", "Keller met Émile Żółkiewski in London on 1 May.", "met", { score: 0.8, place: ref(london, "London"), date: ref(`date-${hex(20)}`, "1 May", "2024-05-01") })] },
    { source: bank, target: ferry, type: "acquired", assertions: [says("news/two.txt", "Nordbank may buy Sered Ferries, Żółkiewski said.", "buy", { score: 0.6, status: "possible", by: ref(emil, "Émile Żółkiewski") }), says("news/three.txt", "Nordbank did not buy Sered Ferries.", "buy", { score: 0.7, status: "negated" })] },
    { source: bank, target: london, type: "based_in", assertions: [says("news/three.txt", "Nordbank of London said so.", null, { score: 0.55 })] },
    { source: ferry, target: storm, type: "participant_in", assertions: [says("news/two.txt", "Sered Ferries sailed through Storm Otto.", "sailed", { score: 0.5, date: ref(`date-${hex(21)}`, "June", "2024-06") })] },
    { source: island, target: shore, type: "met", assertions: [says("news/three.txt", "Bo Lind met Cy Marsh.", "met", { score: 0.95 })] },
  ],
};

/** Numbers of the nodes in the page, which are those of their order by identifier. */
export const at = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, Object.values(ids).sort().indexOf(id)]));
