//! The Rust model against PyTorch: `train/relata_train/vectors.py` wrote what PyTorch makes of the same weights.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::{convert::Infallible, sync::Mutex, time::Instant};

use relata::{
    document::Document,
    nn::{
        CoreferenceFeatures, EncoderInput, EntityMentions, MentionWords, Model, Pair, PairVectors, Precision,
        TAG_COUNT, argument_mentions, coreference_features, gap, shape,
    },
    pipeline::run_ordered,
    schema::{EntityType, MentionKind, RelationType},
    span::ByteSpan,
};
use serde_json::Value;

/// The largest difference from PyTorch that is put down to the order of sums.
const CLOSE: f64 = 1e-3;

/// The built-in models with their vectors.
fn models() -> [(Model, Value); 2] {
    let with_vectors = |model: Model, vectors: &str, files: [&str; 2]| {
        let vectors: Value = serde_json::from_str(vectors).unwrap();
        let [weights, file] = files;
        assert_eq!(
            vectors["checksum"].as_str().unwrap(),
            model.checksum(),
            "the vectors belong to other weights; run in train/: python -m relata_train.vectors --model \
             ../data/models/{weights} --out ../tests/it/fixtures/nn/{file}"
        );
        (model, vectors)
    };
    [
        with_vectors(
            Model::embedded(Precision::F32).unwrap(),
            include_str!("fixtures/nn/vectors.json"),
            ["en-small.relata", "vectors.json"],
        ),
        with_vectors(
            Model::embedded_fast(Precision::F32).unwrap(),
            include_str!("fixtures/nn/vectors-fast.json"),
            ["fast/en-fast.relata", "vectors-fast.json"],
        ),
    ]
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<usize> {
    list(value).iter().map(number).collect()
}

fn check_close(what: &str, found: impl IntoIterator<Item = f32>, expected: &Value) {
    let found: Vec<f32> = found.into_iter().collect();
    assert_eq!(found.len(), list(expected).len(), "{what}");
    let worst = found
        .iter()
        .zip(list(expected))
        .map(|(&found, expected)| (f64::from(found) - expected.as_f64().unwrap()).abs())
        .fold(0.0, |worst: f64, difference| if difference <= worst { worst } else { difference });
    println!("{what}: largest difference {worst:.1e}");
    assert!(worst <= CLOSE, "{what}: {worst}");
}

/// Every `step`th column of the rows of a buffer.
fn columns(values: &[f32], width: usize, step: usize) -> impl Iterator<Item = f32> {
    values.chunks_exact(width).flat_map(move |row| row.iter().step_by(step)).copied()
}

#[test]
fn words_and_pieces() {
    // The tokenizer of both is the same.
    let [(model, vectors), (fast, _)] = models();
    assert_eq!(model.tokenizer().words("Ada Quill met Bo."), fast.tokenizer().words("Ada Quill met Bo."));
    assert!(list(&vectors["tokens"]).len() >= 200);
    for case in list(&vectors["tokens"]) {
        let text = case["text"].as_str().unwrap();
        let (words, pieces) = model.tokenizer().words(text);
        let mut previous = None;
        let found: Vec<Value> = words
            .iter()
            .map(|word| {
                let range = word.span.range();
                let before = previous.map_or("\n\n", |end| &text[end..range.start]);
                previous = Some(range.end);
                let ids = &pieces[word.pieces()];
                serde_json::json!([range.start, range.end, shape(&text[range]), gap(before), ids])
            })
            .collect();
        assert_eq!(&found, list(&case["words"]), "{text:?}");
    }
}

#[test]
fn layers_and_heads() {
    models().iter().for_each(|(model, vectors)| check_layers_and_heads(model, vectors));
}

fn check_layers_and_heads(model: &Model, vectors: &Value) {
    println!("{}", model.label());
    for case in list(&vectors["cases"]) {
        let text = case["text"].as_str().unwrap();
        let encoding = model.encode(text);
        let width = encoding.width();

        // Every layer.
        let rows = numbers(&case["rows"]);
        let mut layers = Vec::new();
        let output = model.encoder().run_observed(&input(model, text), &mut |_, states| {
            layers.push(
                rows.iter().flat_map(|&row| columns(&states[row * width..][..width], width, 16)).collect::<Vec<_>>(),
            );
        });
        assert_eq!(layers.len(), list(&case["layers"]).len());
        for (index, (found, expected)) in layers.into_iter().zip(list(&case["layers"])).enumerate() {
            check_close(&format!("layer {index}"), found, expected);
        }
        assert_eq!(encoding.windows()[0].states(), output.states);

        // Tags.
        check_close("tags", columns(&model.mention_head().logits(&encoding), TAG_COUNT, 8), &case["tags"]);

        // Coreference.
        let mut texts = Vec::new();
        let mut mentions = Vec::new();
        for mention in list(&case["mentions"]) {
            let [first, last, entity_type, kind, start, end] = numbers(mention).try_into().unwrap();
            texts.push(&text[start..end]);
            let (entity_type, kind) = (EntityType::ALL[entity_type], MentionKind::ALL[kind]);
            mentions.push(MentionWords { first, last, entity_type, kind });
        }
        let head = model.coreference_head();
        let prepared = head.prepare(&encoding, &mentions);
        check_close(
            "mention vectors",
            columns(prepared.vectors(), prepared.vectors().len() / mentions.len(), 16),
            &case["mention_vectors"],
        );
        let pairs: Vec<(usize, usize, CoreferenceFeatures)> = list(&case["coreference"])
            .iter()
            .map(|pair| {
                let (anaphor, antecedent) = (number(&pair[0]), number(&pair[1]));
                (anaphor, antecedent, coreference_features(&mentions, &texts, anaphor, antecedent))
            })
            .collect();
        let scores = head.scores(&prepared, &pairs);
        let expected = list(&case["coreference"]).iter().map(|pair| pair[2].clone()).collect();
        check_close("coreference", scores.clone(), &expected);
        for (&(anaphor, antecedent, features), score) in pairs.iter().zip(scores).take(20) {
            assert_eq!(head.score(&prepared, anaphor, antecedent, features), score);
        }

        // Relations.
        let entities: Vec<EntityMentions> = list(&case["entities"])
            .iter()
            .map(|members| {
                let members = numbers(members);
                EntityMentions { entity_type: mentions[members[0]].entity_type, mentions: members }
            })
            .collect();
        let head = model.relation_head();
        let prepared = head.prepare(&encoding, &mentions, &entities);
        check_close("entities", columns(prepared.vectors(), width, 16), &case["entity_vectors"]);
        let pairs: Vec<Pair> = list(&case["pairs"])
            .iter()
            .map(|pair| Pair::new(&encoding, &mentions, &entities, number(&pair[0]), number(&pair[1])).unwrap())
            .collect();
        let gate = pairs.iter().map(|pair| head.gate_score(&prepared, &entities, pair).expect("a gate"));
        check_close("gate", gate, &case["gate"]);
        let ends = head.pairs(&encoding, &mentions, &entities, &prepared, &pairs);
        let pair_width = ends.head.len() / pairs.len();
        check_close("heads", columns(&ends.head, pair_width, 16), &case["z_head"]);
        check_close("tails", columns(&ends.tail, pair_width, 16), &case["z_tail"]);
        let logits = head.logits(&ends);
        check_close("relations", logits.clone(), &case["relations"]);
        let alone = head.pairs(&encoding, &mentions, &entities, &prepared, &pairs[1..2]);
        assert_eq!(head.logits(&alone), logits[58..116], "a pair scores the same alone");

        // Qualifiers.
        let stated: Vec<(usize, RelationType)> = numbers(&case["stated"])
            .into_iter()
            .enumerate()
            .map(|(pair, relation)| (pair, RelationType::from_index(relation).unwrap()))
            .collect();
        let asked: Vec<PairVectors> = stated.iter().map(|&(pair, _)| head.of_pair(&ends, pair)).collect();
        let types = stated.iter().map(|&(_, relation)| relation);
        let qualifiers = head.qualifiers(asked.iter().zip(types));
        check_close("status", qualifiers.status.clone(), &case["status"]);
        let mut owners = vec![0; mentions.len()];
        for (entity, members) in entities.iter().enumerate() {
            members.mentions.iter().for_each(|&mention| owners[mention] = entity);
        }
        let arguments = stated.iter().enumerate().flat_map(|(index, &(pair, _))| {
            let near = argument_mentions(&encoding, &mentions, &owners, &pairs[pair], |_| true);
            let logits = head.argument_logits(&prepared, &qualifiers, index, &near);
            (0..3).flat_map(move |argument| {
                let entities: Vec<f32> = logits.entities.values().map(|logits| logits[argument]).collect();
                [vec![logits.none[argument]], entities].concat()
            })
        });
        check_close("arguments", arguments, &case["arguments"]);
    }
}

#[test]
fn quotation_marks() {
    let model = Model::embedded(Precision::Int8).unwrap();
    let text = "Roth said: \"It is late.\" Weir left. “No,” she said, \"and never\nagain. «Oui», he said.\n\"Once";
    let encoding = model.encode(text);
    let quoted = (0..encoding.words().len()).filter(|&word| encoding.is_quoted(word));
    let quoted: Vec<&str> = quoted.map(|word| encoding.word_text(text, word)).collect();
    // A closing mark counts as outside, and what is left open ends with its line.
    assert_eq!(quoted, ["\"", "It", "is", "late", ".", "“", "No", ",", "\"", "and", "never", "«", "Oui", "\"", "Once"]);
    assert!(!encoding.is_quoted(1000));
}

#[test]
fn arguments_are_sought_near_by() {
    let model = Model::embedded(Precision::Int8).unwrap();
    let filler = "Nothing else was heard of it that day. ".repeat(20);
    let text = format!("Weir was there. \"Roth met Keller,\" Ibarra said. Roth left. {filler}Ferrand came.");
    let encoding = model.encode(&text);
    let mention = |name: &str, at: usize| {
        let start = text.match_indices(name).nth(at).unwrap().0;
        let words = encoding.words_in(ByteSpan::new(start, start + name.len()));
        let (entity_type, kind) = (EntityType::Person, MentionKind::Name);
        MentionWords { first: words.start, last: words.end - 1, entity_type, kind }
    };
    let names = [("Weir", 0), ("Roth", 0), ("Keller", 0), ("Ibarra", 0), ("Roth", 1), ("Ferrand", 0)];
    let mentions = names.map(|(name, at)| mention(name, at));
    let owners = [0, 1, 2, 3, 1, 4];
    let entities: Vec<EntityMentions> = (0..5)
        .map(|entity| EntityMentions {
            entity_type: EntityType::Person,
            mentions: (0..owners.len()).filter(|&mention| owners[mention] == entity).collect(),
        })
        .collect();
    let pair = Pair::new(&encoding, &mentions, &entities, 1, 2).unwrap();
    let near = argument_mentions(&encoding, &mentions, &owners, &pair, |entity| entity != 2);
    let found: Vec<_> = near.iter().map(|x| (x.mention, x.entity, x.place, x.sentence, x.role, x.quotes)).collect();
    assert_eq!(
        found,
        [
            (0, 0, 4, 2, 0, 2), // five words and a sentence before
            (1, 1, 0, 3, 1, 3), // the head itself, quoted as the relation is
            (3, 3, 10 + 3, 3, 0, 2),
            (4, 1, 10 + 4, 4, 1, 2),
        ]
    );
    assert!(argument_mentions(&encoding, &[], &[], &pair, |_| true).is_empty());
}

/// A text that fits one window, as the encoder wants it.
fn input(model: &Model, text: &str) -> EncoderInput {
    let (words, pieces) = model.tokenizer().words(text);
    let mut input = EncoderInput { pieces: vec![model.tokenizer().first()], shapes: vec![0], gaps: vec![0] };
    let mut end = None;
    for word in words {
        let range = word.span.range();
        input.pieces.extend(&pieces[word.pieces()]);
        input.shapes.resize(input.pieces.len(), shape(&text[range.clone()]));
        input.gaps.push(end.map_or(3, |end| gap(&text[end..range.start])));
        input.gaps.resize(input.pieces.len(), 0);
        end = Some(range.end);
    }
    input.pieces.push(model.tokenizer().last());
    input.shapes.push(0);
    input.gaps.push(0);
    input
}

#[test]
fn long_texts() {
    models().iter().for_each(|(model, vectors)| check_long_text(model, &vectors["long"]));
    // Ends in different windows get a score, and threads change nothing, however exactly the encoder counts.
    let [(_, vectors), _] = models();
    let text = vectors["long"]["text"].as_str().unwrap();
    for precision in [Precision::F32, Precision::Int8] {
        threads_change_nothing(&Model::embedded(precision).unwrap(), text);
        threads_change_nothing(&Model::embedded_fast(precision).unwrap(), text);
    }
}

fn check_long_text(model: &Model, case: &Value) {
    let text = case["text"].as_str().unwrap();
    let start = Instant::now();
    let encoding = model.encode(text);
    let rows: usize = encoding.windows().iter().map(|window| window.rows()).sum();
    println!("encoded {:.0} pieces a second", rows as f64 / start.elapsed().as_secs_f64());
    let windows: Vec<Value> =
        encoding.windows().iter().map(|window| serde_json::json!([window.words.start, window.words.end])).collect();
    assert_eq!(&windows, list(&case["windows"]));
    let home: Vec<usize> = (0..encoding.words().len()).map(|word| encoding.home_window(word)).collect();
    assert_eq!(home, numbers(&case["home"]));
    let states = encoding
        .words()
        .iter()
        .step_by(5)
        .flat_map(|word| encoding.state(word.pieces().start).iter().step_by(48).copied().collect::<Vec<f32>>());
    check_close("states", states, &case["states"]);
    let logits = model.mention_head().logits(&encoding);
    let tags = logits.chunks_exact(TAG_COUNT).step_by(5).flat_map(|row| row.iter().step_by(12)).copied();
    check_close("tags", tags, &case["tags"]);
}

fn threads_change_nothing(model: &Model, text: &str) {
    let encoding = model.encode(text);
    let last = encoding.words().len() - 1;
    let mention = |first, entity_type| MentionWords { first, last: first, entity_type, kind: MentionKind::Name };
    let mentions = [mention(0, EntityType::Person), mention(last, EntityType::Organization)];
    let entity = |index: usize| EntityMentions { entity_type: mentions[index].entity_type, mentions: vec![index] };
    let entities = [entity(0), entity(1)];
    let logits = || {
        let encoding = model.encode(text);
        let head = model.relation_head();
        let prepared = head.prepare(&encoding, &mentions, &entities);
        let pairs = [Pair::new(&encoding, &mentions, &entities, 0, 1).unwrap()];
        head.logits(&head.pairs(&encoding, &mentions, &entities, &prepared, &pairs))
    };
    let expected = logits();
    assert!(expected.iter().all(|logit| logit.is_finite()));
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(logits), expected, "{threads} threads");
    }
    // A document alone in a run is read by all of its threads.
    for threads in [1, 4] {
        let found = Mutex::new(None);
        let documents = [Ok::<_, Infallible>(Document::new("d", text))];
        run_ordered(
            documents,
            threads,
            |_| *found.lock().unwrap() = Some((model.encode(text), logits())),
            |doc| doc.map(|doc| assert!(doc.warnings.is_empty())),
        )
        .unwrap();
        assert!(found.into_inner().unwrap() == Some((encoding.clone(), expected.clone())), "{threads} threads");
    }
}

