//! Annotates a corpus on all cores, in order, with memory that does not grow, and counts relation types:
//! `cargo run --release --example stream_corpus -- corpus.jsonl.gz more/`.

use std::{collections::BTreeMap, convert::Infallible, env, error::Error, num::NonZero, thread};

use relata::{
    pipeline::{Pipeline, run_ordered},
    read::Reader,
};

fn main() -> Result<(), Box<dyn Error>> {
    let inputs: Vec<String> = env::args().skip(1).collect();
    let pipeline = Pipeline::new()?;
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let (mut documents, mut skipped) = (0, 0);
    let mut counts = BTreeMap::new();
    run_ordered(
        Reader::new().read(inputs),
        threads,
        |doc| pipeline.annotate(doc),
        |document| {
            match document {
                Ok(doc) => {
                    documents += 1;
                    for relation in &doc.relations {
                        *counts.entry(relation.relation_type).or_insert(0) += 1;
                    }
                }
                // One bad document does not end the run.
                Err(fault) => {
                    skipped += 1;
                    eprintln!("warning: {fault}");
                }
            }
            // An error here would stop the run; it comes out of `run_ordered`.
            Ok::<_, Infallible>(())
        },
    )?;
    for (relation, count) in &counts {
        println!("{count:8} {relation}");
    }
    println!("{documents} documents, {skipped} skipped");
    Ok(())
}
