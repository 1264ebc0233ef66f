//! `relata load`: a graph into a database.

use std::{
    env,
    io::{self, IsTerminal},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    graph::GraphSource,
    load::{Address, Loader, Progress, Protocol},
};

use super::{
    Outcome,
    arguments::{GlobalArguments, LoadArguments},
    graph, store,
};

/// The variable of the environment that has the password.
const PASSWORD: &str = "RELATA_PASSWORD";

pub(super) fn run(global: &GlobalArguments, arguments: &LoadArguments) -> Result<Outcome> {
    let address = Address::parse(&arguments.url)?;
    if arguments.named_graph.is_some() && address.protocol() != Protocol::Sparql {
        bail!("--graph names a graph of an RDF store; {address} is none");
    }
    let mut loader = Loader::new(address.clone())
        .with_batch_rows(usize::try_from(arguments.batch)?)
        .with_patience(Duration::from_secs(arguments.wait))
        .with_replace(arguments.replace);
    if let Some(iri) = &arguments.named_graph {
        loader = loader.with_named_graph(iri);
    }
    let graph = graph::open(global, &arguments.graph, &arguments.filter, None)?;
    load(global, loader, &address, &*graph)
}

fn load(global: &GlobalArguments, loader: Loader, address: &Address, graph: &dyn GraphSource) -> Result<Outcome> {
    let loader = loader.with_password(password(address)?);
    let bar = Bar::start(global);
    let report = loader.load(graph, &mut |progress| bar.show(progress));
    bar.finish();
    let report = report?;
    for warning in &report.warnings {
        store::say(global, &format!("warning: {warning}"));
    }
    let counts: Vec<String> =
        report.counts.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")).collect();
    let mut line = match counts.as_slice() {
        [] => format!("nothing to load; {} holds nothing of it", address.host_and_port()),
        counts => format!("{} in {}", counts.join(", "), address.host_and_port()),
    };
    if report.found > 0 {
        line.push_str(&format!("; {} rows of it were there before", report.found));
    }
    if report.removed > 0 {
        line.push_str(&format!("; {} of earlier loads removed", report.removed));
    }
    store::say(global, &line);
    Ok(if graph.node_count() == 0 { Outcome::NothingFound } else { Outcome::Found })
}

/// The password of the user in the address; none is asked for where there is no user.
fn password(address: &Address) -> Result<String> {
    let Some(user) = address.user() else { return Ok(String::new()) };
    match env::var(PASSWORD) {
        Ok(password) => return Ok(password),
        Err(env::VarError::NotUnicode(_)) => bail!("the password in {PASSWORD} is not UTF-8"),
        Err(env::VarError::NotPresent) => (),
    }
    if !io::stdin().is_terminal() {
        bail!("no password for {user}: set {PASSWORD}, or run this in a terminal to be asked for it");
    }
    rpassword::prompt_password(format!("Password of {user} at {}: ", address.host_and_port()))
        .context("cannot read the password")
}

/// Shows how far a load is, if somebody can see it.
struct Bar(Option<ProgressBar>);

impl Bar {
    fn start(global: &GlobalArguments) -> Self {
        let bar = (!global.quiet && io::stderr().is_terminal()).then(|| {
            // The template is fixed, so it parses; a plain bar would do if it did not.
            let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::no_length().with_style(style);
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self(bar)
    }

    fn show(&self, progress: Progress) {
        let Some(bar) = &self.0 else { return };
        match progress {
            Progress::Sent { what, count } => bar.set_message(format!("{count} {what}")),
            Progress::Waiting { pause } => {
                bar.println(format!("warning: the server fails; tried again in {:.1} s", pause.as_secs_f32()));
            }
            Progress::Comparing => bar.set_message("comparing"),
            Progress::Removing { removed } => bar.set_message(format!("{removed} removed")),
        }
    }

    fn finish(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}
