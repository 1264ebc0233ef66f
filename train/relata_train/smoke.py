"""Two training steps on three passages: `python -m relata_train.smoke` from the folder `train/`.

Checks that all clause patterns can be read and drawn from, and that data, model, losses, checkpoint, the way back from a
checkpoint, the weight file, the mean, frozen parts, and a smaller model's start and training work; says nothing about
quality.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

import torch

from . import clauses
from .data import load_documents
from .schema import ROOT
from .weight_file import read

PASSAGES = 3


def main():
    with tempfile.TemporaryDirectory() as folder:
        news, out = os.path.join(folder, "news"), os.path.join(folder, "run")
        os.mkdir(news)
        with open(os.path.join(ROOT, "data", "news", "business.gold"), encoding="utf-8") as lines:
            blocks = lines.read().split("\n## ")
        blocks = [b if b.startswith("## ") else "## " + b for b in blocks if "\n=\n" in b][:PASSAGES]
        assert len(blocks) == PASSAGES
        with open(os.path.join(news, "three.gold"), "w", encoding="utf-8") as file:
            file.write("\n".join(blocks) + "\n")
        patterns, names = clauses.read(), clauses.name_lists(load_documents("clauses", folder, news))
        spans = {part.lower() for name in sum(names.values(), []) for part in (name, name.split(" ")[-1])}
        spans |= {day.split(" ", 1)[-1].lower() for day in clauses.DAYS} | {"yesterday", "last week", "last year"}
        for number in range(200):
            text = clauses.draw(patterns, names, random.Random(number), number)
            data = text["text"].encode()
            found = {data[m["start"]:m["end"]].decode().lower() for m in text["mentions"]}
            assert found and found <= spans, (found - spans, text["text"])
        command = [sys.executable, "-m", "relata_train.train", "--out", out, "--news", news, "--sets", folder, "--only",
                   "news", "--epochs", "2", "--budget", "400", "--dev-every", "0", "--max-steps", "1"]
        for steps in ("1", "2"):  # the second call goes on from the checkpoint of the first
            command[-1] = steps
            subprocess.run(command, check=True, cwd=os.path.join(ROOT, "train"))
        state = torch.load(os.path.join(out, "checkpoint.pt"), weights_only=True)
        assert state["step"] == 2, state["step"]
        assert all(torch.isfinite(p).all() for p in state["average"])
        with open(os.path.join(out, "log.jsonl"), encoding="utf-8") as lines:
            losses = [json.loads(line)["losses"] for line in lines]
        assert len(losses) == 2 and {"mention", "relation", "coreference"} <= set(losses[0]), losses
        weights, mean = os.path.join(folder, "start.relata"), os.path.join(folder, "mean.pt")
        checkpoint = os.path.join(out, "checkpoint.pt")
        for module, *options in [("export", "--out", weights), ("mean", "--start", weights, "--share", "1", "--out", mean)]:
            subprocess.run([sys.executable, "-m", "relata_train." + module, "--checkpoint", checkpoint, *options],
                           check=True, cwd=os.path.join(ROOT, "train"))
        frozen = os.path.join(folder, "frozen")
        options = ["--start", weights, "--freeze", "encoder,mention_head,coreference_head", "--out", frozen]
        subprocess.run([*command, *options], check=True, cwd=os.path.join(ROOT, "train"))
        start, end = read(weights)[1], torch.load(os.path.join(frozen, "checkpoint.pt"), weights_only=True)["model"]
        changed = {name.split(".")[0] for name, value in end.items() if not torch.equal(value, start[name])}
        assert changed == {"mix", "relation_head"}, changed
        shorter = os.path.join(folder, "shorter.relata")
        sets = ["--news", news, "--sets", folder, "--only", "news", "--epochs", "1", "--budget", "400", "--max-steps", "1"]
        small = os.path.join(folder, "small")
        for module, *options in [
                ("prune", "--model", weights, "--layers", "0,5", "--heads", "4", "--inner", "64", "--out", shorter),
                ("train", "--encoder", shorter, "--start", shorter, "--teacher", weights, "--out", small, "--dev-every", "0")]:
            subprocess.run([sys.executable, "-m", "relata_train." + module, *sets, *options], check=True,
                           cwd=os.path.join(ROOT, "train"))
        sizes = {p.shape for p in torch.load(os.path.join(small, "checkpoint.pt"), weights_only=True)["average"]}
        assert {(128, 384), (384, 128), (64, 384), (384, 64)} <= sizes, sizes
        means = torch.load(mean, weights_only=True)["average"]
        assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(means, state["average"], strict=True))
    print("smoke: 1 passed, 0 failed")


if __name__ == "__main__":
    main()
