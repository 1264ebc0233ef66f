//! The encoder alone, on one thread: `cargo bench --bench encoder -- TEXTS.jsonl WINDOWS` prints the pieces that it read
//! and the CPU seconds that it took, in both precisions, and writes the pieces of each window as a line of JSON, so that
//! other engines can read the same. `cargo xtask bench --engines` compares them.

use std::{
    error::Error,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
};

use relata::nn::{EncoderInput, Model, Precision};

/// Windows that are read before the clock starts.
const WARM: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`; without two files there is nothing to do, as when all benches are run.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let [texts, windows] = &arguments[..] else { return Ok(()) };
    let mut inputs = Vec::new();
    let mut out = File::create(windows)?;
    let model = Model::embedded(Precision::Int8)?;
    let tokenizer = model.tokenizer();
    for line in BufReader::new(File::open(texts)?).lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        let encoding = model.encode(record["text"].as_str().ok_or("a line has no text")?);
        for window in encoding.windows() {
            let pieces = &encoding.pieces()[window.pieces.clone()];
            writeln!(out, "{}", serde_json::to_string(pieces)?)?;
            let pieces = [&[tokenizer.first()], pieces, &[tokenizer.last()]].concat();
            inputs.push(EncoderInput { shapes: vec![0; pieces.len()], gaps: vec![0; pieces.len()], pieces });
        }
    }
    // Without the special pieces around them.
    let pieces: usize = inputs.iter().map(|input| input.pieces.len() - 2).sum();
    // The matrix kernels would else use all cores.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    for precision in [Precision::Int8, Precision::F32] {
        let model = Model::embedded(precision)?;
        let seconds = pool.install(|| {
            for input in inputs.iter().take(WARM) {
                std::hint::black_box(model.encoder().run(input));
            }
            let before = cpu_seconds();
            for input in &inputs {
                std::hint::black_box(model.encoder().run(input));
            }
            cpu_seconds() - before
        });
        println!(
            "{}",
            serde_json::json!({"precision": format!("{precision:?}"), "pieces": pieces, "seconds": seconds})
        );
    }
    Ok(())
}

/// CPU time of the calling thread, from the Linux kernel.
fn cpu_seconds() -> f64 {
    let line = fs::read_to_string("/proc/thread-self/schedstat").expect("runs on Linux, whose kernel tells CPU times");
    let nanoseconds: f64 = line.split(' ').next().and_then(|number| number.parse().ok()).expect("starts with a number");
    nanoseconds * 1e-9
}
