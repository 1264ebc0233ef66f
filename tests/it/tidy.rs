//! The house rules that a compiler does not check.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;

/// The stages in the order in which text flows, each with the other stages it may know.
const STAGES: [(&str, &[&str]); 11] = [
    ("read", &[]),
    ("segment", &[]),
    ("recognize", &[]),
    ("resolve", &[]),
    ("relate", &[]),
    ("link", &[]),
    ("corpus", &[]),
    ("graph", &["corpus"]),
    ("store", &["corpus", "graph"]),
    ("export", &["graph", "link"]),
    ("load", &["graph", "export"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the project, as paths from its root: what git knows or would take, or in a package all there is.
fn project_files() -> Vec<PathBuf> {
    let git = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let mut files: Vec<PathBuf> = match git {
        Ok(output) if output.status.success() => {
            String::from_utf8(output.stdout).unwrap().split_terminator('\0').map(PathBuf::from).collect()
        }
        _ => walkdir::WalkDir::new(root())
            .into_iter()
            .filter_entry(|entry| {
                !["target", ".git", ".venv", ".venv-servers", ".venv-train", "node_modules"]
                    .map(Some)
                    .contains(&entry.file_name().to_str())
            })
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.path().strip_prefix(root()).unwrap().to_owned())
            .collect(),
    };
    files.retain(|file| root().join(file).is_file());
    files.sort();
    files
}

fn source_files() -> Vec<(String, String)> {
    let files: Vec<_> = project_files()
        .into_iter()
        .filter(|file| file.starts_with("src") && file.extension().is_some_and(|extension| extension == "rs"))
        .map(|file| (file.display().to_string(), fs::read_to_string(root().join(&file)).unwrap()))
        .collect();
    assert!(files.len() > 10, "the sources are not where they were");
    files
}

/// The code without comments and without the unit tests at the bottom, which may use any stage to make their input.
fn code(source: &str) -> String {
    let end = source.find("#[cfg(test)]\nmod ").unwrap_or(source.len());
    source[..end].lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The top modules of the crate that code names after `crate::`, one by one or in a group.
fn imported_modules(code: &str) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for (at, prefix) in code.match_indices("crate::") {
        let rest = &code[at + prefix.len()..];
        let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        if !rest.starts_with('{') {
            modules.insert(name(rest));
            continue;
        }
        let mut depth = 0;
        for (index, c) in rest.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => (),
            }
            if depth == 0 {
                break;
            }
            if depth == 1 && matches!(c, '{' | ',') {
                modules.insert(name(rest[index + 1..].trim_start()));
            }
        }
    }
    modules
}

#[test]
fn imports_are_found() {
    let code =
        "use crate::{\n    graph::{self, Node},\n    span::ByteSpan,\n};\nuse crate::read::Reader;\ncrate::nn::load();";
    let expected = ["", "graph", "nn", "read", "span"].map(str::to_owned);
    assert_eq!(imported_modules(code), BTreeSet::from(expected));
}

#[test]
fn stages_do_not_know_each_other() {
    let stages: Vec<_> = STAGES.iter().map(|(stage, _)| *stage).collect();
    for (file, source) in source_files() {
        let module = file.trim_start_matches("src/").split(['/', '.']).next().unwrap_or_default().to_owned();
        let allowed: &[&str] = match module.as_str() {
            "cli" | "main" | "lib" => continue,
            "pipeline" => &stages,
            other => STAGES.iter().find(|(stage, _)| *stage == other).map_or(&[], |(_, allowed)| allowed),
        };
        for imported in imported_modules(&code(&source)) {
            let is_inner = stages.contains(&imported.as_str()) || ["pipeline", "cli"].contains(&imported.as_str());
            assert!(
                !is_inner || imported == module || allowed.contains(&imported.as_str()),
                "{file} imports crate::{imported}; only src/pipeline.rs and src/cli know all stages (ARCHITECTURE.md)"
            );
        }
    }
}

#[test]
fn modules_are_listed_in_the_order_of_the_text() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for (stage, _) in STAGES {
        assert!(lib.contains(&format!("mod {stage};")), "src/lib.rs has no module {stage}");
    }
}

