// Names found by what one types, accents and case aside.

import type { Model } from "./data";

/** Letters alone, in small ones, without their accents; what has no decomposition is spelled out. */
export function fold(text: string): string {
  return text
    .slice(0, 400)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[øłđðþßæœıħŧ]/g, (letter) => ({ ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe", ı: "i", ħ: "h", ŧ: "t" })[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

export interface Hit {
  node: number;
  /** The name that was found, where it is not the best one. */
  alias: string | null;
}

export class Search {
  private readonly names: { node: number; folded: string; alias: string | null }[] = [];

  constructor(model: Model, private readonly weight: (node: number) => number) {
    model.nodes.forEach((thing, node) => {
      const seen = new Set<string>();
      for (const name of [thing.name, ...thing.aliases.map(([alias]) => alias)]) {
        const folded = fold(name);
        if (folded === "" || seen.has(folded)) continue;
        seen.add(folded);
        this.names.push({ node, folded, alias: name === thing.name ? null : name });
      }
    });
  }

  /** The best things for a query: whole names first, then beginnings, then words, then all that holds the letters. */
  find(query: string, limit: number): Hit[] {
    const wanted = fold(query);
    if (wanted === "") return [];
    const words = wanted.split(" ");
    const best = new Map<number, { rank: number; alias: string | null }>();
    for (const { node, folded, alias } of this.names) {
      const rank = this.rank(folded, wanted, words);
      if (rank === 0) continue;
      const before = best.get(node);
      if (!before || before.rank < rank || (before.rank === rank && alias === null)) best.set(node, { rank, alias });
    }
    return [...best.entries()]
      .sort(([a, x], [b, y]) => y.rank - x.rank || this.weight(b) - this.weight(a) || a - b)
      .slice(0, limit)
      .map(([node, { alias }]) => ({ node, alias }));
  }

  private rank(name: string, wanted: string, words: string[]): number {
    if (name === wanted) return 5;
    if (name.startsWith(wanted)) return 4;
    if (` ${name}`.includes(` ${wanted}`)) return 3;
    if (words.every((word) => ` ${name}`.includes(` ${word}`))) return 2;
    return name.includes(wanted) ? 1 : 0;
  }
}
