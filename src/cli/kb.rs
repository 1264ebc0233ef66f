//! `relata kb`: a knowledge base from a dump, and what is in it.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use indicatif::{HumanBytes, ProgressBar};

use crate::{
    kb::{BuildOptions, BuildReport, KnowledgeBase, KnownEntity, build},
    read::open_decompressed,
    schema::EntityType,
};

use super::{
    Outcome,
    arguments::{GlobalArguments, KbArguments, KbBuildArguments, KbCommand, KbFindArguments, KbType},
    config::Settings,
    files::Outputs,
    output::Target,
};

pub(super) fn run(global: &GlobalArguments, arguments: &KbArguments) -> Result<Outcome> {
    match &arguments.command {
        KbCommand::Build(command) => build_file(global, command),
        KbCommand::Find(command) => find(command),
    }
}

fn build_file(global: &GlobalArguments, arguments: &KbBuildArguments) -> Result<Outcome> {
    let settings = Settings::resolve(global, None)?;
    for language in &arguments.languages {
        let is_code = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
        ensure!(
            !language.is_empty() && language.chars().all(is_code),
            "{language:?} is no code of a language in Wikidata; those look like en or zh-hans"
        );
    }
    let target = Target::new(&arguments.output)?;
    let Target::File(path) = &target else { bail!("a knowledge base cannot go to standard output") };
    Outputs::new([&target]).check([arguments.dump.as_path()].into_iter().chain(global.files()))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let dump = open_decompressed(&arguments.dump)
        .with_context(|| format!("cannot read the dump {}", arguments.dump.display()))?;
    let types = arguments.types.iter().map(|kind| match kind {
        KbType::Person => EntityType::Person,
        KbType::Organization => EntityType::Organization,
        KbType::Place => EntityType::Place,
    });
    let options = BuildOptions::new(folder)
        .with_languages(arguments.languages.iter().cloned())
        .with_types(types)
        .with_threads(settings.threads);
    let bar = (!global.quiet && io::stderr().is_terminal()).then(ProgressBar::new_spinner);
    if let Some(bar) = &bar {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    let started = Instant::now();
    let mut output = target.open()?;
    let result = build(dump, &options, &mut output, |report| {
        if let Some(bar) = &bar {
            let read = HumanBytes(report.bytes);
            bar.set_message(format!("{read}, {} lines, {} entities", report.lines, report.entities));
        }
    });
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let report = result.with_context(|| format!("no knowledge base was made of {}", arguments.dump.display()))?;
    output.finish().with_context(|| format!("cannot write to {}", path.display()))?;
    if !global.quiet {
        let BuildReport { lines, bytes, bad_lines, entities, names, size } = report;
        let rate = bytes as f64 / started.elapsed().as_secs_f64().max(0.001) / 1e6;
        writeln!(
            io::stderr(),
            "{lines} lines, {bad_lines} of them bad, {entities} entities, {names} names, {size} bytes, {rate:.0} MB/s"
        )?;
    }
    Ok(match (report.bad_lines, report.entities) {
        (1.., _) => Outcome::Incomplete,
        (0, 0) => Outcome::NothingFound,
        (0, _) => Outcome::Found,
    })
}

fn find(arguments: &KbFindArguments) -> Result<Outcome> {
    let knowledge = KnowledgeBase::open(&arguments.file)?;
    let mut out = io::stdout().lock();
    let mut outcome = Outcome::NothingFound;
    for name in &arguments.names {
        for (entity, is_label) in knowledge.find(name) {
            outcome = Outcome::Found;
            writeln!(out, "{}", describe(&entity, if is_label { "label" } else { "alias" }))?;
        }
    }
    Ok(outcome)
}

/// A line of fields with tabs between: id, label, how it bears the name, types, pages, and what else is known.
fn describe(entity: &KnownEntity<'_>, by: &str) -> String {
    let types: Vec<&str> = entity.types().map(EntityType::name).collect();
    let label = entity.label.replace(char::is_control, " ");
    let mut line = format!("Q{}\t{label}\t{by}\t{}\tsitelinks {}", entity.id, types.join("|"), entity.sitelinks);
    if let Some(country) = entity.country {
        line += &format!("\tcountry Q{country}");
    }
    if let Some(year) = entity.birth_year {
        line += &format!("\tborn {year}");
    }
    if let Some((north, east)) = entity.coordinates {
        line += &format!("\tat {north:.4}, {east:.4}");
    }
    line
}
