//! Resolution across documents: how well names are matched and things joined.
//!
//! `cargo bench --bench across` prints the tables; `-- --errors` also lists what went wrong in the halves that may be
//! looked at, and `-- --linked FOLDER` measures on public sets whose entities have identifiers. `-- --fit FOLDER` fits the
//! weights of `src/corpus/score.rs` to such sets of the training and to the project's own passages. The folder holds the
//! sets unpacked, as `NAME.jsonl`.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::Path,
};

use relata::{
    corpus::{FEATURES, Features, PRIOR, Prepared, Profile, candidates, features, forbids, score},
    document::Document,
    eval::{parse_inline, read_gold},
    graph::{GraphBuilder, units},
    lexicon::fold,
    link::link,
    names::{NameKey, compare},
    pipeline::Pipeline,
    record::DocumentRecord,
    schema::{EntityType, MentionKind},
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--fit", folder] => fit(Path::new(folder)),
        ["--linked", folder] => linked_sets(Path::new(folder)),
        ["--errors"] => measure(true),
        // As when all benches are run.
        _ => measure(false),
    }
}

fn measure(errors: bool) -> Result<()> {
    pairs(errors)?;
    stories(errors)
}

/// A file of the project.
fn data(path: &str) -> String {
    format!("{}/data/{path}", env!("CARGO_MANIFEST_DIR"))
}

// -- names

struct NamePair {
    entity_type: EntityType,
    names: [String; 2],
    same: bool,
    phenomenon: String,
}

fn read_pairs() -> Result<Vec<NamePair>> {
    let text = fs::read_to_string(data("corpus/pairs.tsv"))?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let [entity_type, a, b, same, phenomenon] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("not five fields: {line}").into());
        };
        let entity_type = EntityType::from_name(entity_type).ok_or("an unknown type")?;
        let names = [a.to_owned(), b.to_owned()];
        Ok(NamePair { entity_type, names, same: same == "same", phenomenon: phenomenon.to_owned() })
    })
    .collect()
}

/// Two names that no document tells anything about.
fn bare(pair: &NamePair) -> [Prepared; 2] {
    let prepare = |name: &String, other: &str| {
        let mut profile = Profile::new(&format!("{} {name} {other}", pair.entity_type.name()), pair.entity_type);
        profile.spellings.insert(name.clone(), 1);
        Prepared::new(profile)
    };
    [prepare(&pair.names[0], "a"), prepare(&pair.names[1], "b")]
}

/// How alike the names of a pair are.
type Method = dyn Fn(&NamePair) -> f32;

fn pairs(errors: bool) -> Result<()> {
    let all = read_pairs()?;
    // Every second pair was never looked at while rules and weights were made.
    let (seen, unseen): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    println!("## Pairs of names, data/corpus/pairs.tsv, nothing but the names\n");
    println!(
        "| method | F1, {} pairs looked at | F1, {} pairs not looked at | F1, all | precision | recall |",
        seen.len(),
        unseen.len()
    );
    println!("|---|---|---|---|---|---|");
    let ours = |pair: &NamePair| {
        let [a, b] = bare(pair);
        score(&a, &b, || 0).map_or(f32::NEG_INFINITY, |pair| pair.odds as f32)
    };
    let within = |pair: &NamePair| {
        let key = |name: &String| NameKey::new(pair.entity_type, name);
        compare(&key(&pair.names[0]), &key(&pair.names[1])).map_or(0.0, |found| found.strength)
    };
    let jaro = |pair: &NamePair| strsim::jaro_winkler(&fold(&pair.names[0]), &fold(&pair.names[1])) as f32;
    let tokens = |pair: &NamePair| token_set_ratio(&fold(&pair.names[0]), &fold(&pair.names[1]));
    let methods: [(&str, &Method, Option<f32>); 4] = [
        ("across documents (`corpus::score`)", &ours, Some(0.0)),
        ("within a document (`names::compare`, from 0.6)", &within, Some(0.6)),
        ("Jaro-Winkler, at the best threshold for all pairs", &jaro, None),
        ("token set ratio, at the best threshold for all pairs", &tokens, None),
    ];
    for (name, method, threshold) in methods {
        let scored: Vec<(f32, bool)> = all.iter().map(|pair| (method(pair), pair.same)).collect();
        let threshold = threshold.unwrap_or_else(|| best_threshold(&scored));
        let of = |half: &[(usize, &NamePair)]| {
            let scored: Vec<(f32, bool)> = half.iter().map(|(_, pair)| (method(pair), pair.same)).collect();
            f1(&scored, threshold).2
        };
        let (precision, recall, all) = f1(&scored, threshold);
        println!("| {name} | {:.3} | {:.3} | {all:.3} | {precision:.3} | {recall:.3} |", of(&seen), of(&unseen),);
    }
    println!();
    if errors {
        for (_, pair) in &seen {
            let found = ours(pair);
            if (found > 0.0) != pair.same {
                let verdict = if pair.same { "missed" } else { "wrong" };
                println!("{verdict}\t{found}\t{}\t{}\t{}", pair.names[0], pair.names[1], pair.phenomenon);
            }
        }
    }
    Ok(())
}

