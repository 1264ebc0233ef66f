"""Writes the weight file of the Rust program: `python -m relata_train.export --checkpoint runs/a/checkpoint.pt --out
../data/models/en-small.relata` from the folder `train/`. The same input gives the same bytes.
"""
import argparse
import json

import torch

from .encoders import load_encoder
from .schema import ARGUMENTS, RELATIONS
from .weight_file import START, meta_of, pack, vocabulary, write_file


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
    meta = meta_of(label, model, thresholds, calibration["links"])
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
