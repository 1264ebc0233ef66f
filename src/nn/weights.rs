//! The weight file: magic, version, checksum, JSON header, aligned tensors. `train/relata_train/weight_file.py` writes it and
//! describes the layout. A file is untrusted: nothing is read from a place that was not checked.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    features::DISTANCES,
    linear::{Linear, Norm},
    mapped::MappedFile,
    relation::BETWEEN_LIMIT,
};
use crate::schema::{EntityType, MentionKind, RelationType, Status};

const MAGIC: &[u8; 8] = b"RELATANN";
const VERSION: u32 = 2;
const HEADER_START: usize = 48;

/// Why a model could not be loaded.
#[derive(Debug)]
pub struct ModelError {
    path: Option<PathBuf>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Io(io::Error),
    Content(String),
}

impl ModelError {
    pub(super) fn content(message: impl Into<String>) -> Self {
        Self { path: None, kind: Kind::Content(message.into()) }
    }

    fn io(error: io::Error) -> Self {
        Self { path: None, kind: Kind::Io(error) }
    }

    pub(super) fn with_path(self, path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// The file, unless it is the embedded model.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "cannot load the model {}: ", path.display())?,
            None => write!(f, "cannot load the embedded model: ")?,
        }
        match &self.kind {
            Kind::Io(error) => write!(f, "{error}"),
            Kind::Content(message) => write!(f, "{message}"),
        }
    }
}

impl std::error::Error for ModelError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Io(error) => Some(error),
            Kind::Content(_) => None,
        }
    }
}

/// The bytes of a file, in the binary or mapped.
#[derive(Clone)]
pub(super) enum Bytes {
    #[cfg_attr(not(feature = "embed-en"), expect(dead_code, reason = "only the embedded model is static"))]
    Static(&'static [u8]),
    Mapped(MappedFile),
}

impl Bytes {
    pub(super) fn get(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Mapped(map) => map.as_ref(),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) label: String,
    pub(super) encoder: EncoderSizes,
    pub(super) sizes: HeadSizes,
    types: Vec<String>,
    kinds: Vec<String>,
    positions: Vec<String>,
    relations: Vec<String>,
    statuses: Vec<String>,
    arguments: Vec<String>,
    pub(super) thresholds: BTreeMap<String, f32>,
    /// Scale and shift that make a probability of the score of a coreference link.
    pub(super) link_calibration: [f32; 2],
    vocabulary: VocabularyEntry,
    tensors: Vec<TensorEntry>,
}

#[derive(Deserialize, Clone)]
pub(super) struct EncoderSizes {
    pub(super) width: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    /// Width of a head of attention; `width / heads` in files that do not say it.
    #[serde(default)]
    head_width: usize,
    pub(super) inner: usize,
    pub(super) positions: usize,
    pub(super) epsilon: f32,
    pub(super) shapes: usize,
    pub(super) gaps: usize,
}

impl EncoderSizes {
    /// Width of a head of attention.
    pub(super) fn head_width(&self) -> usize {
        if self.head_width == 0 { self.width / self.heads } else { self.head_width }
    }
}

#[derive(Deserialize, Clone)]
pub(super) struct HeadSizes {
    pub(super) pair: usize,
    pub(super) block: usize,
    pub(super) between: usize,
    between_limit: usize,
    pub(super) mention: usize,
    pub(super) coreference: usize,
    pub(super) argument: usize,
    pub(super) trigger_heads: usize,
    pub(super) trigger_key: usize,
    pub(super) trigger_value: usize,
    pub(super) trigger_reach: usize,
    distances: usize,
    /// Nothing in files of models without [`Mix`](super::mix::Mix).
    #[serde(default)]
    pub(super) mix: Option<MixSizes>,
}

/// Sizes of [`Mix`](super::mix::Mix).
#[derive(Deserialize, Clone)]
pub(super) struct MixSizes {
    pub(super) width: usize,
    pub(super) heads: usize,
    pub(super) layers: usize,
    /// Words before and after a mention that it sees.
    pub(super) words: usize,
    /// Words within which it sees other mentions.
    pub(super) mentions: usize,
}

#[derive(Deserialize)]
struct VocabularyEntry {
    pieces: usize,
    offset: usize,
    bytes: usize,
}

#[derive(Deserialize)]
struct TensorEntry {
    name: String,
    shape: Vec<usize>,
    r#type: String,
    offset: usize,
    #[serde(default)]
    scales: Option<usize>,
}

/// A checked file.
pub(super) struct Weights {
    bytes: Bytes,
    pub(super) header: Header,
    pub(super) checksum: String,
    data_start: usize,
    tensors: BTreeMap<String, Tensor>,
}

/// A tensor whose place was checked.
struct Tensor {
    shape: Vec<usize>,
    /// Place of its numbers in the file.
    content: Range<usize>,
    /// Place of the scales of its rows, if it is quantized.
    scales: Option<Range<usize>>,
}

/// Rows of bytes, each with a scale.
struct ByteRows {
    bytes: Vec<i8>,
    scales: Vec<f32>,
}

/// How exactly the encoder's layers and the scoring of pairs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Precision {
    /// In whole numbers of 8 bits inside the linear layers: faster, and there the same on every processor.
    #[default]
    Int8,
    /// In floating-point numbers of 32 bits.
    F32,
}

