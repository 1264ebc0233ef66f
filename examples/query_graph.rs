//! Builds a graph and asks it questions: who is near to whom, and how two things hang together:
//! `cargo run --release --example query_graph -- data/samples "Marta Keller" "Berlin"`.

use std::{env, error::Error};

use relata::{
    graph::{GraphBuilder, GraphFilter},
    pipeline::Pipeline,
    read::Reader,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, from, to] = arguments.as_slice() else { return Err("give a folder and two names".into()) };
    let pipeline = Pipeline::new()?;
    let mut builder = GraphBuilder::new();
    for document in Reader::new().read([input]) {
        let mut doc = document?;
        pipeline.annotate(&mut doc);
        builder = builder.add(&doc);
    }
    // Only what is stated as fact, by a model that is rather sure.
    let filter = GraphFilter::new().with_statuses([None]).with_min_score(0.5);
    let graph = builder.finish().subgraph(&filter);
    println!("{} nodes, {} edges", graph.node_count(), graph.edge_count());

    let name = |id: &str| graph.node(id).map_or("?", |node| node.name.as_str());
    for node in graph.find_by_name(from) {
        println!("{} {}", node.entity_type, node.name);
        for edge in graph.outgoing(node.id.as_str()) {
            println!("  -- {} --> {}", edge.relation_type, name(edge.tail.as_str()));
            for assertion in &edge.assertions {
                for quote in &assertion.evidence {
                    println!("      {}: \"{}\"", assertion.document, quote.text);
                }
            }
        }
        for goal in graph.find_by_name(to) {
            match graph.shortest_path(node.id.as_str(), goal.id.as_str()) {
                Some(path) => {
                    let names: Vec<_> = path.nodes.iter().map(|node| node.name.as_str()).collect();
                    println!("  {}", names.join(" - "));
                }
                None => println!("  nothing joins {} and {}", node.name, goal.name),
            }
        }
    }
    Ok(())
}
