//! What can be said on the command line.

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};
use serde::Deserialize;

use crate::nn::Precision;

const LONG_ABOUT: &str = "\
Reads text and fills a knowledge graph with the people, organizations and places in it.

Every edge carries the words that prove it, who claims it, when, where, and whether it is fact or allegation. \
All work is done on this machine: no server, no download. Only `relata load` uses a network.

Exit codes: 0 done, 1 done but nothing found, 2 error (also if one document of many could not be read).";

const EXAMPLES: &str = "\
Examples:
  A graph of a folder of articles, as a picture and as JSON-LD:
      relata build articles/ -o graph.dot -o graph.jsonld
      dot -Tsvg graph.dot -o graph.svg

  What one article says, read by another program:
      relata extract article.html | jq -r '.entities[].name'

  From a pipe, one JSON document a line:
      zcat corpus.jsonl.gz | relata extract - > extracted.jsonl

`relata help COMMAND` says more about a command.";

const EXTRACT_HELP: &str = "\
Examples:
  relata extract article.txt report.html corpus.jsonl.gz docs/
      Files of several kinds, and all that lie under a folder.
  relata extract 'news/2024-*/*.md' -o news.jsonl
      A glob; quoted, so that the program expands it and not the shell.
  relata extract --text-field body --id-field key dump.jsonl
      JSON Lines with other field names.
  curl -s https://example.org/story | relata extract --input-format html -
      A page from standard input.
  relata extract --gazetteer ships.tsv --rules ships.toml news/
      With names that you know, and patterns of your own; docs/user-files.md says what they hold.

Each line has id, text, date, mentions (start, end, type, kind, entity, score), entities (id, type, name) and relations \
(head, type, tail, score, evidence, and date, place, by, status where the text gives them). Offsets are UTF-8 bytes into \
text, half open. Lines come in input order, whatever the number of threads.";

const BUILD_HELP: &str = "\
Examples:
  relata build articles/ -o graph.json
      The format is told by the extension.
  relata build articles/ -o graph.dot -o graph.jsonld
      Two formats of the same graph from one run.
  relata build articles/ -o - --format dot | dot -Tsvg > graph.svg
      To standard output; the format has to be named.
  relata build --min-score 0.7 corpus.jsonl.zst -o graph.json
      Only relations that the model is rather sure of.
  relata build articles/ -o news.relata
      A graph file, which keeps documents apart: add more with the same command, take some out with
      `relata remove`, and write any other format with `relata export`.

A graph file that exists gets what is new: documents that it has are known and stay as they are, changed ones are \
replaced, and the last line counts both. Documents are told apart by the path as it was given, or by their `id` in JSON \
Lines; those of standard input without one go by their contents. If a run is cut off, the same command goes on where it \
was. Any other file is written whole or not at all: an older one stays until the new one is complete, and if no document \
could be read.";

const ANNOTATE_HELP: &str = "\
Examples:
  relata annotate article.txt -o article.html
      Names with their types, and arcs between the mentions that a relation joins, with type,
      status and score.
  relata annotate --min-score 0.5 articles/ -o articles.html
      One section for each document; only relations that the model is rather sure of.
  relata annotate --extracted news.jsonl -o news.html
      What was extracted before, by this program or by people.

In the browser, point at a mention to light up all that means the same thing, and at an arc or a relation to see its ends; \
a click keeps them lit. The page is one file, loads nothing, and can be read without scripts.";

const EXPORT_HELP: &str = "\
Examples:
  relata export news.relata -o news.jsonld -o news.html
      The whole graph in two formats.
  relata export news.relata -o keller.svg --around 'Maria Keller' --hops 2
      What is at most two steps away from her; only the documents that speak of it are read.
  relata export news.relata -o part.json --types PERSON,PLACE --relations lives_in --status fact
      What documents state as a fact of where people live.
  relata export news.relata -o spring.gexf --since 2024-03 --until 2024-05
      What happened or was told in three months, both ends included.

Options that choose relations leave all names in, also those that have none left; csv and edge-list hold relations alone.";

