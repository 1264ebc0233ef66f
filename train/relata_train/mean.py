"""The mean of the start and the end of a training, which does better than the end on texts unlike those of the training
(Wortsman et al. 2022, Robust fine-tuning of zero-shot models):
`python -m relata_train.mean --start ../runs/third.relata --checkpoint ../runs/c/checkpoint.pt --share 0.7
--out ../runs/mean.pt` from the folder `train/`.
"""
import argparse

import torch

from .encoders import load_encoder
from .weight_file import read, start_from


@torch.no_grad()
def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--start", required=True, help="weight file (.relata) that the training went on from")
    p.add_argument("--checkpoint", required=True, help="checkpoint.pt of the training")
    p.add_argument("--share", type=float, default=0.7, help="of the end")
    p.add_argument("--encoder", default="minilm")
    p.add_argument("--out", required=True, help="checkpoint to write, for calibrate and export")
    args = p.parse_args()
    _, model = load_encoder(args.encoder)
    new = start_from(model, read(args.start)[1])  # of these the end alone counts
    end = torch.load(args.checkpoint, map_location="cpu", weights_only=True)["average"]
    mean = [torch.lerp(start, average, 1.0 if name in new else args.share)
            for (name, start), average in zip(model.named_parameters(), end, strict=True)]
    torch.save({"average": mean}, args.out)


if __name__ == "__main__":
    main()