#[test]
fn unsafe_code_stays_in_nn_and_is_explained() {
    let pattern = Regex::new(r"\bunsafe\b\s*(\{|fn|impl|trait|extern)").unwrap();
    for (file, source) in source_files() {
        let lines: Vec<_> = source.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            if !pattern.is_match(line.split("//").next().unwrap_or_default()) {
                continue;
            }
            assert!(file.starts_with("src/nn/"), "{file}:{}: unsafe code belongs in src/nn", index + 1);
            let before = &lines[index.saturating_sub(12)..=index];
            assert!(
                before.iter().any(|line| line.contains("SAFETY:") || line.contains("# Safety")),
                "{file}:{}: say above it why it is sound (SAFETY:)",
                index + 1
            );
        }
    }
}

#[test]
fn every_source_file_says_what_it_is() {
    for (file, source) in source_files() {
        assert!(source.starts_with("//! "), "{file} does not start with a sentence about it (//!)");
    }
}

#[test]
fn every_integration_test_is_run() {
    let main = fs::read_to_string(root().join("tests/it/main.rs")).unwrap();
    for file in project_files() {
        if let (Some("rs"), Ok(inner)) = (file.extension().and_then(|e| e.to_str()), file.strip_prefix("tests/it")) {
            let module = inner.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
            assert!(
                module == "main" || main.contains(&format!("mod {module};")),
                "tests/it/main.rs has no mod {module};"
            );
        }
    }
}

#[test]
fn no_file_names_a_place_on_one_machine() {
    // Only paths of people's machines; addresses such as https://example.org/home/ are fine.
    let pattern = Regex::new(r#"(?m)(^|[\s"'`=(:,])/(work|home|root|Users)/[\w.-]+"#).unwrap();
    for file in project_files() {
        let Ok(text) = fs::read_to_string(root().join(&file)) else { continue };
        let found = pattern.find(&text).map(|found| found.as_str().trim());
        assert_eq!(found, None, "{} names a path that others do not have", file.display());
    }
}

#[test]
fn every_data_file_has_a_provenance() {
    const NOTES: [&str; 2] = ["README.md", "PROVENANCE.md"];
    for file in project_files().iter().filter(|file| file.starts_with("data")) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if NOTES.contains(&&*name) {
            continue;
        }
        // The nearest notes upwards have to name the file, its folder, or all files of its kind.
        let notes = file.ancestors().skip(1).find_map(|folder| {
            NOTES.iter().find_map(|note| Some((folder, fs::read_to_string(root().join(folder).join(note)).ok()?)))
        });
        let is_described = notes.is_some_and(|(folder, text)| {
            let inner = file.strip_prefix(folder).unwrap_or(file);
            let top = inner.iter().next().unwrap_or_default().to_string_lossy();
            let extension = file.extension().unwrap_or_default().to_string_lossy();
            let folder_name = format!("{top}/");
            text.contains(&*name) || text.contains(&format!("*.{extension}")) || text.contains(&folder_name)
        });
        assert!(is_described, "{} is not named in the nearest README.md or PROVENANCE.md", file.display());
    }
}

#[test]
fn readme_shows_the_two_commands() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap_or_else(|error| panic!("README.md: {error}"));
    for command in ["cargo run --release -- build data/samples -o ", "cargo xtask test"] {
        assert!(readme.contains(command), "README.md does not show `{command}`");
    }
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(ci.contains("cargo xtask test"), ".ci/run does not call `cargo xtask test`");
}

#[test]
fn papers_are_complete() {
    for (file, part) in [
        ("LICENSE-MIT", "Permission is hereby granted"),
        ("LICENSE-APACHE", "END OF TERMS AND CONDITIONS"),
        ("NOTICE", "relata"),
        ("CHANGELOG.md", "## Unreleased"),
        ("CONTRIBUTING.md", "cargo xtask test"),
        ("ARCHITECTURE.md", "## Invariants"),
    ] {
        let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(part), "{file} has no {part:?}");
    }
}
