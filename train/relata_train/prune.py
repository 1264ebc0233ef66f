"""A smaller model to start a training from: `python -m relata_train.prune --model ../data/models/en-small.relata --sets SETS
--layers 0,1,2,4,5 --heads 6 --inner 1024 --out ../runs/pruned.relata` from the folder `train/`. Then
`python -m relata_train.train --encoder ../runs/pruned.relata --start ../runs/pruned.relata --teacher
../data/models/en-small.relata ...`.

Layers are left out, and of the others the heads of attention and the inner units that matter least: by the mean square of
what they add to the states, over the project's own passages. What they add on average goes into the bias. Then the smaller
encoder learns to give the states of the whole one, on the texts of the training (as in Jiao et al. 2020, TinyBERT, from the
last layer alone).
"""
import argparse
import os
import random
import time

import torch

from .data import GoldSet, batches, epoch_examples, load_documents, make_examples, training_documents
from .encoders import load_encoder
from .losses import imitation_loss
from .model import Model
from .schema import ROOT
from .train import encode, rate_at, steps_of_epoch, to_batch
from .weight_file import meta_of, pack, read, vocabulary, write_file


def parse():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--model", required=True, help="weight file")
    p.add_argument("--layers", default="0,1,2,3,4,5", help="layers to keep")
    p.add_argument("--heads", type=int, default=12, help="heads of attention to keep in each layer")
    p.add_argument("--inner", type=int, default=1536, help="inner units to keep in each layer")
    p.add_argument("--documents", type=int, default=300, help="passages over which it is measured what matters")
    p.add_argument("--sets", default=os.path.join(ROOT, "..", "shared", "gold", "sets"))
    p.add_argument("--news", default=os.path.join(ROOT, "data", "news"))
    p.add_argument("--only", help="comma-separated names of training sets; default: all of data.SETS")
    p.add_argument("--epochs", type=int, default=1, help="of learning to give the states of the model")
    p.add_argument("--budget", type=int, default=2400, help="word pieces in a batch")
    p.add_argument("--rate", type=float, default=3e-4)
    p.add_argument("--seed", type=int, default=17)
    p.add_argument("--max-steps", type=int, help="stop early; for the smoke test")
    p.add_argument("--out", required=True)
    return p.parse_args()


