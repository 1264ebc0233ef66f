// Graphs for the browser tests, as node-link JSON. The same numbers give the same graph.

const TYPES = ["PERSON", "ORGANIZATION", "PLACE", "EVENT"];
const RELATIONS = ["met", "criticized", "supports", "affiliated_with"];
const STATUSES = [undefined, undefined, undefined, "possible", "intended", "negated", "former"];
const GIVEN = ["Maria", "Jonas", "Émile", "Ana", "Pavel", "Ingrid", "Tomás", "Leyla", "Otto", "Zoë"];
const FAMILY = ["Keller", "Brandt", "Okafor", "Lindqvist", "Moreau", "Suárez", "Petrov", "Haddad", "Novak", "Quill"];

/** Numbers that look like chance, the same in each run. */
export function dice(seed) {
  let state = BigInt(seed);
  return (limit) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(limit));
  };
}

const hex = (number) => number.toString(16).padStart(16, "0");

/** Words of a document with their place in it. */
export function quote(text, start = 0) {
  const bytes = Buffer.byteLength(text);
  return { start, end: start + bytes, char_start: start, char_end: start + [...text].length, text };
}

/** Nodes in groups: most edges lie inside of a group, and each group has a center. */
export function planted(nodeCount, edgeCount, groupSize) {
  const below = dice(nodeCount);
  const documents = Array.from({ length: Math.max(1, nodeCount / 20) }, (_, index) => ({
    id: `news/${String(index).padStart(5, "0")}.txt`,
    title: `Report ${index}`,
    date: `20${10 + (index % 15)}-${String(1 + (index % 12)).padStart(2, "0")}-${String(1 + (index % 28)).padStart(2, "0")}`,
    url: `https://example.org/${index}`,
    source: `Paper ${index % 7}`,
  }));
  const names = Array.from(
    { length: nodeCount },
    (_, index) => `${GIVEN[index % 10]} ${FAMILY[Math.floor(index / 10) % 10]} ${index}`,
  );
  const ids = names.map((_, index) => `${TYPES[index % 4].toLowerCase()}-${hex(index)}`);
  const nodes = names.map((name, index) => ({
    id: ids[index],
    type: TYPES[index % 4],
    name,
    aliases: [{ name, count: 1 + (index % 3) }],
    mentions: [
      {
        document: documents[index % documents.length].id,
        spans: [{ start: 10, end: 10 + Buffer.byteLength(name), char_start: 10, char_end: 10 + name.length, kind: "name" }],
      },
    ],
  }));
  const seen = new Set();
  const edges = [];
  while (edges.length < edgeCount) {
    const group = below(Math.ceil(nodeCount / groupSize)) * groupSize;
    const inside = () => Math.min(nodeCount - 1, group + Math.min(below(groupSize), below(groupSize)));
    const head = inside();
    const tail = below(25) === 0 ? below(nodeCount) : inside();
    const type = RELATIONS[below(RELATIONS.length)];
    const [a, b] = ["met", "affiliated_with"].includes(type) && ids[tail] < ids[head] ? [tail, head] : [head, tail];
    if (a === b || seen.has(`${a} ${type} ${b}`)) continue;
    seen.add(`${a} ${type} ${b}`);
    const text = `${names[a]} ${type.replaceAll("_", " ")} ${names[b]}, it was said on the day.`;
    edges.push({
      source: ids[a],
      target: ids[b],
      type,
      assertions: [
        {
          document: documents[below(documents.length)].id,
          evidence: [quote(text, 100)],
          score: (50 + below(50)) / 100,
          ...(STATUSES[below(STATUSES.length)] && { status: STATUSES[below(STATUSES.length)] }),
        },
      ],
    });
  }
  return {
    directed: true,
    multigraph: true,
    graph: { name: "planted", generator: "test", version: 1, documents },
    nodes,
    edges,
  };
}