impl Precision {
    /// The name to choose it by, such as `int8`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::F32 => "f32",
        }
    }
}

impl Weights {
    /// Opens and checks a file, or the one `.relata` file in a folder.
    pub(super) fn open(path: &Path) -> Result<Self, ModelError> {
        let file_path = find_file(path).map_err(|error| error.with_path(path))?;
        let open = || {
            let map = MappedFile::open(&file_path).map_err(ModelError::io)?;
            Self::checked(Bytes::Mapped(map))
        };
        open().map_err(|error| error.with_path(&file_path))
    }

    /// Reads a file that may be damaged.
    fn checked(bytes: Bytes) -> Result<Self, ModelError> {
        let content = bytes.get();
        let start = Self::start(content)?;
        if Sha256::digest(&content[HEADER_START..]).as_slice() != &start[16..48] {
            return Err(ModelError::content("its checksum is wrong; the file is damaged or cut off"));
        }
        Self::read(bytes)
    }

    /// What stands before the header, of a file that this program reads.
    fn start(content: &[u8]) -> Result<&[u8; HEADER_START], ModelError> {
        let start: &[u8; HEADER_START] =
            content.first_chunk().ok_or_else(|| ModelError::content("it is too short for a model"))?;
        if !start.starts_with(MAGIC) {
            return Err(ModelError::content("it is not a model of this program; make one with relata_train.export"));
        }
        let version = u32::from_le_bytes([start[8], start[9], start[10], start[11]]);
        if version != VERSION {
            return Err(ModelError::content(format!("its format is version {version}, this program reads {VERSION}")));
        }
        Ok(start)
    }

    /// Reads a file that is known to be whole, as what is built into the program is.
    pub(super) fn read(bytes: Bytes) -> Result<Self, ModelError> {
        let content = bytes.get();
        let start = Self::start(content)?;
        let checksum = crate::hex::hex(&start[16..48], 64);
        let header_length = u32::from_le_bytes([start[12], start[13], start[14], start[15]]);
        let body = &content[HEADER_START..];
        let head = body
            .get(..header_length as usize)
            .ok_or_else(|| ModelError::content("its header ends after the end of the file"))?;
        let header: Header = serde_json::from_slice(head)
            .map_err(|error| ModelError::content(format!("its header cannot be read: {error}")))?;
        check_schema(&header)?;
        let data_start = HEADER_START + head.len();
        let mut tensors = BTreeMap::new();
        for entry in &header.tensors {
            let outside = || ModelError::content(format!("tensor {} lies outside of the file", entry.name));
            let place = |offset: usize, count: usize, width: usize| -> Option<Range<usize>> {
                let start = data_start.checked_add(offset)?;
                let end = start.checked_add(count.checked_mul(width)?)?;
                (end <= content.len()).then_some(start..end)
            };
            let count =
                entry.shape.iter().try_fold(1usize, |product, &size| product.checked_mul(size)).ok_or_else(outside)?;
            let (width, scales) = match (entry.r#type.as_str(), entry.scales, entry.shape.as_slice()) {
                ("f32", None, _) => (4, None),
                ("i8", Some(scales), &[rows, _]) => (1, Some(place(scales, rows, 4).ok_or_else(outside)?)),
                _ => return Err(ModelError::content(format!("tensor {} has an unknown form", entry.name))),
            };
            let tensor = Tensor {
                shape: entry.shape.clone(),
                content: place(entry.offset, count, width).ok_or_else(outside)?,
                scales,
            };
            tensors.insert(entry.name.clone(), tensor);
        }
        Ok(Self { bytes, header, checksum, data_start, tensors })
    }

