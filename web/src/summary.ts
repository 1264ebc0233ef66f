// What the assertions of an edge come to, as `EdgeSummary` of src/graph/mod.rs has it.

import { dateOf, knownDays, parsePeriod, reference, type Assertion, type Model } from "./data";

/** The statuses, the firmest first. */
const FIRMEST = ["fact", "former", "possible", "intended", "negated"];

/** Relations that hold for a time and then end, by their built-in names: `STATES` of src/schema.rs. */
export const STATES: readonly string[] = [
  "head_of", "works_for", "member_of", "owns", "holds_title", "spouse_of", "lives_in", "represents", "spokesperson_for", "part_of", "based_in",
];

/** The assertions of an edge that have one status. */
export interface Said {
  status: number;
  assertions: Assertion[];
  /** Number of documents that say so. */
  documents: number;
  publishers: string[];
  /** That of the surest assertion. */
  score: number;
  /** The first and the last one. */
  dates: [first: string, last: string] | null;
  /** To whom they are attributed: each name once, in order. */
  by: number[];
}

/** Statuses, each once, the firmest first. */
export function firmestFirst(model: Model, statuses: Iterable<number>): number[] {
  const given = new Set(statuses);
  return FIRMEST.map((name) => model.statuses.indexOf(name)).filter((status) => given.has(status));
}

/**
 * The statuses of an edge, the one that speaks for it first: the firmest, or that a state is over.
 *
 * A state is over if of what is stated as fact or former, and has a date, the latest is former. Facts count by the first
 * day of their date, and what is former by the last; on one and the same day, it is over.
 */
export function statusOrder(model: Model, relation: number, assertions: Assertion[]): number[] {
  // Most edges have one status, and there may be very many edges.
  const first = assertions[0]?.status ?? 0;
  if (assertions.every(({ status }) => status === first)) return [first];
  const order = firmestFirst(model, assertions.map(({ status }) => status));
  const [fact, former] = [model.statuses.indexOf("fact"), model.statuses.indexOf("former")];
  if (!order.includes(former) || !STATES.includes(model.relations[relation]!.key)) return order;
  let [lastFact, lastFormer] = [-Infinity, -Infinity];
  for (const assertion of assertions) {
    if (assertion.status !== fact && assertion.status !== former) continue;
    const period = parsePeriod(dateOf(model, assertion));
    if (period === null) continue;
    const [begin, end] = knownDays(period);
    if (assertion.status === fact) lastFact = Math.max(lastFact, begin);
    else lastFormer = Math.max(lastFormer, end);
  }
  const isOver = lastFormer > -Infinity && lastFormer >= lastFact;
  return isOver ? [former, ...order.filter((status) => status !== former)] : order;
}

/** The status that speaks for an edge, and how many documents give it that. */
export function shown(model: Model, relation: number, assertions: Assertion[]): { status: number; documents: number } {
  const status = statusOrder(model, relation, assertions)[0]!;
  return { status, documents: new Set(assertions.filter((one) => one.status === status).map((one) => one.document)).size };
}

/** What the assertions of each status come to, that of the edge first. */
export function summarize(model: Model, relation: number, assertions: Assertion[]): [Said, ...Said[]] {
  return statusOrder(model, relation, assertions).map((status) => {
    const said = assertions.filter((assertion) => assertion.status === status);
    const dates = said.flatMap((assertion) => {
      const own = assertion.date === null ? null : reference(model, assertion.date).norm;
      // A range counts with both of its ends.
      return own?.split("/").filter((end) => end !== "") ?? model.documents[assertion.document]!.date ?? [];
    }).sort();
    const by = new Map(said.flatMap((assertion) => (assertion.by === null ? [] : [[reference(model, assertion.by).name, assertion.by]])));
    return {
      status, assertions: said, documents: new Set(said.map((assertion) => assertion.document)).size, publishers: publishers(model, said),
      score: Math.max(...said.map((assertion) => assertion.score)),
      dates: dates.length > 0 ? [dates[0]!, dates.at(-1)!] : null,
      by: [...by.keys()].sort().map((name) => by.get(name)!),
    };
  }) as [Said, ...Said[]];
}

/** Who published the documents of assertions, where known: each once, in order of name. */
export function publishers(model: Model, assertions: Assertion[]): string[] {
  return [...new Set(assertions.flatMap((assertion) => model.documents[assertion.document]!.source ?? []))].sort();
}
