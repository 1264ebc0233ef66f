//! Commands on graph files: what is in them, documents out of them, decisions of people.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{File, TryLockError},
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use globset::GlobBuilder;

use crate::{
    corpus::{Decisions, base},
    graph::{node_id, normalize_name},
    store::{GraphFile, Named, StoreError},
};

use super::{
    Outcome,
    arguments::{GlobalArguments, RemoveArguments, ReviewArguments, SplitArguments, StatusArguments},
    decisions::{self, Name},
    explain::one_line,
    files::Outputs,
    library,
    output::Target,
    schema_file,
};

/// The extension of graph files.
pub(super) const EXTENSION: &str = "relata";

/// Whether a path is one of a graph file, by its extension.
pub(super) fn is_graph_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(EXTENSION))
}

/// Whether a path is one of a file that lies beside a graph file while that is used.
pub(super) fn is_beside_graph_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    ["-lock", "-wal", "-shm", "-journal"]
        .into_iter()
        .any(|end| name.strip_suffix(end).is_some_and(|name| is_graph_file(Path::new(name))))
}

/// A lock that says that a graph file is being written; it goes with the process, however that ends.
///
/// It lies beside the file, since SQLite locks the file itself for its own ends.
#[derive(Debug)]
pub(super) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Takes the lock; nothing if another program has it.
    pub fn take(path: &Path) -> Result<Option<Self>> {
        let mut name = path.as_os_str().to_owned();
        name.push("-lock");
        let file = File::create(&name).with_context(|| format!("cannot write beside {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }

    /// Takes the lock, or says who has it.
    pub fn insist(path: &Path) -> Result<Self> {
        Self::take(path)?.with_context(|| format!("another program is writing to {}; wait for it", path.display()))
    }
}

/// Opens a graph file to be looked at, and finishes what a run that was cut off left undone.
pub(super) fn open(global: &GlobalArguments, path: &Path) -> Result<GraphFile> {
    let mut file = open_file(global, path)?;
    if file.is_stale()? {
        match WriteLock::take(path)? {
            Some(_lock) => drop(file.resolve()?),
            None => say(global, "warning: documents are being added; their names are not compared yet"),
        }
    }
    Ok(file)
}

/// An error of a graph file, with its settings as they are called on the command line.
pub(super) fn in_words(error: StoreError) -> anyhow::Error {
    let StoreError::OtherSettings { name, was, is } = &error else { return error.into() };
    let how = match (name.as_str(), was.as_str(), is.as_str()) {
        ("user_files", "none", _) => "without --gazetteer and --rules, not with these".to_owned(),
        ("user_files", _, "none") => "with --gazetteer or --rules, not without".to_owned(),
        ("user_files", ..) => "with other contents of --gazetteer or --rules, not with these".to_owned(),
        ("kb", "none", _) => "without --kb, not with it".to_owned(),
        ("kb", _, "none") => "with --kb, not without".to_owned(),
        ("kb", ..) => "with another file for --kb, not with this one".to_owned(),
        ("keeps_text", "yes", _) => "with --keep-text, not without".to_owned(),
        ("keeps_text", ..) => "without --keep-text, not with it".to_owned(),
        ("rules", ..) => {
            return anyhow!(
                "the file was built by a version of relata that joins names by rules {was}, not {is}; build it anew"
            );
        }
        ("precision" | "min_score" | "schema", ..) => {
            format!("with {name} {was}, not {is} (--{})", name.replace('_', "-"))
        }
        _ => return error.into(),
    };
    anyhow!("the file was built {how}; build it anew, or use the same")
}

/// Opens a graph file, with the types that it was built with.
fn open_file(global: &GlobalArguments, path: &Path) -> Result<GraphFile> {
    let mut file = GraphFile::open(path)?;
    schema_file::adopt(global, &mut file)?;
    Ok(file)
}

/// Opens a graph file to be changed.
fn open_to_change(global: &GlobalArguments, path: &Path) -> Result<(GraphFile, WriteLock)> {
    let file = open_file(global, path)?;
    Ok((file, WriteLock::insist(path)?))
}

/// A line on standard error, unless nobody wants it.
pub(super) fn say(global: &GlobalArguments, line: &str) {
    if !global.quiet {
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(io::stderr(), "{line}");
    }
}

pub(super) fn status(global: &GlobalArguments, arguments: &StatusArguments) -> Result<Outcome> {
    let mut file = open_file(global, &arguments.file)?;
    let mut output = io::stdout().lock();
    if arguments.documents {
        let ids = file.document_ids()?;
        if arguments.json {
            serde_json::to_writer_pretty(&mut output, &ids)?;
            writeln!(output)?;
            return Ok(Outcome::Found);
        }
        for id in ids {
            writeln!(output, "{id}")?;
        }
        return Ok(Outcome::Found);
    }
    let status = file.status()?;
    if arguments.json {
        serde_json::to_writer_pretty(&mut output, &status)?;
        writeln!(output)?;
        return Ok(Outcome::Found);
    }
    for (name, number) in [
        ("documents", status.documents),
        ("mentions", status.mentions),
        ("entities of documents", status.entities),
        ("assertions", status.assertions),
        ("shared names", status.names),
        ("things they stand for", status.clusters),
        ("pairs of names joined", status.merges),
        ("uncertain pairs", status.uncertain),
        ("decisions of people", status.decisions),
    ] {
        writeln!(output, "{number:>12}  {name}")?;
    }
    for (name, value) in &status.settings {
        writeln!(output, "{name:>12}  {value}")?;
    }
    for (block, size) in &status.large_blocks {
        writeln!(output, "too many names to compare: {size} under {}", block.replace('\u{1f}', " "))?;
    }
    if status.stale {
        writeln!(output, "a run was cut off before all names were compared; the next command does it")?;
    }
    Ok(Outcome::Found)
}

pub(super) fn remove(global: &GlobalArguments, arguments: &RemoveArguments) -> Result<Outcome> {
    let (mut file, _lock) = open_to_change(global, &arguments.file)?;
    let mut missing = Vec::new();
    let mut removed = 0;
    for id in &arguments.documents {
        let mut count = file.remove(id)?;
        if count == 0 {
            for inner in documents_in(&mut file, id)? {
                count += file.remove(&inner)?;
            }
        }
        if count == 0 {
            missing.push(id.as_str());
        }
        removed += count;
    }
    file.resolve()?;
    for id in &missing {
        say(global, &format!("warning: no document {}", one_line(id)));
    }
    say(global, &format!("{removed} document{} removed", if removed == 1 { "" } else { "s" }));
    Ok(if missing.is_empty() { Outcome::Found } else { Outcome::Incomplete })
}

/// Identifiers of the documents of a folder, of a file of JSON Lines, or whose identifiers match a glob.
fn documents_in(file: &mut GraphFile, name: &str) -> Result<Vec<String>> {
    let glob = GlobBuilder::new(name).literal_separator(true).build().map(|glob| glob.compile_matcher());
    let glob = glob.ok().filter(|_| name.contains(['*', '?', '[', '{']));
    let name = name.trim_end_matches('/');
    let lies_in = |id: &str| match id.strip_prefix(name).filter(|_| !name.is_empty()) {
        Some(rest) if rest.starts_with('/') => true,
        Some(rest) => rest.strip_prefix(':').is_some_and(|line| line.parse::<u64>().is_ok()),
        None => false,
    };
    let mut ids = file.document_ids()?;
    ids.retain(|id| lies_in(id) || glob.as_ref().is_some_and(|glob| glob.is_match(id)));
    Ok(ids)
}

/// Decides on two names.
pub(super) fn decide(global: &GlobalArguments, path: &Path, names: &[String], same: bool) -> Result<Outcome> {
    let (mut file, _lock) = open_to_change(global, path)?;
    file.resolve()?;
    let [a, b] = names else { bail!("name two things") };
    let (left, right) = (things(&mut file, a)?, things(&mut file, b)?);
    if normalize_name(a) == normalize_name(b) {
        ensure!(nodes(&left).len() > 1, "{a} is given twice; name two things");
        bail!("{a} is given twice, and several things have the name; give identifiers: {}", listed(&left));
    }
    // Of one type, in the only way there is.
    let pairs: Vec<(&Named, &Named)> = left
        .iter()
        .flat_map(|a| right.iter().map(move |b| (a, b)))
        .filter(|(a, b)| a.entity_type == b.entity_type && a.key != b.key && (a.node == b.node) != same)
        .collect();
    match pairs.as_slice() {
        [] if same && nodes(&left) == nodes(&right) => bail!("{a} and {b} are one thing already"),
        [] if same => bail!("{a} and {b} are of different types, which are never one thing"),
        [] => bail!("no merge joins {a} and {b}; `relata explain` lists the names that were joined"),
        pairs => {
            // In whichever order.
            let distinct: BTreeSet<[&str; 2]> = pairs
                .iter()
                .map(|(a, b)| [a.node.as_str().min(b.node.as_str()), a.node.as_str().max(b.node.as_str())])
                .collect();
            ensure!(
                distinct.len() == 1,
                "several things have these names; give identifiers: {}",
                listed(pairs.iter().flat_map(|(a, b)| [*a, *b]))
            );
        }
    }
    let mut decisions = Decisions::default();
    // One pair joins two clusters; to part them, every pair of names that was meant has to be kept apart.
    for (a, b) in pairs.iter().take(if same { 1 } else { pairs.len() }) {
        decisions.decide(&a.key, &b.key, same);
    }
    file.decide(&decisions)?;
    file.resolve()?;
    for (a, b) in decisions.same.iter().chain(&decisions.apart) {
        if (node(&mut file, a)? == node(&mut file, b)?) != same {
            bail!("the decision is kept, but other decisions stand against it; `relata explain` lists them");
        }
    }
    if let Some((a, b)) = pairs.first() {
        let line = if same {
            // Those of before, by which they can be parted again.
            let (left, right) = (&a.node, &b.node);
            format!("{} ({left}) and {} ({right}) are now one", one_line(&a.name), one_line(&b.name))
        } else {
            let [left, right] = [node(&mut file, &a.key)?, node(&mut file, &b.key)?];
            format!("{} ({left}) and {} ({right}) are now two", one_line(&a.name), one_line(&b.name))
        };
        say(global, &line);
    }
    Ok(Outcome::Found)
}

pub(super) fn split(global: &GlobalArguments, arguments: &SplitArguments) -> Result<Outcome> {
    if arguments.documents.is_empty() {
        ensure!(arguments.names.len() == 2, "name two things, or the documents that mean another one of that name");
        return decide(global, &arguments.file, &arguments.names, false);
    }
    let [name] = arguments.names.as_slice() else { bail!("with --documents, give one name") };
    let (mut file, _lock) = open_to_change(global, &arguments.file)?;
    file.resolve()?;
    let named = units(&mut file, name)?;
    let keys: BTreeSet<&str> = named.iter().map(|named| base(&named.key)).collect();
    let mut decisions = Decisions::default();
    for key in keys {
        let having = file.documents_of(key)?;
        let meant: Vec<&String> = having.iter().filter(|id| arguments.documents.contains(id)).collect();
        let Some(first) = meant.first() else { continue };
        for id in &having {
            let label = if meant.contains(&id) { first.as_str() } else { "" };
            decisions.documents.insert((key.to_owned(), id.clone()), label.to_owned());
        }
    }
    for id in &arguments.documents {
        let known = decisions.documents.iter().any(|((_, document), label)| document == id && !label.is_empty());
        ensure!(known, "document {id} has nothing that is named {name}");
    }
    let count = arguments.documents.iter().collect::<BTreeSet<_>>().len();
    file.decide(&decisions)?;
    file.resolve()?;
    let names: BTreeSet<String> = named.iter().map(|named| one_line(&named.name)).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    say(global, &format!("{names} of {count} document{} is now another one", if count == 1 { "" } else { "s" }));
    Ok(Outcome::Found)
}

/// The identifier of the node that a key belongs to; what stays with its document leads nowhere unless it was joined.
fn node(file: &mut GraphFile, key: &str) -> Result<String> {
    let id = node_id(key);
    Ok(file.redirect(&id)?.unwrap_or(id))
}

/// What has a name or identifier and can be joined with something; an error if there is nothing.
fn things(file: &mut GraphFile, name: &str) -> Result<Vec<Named>> {
    let found = file.find_to_decide(name)?;
    ensure!(!found.is_empty(), "nothing is named {name}");
    Ok(found)
}

/// The identifiers of the nodes of some names.
fn nodes(named: &[Named]) -> BTreeSet<&str> {
    named.iter().map(|named| named.node.as_str()).collect()
}

/// Things by their identifiers, with a name and some documents.
fn listed<'a>(named: impl IntoIterator<Item = &'a Named>) -> String {
    let mut things: BTreeMap<&str, (&str, BTreeSet<&str>)> = BTreeMap::new();
    for one in named {
        let (_, documents) = things.entry(one.node.as_str()).or_insert((one.name.as_str(), BTreeSet::new()));
        documents.extend(one.documents.iter().map(String::as_str));
    }
    let told = |(node, (name, documents)): (&str, (&str, BTreeSet<&str>))| {
        let documents: Vec<String> = documents.into_iter().map(one_line).collect();
        format!("{node} ({} in {})", one_line(name), documents.join(", "))
    };
    things.into_iter().map(told).collect::<Vec<_>>().join(", ")
}

/// The units with a name or identifier; an error if there are none.
fn units(file: &mut GraphFile, name: &str) -> Result<Vec<Named>> {
    let found = file.find(name)?;
    if found.is_empty() {
        let alone = file.find_alone(name)?;
        ensure!(alone.is_empty(), "{}", stays_alone(name, &alone));
        bail!("nothing is named {name}");
    }
    Ok(found)
}

/// So many things are shown whose names hold a word that was looked for.
const MOST_HINTS: usize = 8;

/// What is to be said of a name that nothing has: what else holds its words, as `relata explain` finds it.
pub(super) fn nothing_is_named(file: &mut GraphFile, name: &str) -> Result<String> {
    let told = format!("nothing is named {name}");
    let mut found: Vec<(String, String)> =
        file.find(name)?.into_iter().map(|named| (one_line(&named.name), named.node)).collect();
    // One name for each thing.
    found.sort();
    let mut seen = BTreeSet::new();
    found.retain(|(_, node)| seen.insert(node.clone()));
    if found.is_empty() {
        return Ok(told);
    }
    let mut shown: Vec<String> = found.iter().take(MOST_HINTS).map(|(name, node)| format!("{name} ({node})")).collect();
    if found.len() > MOST_HINTS {
        shown.push(format!("and {} more", found.len() - MOST_HINTS));
    }
    Ok(format!("{told}; these hold it: {}", shown.join(", ")))
}

/// What is to be said of a name that only things have which stay with their documents.
pub(super) fn stays_alone(name: &str, alone: &[Named]) -> String {
    format!(
        "{name} is not enough of a name to be shared by documents: {}; `relata merge` joins what is one by identifier",
        listed(alone)
    )
}

pub(super) fn review(global: &GlobalArguments, arguments: &ReviewArguments) -> Result<Outcome> {
    if let Some(path) = &arguments.decisions {
        let (mut file, _lock) = open_to_change(global, &arguments.file)?;
        let Applied { decided, of_new_names } = apply(&mut file, &read_decisions(path)?)?;
        file.resolve()?;
        let plural = if decided == 1 { "" } else { "s" };
        let waiting = match of_new_names {
            0 => String::new(),
            count => format!(", {count} of them about names that are in no document yet"),
        };
        say(global, &format!("{decided} decision{plural} taken{waiting}"));
        return Ok(Outcome::Found);
    }
    let target = Target::new(arguments.output.as_deref().unwrap_or(Path::new("-")))?;
    Outputs::new([&target]).check([arguments.file.as_path()].into_iter().chain(global.files()))?;
    let mut file = open(global, &arguments.file)?;
    let pairs = file.uncertain()?;
    let mut output = target.open()?;
    output.write_all(decisions::write(&pairs).as_bytes())?;
    output.finish()?;
    Ok(if pairs.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

/// Reads a file of decisions.
pub(super) fn read_decisions(path: &Path) -> Result<Vec<(Name, Name, bool)>> {
    let text = library::read_text("the decisions in", path)?;
    decisions::read(&text).with_context(|| format!("cannot use the decisions in {}", path.display()))
}

/// Decisions that were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Applied {
    pub decided: usize,
    /// Of these, how many are about a name that no document has.
    pub of_new_names: usize,
}

/// Takes decisions; says how many there are.
pub(super) fn apply(file: &mut GraphFile, read: &[(Name, Name, bool)]) -> Result<Applied> {
    let ids: BTreeSet<&str> = read.iter().flat_map(|(a, b, _)| [a.id.as_str(), b.id.as_str()]).collect();
    let keys = file.keys_of(&ids)?;
    let key = |name: &Name| -> Result<String> {
        // A name that no document has yet counts once one comes.
        let key = keys.get(&name.id).cloned().or_else(|| name.key());
        key.with_context(|| format!("{} ({}) is in no document, and its type and name make no key", name.id, name.name))
    };
    let mut decided = Decisions::default();
    let mut units: Vec<[String; 2]> = Vec::new();
    for (a, b, same) in read {
        ensure!(
            a.type_name == b.type_name,
            "{} is a {} and {} a {}: things of two types are never one",
            a.name,
            a.type_name,
            b.name,
            b.type_name
        );
        let (a, b) = (key(a)?, key(b)?);
        decided.decide(&a, &b, *same);
        units.push([node_id(&a), node_id(&b)]);
    }
    file.decide(&decided)?;
    let known = file.keys_of(&units.iter().flatten().map(String::as_str).collect())?;
    let of_new_names = units.iter().filter(|ids| ids.iter().any(|id| !known.contains_key(id))).count();
    Ok(Applied { decided: read.len(), of_new_names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_as_options() {
        let check = |name: &str, was: &str, is: &str, expected: &str| {
            let [name, was, is] = [name, was, is].map(str::to_owned);
            let told = in_words(StoreError::OtherSettings { name, was, is }).to_string();
            assert!(told.starts_with(&format!("the file was built {expected}")), "{told}");
        };
        let anew = "; build it anew, or use the same";
        check("user_files", "none", "3ae3", &format!("without --gazetteer and --rules, not with these{anew}"));
        check("user_files", "3ae3", "none", "with --gazetteer or --rules, not without;");
        check("user_files", "3ae3", "77b1", "with other contents of --gazetteer or --rules, not with these;");
        check("kb", "8ddad", "none", "with --kb, not without;");
        check("kb", "8ddad", "12ab", "with another file for --kb, not with this one;");
        check("keeps_text", "no", "yes", "without --keep-text, not with it;");
        check("min_score", "0", "0.5", "with min_score 0, not 0.5 (--min-score);");
        check("rules", "2", "3", "by a version of relata that joins names by rules 2, not 3; build it anew");
        check("other", "a", "b", "with other a, not b;");
    }

    #[test]
    fn what_lies_beside_graph_files_is_known() {
        let check = |name: &str, expected: bool| assert_eq!(is_beside_graph_file(Path::new(name)), expected, "{name}");
        check("a/news.relata-wal", true);
        check("NEWS.RELATA-lock", true);
        check("news.relata", false);
        check("news.txt-lock", false);
        check("-wal", false);
    }
}
