//! Snapshots: files with what came out last time, to be read in a review. `RELATA_BLESS=1` writes them anew.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Whether what comes out now is to be taken for right.
pub fn is_blessing() -> bool {
    env::var_os("RELATA_BLESS").is_some_and(|value| value == "1")
}

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures")
}

/// Compares with the snapshot, or writes it; a difference is returned as text.
pub fn compare(path: &Path, found: &str) -> Result<(), String> {
    if is_blessing() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, found).unwrap();
        return Ok(());
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected == found {
        return Ok(());
    }
    Err(format!(
        "{} is stale (- as recorded, + as found; RELATA_BLESS=1 cargo test --test it writes it anew):\n{}",
        path.display(),
        difference(&expected, found)
    ))
}

/// The lines that differ, each with `-` or `+`, and the last equal line before them.
fn difference(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let common = longest_common(&old, &new);
    let (mut at_old, mut at_new) = (0, 0);
    let mut lines = Vec::new();
    for (next_old, next_new) in common.into_iter().chain([(old.len(), new.len())]) {
        if (at_old, at_new) != (next_old, next_new) {
            lines.extend(at_old.checked_sub(1).map(|before| format!("  {}", old[before])));
            lines.extend(old[at_old..next_old].iter().map(|line| format!("- {line}")));
            lines.extend(new[at_new..next_new].iter().map(|line| format!("+ {line}")));
        }
        (at_old, at_new) = (next_old + 1, next_new + 1);
    }
    lines.join("\n")
}

/// Places of a longest common subsequence in the one and in the other.
pub fn longest_common<T: PartialEq>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    // lengths[i][j]: of the best of a[i..] and b[j..].
    let width = b.len() + 1;
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i] == b[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[test]
fn differences_are_shown_in_their_place() {
    let check = |expected: &str, found: &str, shown: &str| assert_eq!(difference(expected, found), shown);
    check("a\nb\nc\n", "a\nb\nc\n", "");
    check("a\nb\nc\n", "a\nx\nc\ny\n", "  a\n- b\n+ x\n  c\n+ y");
    check("", "a\n", "+ a");
    check("a\nb\n", "", "- a\n- b");
}

#[test]
fn stale_snapshots_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/one.txt");
    if is_blessing() {
        return;
    }
    assert!(compare(&path, "a\n").unwrap_err().ends_with("\n+ a"));
    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::write(&path, "a\n").unwrap();
    assert_eq!(compare(&path, "a\n"), Ok(()));
}