#[cfg(feature = "load")]
const LOAD_HELP: &str = "\
Examples:
  RELATA_PASSWORD=... relata load news.relata bolt://neo4j@localhost:7687/neo4j
      Into Neo4j, ArcadeDB or another database that speaks Bolt; bolt+s:// with TLS.
  relata load news.relata bolt+s://neo4j@db.example.org --replace
      What relata loaded before and the graph does not have any more is removed; what others wrote
      stays.
  relata load news.relata falkordb://localhost:6379/news
      Into the graph `news` of FalkorDB.
  relata load news.relata sparql+http://localhost:7878/ --graph https://example.org/news
      Into a named graph of Oxigraph, or of another store with SPARQL 1.1 and its Graph Store
      Protocol.
  relata load graph.json bolt://localhost --types PERSON,ORGANIZATION --status fact
      A part of what `relata build -o graph.json` wrote.

A load that was cut off is run again: it goes on where it was, and a second load changes nothing. In the end the database \
is asked how much it holds; another number than was sent is an error. docs/databases.md has the data model and queries.";

const VIEW_HELP: &str = "\
Examples:
  relata view news.relata -o news.html --open
      The whole graph, shown in the browser.
  relata build articles/ -o graph.json && relata view graph.json -o graph.html
      Without a graph file.
  relata view news.relata -o keller.html --around 'Maria Keller' --hops 2 --min-score 0.5
      What is at most two steps away from her, without what is doubtful.

The page is one file that needs no server and loads nothing. `relata export news.relata -o page.html` makes a page to \
read, which needs no script either.";

const QUERY_HELP: &str = "\
Examples:
  relata query news.relata 'Maria Keller'
      Her names, and each relation with its documents, dates, best score and status.
  relata query news.relata 'Maria Keller' Nordbank
      What joins the two, directly or over others.
  relata query news.relata person-0123456789abcdef --json
      By identifier, also one of old whose name was joined with another since.";

const MERGE_HELP: &str = "\
Examples:
  relata merge news.relata 'Maria Keller' 'M. Keller-Brandt'
      Two names are one person's.
  relata merge news.relata person-0123456789abcdef 'Maria Keller'
      By identifier, as `relata query` shows it.

If nothing has a name whole, what alone holds its words is meant. What was joined is told; `relata split` undoes it.";

const SPLIT_HELP: &str = "\
Examples:
  relata split news.relata 'Maria Keller' 'Marija Keler'
      Two names that were joined are two people.
  relata split news.relata 'John Smith' --documents court.txt appeal.txt
      Two people have one name, and these documents mean the other one.";

const REVIEW_HELP: &str = "\
Examples:
  relata review news.relata -o review.yaml
      The pairs of names that may be one thing, the least sure first. Write `same: yes` or
      `same: no` where you know.
  relata review news.relata --decisions review.yaml
      Takes the decisions; pairs without an answer stay as they are.";

const EXPLAIN_HELP: &str = "\
Examples:
  relata explain article.txt Keller
      Every mention of Keller with the reason of its link, and every relation with its sentence.
  relata explain article.html 'Maria Keller' Nordbank
      Both with their mentions, and what holds between them.
  relata explain news.relata Keller
      Which names of which documents were joined to one thing, why, which nearly were, and which
      people parted.
  relata explain news.relata 'Maria Keller' Nordbank
      That of both, and what holds between them, each relation with its sentences.

Names are compared without regard to case and accents; if nothing has the name, those that hold its words are shown. \
Numbers are byte offsets and scores from 0 to 1.";

const EVAL_HELP: &str = "\
Examples:
  relata eval gold.jsonl
      Runs the pipeline on the texts of gold.jsonl and scores what it finds.
  relata eval gold.jsonl predictions.jsonl --json
      Scores the output of `relata extract`, or of another program that writes the same form.
  relata eval gold.jsonl --errors
      Also lists what was missed or wrong, the commonest kinds first.
  relata eval gold.jsonl --compare old.jsonl new.jsonl
      What a change did: the scores of both, the difference, and whether it is more than chance.

What a gold set does not annotate exhaustively (its field `annotated` says so) counts neither for nor against.";

const KB_HELP: &str = "\
Examples:
  relata kb build latest-all.json.gz -o wikidata.kb
      English names of people, organizations and places.
  relata kb build latest-all.json.bz2 -o people.kb --languages de,en --types person
      German names, and English ones.
  relata kb find wikidata.kb 'Marie Curie'
      Which entities bear the name.
  relata extract article.txt --kb wikidata.kb
      Entities that are clear get an identifier.";

