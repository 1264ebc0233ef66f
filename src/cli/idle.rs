//! Options that are given to a command that makes no use of them.

use super::{
    arguments::{Arguments, Command, ReadArguments},
    store,
};

/// The options that make no difference to the command, as they are written.
pub(super) fn options(arguments: &Arguments) -> Vec<&'static str> {
    let (global, command) = (&arguments.global, &arguments.command);
    let mut given = Vec::new();
    if !takes_texts(command) {
        given.extend([
            (global.model.is_some(), "--model"),
            (global.fast, "--fast"),
            (!global.gazetteer.is_empty(), "--gazetteer"),
            (!global.rules.is_empty(), "--rules"),
            (global.kb.is_some(), "--kb"),
            (global.precision.is_some(), "--precision"),
        ]);
        given.extend(reading(command).into_iter().flat_map(|read| {
            [
                (read.input_format.is_some(), "--input-format"),
                (read.max_bytes.is_some(), "--max-bytes"),
                (read.text_field.is_some(), "--text-field"),
                (read.id_field.is_some(), "--id-field"),
                (read.title_field.is_some(), "--title-field"),
                (read.date_field.is_some(), "--date-field"),
                (read.url_field.is_some(), "--url-field"),
                (read.source_field.is_some(), "--source-field"),
            ]
        }));
    }
    given.push((global.min_score.is_some() && !has_scores(command), "--min-score"));
    given.into_iter().filter_map(|(is_given, option)| is_given.then_some(option)).collect()
}

/// Whether a command takes texts through the model.
fn takes_texts(command: &Command) -> bool {
    match command {
        Command::Extract(_) => true,
        Command::Build(command) => !command.extracted,
        Command::Annotate(command) => !command.extracted,
        Command::Explain(command) => !store::is_graph_file(&command.input),
        Command::Eval(command) => command.predictions.is_none() && command.compare.is_empty(),
        _ => false,
    }
}

/// How a command reads texts, if it may.
fn reading(command: &Command) -> Option<&ReadArguments> {
    match command {
        Command::Build(command) => Some(&command.read),
        Command::Annotate(command) => Some(&command.read),
        Command::Explain(command) => Some(&command.read),
        _ => None,
    }
}

/// Whether a command finds or shows relations.
fn has_scores(command: &Command) -> bool {
    match command {
        Command::Build(_) | Command::Annotate(_) | Command::Export(_) | Command::View(_) => true,
        Command::Query(_) | Command::Explain(_) => true,
        #[cfg(feature = "load")]
        Command::Load(_) => true,
        command => takes_texts(command),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn options_without_effect_are_found() {
        let check = |line: &str, expected: &[&str]| {
            let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(options(&arguments), expected, "{line}");
        };
        check("relata extract a.txt --fast --kb x.kb --min-score 0.5 --max-bytes 2M", &[]);
        check("relata build a.txt -o g.relata --rules r.toml --min-score 0.5", &[]);
        check("relata build --extracted a.jsonl -o g.dot --fast --text-field body", &["--fast", "--text-field"]);
        check("relata query g.relata Ana --kb x.kb --threads 2 --schema s.toml --min-score 0.5", &["--kb"]);
        check("relata remove g.relata a --model m --min-score 0.5", &["--model", "--min-score"]);
        check("relata explain a.txt Ana --fast --input-format html", &[]);
        check("relata explain g.relata Ana --fast --input-format html", &["--fast", "--input-format"]);
        check("relata eval gold.jsonl --precision f32 --min-score 0.5", &[]);
        check("relata eval gold.jsonl found.jsonl --precision f32 --min-score 0.5", &["--precision", "--min-score"]);
    }
}
