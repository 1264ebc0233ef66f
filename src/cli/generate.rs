//! `relata completions` and `relata man`: what packagers need, made by the program itself.

use std::{
    fs,
    io::{self, Write},
};

use anyhow::{Context, Result};
use clap::CommandFactory;

use super::{
    Outcome,
    arguments::{Arguments, CompletionsArguments, ManArguments},
};

pub(super) fn completions(arguments: &CompletionsArguments) -> Result<Outcome> {
    // Into memory first: the generator panics if a pipe is closed.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "relata", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Outcome::Found)
}

pub(super) fn man(arguments: &ManArguments) -> Result<Outcome> {
    match &arguments.dir {
        Some(folder) => fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(Arguments::command(), folder))
            .with_context(|| format!("cannot write manual pages to {}", folder.display()))?,
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            io::stdout().write_all(&page)?;
        }
    }
    Ok(Outcome::Found)
}