/// The most threads of a run: many times the cores of any machine, and fewer than systems refuse to make.
pub(super) const MOST_THREADS: u16 = 1024;

/// Reads text and fills a knowledge graph with the people, organizations and places in it.
#[derive(Debug, Parser)]
#[command(name = "relata", version, long_about = LONG_ABOUT, after_long_help = EXAMPLES, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub global: GlobalArguments,
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command understands.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct GlobalArguments {
    /// Say more on standard error: a line for each document
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Say nothing on standard error but what stops the run
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Number of threads [default: one for each core]
    ///
    /// At most 1024. The output does not depend on it.
    #[arg(long, value_name = "N", global = true, hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub threads: Option<u16>,

    /// Settings file in TOML; options given here win over it
    ///
    /// The file may hold `threads`, `min_score`, `precision`, `model`, `fast`, `kb`, `gazetteer`, `rules`, `schema` (paths from the
    /// file's own folder; of `gazetteer` and `rules` also lists of paths), `input_format`, `max_bytes`, and `text_field`, `id_field`,
    /// `title_field`, `date_field`, `url_field`, `source_field`.
    /// They mean the same as the options. No file is read unless it is named.
    #[arg(long, value_name = "FILE", global = true, value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// Folder of another model than the one built in
    #[arg(long, value_name = "DIR", global = true, hide_short_help = true, value_hint = ValueHint::DirPath)]
    pub model: Option<PathBuf>,

    /// Use the smaller of the built-in models: faster, and wrong more often
    #[arg(long, global = true, conflicts_with = "model", hide_short_help = true)]
    pub fast: bool,

    /// List of names that you know; see also --rules
    ///
    /// It may be given several times. Its lines hold name, type, identifier and aliases (joined by |) with tabs between
    /// them, such as `Aurora Dawn<TAB>WORK<TAB>imo:9876543<TAB>the Dawn`, or in a .jsonl file
    /// `{"name": "Aurora Dawn", "type": "WORK", "id": "imo:9876543", "aliases": ["the Dawn"]}`.
    /// Identifiers and aliases may be left out.
    #[arg(long, value_name = "FILE", global = true, action = ArgAction::Append, value_hint = ValueHint::FilePath)]
    #[arg(hide_short_help = true)]
    pub gazetteer: Vec<PathBuf>,

    /// Patterns of your own in TOML
    ///
    /// It may be given several times. Such as:
    ///
    /// [[mention]]
    /// type = "WORK"
    /// pattern = '\bIMO (\d{7})\b'
    /// id = "imo:$1"
    ///
    /// [[relation]]
    /// type = "owns"
    /// pattern = '(?P<head>{PERSON|ORGANIZATION}),? which owns (?P<tail>{WORK})'
    ///
    /// A relation may also have a score (0.9 without it) and a status.
    #[arg(long, value_name = "FILE", global = true, action = ArgAction::Append, value_hint = ValueHint::FilePath)]
    #[arg(verbatim_doc_comment, hide_short_help = true)]
    pub rules: Vec<PathBuf>,

    /// Types of your own in TOML: those that are kept, new names for them, and more for --gazetteer and --rules
    ///
    /// Such as:
    ///
    /// [keep]
    /// entities = ["PERSON", "ORGANIZATION", "WORK"]
    ///
    /// [rename]
    /// ORGANIZATION = "Company"
    ///
    /// [[entity]]
    /// name = "Vessel"
    /// like = "WORK"
    ///
    /// [[relation]]
    /// name = "sails_for"
    /// heads = ["Vessel"]
    /// tails = ["Company"]
    ///
    /// A graph file remembers it.
    #[arg(long, value_name = "FILE", global = true, value_hint = ValueHint::FilePath)]
    #[arg(verbatim_doc_comment, hide_short_help = true)]
    pub schema: Option<PathBuf>,

    /// Knowledge base that people, organizations and places are linked to; `relata kb build` makes one
    #[arg(long, value_name = "FILE", global = true, hide_short_help = true, value_hint = ValueHint::FilePath)]
    pub kb: Option<PathBuf>,

    /// How exactly the model counts [default: int8]
    #[arg(long, value_name = "PRECISION", global = true, hide_short_help = true)]
    pub precision: Option<Precision>,

    /// Drop relations that score lower, from 0 to 1 [default: 0]
    #[arg(long, value_name = "SCORE", global = true, value_parser = parse_score, allow_negative_numbers = true)]
    pub min_score: Option<f32>,
}

