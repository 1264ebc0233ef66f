//! The packed lexicon is what its tables make; `RELATA_BLESS=1` writes it anew.

use std::{env, fs, path::Path};

use relata::lexicon::{Lexicon, build::build};

#[test]
fn packed_lexicon_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/lexicons");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let built = build(&read("name_variants.tsv"), &read("given_names.tsv"), &read("cities.tsv")).unwrap();
    assert!(built.len() < 4_000_000, "{} bytes", built.len());
    let path = folder.join("lexicon.bin");
    if env::var_os("RELATA_BLESS").is_some() {
        fs::write(&path, &built).unwrap();
    }
    assert!(
        fs::read(&path).unwrap() == built,
        "data/lexicons/lexicon.bin is stale: RELATA_BLESS=1 cargo test --test it lexicon"
    );
}

#[test]
fn damaged_lexicon_is_refused() {
    let bytes =
        build("anna|hanna\njon|john\n", "anna\t0\t9\n", "1\tno\t20000\t59.9\t10.7\tNordby\tNordbyen\t\n").unwrap();
    assert!(Lexicon::check(bytes.clone().leak()).is_ok());
    for at in [0, 9, 30, 60, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert!(Lexicon::check(damaged.leak()).is_err(), "byte {at}");
    }
    assert!(Lexicon::check(bytes[..bytes.len() - 1].to_vec().leak()).is_err());
}

#[test]
fn broken_tables_are_told_with_their_line() {
    let error = build("", "", "# header\n1\tno\tmany\t59.9\t10.7\tNordby\t\t\n").unwrap_err();
    assert_eq!(error.to_string(), "cities.tsv line 2: \"many\" is not a number");
    let error = build("", "", "1\tno\t9\t59.9\t10.7\tNordby\t\tno-Øst\n").unwrap_err();
    assert_eq!(error.to_string(), "cities.tsv line 1: \"no-Øst\" is no region");
    let error = build("", "anna\t0\n", "").unwrap_err();
    assert_eq!(error.to_string(), "given_names.tsv line 1: a field is missing");
}