    /// The pieces of the vocabulary in the order of their ids.
    pub(super) fn vocabulary(&self) -> Result<Vec<&str>, ModelError> {
        let VocabularyEntry { pieces, offset, bytes } = self.header.vocabulary;
        let text = self
            .data_start
            .checked_add(offset)
            .and_then(|start| Some(start..start.checked_add(bytes)?))
            .and_then(|range| self.bytes.get().get(range))
            .and_then(|text| std::str::from_utf8(text).ok())
            .ok_or_else(|| ModelError::content("its vocabulary cannot be read"))?;
        let found: Vec<&str> = text.split('\n').collect();
        if found.len() != pieces {
            return Err(ModelError::content(format!("its vocabulary has {} pieces, want {pieces}", found.len())));
        }
        Ok(found)
    }

    /// Whether the file holds a tensor.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    fn tensor(&self, name: &str, shape: &[usize]) -> Result<&Tensor, ModelError> {
        let tensor =
            self.tensors.get(name).ok_or_else(|| ModelError::content(format!("it lacks the tensor {name}")))?;
        if tensor.shape != shape {
            let found = &tensor.shape;
            return Err(ModelError::content(format!("tensor {name} has the sizes {found:?}, want {shape:?}")));
        }
        Ok(tensor)
    }

    /// The numbers of a tensor, dequantized.
    pub(super) fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let tensor = self.tensor(name, shape)?;
        let content = &self.bytes.get()[tensor.content.clone()];
        let values: Vec<f32> = match &tensor.scales {
            None => floats(content),
            Some(scales) => {
                let mut values = vec![0.0; content.len()];
                let columns = shape.get(1).copied().unwrap_or(1).max(1);
                let rows = content.chunks_exact(columns).zip(values.chunks_exact_mut(columns));
                for ((from, to), scale) in rows.zip(floats(&self.bytes.get()[scales.clone()])) {
                    for (value, &byte) in to.iter_mut().zip(from) {
                        *value = f32::from(byte.cast_signed()) * scale;
                    }
                }
                values
            }
        };
        if values.iter().any(|value| !value.is_finite()) {
            return Err(ModelError::content(format!("tensor {name} holds numbers that are not finite")));
        }
        Ok(values)
    }

    /// A linear layer; `name` is that of the layer.
    pub(super) fn linear(&self, name: &str, input: usize, output: usize) -> Result<Linear, ModelError> {
        self.joined_linear(&[name.to_owned()], input, output, Precision::F32)
    }

    /// A linear layer of several matrices of one size over one input, whose results stand side by side. It counts in bytes
    /// if the file holds bytes and the precision allows it.
    pub(super) fn joined_linear(
        &self,
        names: &[String],
        input: usize,
        output: usize,
        precision: Precision,
    ) -> Result<Linear, ModelError> {
        let whole = names.len() * output;
        let mut bias = Vec::with_capacity(whole);
        for name in names {
            bias.extend(self.values(&format!("{name}.bias"), &[output])?);
        }
        if precision == Precision::Int8
            && let Some(ByteRows { bytes, scales }) = self.rows_of_bytes(names, input, output)?
        {
            return Ok(Linear::of_bytes(&bytes, scales, bias, input, whole));
        }
        let mut weight = Vec::with_capacity(whole * input);
        for name in names {
            weight.extend(self.values(&format!("{name}.weight"), &[output, input])?);
        }
        Ok(Linear::new(&weight, Some(bias), input, whole))
    }

    /// The linear layer over some columns of several matrices of one size `(columns, rows)`; the biases are added where the
    /// first column is among them.
    pub(super) fn linear_of_columns(
        &self,
        names: &[String],
        (columns, rows): (usize, usize),
        part: Range<usize>,
        precision: Precision,
    ) -> Result<Linear, ModelError> {
        let whole = names.len() * rows;
        let mut bias = vec![0.0; whole];
        if part.start == 0 {
            for (bias, name) in bias.chunks_exact_mut(rows).zip(names) {
                bias.copy_from_slice(&self.values(&format!("{name}.bias"), &[rows])?);
            }
        }
        if precision == Precision::Int8
            && let Some(ByteRows { bytes, scales }) = self.rows_of_bytes(names, columns, rows)?
        {
            let bytes: Vec<i8> = bytes.chunks_exact(columns).flat_map(|row| &row[part.clone()]).copied().collect();
            return Ok(Linear::of_bytes(&bytes, scales, bias, part.len(), whole));
        }
        let mut weight = Vec::with_capacity(whole * part.len());
        for name in names {
            let matrix = self.values(&format!("{name}.weight"), &[rows, columns])?;
            weight.extend(matrix.chunks_exact(columns).flat_map(|row| &row[part.clone()]));
        }
        Ok(Linear::new(&weight, Some(bias), part.len(), whole))
    }

    /// The rows of several matrices, one after the other; nothing if the file holds one of them in floats.
    fn rows_of_bytes(&self, names: &[String], input: usize, output: usize) -> Result<Option<ByteRows>, ModelError> {
        let (mut bytes, mut scales) = (Vec::new(), Vec::new());
        for name in names {
            let tensor = self.tensor(&format!("{name}.weight"), &[output, input])?;
            let Some(place) = &tensor.scales else { return Ok(None) };
            bytes.extend(self.bytes.get()[tensor.content.clone()].iter().map(|byte| byte.cast_signed()));
            scales.extend(floats(&self.bytes.get()[place.clone()]));
        }
        if scales.iter().any(|scale| !scale.is_finite()) {
            return Err(ModelError::content(format!("the scales of {} are not finite", names.join(", "))));
        }
        Ok(Some(ByteRows { bytes, scales }))
    }

    /// A norm; `name` is that of the layer.
    pub(super) fn norm(&self, name: &str, width: usize, epsilon: f32) -> Result<Norm, ModelError> {
        let weight = self.values(&format!("{name}.weight"), &[width])?;
        let bias = self.values(&format!("{name}.bias"), &[width])?;
        Ok(Norm { weight, bias, epsilon })
    }

    /// An embedding that stays quantized in the file.
    pub(super) fn embedding(&self, name: &str, rows: usize, width: usize) -> Result<Embedding, ModelError> {
        let tensor = self.tensor(name, &[rows, width])?;
        let rows = match &tensor.scales {
            Some(scales) => {
                let scales = floats(&self.bytes.get()[scales.clone()]);
                if scales.iter().any(|scale| !scale.is_finite()) {
                    return Err(ModelError::content(format!("tensor {name} holds scales that are not finite")));
                }
                EmbeddingRows::Quantized { bytes: self.bytes.clone(), start: tensor.content.start, scales }
            }
            None => EmbeddingRows::Plain(self.values(name, &[rows, width])?),
        };
        Ok(Embedding { rows, width })
    }
}

