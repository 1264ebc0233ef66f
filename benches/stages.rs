//! The stages one by one, on one thread: `cargo bench --bench stages`.
//!
//! The text is a sample article, four times over; times are for it as a whole. Criterion tells how a run differs from the
//! one before it.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use relata::{
    document::Document,
    export::{GraphExporter, GraphFormat},
    graph::GraphBuilder,
    nn::{EncoderInput, Model, Precision},
    pipeline::Pipeline,
    recognize::{
        dates::{mend_dates, normalize_dates},
        recognize,
    },
    segment::segment,
    span::ByteSpan,
};

const ARTICLE: &str = include_str!("../data/samples/mining-takeover.txt");
const COPIES: usize = 4;

fn article() -> Document {
    Document::new("article", [ARTICLE; COPIES].join("\n\n"))
}

/// Windows of three lengths, in both precisions; throughput is word pieces a second.
fn encoder(criterion: &mut Criterion) {
    for precision in [Precision::Int8, Precision::F32] {
        let model = Model::embedded(precision).expect("the model is built in");
        let mut group = criterion.benchmark_group(format!("encoder {precision:?}"));
        for length in [32, 128, 510] {
            let pieces: Vec<u32> = (0..length).map(|index| 1_000 + index * 37 % 20_000).collect();
            let input = EncoderInput { shapes: vec![1; pieces.len()], gaps: vec![1; pieces.len()], pieces };
            group.throughput(Throughput::Elements(length.into()));
            group.bench_function(length.to_string(), |bencher| {
                bencher.iter(|| model.encoder().run(black_box(&input)));
            });
        }
    }
}

/// What can be called alone, and everything in a row; throughput is bytes of text a second.
fn stages(criterion: &mut Criterion) {
    let model = Model::embedded(Precision::Int8).expect("the model is built in");
    let pipeline = Pipeline::new().expect("the model is built in");
    let plain = article();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(plain.text.len() as u64));

    group.bench_function("word pieces", |bencher| bencher.iter(|| model.tokenizer().words(black_box(&plain.text))));
    group.bench_function("segment", |bencher| {
        bencher.iter_batched_ref(|| plain.clone(), segment, criterion::BatchSize::SmallInput);
    });

    let mut segmented = plain.clone();
    segment(&mut segmented);
    let encoding = model.encode(&plain.text);
    let words: Vec<ByteSpan> = encoding.words().iter().map(|word| word.span).collect();
    group
        .bench_function("mention scores", |bencher| bencher.iter(|| model.mention_head().logits(black_box(&encoding))));
    let logits = model.mention_head().logits(&encoding);
    group.bench_function("recognize", |bencher| {
        bencher.iter_batched_ref(
            || segmented.clone(),
            |doc| {
                recognize(doc, &words, &logits);
                mend_dates(doc);
                normalize_dates(doc);
            },
            criterion::BatchSize::SmallInput,
        );
    });

    group.bench_function("everything", |bencher| {
        bencher.iter_batched_ref(|| plain.clone(), |doc| pipeline.annotate(doc), criterion::BatchSize::SmallInput);
    });
    let mut annotated = plain.clone();
    pipeline.annotate(&mut annotated);
    group.bench_function("graph", |bencher| bencher.iter(|| GraphBuilder::new().add(black_box(&annotated)).finish()));
    let graph = GraphBuilder::new().add(&annotated).finish();
    group.bench_function("JSON-LD", |bencher| {
        bencher.iter(|| {
            let mut writer = GraphExporter::from_format(GraphFormat::JsonLd).for_writer(Vec::new());
            writer.write(black_box(&graph)).expect("a vector takes all");
            writer.finish().expect("a vector takes all").len()
        });
    });
}

fn main() {
    // The matrix kernels would else use all cores.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("the system gives a thread");
    pool.install(|| {
        let mut criterion = Criterion::default().configure_from_args();
        encoder(&mut criterion);
        stages(&mut criterion);
        criterion.final_summary();
    });
}
