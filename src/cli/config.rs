//! Settings: the command line over the settings file over the defaults.

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Deserializer, de};

use crate::nn::Precision;

use super::{
    arguments::{GlobalArguments, InputFormat, MOST_THREADS, ReadArguments, check_score, parse_size},
    library, schema_file,
};

/// What holds for a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settings {
    pub threads: usize,
    pub min_score: Option<f32>,
    pub model: ModelChoice,
    pub gazetteer: Vec<PathBuf>,
    pub rules: Vec<PathBuf>,
    pub precision: Precision,
    pub kb: Option<PathBuf>,
    pub read: ReadSettings,
    /// The files that are read for all this: the settings file, and those that it and the command line name.
    pub files: Vec<PathBuf>,
}

/// The model to use.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ModelChoice {
    /// The one that is built in.
    BuiltIn,
    /// The smaller one that is built in.
    Fast,
    /// The one in a folder.
    Folder(PathBuf),
}

/// What holds for reading; nothing stands for the reader's own default.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ReadSettings {
    pub input_format: Option<InputFormat>,
    pub max_bytes: Option<u64>,
    pub text_field: Option<String>,
    pub id_field: Option<String>,
    pub title_field: Option<String>,
    pub date_field: Option<String>,
    pub url_field: Option<String>,
    pub source_field: Option<String>,
}

/// The settings file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    #[serde(default, deserialize_with = "threads")]
    threads: Option<NonZero<u16>>,
    #[serde(default, deserialize_with = "score")]
    min_score: Option<f32>,
    model: Option<PathBuf>,
    #[serde(default)]
    fast: bool,
    #[serde(default, deserialize_with = "paths")]
    gazetteer: Vec<PathBuf>,
    #[serde(default, deserialize_with = "paths")]
    rules: Vec<PathBuf>,
    schema: Option<PathBuf>,
    precision: Option<Precision>,
    kb: Option<PathBuf>,
    input_format: Option<InputFormat>,
    #[serde(default, deserialize_with = "size")]
    max_bytes: Option<u64>,
    text_field: Option<String>,
    id_field: Option<String>,
    title_field: Option<String>,
    date_field: Option<String>,
    url_field: Option<String>,
    source_field: Option<String>,
}

impl Settings {
    /// Reads the settings file, if one is named, and lays the command line over it.
    pub fn resolve(global: &GlobalArguments, read: Option<&ReadArguments>) -> Result<Self> {
        let file = match &global.config {
            None => SettingsFile::default(),
            Some(path) => {
                let text = library::read_text("the settings file", path)?;
                let mut file: SettingsFile = toml::from_str(&text)
                    .map_err(|error| anyhow::anyhow!("{}", error.to_string().trim_end()))
                    .with_context(|| format!("cannot use the settings file {}", path.display()))?;
                // From the file's own folder, so that it means the same wherever the program is started.
                let folder = path.parent().unwrap_or(Path::new(""));
                let single = file.model.iter_mut().chain(&mut file.kb).chain(&mut file.schema);
                for path in single.chain(&mut file.gazetteer).chain(&mut file.rules) {
                    *path = folder.join(&*path);
                }
                file
            }
        };
        // Before anything asks for a type.
        if let Some(path) = global.schema.as_deref().or(file.schema.as_deref()) {
            schema_file::install(path)?;
        }
        let no_read = ReadArguments::default();
        let read = read.unwrap_or(&no_read);
        let any = |given: &[PathBuf], filed: Vec<PathBuf>| if given.is_empty() { filed } else { given.to_vec() };
        let either = |given: &Option<String>, filed: Option<String>| given.clone().or(filed);
        // What is given decides before what the file says.
        let model = match (&global.model, global.fast, file.model, file.fast) {
            (Some(folder), ..) => ModelChoice::Folder(folder.clone()),
            (None, true, ..) => ModelChoice::Fast,
            (None, false, Some(_), true) => bail!("the settings file has both `model` and `fast`; leave one out"),
            (None, false, Some(folder), false) => ModelChoice::Folder(folder),
            (None, false, None, true) => ModelChoice::Fast,
            (None, false, None, false) => ModelChoice::BuiltIn,
        };
        let gazetteer = any(&global.gazetteer, file.gazetteer);
        let rules = any(&global.rules, file.rules);
        let kb = global.kb.clone().or(file.kb);
        let named = global.files().map(Path::to_owned);
        let files = named.chain(file.schema).chain(gazetteer.clone()).chain(rules.clone()).chain(kb.clone()).collect();
        let settings = Self {
            threads: global
                .threads
                .or(file.threads.map(NonZero::get))
                .map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from),
            min_score: global.min_score.or(file.min_score),
            model,
            gazetteer,
            rules,
            precision: global.precision.or(file.precision).unwrap_or_default(),
            kb,
            read: ReadSettings {
                input_format: read.input_format.or(file.input_format),
                max_bytes: read.max_bytes.or(file.max_bytes),
                text_field: either(&read.text_field, file.text_field),
                id_field: either(&read.id_field, file.id_field),
                title_field: either(&read.title_field, file.title_field),
                date_field: either(&read.date_field, file.date_field),
                url_field: either(&read.url_field, file.url_field),
                source_field: either(&read.source_field, file.source_field),
            },
            files,
        };
        if let ModelChoice::Folder(model) = &settings.model {
            ensure!(model.is_dir(), "no model folder at {}", model.display());
        }
        Ok(settings)
    }
}