/// Rows of numbers, one for each piece of the vocabulary.
pub(super) struct Embedding {
    rows: EmbeddingRows,
    width: usize,
}

enum EmbeddingRows {
    Quantized { bytes: Bytes, start: usize, scales: Vec<f32> },
    Plain(Vec<f32>),
}

impl Embedding {
    /// Adds row `index` to `to`; a row that is not there adds nothing.
    pub(super) fn add(&self, index: usize, to: &mut [f32]) {
        match &self.rows {
            EmbeddingRows::Quantized { bytes, start, scales } => {
                let Some(&scale) = scales.get(index) else { return };
                let at = start + index * self.width;
                for (value, &byte) in to.iter_mut().zip(&bytes.get()[at..at + self.width]) {
                    *value += f32::from(byte.cast_signed()) * scale;
                }
            }
            EmbeddingRows::Plain(values) => {
                for (value, other) in to.iter_mut().zip(values.chunks_exact(self.width).nth(index).unwrap_or_default())
                {
                    *value += other;
                }
            }
        }
    }
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|&number| f32::from_le_bytes(number)).collect()
}

fn find_file(path: &Path) -> Result<PathBuf, ModelError> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(ModelError::io)? {
        let entry = entry.map_err(ModelError::io)?.path();
        if entry.extension().is_some_and(|extension| extension == "relata") {
            found.push(entry);
        }
    }
    match <[PathBuf; 1]>::try_from(found) {
        Ok([file]) => Ok(file),
        Err(found) => {
            Err(ModelError::content(format!("the folder holds {} files *.relata; name the one to use", found.len())))
        }
    }
}