/// Precision, recall and F1 of "same" from above a threshold.
fn f1(scored: &[(f32, bool)], threshold: f32) -> (f32, f32, f32) {
    let count = |test: &dyn Fn(&(f32, bool)) -> bool| scored.iter().filter(|pair| test(pair)).count() as f32;
    let right = count(&|(score, same)| *score > threshold && *same);
    let found = count(&|(score, _)| *score > threshold);
    let wanted = count(&|(_, same)| *same);
    (right / found.max(1.0), right / wanted.max(1.0), 2.0 * right / (found + wanted).max(1.0))
}

fn best_threshold(scored: &[(f32, bool)]) -> f32 {
    let mut thresholds: Vec<f32> = scored.iter().map(|(score, _)| *score - 1e-4).collect();
    thresholds.sort_by(f32::total_cmp);
    let best = thresholds.into_iter().max_by(|a, b| f1(scored, *a).2.total_cmp(&f1(scored, *b).2));
    best.unwrap_or(0.5)
}

/// The larger of the similarities of two names and of what their words have in common, as in fuzzywuzzy: words that one
/// has besides do not count against it.
fn token_set_ratio(a: &str, b: &str) -> f32 {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<String>>();
    let (left, right) = (words(a), words(b));
    let join = |words: Vec<&String>| words.into_iter().cloned().collect::<Vec<_>>().join(" ");
    let common = join(left.intersection(&right).collect());
    let with = |rest: String| [common.as_str(), rest.as_str()].join(" ").trim().to_owned();
    let one = with(join(left.difference(&right).collect()));
    let other = with(join(right.difference(&left).collect()));
    let ratio = |x: &str, y: &str| strsim::normalized_levenshtein(x, y) as f32;
    let shared = if common.is_empty() { 0.0 } else { ratio(&common, &one).max(ratio(&common, &other)) };
    ratio(&one, &other).max(shared)
}

// -- stories

fn stories(errors: bool) -> Result<()> {
    let path = data("corpus/stories.gold");
    let gold = parse_inline(&path, &fs::read_to_string(&path)?)?;
    let pipeline = Pipeline::new()?;
    let mut annotated = Vec::new();
    let mut marked = Vec::new();
    for record in &gold {
        let mut doc = Document::new(record.id.clone(), record.text.clone());
        doc.date.clone_from(&record.date);
        let mut whole = Document::try_from(record.clone())?;
        link(&mut whole);
        marked.push(whole);
        pipeline.annotate(&mut doc);
        annotated.push(doc);
    }
    println!("## Stories, data/corpus/stories.gold: persons, organizations, places, groups, events and works\n");
    println!(
        "| stories | documents | B-cubed F1 | precision | recall | duplicates per 100 things | nodes that mix things |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, docs, joined) in [
        ("marked entities, equal full names joined", &marked, false),
        ("marked entities", &marked, true),
        ("from raw text", &annotated, true),
    ] {
        for (half, first) in [("1 to 6, looked at", "s00"), ("7 to 12, not looked at", "s07")] {
            let wanted = |id: &str| (id < "s07") == (first < "s07");
            let gold: Vec<&DocumentRecord> = gold.iter().filter(|record| wanted(&record.id)).collect();
            let docs: Vec<&Document> = docs.iter().filter(|doc| wanted(&doc.id)).collect();
            let nodes = if joined { nodes(&docs) } else { equal_names(&docs) };
            let scores = Scores::of(&gold, &nodes, errors && first < "s07" && name == "marked entities");
            println!(
                "| {half} | {name} | {:.1} | {:.1} | {:.1} | {:.1} | {} |",
                scores.f1, scores.precision, scores.recall, scores.duplicates, scores.mixed
            );
        }
    }
    println!();
    Ok(())
}