impl GlobalArguments {
    /// The files that every command reads, if they are given.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        [&self.config, &self.schema].into_iter().filter_map(|path| path.as_deref())
    }
}

/// How to read the input.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct ReadArguments {
    /// Take all input to be of this kind
    ///
    /// Without it, the extension decides (.txt, .md, .html, .jsonl, each also .gz, .zst or .bz2), and for standard
    /// input and other files that you name, the first bytes do. Of folders, files with another extension are left out
    /// and counted; those without any are read. Graph files and what the run writes always are left out of folders.
    /// A list of JSON objects is read as JSON Lines are, and so is a .json file that you name.
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,

    /// Skip documents larger than this, such as 500k or 20M [default: 4M]
    ///
    /// Also those with more than one word or mark for each four bytes of it, as tables of numbers have: memory goes by words.
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub max_bytes: Option<u64>,

    /// JSON Lines: the field with the text [default: text]
    #[arg(long, value_name = "NAME")]
    pub text_field: Option<String>,

    /// JSON Lines: the field with the document's id [default: id]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub id_field: Option<String>,

    /// JSON Lines: the field with the title [default: title]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub title_field: Option<String>,

    /// JSON Lines: the field with the date [default: date]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub date_field: Option<String>,

    /// JSON Lines: the field with the address [default: url]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub url_field: Option<String>,

    /// JSON Lines: the field with the publisher [default: source]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub source_field: Option<String>,
}

/// The kinds of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum InputFormat {
    /// Plain text
    Text,
    /// Markdown
    Markdown,
    /// Web pages: main text, title and date
    Html,
    /// One JSON object a line
    Jsonl,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Extract(ExtractArguments),
    Build(BuildArguments),
    Annotate(AnnotateArguments),
    Status(StatusArguments),
    Remove(RemoveArguments),
    Export(ExportArguments),
    #[cfg(feature = "load")]
    Load(LoadArguments),
    View(ViewArguments),
    Query(QueryArguments),
    Explain(ExplainArguments),
    Merge(MergeArguments),
    Split(SplitArguments),
    Review(ReviewArguments),
    Eval(EvalArguments),
    Kb(KbArguments),
    Schema(SchemaArguments),
    Completions(CompletionsArguments),
    Man(ManArguments),
}

/// Find mentions, entities and relations; write one JSON document a line
#[derive(Debug, Args)]
#[command(after_long_help = EXTRACT_HELP)]
pub(super) struct ExtractArguments {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub read: ReadArguments,
}

/// Merge what all documents say into one graph
#[derive(Debug, Args)]
#[command(after_long_help = BUILD_HELP)]
pub(super) struct BuildArguments {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,

    /// Where to write the graph, - for standard output; may be given several times
    #[arg(short, long = "output", required = true, value_name = "GRAPH", action = ArgAction::Append, value_hint = ValueHint::FilePath)]
    pub outputs: Vec<PathBuf>,

    /// Format of the graph, where the extension does not tell it
    ///
    /// With one `-o` it wins over the extension. With several, it goes for the one whose extension says nothing.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,

    /// Write statements as RDF 1.2 has them, which few programs read yet (N-Quads, Turtle, TriG)
    ///
    /// They are `rdf:reifies <<( ... )>>` then, and not `rdf:Statement`.
    #[arg(long, hide_short_help = true)]
    pub rdf12: bool,

    /// The input are files that `relata extract` wrote: take their mentions, entities and relations as they are
    #[arg(long)]
    pub extracted: bool,

    /// Keep the texts in the graph file
    #[arg(long)]
    pub keep_text: bool,

    /// Decisions on which names are one thing, as `relata review` writes them
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub decisions: Option<PathBuf>,

    #[command(flatten)]
    pub read: ReadArguments,
}

/// Draw on the text of documents what is found in them, as a page to read
#[derive(Debug, Args)]
#[command(after_long_help = ANNOTATE_HELP)]
pub(super) struct AnnotateArguments {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "PAGE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// The input are files that `relata extract` wrote: take their mentions, entities and relations as they are
    #[arg(long)]
    pub extracted: bool,

    #[command(flatten)]
    pub read: ReadArguments,
}

