"""Writes the weight file of the Rust program: `python -m relata_train.export --checkpoint runs/a/checkpoint.pt --out
../data/models/en-small.relata` from the folder `train/`. The same input gives the same bytes.

Layout (numbers are little-endian; `src/nn/weights.rs` reads it):
  0   8 bytes magic, RELATANN
  8   u32 format version, u32 bytes of the header
  16  SHA-256 of everything from byte 48 on
  48  header: JSON, filled with blanks so that the data after it starts at a multiple of 64
      data: tensors, each at a multiple of 64; offsets in the header count from the start of the data
Large matrices are rows of int8 with one f32 scale a row (a row is an output channel of a linear layer or an entry of an
embedding); everything else is f32.
"""
import argparse
import hashlib
import json
import os
import struct

import numpy as np
import torch

from . import model as sizes
from .encoders import load_encoder
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


def meta_of(label, encoder, thresholds, link_calibration):
    width = encoder.word.weight.shape[1]
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
                  "trigger_reach": sizes.TRIGGER_REACH},
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


def load(checkpoint, encoder):
    """(words, model) with the averaged weights of a checkpoint, or with small random heads without one."""
    torch.manual_seed(17)
    words, model = load_encoder(encoder)
    if checkpoint:
        saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
        for parameter, average in zip(model.parameters(), saved["average"], strict=True):
            parameter.copy_(average)
    else:
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.02)
    return words, model.eval()


def calibrate(model, scale, shift, qualifiers):
    """Puts scale and shift of the relations' log-odds, and the shifts of `qualifiers`, into the weights of the layers that
    end in them."""
    head = model.relation_head
    head.status.bias[1:] += qualifiers["status"]
    for index, name in enumerate(ARGUMENTS):
        head.argument_score.bias[index] += qualifiers[name]
    head.bilinear.weight.mul_(scale)
    head.bilinear.bias.mul_(scale).add_(shift)
    head.linear.weight.mul_(scale)


@torch.no_grad()
def write(checkpoint, out, calibration, encoder="minilm", label="en-small", gate=None):
    """Writes the averaged weights of a checkpoint, or small random heads without one, and the tensors of a `gate`
    (`relata_train.gate`). `calibration`: `scale` and `shift` of the relations' log-odds, the `threshold`, a probability,
    from which they are reported, scale and shift of the log-odds of `links` of mentions, and the shifts of `qualifiers`
    (`relata_train.qualifiers`)."""
    words, model = load(checkpoint, encoder)
    if not hasattr(words, "tokenizer"):
        raise SystemExit(f"the program reads word pieces only, not those of {encoder}")
    calibrate(model, calibration["scale"], calibration["shift"], calibration["qualifiers"])
    thresholds = {relation[0]: calibration["threshold"] for relation in RELATIONS}
    tensors = [(name, value.detach().float().numpy()) for name, value in model.named_parameters()]
    tensors += [(name, value.numpy()) for name, value in (gate or {}).items()]
    meta = meta_of(label, model.encoder, thresholds, calibration["links"])
    content, (worst, error) = pack(tensors, vocabulary(words.tokenizer), meta)
    write_file(out, content)
    return (f"{out}: {len(content) / 1e6:.1f} MB, largest error of a weight {error:.5f} ({worst}), "
            f"sha256 {content[16:START].hex()}")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--checkpoint", help="checkpoint.pt of train; without it, small random heads on the given encoder")
    p.add_argument("--out", required=True)
    p.add_argument("--encoder", default="minilm")
    p.add_argument("--label", default="en-small")
    p.add_argument("--calibration", help="JSON file of relata_train.calibrate; without it scores stay as they are and "
                                         "relations are reported from 0.5 on")
    p.add_argument("--gate", help="file of relata_train.gate; without it the program looks closely at all pairs")
    args = p.parse_args()
    calibration = {"scale": 1.0, "shift": 0.0, "threshold": 0.5, "links": [1.0, 0.0],
                   "qualifiers": {"status": 0.0, **{name: 0.0 for name in ARGUMENTS}}}
    if args.calibration:
        with open(args.calibration, encoding="utf-8") as file:
            calibration = json.load(file)
    gate = torch.load(args.gate, weights_only=True) if args.gate else None
    print(write(args.checkpoint, args.out, calibration, args.encoder, args.label, gate))


if __name__ == "__main__":
    main()
