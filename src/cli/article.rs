//! `relata annotate`: what was found, drawn on the text.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::export::AnnotatedPage;

use super::{
    Outcome,
    annotate::{annotate_all, pipeline},
    arguments::{AnnotateArguments, GlobalArguments},
    config::Settings,
    files::Outputs,
    journal::Journal,
    library,
    output::{Output, Target},
};

pub(super) fn run(global: &GlobalArguments, arguments: &AnnotateArguments) -> Result<Outcome> {
    let settings = Settings::resolve(global, Some(&arguments.read))?;
    let target = Target::new(arguments.output.as_deref().unwrap_or(Path::new("-")))?;
    let outputs = Outputs::new([&target]);
    outputs.check(arguments.inputs.iter().chain(&settings.files).map(PathBuf::as_path))?;
    let title = match arguments.inputs.as_slice() {
        [one] if one != Path::new("-") => one.display().to_string(),
        _ => "Annotated documents".to_owned(),
    };
    let mut journal = Journal::start(global, None);
    if arguments.extracted {
        let user_files = !settings.gazetteer.is_empty() || !settings.rules.is_empty();
        ensure!(!user_files, "--gazetteer and --rules are for texts; give them to `relata extract`");
        let min_score = settings.min_score.unwrap_or(0.0);
        let mut page = AnnotatedPage::begin(target.open()?, &title)?;
        for document in library::extracted(&arguments.inputs) {
            match document {
                Ok(mut document) => {
                    document.relations.retain(|relation| relation.score >= min_score);
                    page.write(&document)?;
                    journal.count(&document);
                }
                Err(error) => journal.skip(&format!("{error:#}")),
            }
        }
        finish(page, &target, &journal)?;
        return Ok(journal.finish(""));
    }
    let documents = library::documents(&settings.read, &arguments.inputs, outputs, journal.left_out());
    let pipeline = pipeline(&settings)?;
    let mut page = AnnotatedPage::begin(target.open()?, &title)?;
    annotate_all(&pipeline, settings.threads, documents, &mut journal, |doc| Ok(page.write(doc)?))?;
    finish(page, &target, &journal)?;
    Ok(journal.finish(""))
}

/// Ends a page and puts it in its place, if there is anything on it.
fn finish(page: AnnotatedPage<Output>, target: &Target, journal: &Journal) -> Result<()> {
    let output = page.finish()?;
    if !journal.leaves(target) {
        output.finish()?;
    }
    Ok(())
}
