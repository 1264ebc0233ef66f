// What the assertions of an edge come to: the cases of tests/it/graph.rs and src/graph/period.rs, without a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const web = fileURLToPath(new URL("..", import.meta.url));
const made = await build({
  stdin: { contents: 'export * from "./src/data"; export * from "./src/node_link"; export * from "./src/summary";', resolveDir: web },
  bundle: true, format: "esm", target: "es2022", write: false,
});
const { dayName, days, knownDays, nodeLink, parsePeriod, read, STATES, summarize } = await import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString("base64")}`);

const STATUSES = ["possible", "intended", "negated", "former"];

/** A graph of one edge as the page reads it; each document says it once, unless `document` names an earlier one. */
function graph(key, said, name = key) {
  const documents = [];
  const references = [];
  const reference = (known) => (known ? -references.push(known) : null);
  const rows = said.map(({ document, date, source, own, status, score = 0.75, by }) => {
    if (document === undefined) documents.push([`d${documents.length}`, null, date ?? null, null, source ?? null]);
    return [document ?? documents.length - 1, score, STATUSES.indexOf(status) + 1, [], null,
      reference(own !== undefined && { id: "date-0", name: own, norm: own }), null, reference(by && { id: `person-${by}`, name: by })];
  });
  return read(JSON.stringify({
    version: 1, title: "one", types: ["PERSON", "ORGANIZATION"], kinds: ["name"], statuses: STATUSES, relations: [[name, false, "", key]],
    nodes: [["person-1", "Maria Keller"], ["organization-2", "Norden Bank"]].map(([id, name], type) => [[id, type, name, null, null], [], [], 0, 0, 0, null]),
    edges: [[[0, 0, 1], rows]], documents, listed: documents.length, quotes: [], references, land: [],
  }));
}

function told(key, said, name = key) {
  const model = graph(key, said, name);
  return summarize(model, 0, model.edges[0].assertions)
    .map((one) => `${model.statuses[one.status]} in ${one.documents}, ${one.dates?.join("..") ?? "?..?"}${one.score === 0.75 ? "" : `, ${one.score}`}`)
    .join("; ");
}

const fact = (date, own) => ({ date, own });
const former = (date, own) => ({ date, own, status: "former" });

test("a denial is no support", () => {
  const said = [{ date: "2024-03-04", status: "negated", score: 0.9 }, { date: "2024-03-01", score: 0.8 }, { date: "2024-03-05", status: "negated" }, { status: "possible" }];
  assert.equal(told("acquired", said), "fact in 1, 2024-03-01..2024-03-01, 0.8; possible in 1, ?..?; negated in 2, 2024-03-04..2024-03-05, 0.9");
  assert.equal(told("acquired", [fact("2024-03-01"), fact("2024-03-02")]), "fact in 2, 2024-03-01..2024-03-02");
});

test("a state is over once it is told to be", () => {
  function check(key, said, expected) {
    assert.equal(told(key, said), expected, `${key} ${JSON.stringify(said)}`);
    assert.equal(told(key, [...said].reverse()), expected, `${key} ${JSON.stringify(said)} backwards`);
  }
  const resigned = [fact("2022-05-03"), former("2023-11-08")];
  const [was, is] = ["former in 1, 2023-11-08..2023-11-08", "fact in 1, 2022-05-03..2022-05-03"];
  for (const state of STATES) check(state, resigned, `${was}; ${is}`);
  check("acquired", resigned, `${is}; ${was}`);
  check("head_of", [...resigned, { date: "2024-01-01", status: "possible" }], `${was}; ${is}; possible in 1, 2024-01-01..2024-01-01`);
  // Back again.
  check("head_of", [...resigned, fact("2024-01-01")], `fact in 2, 2022-05-03..2024-01-01; ${was}`);
  check("head_of", [fact("2023-11-08"), former("2023-11-08")], `${was}; fact in 1, 2023-11-08..2023-11-08`);
  // Without a date, nobody knows what came first.
  check("head_of", [fact("2022-05-03"), former()], `${is}; former in 1, ?..?`);
  check("head_of", [fact(), former("2023-11-08")], `${was}; fact in 1, ?..?`);
  check("head_of", [fact(), former()], "fact in 1, ?..?; former in 1, ?..?");
  check("head_of", [former("2023-11-08"), { date: "2024-01-01", status: "intended" }], `${was}; intended in 1, 2024-01-01..2024-01-01`);
  // Dates of their own: what began before is over, and what was over before has begun again.
  check("head_of", [fact("2024-03-01", "2019/"), resigned[1]], `${was}; fact in 1, 2019..2019`);
  check("head_of", [fact("2024-03-01", "2023"), resigned[1]], `${was}; fact in 1, 2023..2023`);
  check("head_of", [resigned[0], former("2024-03-01", "2004/2010")], `${is}; former in 1, 2004..2010`);
  check("head_of", [resigned[0], former("2024-03-01", "/2010")], `${is}; former in 1, 2010..2010`);
  // A date that is none is not replaced by that of the document.
  check("head_of", [resigned[0], former("2023-11-08", "some day")], `${is}; former in 1, some day..some day`);
});

test("a state is one whatever the user calls it", () => {
  const resigned = [fact("2022-05-03"), former("2023-11-08")];
  assert.match(told("head_of", resigned, "leads"), /^former/);
  assert.match(told("acquired", resigned, "head_of"), /^fact/);
});

test("the states are those of the program", () => {
  const [, list] = /const STATES: \[&str; \d+\] = \[([^\]]*)\]/.exec(readFileSync(`${web}/../src/schema.rs`, "utf8"));
  assert.deepEqual(STATES, [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name));
});

test("each status has its own documents, publishers and speakers", () => {
  const said = [
    { date: "2024-01-01", source: "Post", by: "Bo Lind" }, { document: 0, score: 0.8 }, { document: 0, status: "negated", by: "Bo Lind" },
    { date: "2024-02-01", source: "Herald", status: "negated", by: "Ada Quill" }, { date: "2024-03-01", source: "Post", status: "negated", by: "Bo Lind" },
  ];
  const model = graph("acquired", said);
  const of = summarize(model, 0, model.edges[0].assertions).map((one) => ({
    status: model.statuses[one.status], statements: one.assertions.length, documents: one.documents, publishers: one.publishers, score: one.score, dates: one.dates,
    by: one.by.map((number) => model.references[-1 - number].name),
  }));
  assert.deepEqual(of, [
    { status: "fact", statements: 2, documents: 1, publishers: ["Post"], score: 0.8, dates: ["2024-01-01", "2024-01-01"], by: ["Bo Lind"] },
    { status: "negated", statements: 3, documents: 3, publishers: ["Herald", "Post"], score: 0.75, dates: ["2024-01-01", "2024-03-01"], by: ["Ada Quill", "Bo Lind"] },
  ]);
});

test("what is saved tells of an edge what the program tells", () => {
  function check(key, said, expected) {
    const model = graph(key, said, "named");
    const { edges } = JSON.parse(nodeLink(model, () => true, (edge) => model.edges[edge].assertions));
    const { assertions, ...rest } = edges[0];
    assert.equal(assertions.length, said.length);
    // As text, as the order counts too.
    assert.equal(JSON.stringify(rest), JSON.stringify({ source: "person-1", target: "organization-2", key: "named", type: "named", ...expected }));
  }
  check("head_of", [{ score: 0.5 }], { score: 0.5, documents: 1 });
  check("head_of", [{ date: "2024-01-01", source: "Post", status: "negated" }, { document: 0, status: "negated", score: 0.5 }],
    { score: 0.75, documents: 1, sources: ["Post"], first_date: "2024-01-01", last_date: "2024-01-01", status: "negated" });
  const said = [
    { date: "2022-05-03", source: "Post", score: 0.95 }, { date: "2023-11-08", source: "Herald", status: "former", score: 0.9 },
    { date: "2024-01-01", source: "Post", status: "possible" }, { document: 2, status: "intended" }, { status: "negated" },
  ];
  const statuses = { fact: 1, former: 1, intended: 1, negated: 1, possible: 1 };
  check("head_of", said, { score: 0.9, documents: 4, statuses, sources: ["Herald", "Post"], first_date: "2023-11-08", last_date: "2023-11-08", status: "former" });
  check("acquired", said, { score: 0.95, documents: 4, statuses, sources: ["Herald", "Post"], first_date: "2022-05-03", last_date: "2022-05-03" });
});

test("what is saved has the documents of what is kept, and all if all is kept", () => {
  const model = graph("head_of", [{ date: "2024-01-01" }, { date: "2024-01-02", status: "former" }]);
  model.documents.push({ id: "silent", title: null, date: null, url: null, source: null });
  model.listed = 3;
  const of = (kept) => JSON.parse(nodeLink(model, () => true, kept)).graph.documents.map(({ id }) => id);
  const { assertions } = model.edges[0];
  assert.deepEqual(of(() => assertions), ["d0", "d1", "silent"]);
  assert.deepEqual(of(() => assertions.slice(1)), ["d1"]);
});

test("normal forms are days", () => {
  const name = (pair) => pair.map(dayName).join(" ");
  const check = (norm, named, known = named) => {
    const period = parsePeriod(norm);
    assert.equal(period && name(days(period)), named, norm);
    assert.equal(period && name(knownDays(period)), known, norm);
  };
  check("2024-03-11", "2024-03-11 2024-03-11");
  check("2024-02", "2024-02-01 2024-02-29");
  check("0987", "0987-01-01 0987-12-31");
  check("199X", "1990-01-01 1999-12-31");
  check("2023-12/2024", "2023-12-01 2024-12-31");
  check("2024-03/", "2024-03-01 2024-03-31", "2024-03-01 2024-03-01");
  check("/2024-03", "2024-03-01 2024-03-31", "2024-03-31 2024-03-31");
  check("2024-03-11T10:00:00Z", "2024-03-11 2024-03-11");
  for (const norm of [null, "", "/", "2024-3", "2024-13", "2024-00", "2023-02-29", "2024-01-00", "24", "+024", "2024-03-11-1", "2025/2024", "2024/some day", "2024/2025/2026", "X", "99X9", "20240311"]) check(norm, null);
});