/// Say what is in a graph file
#[derive(Debug, Args)]
pub(super) struct StatusArguments {
    /// The graph file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// List the documents
    #[arg(long)]
    pub documents: bool,

    /// Write JSON instead of a table or list
    #[arg(long)]
    pub json: bool,
}

/// Take documents out of a graph file, with all that only they said
#[derive(Debug, Args)]
pub(super) struct RemoveArguments {
    /// The graph file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Identifiers of documents, as `relata status --documents` lists them; or folders, JSON Lines and globs of them
    #[arg(required = true, value_name = "DOC")]
    pub documents: Vec<String>,
}

/// Write the graph of a graph file, or a part of it, in another format
#[derive(Debug, Args)]
#[command(after_long_help = EXPORT_HELP)]
pub(super) struct ExportArguments {
    /// The graph file, or node-link JSON
    #[arg(value_name = "GRAPH", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Where to write the graph, - for standard output; may be given several times
    #[arg(short, long = "output", required = true, value_name = "GRAPH", action = ArgAction::Append, value_hint = ValueHint::FilePath)]
    pub outputs: Vec<PathBuf>,

    /// Format of the graph, where the extension does not tell it
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,

    /// Write statements as RDF 1.2 has them, which few programs read yet (N-Quads, Turtle, TriG)
    ///
    /// They are `rdf:reifies <<( ... )>>` then, and not `rdf:Statement`.
    #[arg(long, hide_short_help = true)]
    pub rdf12: bool,

    #[command(flatten)]
    pub filter: FilterArguments,
}

/// Make a page to look around in: search, filters, evidence, a map, a time line
#[derive(Debug, Args)]
#[command(after_long_help = VIEW_HELP)]
pub(super) struct ViewArguments {
    /// A graph file, or node-link JSON as `relata build -o graph.json` writes it, also compressed
    #[arg(value_name = "GRAPH", value_hint = ValueHint::FilePath)]
    pub graph: PathBuf,

    /// Where to write the page, - for standard output
    #[arg(short, long, value_name = "PAGE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,

    /// Show the page in the browser
    #[arg(long)]
    pub open: bool,

    /// Title of the page [default: the name of the graph]
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,

    #[command(flatten)]
    pub filter: FilterArguments,
}

// What to keep of a graph; a doc comment would become the description of the command.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to keep")]
pub(super) struct FilterArguments {
    /// Only nodes of these types, such as PERSON,PLACE
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub types: Vec<String>,

    /// Only relations of these types, such as owns,head_of
    ///
    /// Names stay, whether a relation is left of them or not; so it is with --status, --since, --until and --min-score.
    #[arg(long, value_name = "RELATIONS", value_delimiter = ',')]
    pub relations: Vec<String>,

    /// Only assertions of these statuses: fact, possible, intended, negated, former
    #[arg(long, value_name = "STATUSES", value_delimiter = ',')]
    pub status: Vec<String>,

    /// Only assertions from this day, month or year on, such as 2024-03
    ///
    /// An assertion has the date that its text gives it, else that of its document. One without any is left out.
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,

    /// Only assertions up to this day, month or year, such as 2024-03-11
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,

    /// Only what is near the nodes with this name or identifier
    #[arg(long, value_name = "NAME")]
    pub around: Option<String>,

    /// How many steps away from them
    #[arg(long, value_name = "N", default_value_t = 1, requires = "around")]
    pub hops: usize,
}

/// Load a graph into a database, and count what the database then holds
#[cfg(feature = "load")]
#[derive(Debug, Args)]
#[command(after_long_help = LOAD_HELP)]
pub(super) struct LoadArguments {
    /// A graph file (.relata), or node-link JSON (.json)
    #[arg(value_name = "GRAPH", value_hint = ValueHint::FilePath)]
    pub graph: PathBuf,

    /// Where the database is: bolt://, neo4j://, falkordb:// or sparql+http://
    ///
    /// With TLS bolt+s://, neo4j+s:// or sparql+https://. The password is taken from the environment, RELATA_PASSWORD, or
    /// asked for.
    #[arg(value_name = "URL", value_hint = ValueHint::Url)]
    pub url: String,

    /// Remove what earlier loads wrote and this graph does not have; of RDF stores, replace a graph that others made
    #[arg(long)]
    pub replace: bool,