class Usage:
    """What the units of a linear layer add to its output: mean squares, and means of the units, of some width each."""

    def __init__(self, output, width):
        self.output, self.width = output, width
        self.squares = torch.zeros(output.in_features // width)
        self.sums, self.rows = torch.zeros(output.in_features), 0

    def add(self, x):
        x = x.reshape(-1, x.shape[-1])
        self.sums += x.sum(0)
        self.rows += len(x)
        if self.width == 1:
            self.squares += x.square().sum(0) * self.output.weight.square().sum(0)
        else:
            for unit, (columns, part) in enumerate(zip(self.output.weight.split(self.width, 1), x.split(self.width, 1))):
                self.squares[unit] += (part @ columns.T).square().sum()

    def keep(self, count):
        """(the inputs of the units that matter most, in order; the bias with the mean of the others)."""
        units = self.squares.topk(count).indices.sort().values
        inputs = (units[:, None] * self.width + torch.arange(self.width)).flatten()
        others = torch.ones(len(self.sums), dtype=torch.bool)
        others[inputs] = False
        mean = self.sums / self.rows
        return inputs, self.output.bias + self.output.weight[:, others] @ mean[others]


@torch.no_grad()
def usages(model, words, documents):
    """[(usage of the heads, usage of the inner units)] of each layer."""
    out = [(Usage(layer.attention.output, layer.attention.output.in_features // layer.attention.heads),
            Usage(layer.outer, 1)) for layer in model.encoder.layers]
    hooks = []
    for layer, (heads, inner) in zip(model.encoder.layers, out):
        hooks.append(layer.attention.output.register_forward_pre_hook(lambda _, x, u=heads: u.add(x[0])))
        hooks.append(layer.outer.register_forward_pre_hook(lambda _, x, u=inner: u.add(x[0])))
    for document in documents:
        for example in make_examples(document, GoldSet("news", 1.0), words):
            model.encoder(*to_batch([example], words, None, False, "cpu"))
    for hook in hooks:
        hook.remove()
    return out


@torch.no_grad()
def cut(model, used, layers, heads, inner):
    """A model with some layers of another, and of these the `heads` and `inner` units that matter most."""
    old = model.encoder
    head_width = old.layers[0].attention.output.in_features // old.layers[0].attention.heads
    new = Model(len(old.word.weight), model.mix is not None, width=old.word.weight.shape[1], layers=len(layers),
                heads=heads, head_width=head_width, inner=inner, positions=len(old.position.weight), epsilon=old.norm.eps)
    state = {name: value for name, value in model.state_dict().items() if not name.startswith("encoder.layers.")}
    for to, at in enumerate(layers):
        layer = dict(old.layers[at].state_dict())
        rows, layer["attention.output.bias"] = used[at][0].keep(heads)
        for name in ("query", "key", "value"):
            for kind in ("weight", "bias"):
                layer[f"attention.{name}.{kind}"] = layer[f"attention.{name}.{kind}"][rows]
        layer["attention.output.weight"] = layer["attention.output.weight"][:, rows]
        rows, layer["outer.bias"] = used[at][1].keep(inner)
        layer["inner.weight"], layer["inner.bias"] = layer["inner.weight"][rows], layer["inner.bias"][rows]
        layer["outer.weight"] = layer["outer.weight"][:, rows]
        state.update({f"encoder.layers.{to}.{name}": value for name, value in layer.items()})
    new.load_state_dict(state)
    return new


def imitate(model, teacher, words, documents, args):
    """Makes the encoder of `model` give the states of the teacher's."""
    rng = random.Random(args.seed)
    optimizer = torch.optim.AdamW(model.encoder.parameters(), weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    total = steps_of_epoch(documents, words, args.budget) * args.epochs
    step, losses, began = 0, [], time.time()
    for _ in range(args.epochs):
        for examples in batches(epoch_examples(documents, words, rng), args.budget, rng):
            batch = to_batch(examples, words, rng, True, "cpu")
            with torch.no_grad():
                wanted = encode(teacher, batch, "cpu")[0]
            loss = imitation_loss(encode(model, batch, "cpu")[0], wanted, batch[-1])
            for group in optimizer.param_groups:
                group["lr"] = args.rate * rate_at(step, total)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.encoder.parameters(), 1.0, foreach=True)
            optimizer.step()
            step += 1
            losses.append(loss.item())
            if step % 100 == 0:
                print(f"step {step}/{total} {time.time() - began:.0f} s, states {sum(losses[-100:]) / 100:.4f}", flush=True)
            if args.max_steps and step >= args.max_steps:
                return


def main():
    args = parse()
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    words, teacher = load_encoder(args.model)
    teacher.eval()
    documents = load_documents("news", args.sets, args.news)
    random.Random(args.seed).shuffle(documents)
    used = usages(teacher, words, documents[:args.documents])
    new = cut(teacher, used, [int(layer) for layer in args.layers.split(",")], args.heads, args.inner)
    imitate(new, teacher, words, training_documents(args.only, args.sets, args.news), args)
    header = read(args.model)[0]
    meta = meta_of("pruned", new, header["thresholds"], header["link_calibration"])
    tensors = [(name, value.detach().float().numpy()) for name, value in new.named_parameters()]
    content, _ = pack(tensors, vocabulary(words.tokenizer), meta)
    write_file(args.out, content)
    print(f"{args.out}: {sum(p.numel() for p in new.encoder.layers.parameters()) / 1e6:.1f} million numbers in the layers, "
          f"before {sum(p.numel() for p in teacher.encoder.layers.parameters()) / 1e6:.1f}")


if __name__ == "__main__":
    main()
