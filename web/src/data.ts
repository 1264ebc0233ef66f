// The graph as src/export/view/data.rs writes it, and the way back to node-link JSON.

export interface Source {
  id: string;
  title: string | null;
  date: string | null;
  url: string | null;
  source: string | null;
}

export interface Place {
  latitude: number | null;
  longitude: number | null;
  country: string | null;
  within: [string, string][];
}

export interface Thing {
  id: string;
  type: number;
  name: string;
  norm: string | null;
  link: string | null;
  aliases: [string, number][];
  /** Document, then five numbers for each mention: first byte, length, bytes more than characters before and inside, kind. */
  mentions: number[][];
  x: number;
  y: number;
  group: number;
  place: Place | null;
}

export interface Reference {
  id: string;
  name: string;
  norm?: string | null;
}

export interface Assertion {
  edge: number;
  document: number;
  score: number;
  /** Zero for fact. */
  status: number;
  evidence: number[];
  trigger: number | null;
  date: number | null;
  place: number | null;
  by: number | null;
  /** First and last day, where there is a date: its own, else its document's. */
  days: [number, number] | null;
}

export interface Edge {
  head: number;
  relation: number;
  tail: number;
  assertions: Assertion[];
}

export interface Relation {
  name: string;
  symmetric: boolean;
  meaning: string;
}

export type Quote = [text: string, start: number, length: number, before: number, inside: number];

export interface Model {
  title: string;
  types: string[];
  kinds: string[];
  /** With `fact` before the others. */
  statuses: string[];
  relations: Relation[];
  nodes: Thing[];
  edges: Edge[];
  documents: Source[];
  /** Documents after this many are named, but not listed in the graph. */
  listed: number;
  quotes: Quote[];
  references: Reference[];
  land: string[];
}

export function read(json: string): Model {
  const raw = JSON.parse(json);
  const documents: Source[] = raw.documents.map(([id, title = null, date = null, url = null, source = null]: any[]) => ({ id, title, date, url, source }));
  const documentDays = documents.map((document) => days(document.date));
  const nodes: Thing[] = raw.nodes.map(([[id, type, name, norm, link], aliases, mentions, x, y, group, place]: any[]) => ({
    id, type, name, norm, link, aliases, mentions, x, y: -y, group,
    place: place && { latitude: place[0], longitude: place[1], country: place[2], within: place[3] },
  }));
  const model: Model = {
    title: raw.title, types: raw.types, kinds: raw.kinds, statuses: ["fact", ...raw.statuses],
    relations: raw.relations.map(([name, symmetric, meaning]: any[]) => ({ name, symmetric, meaning })),
    nodes, edges: [], documents, listed: raw.listed, quotes: raw.quotes, references: raw.references, land: raw.land,
  };
  model.edges = raw.edges.map(([[head, relation, tail], said]: any[], edge: number) => ({
    head, relation, tail,
    assertions: said.map(([document, score, status, evidence, trigger, date, place, by]: any[]) => ({
      edge, document, score, status, evidence, trigger, date, place, by,
      days: days(date === null ? null : (reference(model, date).norm ?? null)) ?? documentDays[document]!,
    })),
  }));
  return model;
}

/** What a number of an assertion names: a node, or for negative ones an entry of the list of names. */
export function reference(model: Model, number: number): Reference {
  return number >= 0 ? model.nodes[number]! : model.references[-1 - number]!;
}

const DAY = 86_400_000;

function day(year: number, month: number, date: number): number {
  const point = new Date(0);
  point.setUTCFullYear(year, month, date);
  return Math.round(point.getTime() / DAY);
}

/** First and last day of a normal form: `2024`, `2024-05`, `2024-05-03`, `199X`, or two of them joined by a slash. */
export function days(norm: string | null): [number, number] | null {
  if (norm === null) return null;
  const ends = norm.split("/").filter((end) => end !== "").map((end): [number, number] | null => {
    const found = /^(\d{3}[\dX]|\d{2}XX)(?:-(\d\d)(?:-(\d\d))?)?/.exec(end);
    if (!found) return null;
    const [low, high] = [Number(found[1]!.replaceAll("X", "0")), Number(found[1]!.replaceAll("X", "9"))];
    const [month, date] = [Number(found[2] ?? 0), Number(found[3] ?? 0)];
    if (month > 12 || date > 31) return null;
    if (!month) return [day(low, 0, 1), day(high, 11, 31)];
    return date ? [day(low, month - 1, date), day(low, month - 1, date)] : [day(low, month - 1, 1), day(low, month, 0)];
  });
  const known = ends.filter((end) => end !== null);
  if (known.length === 0 || known.length < ends.length) return null;
  return [Math.min(...known.map(([first]) => first)), Math.max(...known.map(([, last]) => last))];
}

export function dayName(number: number): string {
  const date = new Date(number * DAY);
  const pad = (part: number, size: number) => String(part).padStart(size, "0");
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
}

/** The status that speaks for an edge: the firmest that some assertion has. */
export function firmest(statuses: string[], assertions: Assertion[]): number {
  const order = ["fact", "former", "possible", "intended", "negated"].map((name) => statuses.indexOf(name));
  return order.find((status) => assertions.some((assertion) => assertion.status === status)) ?? 0;
}

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
    const dates = assertions.flatMap((assertion) => {
      const own = assertion.date === null ? null : reference(model, assertion.date).norm;
      if (own != null) return own.split("/").filter((end) => end !== "");
      return model.documents[assertion.document]!.date ?? [];
    });
    dates.sort();
    const status = firmest(model.statuses, assertions);
    const type = model.relations[edge.relation]!.name;
    return {
      source: model.nodes[edge.head]!.id, target: model.nodes[edge.tail]!.id, key: type, type,
      score: Math.max(...assertions.map((assertion) => assertion.score)),
      documents: new Set(assertions.map((assertion) => assertion.document)).size,
      ...(dates.length > 0 && { first_date: dates[0], last_date: dates.at(-1) }),
      ...(status > 0 && { status: model.statuses[status] }),
      assertions: assertions.map(said),
    };
  });
  const documents = model.documents
    .filter((_, number) => number < model.listed && used.has(number))
    .map(({ id, ...known }) => ({ id, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)) }));
  const lines = (rows: unknown[]) => (rows.length ? `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}]` : "[]");
  const name = JSON.stringify(model.title);
  return `{"directed":true,"multigraph":true,\n"graph":{"name":${name},"generator":"relata","version":1,"documents":${lines(documents)}},\n"nodes":${lines(nodes)},\n"edges":${lines(edges)}}\n`;
}
