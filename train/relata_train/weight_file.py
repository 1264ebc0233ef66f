"""The weight file of the Rust program: packing, writing and reading.

Layout (numbers are little-endian; `src/nn/weights.rs` reads it):
  0   8 bytes magic, RELATANN
  8   u32 format version, u32 bytes of the header
  16  SHA-256 of everything from byte 48 on
  48  header: JSON, filled with blanks so that the data after it starts at a multiple of 64
      data: tensors, each at a multiple of 64; offsets in the header count from the start of the data
Large matrices are rows of int8 with one f32 scale a row (a row is an output channel of a linear layer or an entry of an
embedding); everything else is f32.
"""
import hashlib
import json
import os
import struct

import numpy as np
import torch

from . import model as sizes
from .schema import ARGUMENTS, KINDS, POSITIONS, RELATIONS, STATUSES, TYPES

MAGIC = b"RELATANN"
VERSION = 2
START = 48  # of the header
ALIGN = 64
QUANTIZED_FROM = 32768  # elements; smaller tensors are f32


def quantize(matrix):
    """(int8 rows, f32 scales): symmetric, with the scale of least squared error among 41 near the largest value."""
    matrix = matrix.astype(np.float64)
    top = np.abs(matrix).max(1)
    top[top == 0] = 1.0
    best = np.full(len(matrix), np.inf)
    scales = (top / 127).astype(np.float32)
    for step in range(41):
        candidate = (top / 127 * (1.0 - 0.01 * step)).astype(np.float32)
        wide = candidate.astype(np.float64)[:, None]
        error = ((np.clip(np.rint(matrix / wide), -127, 127) * wide - matrix) ** 2).sum(1)
        better = error < best
        best[better], scales[better] = error[better], candidate[better]
    rows = np.clip(np.rint(matrix / scales.astype(np.float64)[:, None]), -127, 127).astype(np.int8)
    return rows, scales


def vocabulary(tokenizer):
    """The pieces in order of their ids."""
    by_id = {index: piece for piece, index in tokenizer.get_vocab().items()}
    pieces = [by_id[index] for index in range(len(by_id))]
    assert not any("\n" in piece for piece in pieces)
    return pieces


def pack(tensors, pieces, meta):
    """The bytes of a weight file. `tensors`: [(name, f32 array)]; `meta`: more fields of the header."""
    data = bytearray()

    def append(content):
        data.extend(b"\0" * (-len(data) % ALIGN))
        offset = len(data)
        data.extend(content)
        return offset

    entries, worst = [], ("", 0.0)
    for name, value in tensors:
        entry = {"name": name, "shape": list(value.shape)}
        if value.ndim == 2 and value.size >= QUANTIZED_FROM:
            rows, scales = quantize(value)
            error = float(np.abs(rows.astype(np.float32) * scales[:, None] - value).max())
            worst = max(worst, (name, error), key=lambda x: x[1])
            entry.update(type="i8", offset=append(rows.tobytes()), scales=append(scales.astype("<f4").tobytes()))
        else:
            entry.update(type="f32", offset=append(np.ascontiguousarray(value, "<f4").tobytes()))
        entries.append(entry)
    text = "\n".join(pieces).encode()
    header = {**meta, "vocabulary": {"pieces": len(pieces), "offset": append(text), "bytes": len(text)},
              "tensors": entries}
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-(START + len(head)) % ALIGN)
    body = head + bytes(data)
    return MAGIC + struct.pack("<II", VERSION, len(head)) + hashlib.sha256(body).digest() + body, worst


