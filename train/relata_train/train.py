"""Trains the model: `python -m relata_train.train --out runs/NAME` from the folder `train/`.

Checkpoints (`checkpoint.pt`: weights, averaged weights, optimizer, step) are written after each epoch; the same command
goes on where it stopped. Runs on CPU (bf16 autocast) and on a GPU where there is one.
"""
import argparse
import json
import math
import os
import random
import time

import torch

from .data import GoldSet, augment, batches, epoch_examples, load_documents, training_documents
from .encoders import load_encoder
from .evaluate import scores
from .losses import example_losses, imitation_loss, relation_states
from .model import Model, mention_means
from .schema import ROOT
from .weight_file import read, start_from

WEIGHTS = {"mention": 1.0, "coreference": 0.5, "relation": 2.0, "qualifier": 0.4, "states": 0.5}
DEV = ["news_dev", "news_dev_2", "redocred_dev", "dwie_dev", "conll04_dev", "gum_dev"]


def to_batch(examples, tokenizer, rng, training, device):
    n = max(len(e) for e in examples)
    pieces = torch.zeros(len(examples), n, dtype=torch.long)
    shapes, gaps = torch.zeros_like(pieces), torch.zeros_like(pieces)
    for i, e in enumerate(examples):
        p, s = augment(e, tokenizer, rng) if training else (e.pieces, e.shapes)
        pieces[i, :len(e)], shapes[i, :len(e)], gaps[i, :len(e)] = torch.tensor(p), torch.tensor(s), torch.tensor(e.gaps)
    lengths = torch.tensor([len(e) for e in examples])
    return [x.to(device) for x in (pieces, shapes, gaps, lengths)]


def encode(model, batch, device):
    learns = any(p.requires_grad for p in model.encoder.parameters())
    with torch.set_grad_enabled(learns and torch.is_grad_enabled()), torch.autocast(device_type=device, dtype=torch.bfloat16):
        states, q, k = model.encoder(*batch)
    return states.float().cpu(), q.float().cpu(), k.float().cpu()


def steps_of_epoch(documents, words, budget):
    """About so many batches are in an epoch."""
    return len(batches(epoch_examples(documents, words, random.Random(1)), budget, random.Random(1)))


def rate_at(step, total):
    """The share of the full rate at a step: it rises for 6 % of the steps and then falls in a line."""
    return min(1.0, step / (0.06 * total)) * max(0.03, 1.0 - step / total)


def pair_states(model, words, example):
    """(mean states of the mentions, what `relation_states` gives) of an example as it stands; nothing if no pair of its
    entities may be related."""
    if len(example.entities) < 2:
        return None
    states, q, k = (x[0] for x in encode(model, to_batch([example], words, None, False, "cpu"), "cpu"))
    first, _, mean = mention_means(states, example)
    prepared = relation_states(model, states, q, k, example, first, mean)
    return None if prepared is None else (mean, prepared)


def parse():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--out", required=True, help="folder of checkpoints and log")
    p.add_argument("--sets", default=os.path.join(ROOT, "..", "shared", "gold", "sets"))
    p.add_argument("--news", default=os.path.join(ROOT, "data", "news"))
    p.add_argument("--encoder", default="minilm", help="minilm, e5cut:FOLDER as unpacked by e5_cut.py, or a weight file")
    p.add_argument("--teacher", help="weight file of a model whose states the encoder also learns to give, less and less")
    p.add_argument("--start", help="weight file (.relata) to go on from, instead of the pre-trained encoder")
    p.add_argument("--encoder-dropout", type=float, default=0.0)
    p.add_argument("--freeze", default="", help="comma-separated parts that stay as they are, such as encoder,mention_head")
    p.add_argument("--only", help="comma-separated names of training sets; default: all of data.SETS")
    p.add_argument("--one-in", type=int, default=1, help="train on every Nth document of each set (clauses: names of these), for learning curves")
    p.add_argument("--epochs", type=int, default=14)
    p.add_argument("--stop-after", type=int, help="stop after so many epochs of the schedule")
    p.add_argument("--budget", type=int, default=2400, help="word pieces in a batch")
    p.add_argument("--encoder-rate", type=float, default=1.2e-4)
    p.add_argument("--head-rate", type=float, default=8e-4)
    p.add_argument("--seed", type=int, default=17)
    p.add_argument("--dev-every", type=int, default=2)
    p.add_argument("--max-steps", type=int, help="stop early; for the smoke test")
    p.add_argument("--threads", type=int, default=0)
    return p.parse_args()


