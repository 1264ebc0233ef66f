// A part of the graph as node-link JSON, as src/export/node_link.rs writes it.

import { reference, type Assertion, type Model, type Thing } from "./data";
import { publishers, summarize } from "./summary";

/** A part of the graph, as `relata build -o graph.json` writes it. */
export function nodeLink(model: Model, keepNode: (node: number) => boolean, kept: (edge: number) => Assertion[]): string {
  const used = new Set<number>();
  const place = ([start, length, before, inside]: number[]) => ({
    start: start!, end: start! + length!, char_start: start! - before!, char_end: start! - before! + length! - inside!,
  });
  const quote = (number: number) => {
    const [text, ...offsets] = model.quotes[number]!;
    return { ...place(offsets), text };
  };
  const named = (number: number) => {
    const { id, name, norm } = reference(model, number);
    return { id, name, ...(norm != null && { norm }) };
  };
  const node = (thing: Thing) => ({
    id: thing.id, type: model.types[thing.type], name: thing.name,
    aliases: thing.aliases.map(([name, count]) => ({ name, count })),
    ...(thing.norm != null && { norm: thing.norm }),
    ...(thing.link != null && { link: thing.link }),
    mentions: thing.mentions.map(([document, ...numbers]) => {
      used.add(document!);
      const spans = [];
      for (let at = 0; at < numbers.length; at += 5) spans.push({ ...place(numbers.slice(at, at + 4)), kind: model.kinds[numbers[at + 4]!] });
      return { document: model.documents[document!]!.id, spans };
    }),
    ...(thing.place?.latitude != null && { latitude: thing.place.latitude, longitude: thing.place.longitude }),
    ...(thing.place?.country != null && { country: thing.place.country }),
    ...(thing.place?.within.length && { within: thing.place.within.map(([link, name]) => ({ link, name })) }),
  });
  const said = (assertion: Assertion) => {
    used.add(assertion.document);
    return {
      document: model.documents[assertion.document]!.id, evidence: assertion.evidence.map(quote),
      ...(assertion.trigger !== null && { trigger: quote(assertion.trigger) }),
      score: assertion.score,
      ...(assertion.status > 0 && { status: model.statuses[assertion.status] }),
      ...(assertion.date !== null && { date: named(assertion.date) }),
      ...(assertion.place !== null && { place: named(assertion.place) }),
      ...(assertion.by !== null && { by: named(assertion.by) }),
    };
  };
  const nodes = model.nodes.filter((_, number) => keepNode(number)).map(node);
  const edges = model.edges.flatMap((edge, number) => {
    const assertions = kept(number);
    if (assertions.length === 0 || !keepNode(edge.head) || !keepNode(edge.tail)) return [];
    const told = summarize(model, edge.relation, assertions);
    const [shown] = told;
    const statuses = told.map(({ status, documents }) => [model.statuses[status]!, documents]).sort();
    const sources = publishers(model, assertions);
    const type = model.relations[edge.relation]!.name;
    return {
      source: model.nodes[edge.head]!.id, target: model.nodes[edge.tail]!.id, key: type, type,
      score: shown.score,
      documents: new Set(assertions.map((assertion) => assertion.document)).size,
      ...(told.length > 1 && { statuses: Object.fromEntries(statuses) }),
      ...(sources.length > 0 && { sources }),
      ...(shown.dates && { first_date: shown.dates[0], last_date: shown.dates[1] }),
      ...(shown.status > 0 && { status: model.statuses[shown.status] }),
      assertions: assertions.map(said),
    };
  });
  // What keeps everything keeps documents that name nothing, too.
  const keepsAll = nodes.length === model.nodes.length && model.edges.every((edge, number) => kept(number).length === edge.assertions.length);
  const documents = model.documents
    .filter((_, number) => number < model.listed && (keepsAll || used.has(number)))
    .map(({ id, ...known }) => ({ id, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)) }));
  const lines = (rows: unknown[]) => (rows.length ? `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}]` : "[]");
  const name = JSON.stringify(model.title);
  return `{"directed":true,"multigraph":true,\n"graph":{"name":${name},"generator":"relata","version":1,"documents":${lines(documents)}},\n"nodes":${lines(nodes)},\n"edges":${lines(edges)}}\n`;
}
