//! Takes documents through the pipeline, as `extract`, `build` and `eval` do.

use std::{fmt::Display, sync::Arc};

use anyhow::{Context, Result, anyhow};

use crate::{
    document::Document,
    kb::KnowledgeBase,
    pipeline::{Pipeline, PipelineError, run_ordered},
};

use super::{
    config::{ModelChoice, Settings},
    journal::Journal,
    user_files,
};

/// The pipeline that the settings ask for.
pub(super) fn pipeline(settings: &Settings) -> Result<Pipeline> {
    // Before the model, which takes longer: a mistake in them should be told at once.
    let (names, rules) = (user_files::names(&settings.gazetteer)?, user_files::rules(&settings.rules)?);
    let instead = "cannot load the built-in model; name a folder with --model";
    let mut pipeline = match &settings.model {
        ModelChoice::BuiltIn => Pipeline::with_precision(settings.precision).context(instead)?,
        ModelChoice::Fast => Pipeline::fast(settings.precision).context(instead)?,
        ModelChoice::Folder(folder) => {
            Pipeline::from_model_dir(folder, settings.precision).map_err(|error| match error {
                // Which names the folder, too.
                PipelineError::Model { source, .. } => anyhow!("{source}"),
                error => error.into(),
            })?
        }
    };
    if let Some(names) = names {
        pipeline = pipeline.with_user_names(names);
    }
    if let Some(rules) = rules {
        pipeline = pipeline.with_rules(rules);
    }
    if let Some(path) = &settings.kb {
        pipeline = pipeline.with_knowledge_base(Arc::new(KnowledgeBase::open(path)?));
    }
    Ok(match settings.min_score {
        Some(min_score) => pipeline.with_min_score(min_score),
        None => pipeline,
    })
}

/// Annotates all documents and hands them to `sink` in order; those that could not be read are only counted.
pub(super) fn annotate_all<Fault: Display + Send>(
    pipeline: &Pipeline,
    threads: usize,
    documents: impl IntoIterator<Item = Result<Document, Fault>>,
    journal: &mut Journal,
    mut sink: impl FnMut(&Document) -> Result<()> + Send,
) -> Result<()> {
    run_ordered(
        documents,
        threads,
        |doc| pipeline.annotate(doc),
        |document| {
            match document {
                Ok(doc) => {
                    sink(&doc)?;
                    journal.count(&doc);
                }
                Err(fault) => journal.skip(&fault),
            }
            Ok(())
        },
    )
}