/// The node of each mention: document, start and end to an identifier.
type Nodes = BTreeMap<(String, u32, u32), String>;

fn nodes(docs: &[&Document]) -> Nodes {
    let graph = docs.iter().copied().fold(GraphBuilder::new(), GraphBuilder::add).finish();
    let mut nodes = Nodes::new();
    for node in graph.nodes() {
        for mentions in &node.mentions {
            for span in &mentions.spans {
                nodes.insert((mentions.document.clone(), span.start, span.end), node.id.to_string());
            }
        }
    }
    nodes
}

/// What is had without any comparison: one node for each full name, and for each entity without one.
fn equal_names(docs: &[&Document]) -> Nodes {
    let mut nodes = Nodes::new();
    for doc in docs {
        for (index, (entity, unit)) in doc.entities.iter().zip(units(doc)).enumerate() {
            let node = unit.unwrap_or_else(|| format!("{} {index}", doc.id));
            for mention in entity.mentions.iter().map(|id| &doc.mentions[id.0 as usize]) {
                nodes.insert((doc.id.clone(), mention.span.start, mention.span.end), node.clone());
            }
        }
    }
    nodes
}

struct Scores {
    precision: f64,
    recall: f64,
    f1: f64,
    duplicates: f64,
    mixed: usize,
}

impl Scores {
    /// B-cubed over the names in the text; one that was not found counts for recall alone.
    fn of(gold: &[&DocumentRecord], nodes: &Nodes, tell: bool) -> Self {
        let mut items: Vec<(&str, Option<&str>)> = Vec::new();
        let mut shown: BTreeMap<&str, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
        for record in gold {
            for mention in record.mentions.iter().filter(|mention| mention.kind == MentionKind::Name) {
                if matches!(mention.entity_type, None | Some(EntityType::Title | EntityType::Date)) {
                    continue;
                }
                let entity = record.entities.iter().find(|entity| entity.id == mention.entity);
                let Some(key) = entity.and_then(|entity| entity.key.as_deref()) else { continue };
                let node = nodes.get(&(record.id.clone(), mention.start, mention.end)).map(String::as_str);
                items.push((key, node));
                if let Some(node) = node {
                    let words = record.text.get(mention.start as usize..mention.end as usize).unwrap_or_default();
                    shown.entry(key).or_default().entry(node).or_default().insert(format!("{words} {}", record.id));
                }
            }
        }
        let mut of_key: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut of_node: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
        for (key, node) in &items {
            *keys.entry(key).or_insert(0) += 1;
            if let Some(node) = node {
                *of_key.entry(key).or_default().entry(node).or_insert(0) += 1;
                *of_node.entry(node).or_default().entry(key).or_insert(0) += 1;
            }
        }
        let (mut precision, mut recall, mut found) = (0.0, 0.0, 0.0);
        for (key, node) in &items {
            let Some(node) = node else { continue };
            let both = of_key[key][node] as f64;
            precision += both / of_node[node].values().sum::<usize>() as f64;
            recall += both / keys[key] as f64;
            found += 1.0;
        }
        let (precision, recall) = (100.0 * precision / f64::max(found, 1.0), 100.0 * recall / items.len() as f64);
        let extra: usize = of_key.values().map(|nodes| nodes.len() - 1).sum();
        if tell {
            for (key, nodes) in shown.iter().filter(|(_, nodes)| nodes.len() > 1) {
                println!("duplicate {key}: {nodes:?}");
            }
            for (node, keys) in of_node.iter().filter(|(_, keys)| keys.len() > 1) {
                let names: Vec<_> = keys.keys().map(|key| (key, &shown[key][node])).collect();
                println!("mixed {node}: {names:?}");
            }
        }
        Self {
            precision,
            recall,
            f1: 2.0 * precision * recall / (precision + recall),
            duplicates: 100.0 * extra as f64 / of_key.len() as f64,
            mixed: of_node.values().filter(|keys| keys.len() > 1).count(),
        }
    }
}