/// Whether the model was trained on the schema that is compiled in.
fn check_schema(header: &Header) -> Result<(), ModelError> {
    let check = |what: &str, found: &[String], wanted: Vec<&str>| {
        if found.iter().map(String::as_str).ne(wanted.iter().copied()) {
            return Err(ModelError::content(format!(
                "its {what} are not those of this program ({} against {}); it was trained on another schema",
                found.len(),
                wanted.len()
            )));
        }
        Ok(())
    };
    check("entity types", &header.types, EntityType::ALL.map(EntityType::key).to_vec())?;
    check("mention kinds", &header.kinds, MentionKind::ALL.map(MentionKind::name).to_vec())?;
    check("tag positions", &header.positions, vec!["B", "I", "E", "S"])?;
    check("relation types", &header.relations, RelationType::of_model().map(RelationType::key).collect())?;
    check("statuses", &header.statuses, ["fact"].into_iter().chain(Status::ALL.map(Status::name)).collect())?;
    check("arguments", &header.arguments, vec!["by", "date", "place"])?;
    let EncoderSizes { width, layers, heads, head_width, inner, positions, .. } = header.encoder;
    let HeadSizes { pair, block, between, between_limit, mention, coreference, argument, distances, .. } = header.sizes;
    let HeadSizes { trigger_heads, trigger_key, trigger_value, trigger_reach, .. } = header.sizes;
    let triggers = [trigger_heads, trigger_key, trigger_value, trigger_reach];
    let sizes = [width, layers, heads, inner, pair, block, between, mention, coreference, argument];
    if sizes.iter().chain(&triggers).any(|&size| size == 0 || size > 1 << 16)
        || !(128..=1 << 16).contains(&positions)
        || head_width > 1 << 16
    {
        return Err(ModelError::content("its header gives sizes that no model has"));
    }
    if let Some(MixSizes { width, heads, layers, words, mentions }) = &header.sizes.mix {
        if [width, heads, layers, words, mentions].iter().any(|&&size| size == 0 || size > 1 << 12) {
            return Err(ModelError::content("its header gives sizes that no model has"));
        }
        if width % heads != 0 {
            return Err(ModelError::content("its header gives sizes that do not fit together"));
        }
    }
    if head_width == 0 && width % heads != 0
        || pair % block != 0
        || distances != DISTANCES
        || between_limit != BETWEEN_LIMIT
    {
        return Err(ModelError::content("its header gives sizes that do not fit together"));
    }
    if !header.link_calibration.iter().all(|number| number.is_finite()) {
        return Err(ModelError::content("its header gives a calibration that is no number"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a header and data, and a right checksum.
    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let body = [header.as_bytes(), data].concat();
        let length = u32::try_from(header.len()).unwrap().to_le_bytes();
        [MAGIC, VERSION.to_le_bytes().as_slice(), &length, &Sha256::digest(&body), &body].concat()
    }

    fn check(content: Vec<u8>, expected: &str) {
        let error = Weights::checked(Bytes::Static(content.leak())).err().expect("an error").to_string();
        assert!(error.contains(expected), "{error}");
    }

    fn header(tensor: &str) -> String {
        let names = |names: Vec<&str>| serde_json::to_string(&names).unwrap();
        let types = names(EntityType::ALL.map(EntityType::key).to_vec());
        let relations = names(RelationType::of_model().map(RelationType::key).collect());
        format!(
            r#"{{"label":"x","encoder":{{"width":4,"layers":1,"heads":2,"inner":4,"positions":128,"epsilon":1e-12,
            "shapes":10,"gaps":4}},"sizes":{{"pair":4,"block":2,"between":2,"between_limit":64,"mention":2,"coreference":2,
            "argument":2,"distances":10,"trigger_heads":1,"trigger_key":2,"trigger_value":2,"trigger_reach":8}},"types":{types},"kinds":["name","nominal","pronoun"],
            "positions":["B","I","E","S"],"relations":{relations},
            "statuses":["fact","possible","intended","negated","former"],"arguments":["by","date","place"],
            "thresholds":{{}},"link_calibration":[1,0],"vocabulary":{{"pieces":1,"offset":0,"bytes":1}},"tensors":[{tensor}]}}"#
        )
    }

    #[test]
    #[cfg(feature = "embed-en")]
    fn the_built_in_models_are_whole() {
        for content in crate::nn::model::embedded() {
            assert!(Weights::checked(Bytes::Static(content)).is_ok());
        }
    }

    #[test]
    fn damaged_files_are_errors() {
        check(vec![], "too short");
        check(vec![b'x'; 100], "not a model");
        let good = file(&header(""), &[]);
        assert!(Weights::checked(Bytes::Static(good.clone().leak())).is_ok());
        let mut version = good.clone();
        version[8] = 9;
        check(version, "version 9");
        check(good[..good.len() - 1].to_vec(), "checksum");
        let mut flipped = good.clone();
        flipped[60] ^= 1;
        check(flipped, "checksum");
        check(file("{}", &[]), "header cannot be read");
        check(file(&header("").replace("head_of", "foot_of"), &[]), "relation types are not those");
        check(file(&header("").replace("\"width\":4", "\"width\":5"), &[]), "do not fit together");
        let wide = header("").replace("\"heads\":2", "\"heads\":2,\"head_width\":99999");
        check(file(&wide, &[]), "sizes that no model has");
        let mix = |width: usize, heads: usize| {
            let sizes =
                format!(r#""mix":{{"width":{width},"heads":{heads},"layers":1,"words":8,"mentions":8}},"pair""#);
            file(&header("").replace("\"pair\"", &sizes), &[])
        };
        check(mix(0, 1), "sizes that no model has");
        check(mix(8, 3), "do not fit together");
        assert!(Weights::checked(Bytes::Static(mix(8, 2).leak())).is_ok());
        let given =
            header("").replace("\"width\":4", "\"width\":5").replace("\"heads\":2", "\"heads\":2,\"head_width\":4");
        assert!(Weights::checked(Bytes::Static(file(&given, &[]).leak())).is_ok());
        let mut long = file("{}", &[]);
        long[12] = 200;
        check(long, "after the end");
    }

    #[test]
    fn tensors_stay_inside_the_file() {
        let tensor = |fields: &str| format!(r#"{{"name":"t",{fields}}}"#);
        for fields in [
            r#""type":"f32","shape":[3],"offset":0"#,
            r#""type":"f32","shape":[1],"offset":18446744073709551615"#,
            r#""type":"f32","shape":[4294967296,4294967296],"offset":0"#,
            r#""type":"i8","shape":[1,4],"offset":0,"scales":6"#,
        ] {
            check(file(&header(&tensor(fields)), &[0; 8]), "outside of the file");
        }
        check(file(&header(&tensor(r#""type":"i8","shape":[4],"offset":0,"scales":0"#)), &[0; 8]), "unknown form");
        let data: Vec<u8> =
            [1u8, 255, 2, 3].into_iter().chain(0.5f32.to_le_bytes()).chain(2f32.to_le_bytes()).collect();
        let content = file(&header(&tensor(r#""type":"i8","shape":[2,2],"offset":0,"scales":4"#)), &data);
        let weights = Weights::read(Bytes::Static(content.leak())).unwrap();
        assert_eq!(weights.values("t", &[2, 2]).unwrap(), [0.5, -0.5, 4.0, 6.0]);
        assert!(weights.values("t", &[4, 1]).is_err() && weights.values("u", &[2, 2]).is_err());
        let embedding = weights.embedding("t", 2, 2).unwrap();
        let mut row = [1.0, 1.0];
        embedding.add(1, &mut row);
        embedding.add(2, &mut row);
        assert_eq!(row, [5.0, 7.0]);
    }
}