    /// RDF stores: the named graph to write [default: urn:relata:graph]
    #[arg(long = "graph", value_name = "IRI")]
    pub named_graph: Option<String>,

    /// Rows that are sent at once
    #[arg(long, value_name = "N", default_value_t = 1000, hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub batch: u32,

    /// How many seconds a server that went away is waited for
    #[arg(long, value_name = "SECONDS", default_value_t = 30, hide_short_help = true)]
    pub wait: u64,

    #[command(flatten)]
    pub filter: FilterArguments,
}

/// Look things up in a graph file by name
#[derive(Debug, Args)]
#[command(after_long_help = QUERY_HELP)]
pub(super) struct QueryArguments {
    /// The graph file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// One name or identifier, or two to see what joins them
    #[arg(required = true, num_args = 1..=2, value_name = "NAME")]
    pub names: Vec<String>,

    /// Write node-link JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Decide that two names of a graph file are one thing
#[derive(Debug, Args)]
#[command(after_long_help = MERGE_HELP)]
pub(super) struct MergeArguments {
    /// The graph file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// The two names or identifiers
    #[arg(required = true, num_args = 2, value_names = ["A", "B"])]
    pub names: Vec<String>,
}

/// Decide that two names of a graph file are two things, which undoes their merge
#[derive(Debug, Args)]
#[command(after_long_help = SPLIT_HELP)]
pub(super) struct SplitArguments {
    /// The graph file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// The two names, as `relata explain` lists them; with --documents one name that two things bear
    #[arg(required = true, num_args = 1..=2, value_names = ["A", "B"])]
    pub names: Vec<String>,

    /// The documents that mean another one of that name
    #[arg(long, value_name = "DOC", num_args = 1..)]
    pub documents: Vec<String>,
}

/// List pairs of names that may be one thing, and take decisions on them
#[derive(Debug, Args)]
#[command(after_long_help = REVIEW_HELP)]
pub(super) struct ReviewArguments {
    /// The graph file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "decisions")]
    pub output: Option<PathBuf>,

    /// Take the decisions in this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub decisions: Option<PathBuf>,
}

/// Show why mentions or names were joined, and the words that prove each relation
#[derive(Debug, Args)]
#[command(after_long_help = EXPLAIN_HELP)]
pub(super) struct ExplainArguments {
    /// A text, or - for standard input; of a folder or JSON Lines, every document that has the names; or a graph file
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub input: PathBuf,

    /// One name, or two to see what holds between them
    #[arg(required = true, num_args = 1..=2, value_name = "NAME")]
    pub names: Vec<String>,

    #[command(flatten)]
    pub read: ReadArguments,
}

/// Score predictions, or the pipeline itself, against gold documents
#[derive(Debug, Args)]
#[command(after_long_help = EVAL_HELP)]
pub(super) struct EvalArguments {
    /// Gold documents: JSON Lines, or inline annotated text (.gold)
    #[arg(value_name = "GOLD", value_hint = ValueHint::FilePath)]
    pub gold: PathBuf,

    /// Predictions for the same documents; without it, the pipeline makes them
    #[arg(value_name = "PRED", value_hint = ValueHint::FilePath, conflicts_with = "compare")]
    pub predictions: Option<PathBuf>,

    /// Write JSON instead of a table
    #[arg(long)]
    pub json: bool,

    /// List what was missed or wrong
    #[arg(long, conflicts_with_all = ["json", "compare"])]
    pub errors: bool,

    /// Score two files of predictions and show the difference
    #[arg(long, num_args = 2, value_names = ["A", "B"], value_hint = ValueHint::FilePath)]
    pub compare: Vec<PathBuf>,
}

/// Make a knowledge base of a Wikidata dump, to link entities to, and look into it
#[derive(Debug, Args)]
#[command(after_long_help = KB_HELP)]
pub(super) struct KbArguments {
    #[command(subcommand)]
    pub command: KbCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum KbCommand {
    Build(KbBuildArguments),
    Find(KbFindArguments),
}

/// Read a dump and write a knowledge base
#[derive(Debug, Args)]
#[command(after_long_help = KB_HELP)]
pub(super) struct KbBuildArguments {
    /// Wikidata's JSON dump, plain or as .gz, .bz2 or .zst; - for standard input
    #[arg(value_name = "DUMP", value_hint = ValueHint::FilePath)]
    pub dump: PathBuf,