fn threads<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NonZero<u16>>, D::Error> {
    let threads = NonZero::<u16>::deserialize(deserializer)?;
    if threads.get() > MOST_THREADS {
        return Err(de::Error::custom(format!("{threads} is more than {MOST_THREADS}, the most threads of a run")));
    }
    Ok(Some(threads))
}

fn score<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f32>, D::Error> {
    let score = f32::deserialize(deserializer)?;
    check_score(score).map(|()| Some(score)).map_err(de::Error::custom)
}

/// One path or a list of them.
fn paths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a path, or a list of paths")]
    enum Paths {
        One(PathBuf),
        Many(Vec<PathBuf>),
    }
    Ok(match Paths::deserialize(deserializer)? {
        Paths::One(path) => vec![path],
        Paths::Many(paths) => paths,
    })
}

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a size: a number of bytes, or a string such as \"20M\"")]
    enum Size {
        Bytes(u64),
        Text(String),
    }
    let text = match Size::deserialize(deserializer)? {
        Size::Bytes(bytes) => bytes.to_string(),
        Size::Text(text) => text,
    };
    parse_size(&text).map(Some).map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn resolve(toml: &str, global: GlobalArguments, read: &ReadArguments) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relata.toml");
        fs::write(&path, toml).unwrap();
        let global = GlobalArguments { config: Some(path), ..global };
        Settings::resolve(&global, Some(read)).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn command_line_wins_over_file_over_default() {
        let file = "threads = 3\nmin_score = 0.5\nprecision = \"f32\"\nmax_bytes = \"2k\"\ntext_field = \"body\"\ninput_format = \"html\"";
        let global = GlobalArguments { threads: Some(2), ..GlobalArguments::default() };
        let read = ReadArguments { text_field: Some("content".to_owned()), ..ReadArguments::default() };
        let settings = resolve(file, global, &read).unwrap();
        assert_eq!((settings.threads, settings.min_score, settings.model), (2, Some(0.5), ModelChoice::BuiltIn));
        assert_eq!(settings.precision, Precision::F32);
        assert_eq!(
            settings.read,
            ReadSettings {
                input_format: Some(InputFormat::Html),
                max_bytes: Some(2048),
                text_field: Some("content".to_owned()),
                ..ReadSettings::default()
            }
        );
        assert!(Settings::resolve(&GlobalArguments::default(), None).unwrap().threads >= 1);
    }

    #[test]
    fn the_given_model_wins_over_that_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let filed = format!("model = {path:?}");
        let given = |fast, model| GlobalArguments { fast, model, ..GlobalArguments::default() };
        let folder = ModelChoice::Folder(path.clone());
        for (file, global, expected) in [
            ("", given(false, None), &ModelChoice::BuiltIn),
            ("fast = true", given(false, None), &ModelChoice::Fast),
            ("fast = true", given(false, Some(path.clone())), &folder),
            (&filed, given(false, None), &folder),
            (&filed, given(true, None), &ModelChoice::Fast),
        ] {
            assert_eq!(&resolve(file, global, &ReadArguments::default()).unwrap().model, expected, "{file}");
        }
        let error =
            resolve(&format!("fast = true\n{filed}"), given(false, None), &ReadArguments::default()).unwrap_err();
        assert!(error.contains("both `model` and `fast`"), "{error}");
    }

    #[test]
    fn bad_files_are_explained() {
        for (file, message) in [
            ("thread = 3", "unknown field `thread`, expected one of `threads`, `min_score`"),
            ("threads = 0", "expected a nonzero u16"),
            ("threads = 1025", "1025 is more than 1024"),
            ("threads = \"many\"", "invalid type: string \"many\""),
            ("min_score = 7.0", "7 is not between 0 and 1"),
            ("max_bytes = \"20MB\"", "\"20MB\" is not a size"),
            ("max_bytes = true", "a size: a number of bytes"),
            ("input_format = \"pdf\"", "unknown variant `pdf`, expected one of `text`"),
            ("threads", "TOML parse error at line 1"),
            ("gazetteer = 7", "a path, or a list of paths"),
            ("model = \"nowhere\"", "no model folder at "),
        ] {
            let error = resolve(file, GlobalArguments::default(), &ReadArguments::default()).unwrap_err();
            assert!(error.contains(message), "{file}: {error}");
            assert!(error.contains("relata.toml") || message.starts_with("no model"), "{error}");
        }
    }
}