def write_file(path, content):
    """Writes a file whole or not at all."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path + ".part", "wb") as file:
        file.write(content)
    os.replace(path + ".part", path)


def meta_of(label, model, thresholds, link_calibration):
    encoder = model.encoder
    width = encoder.word.weight.shape[1]
    mix = {"mix": {"width": sizes.MIX, "heads": sizes.MIX_HEADS, "layers": sizes.MIX_LAYERS, "words": sizes.MIX_WORDS,
                   "mentions": sizes.MIX_MENTIONS}} if model.mix is not None else {}
    return {
        "label": label,
        "encoder": {"width": width, "layers": len(encoder.layers), "heads": encoder.layers[0].attention.heads,
                    "head_width": encoder.layers[0].attention.query.weight.shape[0] // encoder.layers[0].attention.heads,
                    "inner": encoder.layers[0].inner.weight.shape[0], "positions": encoder.position.weight.shape[0],
                    "epsilon": encoder.norm.eps, "shapes": encoder.shape.weight.shape[0],
                    "gaps": encoder.gap.weight.shape[0]},
        "sizes": {"pair": sizes.PAIR, "block": sizes.BLOCK, "between": sizes.BETWEEN,
                  "between_limit": sizes.BETWEEN_LIMIT, "mention": sizes.MENTION, "coreference": sizes.COREFERENCE,
                  "argument": sizes.ARGUMENT, "distances": sizes.DISTANCES, "trigger_heads": sizes.TRIGGER_HEADS,
                  "trigger_key": sizes.TRIGGER_KEY, "trigger_value": sizes.TRIGGER_VALUE,
                  "trigger_reach": sizes.TRIGGER_REACH, **mix},
        "types": TYPES, "kinds": KINDS, "positions": POSITIONS,
        "relations": [relation[0] for relation in RELATIONS],
        "statuses": [status or "fact" for status in STATUSES],
        "arguments": list(ARGUMENTS),
        "thresholds": {relation[0]: float(thresholds[relation[0]]) for relation in RELATIONS},
        "link_calibration": link_calibration,
    }


def read(path):
    """(header, {name: f32 tensor} with quantized matrices dequantized, pieces, checksum) of a weight file."""
    with open(path, "rb") as file:
        content = file.read()
    assert content[:8] == MAGIC, f"{path} is not a weight file"
    version, length = struct.unpack("<II", content[8:16])
    assert version == VERSION, f"{path} has format {version}, want {VERSION}"
    assert hashlib.sha256(content[START:]).digest() == content[16:START], f"{path} is damaged"
    header = json.loads(content[START:START + length])
    data = memoryview(content)[START + length:]
    tensors = {}
    for entry in header["tensors"]:
        shape, offset = entry["shape"], entry["offset"]
        count = int(np.prod(shape))
        if entry["type"] == "i8":
            rows = np.frombuffer(data, np.int8, count, offset).reshape(shape).astype(np.float32)
            value = rows * np.frombuffer(data, "<f4", shape[0], entry["scales"])[:, None]
        else:
            value = np.frombuffer(data, "<f4", count, offset).reshape(shape).copy()
        tensors[entry["name"]] = torch.from_numpy(value)
    table = header["vocabulary"]
    pieces = bytes(data[table["offset"]:table["offset"] + table["bytes"]]).decode().split("\n")
    return header, tensors, pieces, content[16:START].hex()


def split_gate(tensors):
    """(tensors of the model, those of its gate by their names in `relata_train.gate`)."""
    model = {name: value for name, value in tensors.items() if not name.startswith("gate.")}
    gate = {name.removeprefix("gate."): value for name, value in tensors.items() if name.startswith("gate.")}
    return model, gate


def start_from(model, tensors):
    """Gives the model the weights of a file, and returns the names of the parameters that the file does not have, as it was
    made before a head got its present form; these stay as they are."""
    found = model.load_state_dict(tensors, strict=False)
    return set(found.missing_keys)


def model_of(header, tensors, pieces):
    """The model of a weight file (see `read`), of its sizes and without its gate."""
    taken = ("width", "layers", "heads", "head_width", "inner", "positions", "epsilon")
    mix = any(name.startswith("mix.") for name in tensors)
    model = sizes.Model(len(pieces), mix, **{name: header["encoder"][name] for name in taken if name in header["encoder"]})
    model.load_state_dict(split_gate(tensors)[0])
    return model
