// The graph as src/export/view/data.rs writes it.

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
  /** The name that a built-in type has in the program, whatever the user calls it. */
  key: string;
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
  const nodes: Thing[] = raw.nodes.map(([[id, type, name, norm, link], aliases, mentions, x, y, group, place]: any[]) => ({
    id, type, name, norm, link, aliases, mentions, x, y: -y, group,
    place: place && { latitude: place[0], longitude: place[1], country: place[2], within: place[3] },
  }));
  const model: Model = {
    title: raw.title, types: raw.types, kinds: raw.kinds, statuses: ["fact", ...raw.statuses],
    relations: raw.relations.map(([name, symmetric, meaning, key]: any[]) => ({ name, symmetric, meaning, key })),
    nodes, edges: [], documents, listed: raw.listed, quotes: raw.quotes, references: raw.references, land: raw.land,
  };
  model.edges = raw.edges.map(([[head, relation, tail], said]: any[], edge: number) => ({
    head, relation, tail,
    assertions: said.map(([document, score, status, evidence, trigger, date, place, by]: any[]) => {
      const assertion: Assertion = { edge, document, score, status, evidence, trigger, date, place, by, days: null };
      const period = parsePeriod(dateOf(model, assertion));
      assertion.days = period && days(period);
      return assertion;
    }),
  }));
  return model;
}

/** What a number of an assertion names: a node, or for negative ones an entry of the list of names. */
export function reference(model: Model, number: number): Reference {
  return number >= 0 ? model.nodes[number]! : model.references[-1 - number]!;
}

/** The date of an assertion: its own, else that of its document. */
export function dateOf(model: Model, assertion: Assertion): string | null {
  const own = assertion.date === null ? null : reference(model, assertion.date).norm;
  return own ?? model.documents[assertion.document]!.date;
}

const DAY = 86_400_000;

function day(year: number, month: number, date: number): number {
  const point = new Date(0);
  point.setUTCFullYear(year, month, date);
  return Math.round(point.getTime() / DAY);
}

type Days = [first: number, last: number];

/** First and last day of `2024`, `2024-05`, `2024-05-03` or `199X`; what follows a day, such as a time, does not count. */
function parsePoint(norm: string): Days | null {
  const found = /^(?:(\d{3})X|(\d{4})(?:-(\d\d)(?:-(\d\d))?)?)$/.exec(norm.split(/[T ]/, 1)[0]!);
  if (!found) return null;
  const [decade, year, month, date] = found.slice(1).map((digits) => (digits === undefined ? null : Number(digits)));
  if (decade != null) return [day(10 * decade, 0, 1), day(10 * decade + 9, 11, 31)];
  if (month == null) return [day(year!, 0, 1), day(year!, 11, 31)];
  if (month < 1 || month > 12) return null;
  const [first, last] = [day(year!, month - 1, 1), day(year!, month, 0)];
  if (date == null) return [first, last];
  return date >= 1 && first + date - 1 <= last ? [first + date - 1, first + date - 1] : null;
}

/** The ends of a stretch of time, of which one may be missing. */
type Period = { start: Days; end: Days | null } | { start: null; end: Days };

/** Takes a point, or two of them joined by a slash; `Period::parse` of src/graph/period.rs. */
export function parsePeriod(norm: string | null): Period | null {
  if (norm === null) return null;
  const slash = norm.indexOf("/");
  const texts = slash < 0 ? [norm, norm] : [norm.slice(0, slash), norm.slice(slash + 1)];
  const [start, end] = texts.map((text) => (text === "" ? null : parsePoint(text))) as [Days | null, Days | null];
  // What is there has to be a date.
  if ((start === null && texts[0] !== "") || (end === null && texts[1] !== "")) return null;
  if (start === null) return end && { start, end };
  return end === null || start[0] <= end[1] ? { start, end } : null;
}

/** First and last day that are named. */
export function days({ start, end }: Period): Days {
  return start === null ? end : [start[0], (end ?? start)[1]];
}

/** First and last day that are known: what has one end alone begins and ends with that day. */
export function knownDays({ start, end }: Period): Days {
  if (start === null) return [end[1], end[1]];
  return [start[0], end === null ? start[0] : end[1]];
}

export function dayName(number: number): string {
  const date = new Date(number * DAY);
  const pad = (part: number, size: number) => String(part).padStart(size, "0");
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
}
