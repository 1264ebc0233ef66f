-- The graph file, version 1. It is an ordinary SQLite database: any program may read it, relata alone should write it.
-- Numbers of documents and units belong to the file and mean nothing outside.

-- What the file was made with: `model`, `precision`, `min_score`, `rules` (the version of what decides which names are one
-- thing), `runs` (number of builds), `keeps_text`.
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Documents as they were read; `hash` is the SHA-256 of identifier, metadata and text, `content` that of all this with what
-- was found in it.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    content BLOB NOT NULL,
    title TEXT,
    date TEXT,
    url TEXT,
    source TEXT,
    text TEXT,
    run INTEGER NOT NULL,
    UNIQUE (name, hash)
);

-- One name for one thing in all documents. `representative` is the unit with the smallest key in its cluster, itself if
-- it is alone; a corpus entity is a cluster, and its identifier is made of that key. `base` is the key without what tells
-- people of one name apart.
CREATE TABLE units (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    base TEXT NOT NULL,
    type TEXT NOT NULL,
    representative INTEGER NOT NULL
);
CREATE INDEX units_by_base ON units (base);
CREATE INDEX units_by_representative ON units (representative);

-- Entities of documents, numbered from 0 in each. `unit` is null for one that no other document can know, such as a bare
-- surname, unless people joined it with something: then it has a unit of its own. `dates` and `context` are what resolution compares.
CREATE TABLE entities (
    document INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    norm TEXT,
    link TEXT,
    unit INTEGER,
    dates TEXT,
    context BLOB,
    PRIMARY KEY (document, entity)
) WITHOUT ROWID;
CREATE INDEX entities_by_unit ON entities (unit, document) WHERE unit IS NOT NULL;

-- Names of an entity in its document, with the number of mentions, none for a normal form; `folded` is for search. `proven` counts the mentions
-- that are proof enough to join the entity with other documents, null if there is none.
CREATE TABLE names (
    document INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    proven INTEGER,
    PRIMARY KEY (document, entity, name)
) WITHOUT ROWID;
CREATE INDEX names_by_folded ON names (folded);

-- Where an entity is mentioned, in bytes and in characters, half open.
CREATE TABLE mentions (
    document INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (document, entity, "start", "end", kind)
) WITHOUT ROWID;

-- What a document says: one row for each relation, its ends and qualifiers being entities of the same document.
-- `status` is null for fact.
CREATE TABLE assertions (
    document INTEGER NOT NULL,
    assertion INTEGER NOT NULL,
    head INTEGER NOT NULL,
    type TEXT NOT NULL,
    tail INTEGER NOT NULL,
    score REAL NOT NULL,
    status TEXT,
    date INTEGER,
    place INTEGER,
    by INTEGER,
    PRIMARY KEY (document, assertion)
) WITHOUT ROWID;

-- The words that prove it: sentences (role `evidence`) and the word that states it (role `trigger`).
CREATE TABLE quotes (
    document INTEGER NOT NULL,
    assertion INTEGER NOT NULL,
    role TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (document, assertion, role, "start", "end")
) WITHOUT ROWID;

-- Their wording, once for each document, and where they stand in characters.
CREATE TABLE passages (
    document INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, "start", "end")
) WITHOUT ROWID;

-- Keys under which units meet.
CREATE TABLE blocks (block TEXT NOT NULL, unit INTEGER NOT NULL, PRIMARY KEY (block, unit)) WITHOUT ROWID;
CREATE INDEX blocks_by_unit ON blocks (unit);

-- Pairs of units that may be one thing, the smaller number first: log-odds in thousandths, why, and whether it joined them.
CREATE TABLE pairs (
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    odds INTEGER NOT NULL,
    reason TEXT NOT NULL,
    alias_documents INTEGER NOT NULL,
    shared_context INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX pairs_by_b ON pairs (b);

-- What people decided about pairs of units, by their keys, the smaller one first.
CREATE TABLE decisions (a TEXT NOT NULL, b TEXT NOT NULL, same INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;

-- What people decided about things of one name: which of them a document means. An empty label keeps the name.
CREATE TABLE namesakes (
    base TEXT NOT NULL,
    document TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (base, document)
) WITHOUT ROWID;

-- Units whose documents changed since the last resolution; empty in a file that is up to date.
CREATE TABLE changed (unit INTEGER PRIMARY KEY);