#[test]
fn odd_texts() {
    let model = Model::embedded(Precision::F32).unwrap();
    for text in ["", " \n", "\u{0}", "\u{301}", "a"] {
        let encoding = model.encode(text);
        let words = encoding.words().len();
        assert_eq!(model.mention_head().logits(&encoding).len(), words * TAG_COUNT, "{text:?}");
        let head = model.relation_head();
        let prepared = head.prepare(&encoding, &[], &[]);
        assert!(head.logits(&head.pairs(&encoding, &[], &[], &prepared, &[])).is_empty());
        assert!(model.coreference_head().scores(&model.coreference_head().prepare(&encoding, &[]), &[]).is_empty());
    }
}

#[test]
fn models_from_disk() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/models");
    assert_eq!(
        Model::open(folder, Precision::F32).unwrap().checksum(),
        Model::embedded(Precision::F32).unwrap().checksum()
    );
    let empty = tempfile::tempdir().unwrap();
    let error = Model::open(empty.path(), Precision::F32).unwrap_err();
    assert!(error.to_string().contains("0 files *.relata"), "{error}");
    let file = empty.path().join("x.relata");
    std::fs::write(&file, "RELATANN").unwrap();
    let error = Model::open(&file, Precision::F32).unwrap_err();
    assert!(error.to_string().contains("x.relata") && error.to_string().contains("too short"), "{error}");
}