/// The sets whose entities have identifiers of a knowledge base, which is what joins them here.
fn linked_sets(folder: &Path) -> Result<()> {
    println!("## Entities with identifiers, as marked in each document\n");
    println!("| set | nodes | B-cubed F1 | precision | recall | duplicates per 100 things | nodes that mix things |");
    println!("|---|---|---|---|---|---|---|");
    for set in ["docred_qcode", "knowledgenet_train", "dwie_dev"] {
        let mut records = read_gold(folder.join(format!("{set}.jsonl")))?;
        for entity in records.iter_mut().flat_map(|record| &mut record.entities) {
            entity.key = entity.link.take();
        }
        let docs: Vec<Document> =
            records.iter().map(|record| Document::try_from(record.clone())).collect::<std::result::Result<_, _>>()?;
        let (gold, docs): (Vec<&DocumentRecord>, Vec<&Document>) = (records.iter().collect(), docs.iter().collect());
        for (name, nodes) in [("equal full names joined", equal_names(&docs)), ("joined", nodes(&docs))] {
            let scores = Scores::of(&gold, &nodes, false);
            println!(
                "| {set} | {name} | {:.1} | {:.1} | {:.1} | {:.1} | {} |",
                scores.f1, scores.precision, scores.recall, scores.duplicates, scores.mixed
            );
        }
    }
    println!();
    Ok(())
}

// -- weights

/// A pair that is known to be one thing or two.
struct Example {
    features: Features,
    same: bool,
    /// Whether both stand in one document, where two like names are one thing far more often.
    within: bool,
}

fn fit(folder: &Path) -> Result<()> {
    let mut examples = Vec::new();
    for set in ["docred_qcode.jsonl", "knowledgenet_train.jsonl"] {
        let before = examples.len();
        linked(&read_gold(folder.join(set))?, &mut examples)?;
        println!("{set}: {} pairs", examples.len() - before);
    }
    let before = examples.len();
    for pair in read_pairs()?.iter().step_by(2) {
        let [a, b] = bare(pair);
        add_example(&a, &b, pair.same, false, &mut examples);
    }
    println!("pairs of names that may be looked at: {} pairs", examples.len() - before);
    let before = examples.len();
    let mut files: Vec<_> = fs::read_dir(data("news"))?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    for file in files {
        let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if name.ends_with(".gold") && !name.starts_with("dev") {
            for record in parse_inline(&name, &fs::read_to_string(&file)?)? {
                within_document(&record, &mut examples)?;
            }
        }
    }
    println!("news: {} pairs", examples.len() - before);
    for (index, name) in FEATURES.iter().enumerate() {
        let with = examples.iter().filter(|example| example.features[index] != 0.0);
        let (mut same, mut other) = (0, 0);
        with.for_each(|example| if example.same { same += 1 } else { other += 1 });
        println!("{name}: {same} same, {other} other");
    }
    let weights = regress(&examples, &PRIOR);
    println!("const WEIGHTS: Features = [");
    for (weight, name) in weights.iter().zip(FEATURES) {
        println!("    {weight:.2}, // {name}");
    }
    println!("];");
    Ok(())
}

/// Pairs of units of documents whose entities have identifiers.
fn linked(records: &[DocumentRecord], examples: &mut Vec<Example>) -> Result<()> {
    let mut builder = GraphBuilder::new();
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for record in records {
        let links: BTreeMap<u32, String> =
            record.entities.iter().filter_map(|entity| Some((entity.id, entity.link.clone()?))).collect();
        let mut record = record.clone();
        record.entities.iter_mut().for_each(|entity| entity.link = None);
        let typed: Vec<u32> =
            record.entities.iter().filter(|entity| entity.entity_type.is_some()).map(|entity| entity.id).collect();
        let doc = Document::try_from(record)?;
        for (unit, id) in units(&doc).into_iter().zip(typed) {
            if let (Some(unit), Some(link)) = (unit, links.get(&id)) {
                ids.entry(unit).or_default().insert(link.clone());
            }
        }
        builder = builder.add(&doc);
    }
    let units: Vec<Prepared> = builder.profiles().into_values().map(Prepared::new).collect();
    for (a, b) in candidates(&units).0 {
        let (Some(left), Some(right)) = (ids.get(units[a].key()), ids.get(units[b].key())) else { continue };
        add_example(&units[a], &units[b], !left.is_disjoint(right), false, examples);
    }
    Ok(())
}

