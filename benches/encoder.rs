//! The encoder alone, on one thread: `cargo bench --bench encoder -- TEXTS.jsonl [--windows FILE]` prints the pieces that
//! it read and the CPU seconds that it took, in both precisions; `--windows` writes the pieces of each window as a line of
//! JSON, so that other engines can read the same. `cargo xtask bench` compares them.

use std::{
    convert::Infallible,
    error::Error,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    sync::Mutex,
};

use relata::{
    document::Document,
    nn::{Encoding, Model, Precision},
    pipeline::run_ordered,
};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (texts, windows) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [texts] => (texts, None),
        [texts, "--windows", windows] => (texts, Some(windows)),
        // All benches are started without arguments by `cargo bench`.
        [] => return Ok(()),
        _ => return Err("want TEXTS.jsonl [--windows FILE]".into()),
    };
    let mut documents = Vec::new();
    for line in BufReader::new(File::open(texts)?).lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        documents.push(record["text"].as_str().ok_or("a line has no text")?.to_owned());
    }
    if let Some(path) = windows {
        let model = Model::embedded(Precision::Int8)?;
        let mut out = File::create(path)?;
        for text in &documents {
            let encoding = model.encode(text);
            for window in encoding.windows() {
                writeln!(out, "{}", serde_json::to_string(&encoding.pieces()[window.pieces.clone()])?)?;
            }
        }
    }
    for precision in [Precision::Int8, Precision::F32] {
        let model = Model::embedded(precision)?;
        let done = Mutex::new((0, 0.0));
        let texts = documents.iter().map(|text| Ok::<_, Infallible>(Document::new("text", text.as_str())));
        // Run in the same way as the program does, which keeps the matrix kernels on one thread.
        run_ordered(
            texts,
            1,
            |doc| {
                let before = cpu_seconds();
                let encoding = model.encode(&doc.text);
                let mut done = done.lock().expect("no thread panics");
                *done = (done.0 + pieces(&encoding), done.1 + cpu_seconds() - before);
            },
            |_| Ok::<_, Infallible>(()),
        )?;
        let (pieces, seconds) = done.into_inner()?;
        println!(
            "{}",
            serde_json::json!({"precision": format!("{precision:?}"), "pieces": pieces, "seconds": seconds})
        );
    }
    Ok(())
}

/// Pieces of all windows, without the special ones around them.
fn pieces(encoding: &Encoding) -> usize {
    encoding.windows().iter().map(|window| window.pieces.len()).sum()
}

/// CPU time of the calling thread, from the Linux kernel.
fn cpu_seconds() -> f64 {
    let line = fs::read_to_string("/proc/thread-self/schedstat").expect("runs on Linux, whose kernel tells CPU times");
    let nanoseconds: f64 = line.split(' ').next().and_then(|number| number.parse().ok()).expect("starts with a number");
    nanoseconds * 1e-9
}
