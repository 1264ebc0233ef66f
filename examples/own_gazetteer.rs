//! Adds things from an own list that the model does not know, and merges them into the graph:
//! `cargo run --release --example own_gazetteer`.

use std::error::Error;

use relata::{
    document::Document,
    export::{GraphExporter, GraphFormat},
    graph::GraphBuilder,
    pipeline::Pipeline,
    user::NameList,
};

/// The own list: a name, what it is, its key in an own database, and other names.
const GAZETTEER: &str = "\
Quellmark 7\tWORK\tparts:4711\tQM-7
Hall Nine\tPLACE\tsites:9
";

const TEXT: &str = "Marta Keller showed the Quellmark 7 in Hall Nine on Friday. \
    The Quellmark 7 is made by Norden Bearings, which Keller has led since 2015.";

fn main() -> Result<(), Box<dyn Error>> {
    let names = NameList::new().with_tsv(GAZETTEER)?.compile()?;
    let pipeline = Pipeline::new()?.with_user_names(names);
    let mut doc = Document::new("example", TEXT);
    pipeline.annotate(&mut doc);
    let graph = GraphBuilder::new().add(&doc).finish();
    let mut writer = GraphExporter::from_format(GraphFormat::Dot).for_writer(std::io::stdout());
    writer.write(&graph)?;
    writer.finish()?;
    Ok(())
}