/// Pairs of names within a document, each name as a unit of its own that nothing else is known of.
fn within_document(record: &DocumentRecord, examples: &mut Vec<Example>) -> Result<()> {
    let doc = Document::try_from(record.clone())?;
    let mut names: BTreeMap<(EntityType, String), usize> = BTreeMap::new();
    for (index, entity) in doc.entities.iter().enumerate() {
        for id in &entity.mentions {
            let mention = &doc.mentions[id.0 as usize];
            if mention.kind == MentionKind::Name {
                names.insert((entity.entity_type, doc.slice(mention.span).to_owned()), index);
            }
        }
    }
    let mut prepared: Vec<(Prepared, usize)> = Vec::new();
    for ((entity_type, name), entity) in names {
        // As it would be alone in a document: bare surnames are no units.
        let mut alone = Document::new("x", name.clone());
        alone.entities.push(relata::document::Entity {
            entity_type,
            name: name.clone(),
            norm: None,
            link: None,
            mentions: vec![relata::document::MentionId(0)],
        });
        alone.mentions.push(relata::document::Mention {
            span: relata::span::ByteSpan::new(0, name.len()),
            entity_type,
            kind: MentionKind::Name,
            score: 1.0,
            entity: Some(relata::document::EntityId(0)),
            norm: None,
            link: None,
        });
        let profiles = GraphBuilder::new().add(&alone).profiles();
        prepared.extend(profiles.into_values().map(|profile| (Prepared::new(profile), entity)));
    }
    for (at, (a, left)) in prepared.iter().enumerate() {
        for (b, right) in prepared.iter().skip(at + 1) {
            add_example(a, b, left == right, true, examples);
        }
    }
    Ok(())
}

fn add_example(a: &Prepared, b: &Prepared, same: bool, within: bool, examples: &mut Vec<Example>) {
    // Titles and dates are never scored, and what is forbidden never counts.
    if matches!(a.profile().entity_type, EntityType::Title | EntityType::Date) || forbids(a, b) {
        return;
    }
    if let Some((features, _)) = features(a, b) {
        examples.push(Example { features, same, within });
    }
}

/// Logistic regression, drawn towards weights that were set by hand: what the examples do not show stays as it was.
fn regress(examples: &[Example], prior: &Features) -> Features {
    let mut weights = *prior;
    // What pairs of one document have besides; it is no part of the weights.
    let mut inside = 0.0_f32;
    let pull = 3.0;
    for step in 0..20_000 {
        let mut gradient: Features = [0.0; FEATURES.len()];
        for (slot, (weight, prior)) in gradient.iter_mut().zip(weights.iter().zip(prior)) {
            *slot = pull * (weight - prior);
        }
        let mut slope_inside = 0.1 * inside;
        for example in examples {
            let own: f32 = example.features.iter().zip(&weights).map(|(feature, weight)| feature * weight).sum();
            let sum = if example.within { own + inside } else { own };
            let error = 1.0 / (1.0 + (-sum).exp()) - f32::from(u8::from(example.same));
            slope_inside += if example.within { error } else { 0.0 };
            for (slot, feature) in gradient.iter_mut().zip(&example.features) {
                *slot += error * feature;
            }
        }
        let rate = 1.0 / (10.0 + examples.len() as f32 * 0.5);
        inside -= rate * slope_inside;
        let mut moved = (rate * slope_inside).abs();
        for (weight, slope) in weights.iter_mut().zip(&gradient) {
            *weight -= rate * slope;
            moved = moved.max((rate * slope).abs());
        }
        if moved < 1e-6 {
            println!("settled after {step} steps; within a document {inside:+.2}");
            break;
        }
    }
    weights
}