def main():
    args = parse()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    os.makedirs(args.out, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer, model = load_encoder(args.encoder)
    with torch.no_grad():
        model.relation_head.bilinear.bias.fill_(-4.0)
        if args.start:
            new = start_from(model, read(args.start)[1])
            if new:
                print("learned from nothing, since the start does not have them:", ", ".join(sorted(new)), flush=True)
    for layer in model.encoder.layers:
        layer.drop.p = args.encoder_dropout
    for part in filter(None, args.freeze.split(",")):
        model.get_submodule(part).requires_grad_(False)
    model.encoder.to(device)
    teacher = load_encoder(args.teacher)[1].eval() if args.teacher else None
    if teacher:
        teacher.encoder.to(device)
    documents = training_documents(args.only, args.sets, args.news, args.one_in)
    dev = {}
    for name in DEV:
        if not args.dev_every:
            break
        if name.startswith("news_dev") or os.path.exists(os.path.join(args.sets, name + ".jsonl.xz")):
            dev[name] = load_documents(name, args.sets, args.news)
    log = open(os.path.join(args.out, "log.jsonl"), "a", encoding="utf-8")

    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.") and p.requires_grad]
    groups = [{"params": encoder, "rate": args.encoder_rate}, {"params": heads, "rate": args.head_rate}]
    groups = [group for group in groups if group["params"]]
    optimizer = torch.optim.AdamW([{**g, "lr": g["rate"]} for g in groups], weight_decay=0.01, betas=(0.9, 0.98),
                                  fused=True)
    average = [p.detach().clone() for p in model.parameters()]
    step, start_epoch, rng = 0, 0, random.Random(args.seed)
    path = os.path.join(args.out, "checkpoint.pt")
    if os.path.exists(path):
        saved = torch.load(path, map_location=device, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        average = [a.to(p.device) for a, p in zip(saved["average"], model.parameters())]
        step, start_epoch = saved["step"], saved["epoch"]
        print(f"going on after epoch {start_epoch}, step {step}", flush=True)
    rng = random.Random(args.seed * 1000 + start_epoch)
    per_epoch = steps_of_epoch(documents, tokenizer, args.budget)
    total = per_epoch * args.epochs
    print(f"{sum(len(d) for _, d in documents)} documents, about {per_epoch} steps an epoch, {device}", flush=True)

    stopped = False
    for epoch in range(start_epoch, min(args.epochs, args.stop_after or args.epochs)):
        model.train()
        began, pieces, sums = time.time(), 0, {}
        for examples in batches(epoch_examples(documents, tokenizer, rng), args.budget, rng):
            for group in optimizer.param_groups:
                group["lr"] = group["rate"] * rate_at(step, total)
            batch = to_batch(examples, tokenizer, rng, True, device)
            states, q, k = encode(model, batch, device)
            totals = {}
            if teacher:
                with torch.no_grad():
                    wanted = encode(teacher, batch, device)[0]
                totals["states"] = (imitation_loss(states, wanted, batch[-1]) * max(0.0, 1.0 - step / total), 1)
            for i, example in enumerate(examples):
                n = len(example)
                losses = example_losses(model, states[i, :n], q[i, :, :n], k[i, :, :n], example)
                for name, (loss, count) in losses.items():
                    if count and loss.requires_grad:
                        old = totals.get(name, (0.0, 0))
                        totals[name] = (old[0] + loss, old[1] + count)
            if not totals:
                continue
            loss = sum(WEIGHTS[name] * value / count for name, (value, count) in totals.items())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, foreach=True)
            optimizer.step()
            step += 1
            decay = min(0.998, (1 + step) / (20 + step))
            torch._foreach_lerp_(average, [p.detach() for p in model.parameters()], 1 - decay)
            pieces += sum(len(e) for e in examples)
            for name, (value, count) in totals.items():
                old = sums.get(name, (0.0, 0))
                sums[name] = (old[0] + float(value.detach()), old[1] + count)
            if step % 100 == 0:
                spent = time.time() - began
                print(f"step {step}/{total} {pieces / spent:.0f} pieces/s "
                      + " ".join(f"{n} {v / c:.4f}" for n, (v, c) in sums.items()), flush=True)
            if args.max_steps and step >= args.max_steps:
                stopped = True
                break
        record = {"epoch": epoch + 1, "step": step, "seconds": round(time.time() - began, 1),
                  "losses": {n: round(v / c, 4) for n, (v, c) in sums.items()}}
        state = {"model": model.state_dict(), "average": average, "optimizer": optimizer.state_dict(), "step": step,
                 "epoch": epoch + 1}
        torch.save(state, path + ".part")
        os.replace(path + ".part", path)
        if args.dev_every and ((epoch + 1) % args.dev_every == 0 or epoch + 1 == args.epochs):
            record["dev"] = dev_scores(model, average, dev, tokenizer, device)
        print(json.dumps(record), flush=True)
        log.write(json.dumps(record) + "\n")
        log.flush()
        if stopped:
            break
    assert math.isfinite(sum(float(p.detach().abs().sum()) for p in heads)), "weights are not finite"


def dev_scores(model, average, dev, tokenizer, device):
    """Scores of the averaged weights on the dev sets."""
    kept = [p.detach().clone() for p in model.parameters()]
    with torch.no_grad():
        for p, a in zip(model.parameters(), average):
            p.copy_(a)
    model.eval()

    def states_of(example):
        states, q, k = encode(model, to_batch([example], tokenizer, None, False, device), device)
        return states[0], q[0], k[0]

    out = {}
    for name, documents in dev.items():
        gold_set = GoldSet(name, 1.0, coreference=name in ("news_dev", "news_dev_2", "gum_dev"), strip_articles=name == "gum_dev")
        out[name] = scores(model, documents, gold_set, tokenizer, states_of)
    with torch.no_grad():
        for p, k in zip(model.parameters(), kept):
            p.copy_(k)
    return out


if __name__ == "__main__":
    main()