    /// Where to write the knowledge base
    #[arg(short, long, value_name = "FILE.kb", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,

    /// Languages whose names are taken; the first one that an item has gives its label
    #[arg(long, value_name = "CODES", value_delimiter = ',', default_value = "en")]
    pub languages: Vec<String>,

    /// What is taken
    #[arg(long, value_name = "TYPES", value_delimiter = ',', default_value = "person,organization,place")]
    pub types: Vec<KbType>,
}

/// The kinds of things in a knowledge base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum KbType {
    /// People
    Person,
    /// Companies, parties, ministries, universities, clubs and other bodies
    Organization,
    /// Countries, cities, rivers, mountains, buildings and other places
    Place,
}

/// Show the entities that bear a name, the best known first
#[derive(Debug, Args)]
pub(super) struct KbFindArguments {
    /// The knowledge base
    #[arg(value_name = "FILE.kb", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// The names
    #[arg(required = true, value_name = "NAME")]
    pub names: Vec<String>,
}

/// List entity types and relation types with their ends and meanings
#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// Write JSON instead of a table
    #[arg(long, conflicts_with = "shacl")]
    pub json: bool,

    /// Write SHACL shapes in Turtle, which exports in RDF pass
    #[arg(long)]
    pub shacl: bool,
}

/// Write a completion script for a shell
#[derive(Debug, Args)]
#[command(hide = true)]
#[command(after_long_help = "\
Examples:
  relata completions bash > ~/.local/share/bash-completion/completions/relata
  relata completions zsh > ~/.zfunc/_relata
  relata completions fish > ~/.config/fish/completions/relata.fish")]
pub(super) struct CompletionsArguments {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Write the manual page
#[derive(Debug, Args)]
#[command(hide = true)]
#[command(after_long_help = "\
Examples:
  relata man | man -l -
  relata man --dir /usr/local/share/man/man1")]
pub(super) struct ManArguments {
    /// Write the pages of all commands to this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}

fn parse_score(text: &str) -> Result<f32, String> {
    let score = text.parse().map_err(|_| "not a number".to_owned())?;
    check_score(score).map(|()| score)
}

/// Whether a number can be a score; the message fits both the command line and the settings file.
pub(super) fn check_score(score: f32) -> Result<(), String> {
    if (0.0..=1.0).contains(&score) { Ok(()) } else { Err(format!("{score} is not between 0 and 1")) }
}

/// Reads a size such as `500k`, `20M` or `1G`; the letters stand for powers of 1024.
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let bad = || format!("{text:?} is not a size; write a number, or one with k, M or G, such as 20M");
    let (digits, factor) = match text.trim().char_indices().last() {
        Some((at, 'k' | 'K')) => (&text.trim()[..at], 1 << 10),
        Some((at, 'm' | 'M')) => (&text.trim()[..at], 1 << 20),
        Some((at, 'g' | 'G')) => (&text.trim()[..at], 1 << 30),
        _ => (text.trim(), 1),
    };
    digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).filter(|size| *size > 0).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn short_help_fits_one_screen() {
        let mut program = Arguments::command().term_width(100);
        program.build();
        let mut pages = vec![program.render_help().to_string()];
        pages.extend(program.get_subcommands_mut().map(|command| command.render_help().to_string()));
        for page in pages {
            assert!(page.lines().count() <= 32, "{page}");
        }
    }

    #[test]
    fn examples_are_broken_where_they_should_be() {
        let program = Arguments::command();
        let commands = std::iter::once(&program).chain(program.get_subcommands());
        for help in commands.filter_map(|command| command.get_after_long_help()) {
            for line in help.to_string().lines().filter(|line| line.starts_with(' ')) {
                assert!(line.chars().count() <= 100, "the terminal would break it: {line}");
            }
        }
    }

    #[test]
    fn sizes() {
        for (text, size) in [("1", 1), ("500k", 500 << 10), ("20M", 20 << 20), (" 1G ", 1 << 30)] {
            assert_eq!(parse_size(text), Ok(size));
        }
        for text in ["", "0", "k", "1.5M", "-1", "20MB", "99999999999G"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn scores() {
        assert_eq!(parse_score("0.5"), Ok(0.5));
        for text in ["", "x", "1.1", "-0.1", "NaN", "inf"] {
            assert!(parse_score(text).is_err(), "{text}");
        }
    }
}
