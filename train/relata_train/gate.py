"""Learns which pairs of entities are worth a closer look:
`python -m relata_train.gate --model ../data/models/en-small.relata --sets DIR --out gate.pt` from the folder `train/`.

Most pairs of a text have nothing to do with each other, which shows in their closest mentions before any context is
pooled. The gate is one small hidden layer over the states of both mentions, their types, and the sentence ends and words
between them. It learns from what the relation head of a finished model says of the pairs of the training texts, and is set
so that it lets through nearly all of those from which the head would report a relation.
`export --gate` puts it into the weights; without it the program looks at all pairs.
"""
import argparse
import math
import os
import random

import torch
import torch.nn.functional as F
from torch import nn

from .data import SETS, GoldSet, load_documents, make_examples
from .encoders import load_encoder
from .losses import ALLOWED
from .model import DISTANCES, closest_mentions, pair_features
from .schema import NULL_TYPE, ROOT, TYPES
from .train import pair_states
from .weight_file import read

HIDDEN = 64  # width of the hidden layer
STOPS = 5  # buckets of sentence ends, as in pair_features
DOCUMENTS = {"news": 2400, "redocred_train": 900, "gum_train": 60}
NEAR = -1.5  # log-odds from the bar down to which a relation counts as worth a look
RATE = 2e-3
HELD_OUT = 8  # every so many documents the bar is set on one


class Gate(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.ends = nn.Linear(width, 2 * HIDDEN)
        self.types = nn.Embedding((len(TYPES) + 1) ** 2 * STOPS, HIDDEN)
        self.distance = nn.Embedding(DISTANCES, HIDDEN)
        self.score = nn.Linear(HIDDEN, 1)
        for part in (self.types, self.distance):
            nn.init.zeros_(part.weight)

    def forward(self, mean, pairs):
        """Scores [pairs]; a pair is let through from 0 on. `mean` [mentions, width], `pairs` from `pair_rows`."""
        left, right = self.ends(mean).chunk(2, -1)
        hidden = left.index_select(0, pairs["left"]) + right.index_select(0, pairs["right"]) \
            + self.types(pairs["types"]) + self.distance(pairs["distance"])
        return self.score(F.relu(hidden))[:, 0]


def pair_rows(example, index, closest):
    """Dict of LongTensors [pairs]: the closest mentions as they follow each other in the text, and rows of the tables."""
    features, _, _, (head_mention, tail_mention) = pair_features(example, index, closest)
    first = torch.tensor([x.first for x in example.mentions])
    head_first = first[head_mention] <= first[tail_mention]
    types = features["head_type"], features["tail_type"]
    left_type, right_type = torch.where(head_first, *types), torch.where(head_first, *types[::-1])
    return {
        "left": torch.where(head_first, head_mention, tail_mention),
        "right": torch.where(head_first, tail_mention, head_mention),
        "types": (left_type * (len(TYPES) + 1) + right_type) * STOPS + features["stops"],
        "distance": features["distance"] % DISTANCES,
    }


@torch.no_grad()
def windows(model, words, bars, name, sets, news, count, rng):
    """[(mean states of the mentions, rows, how far the likeliest relation of either order is above its bar)]."""
    documents = load_documents(name, sets, news)
    rng.shuffle(documents)
    gold_set = GoldSet(name, 1.0, coreference=True, strip_articles=any(s.name == name and s.strip_articles for s in SETS))
    out = []
    for document in documents[:count]:
        for example in make_examples(document, gold_set, words):
            prepared = None if NULL_TYPE in example.entity_types else pair_states(model, words, example)
            if prepared is None:
                continue
            mean, (index, z_h, z_t, *_) = prepared
            types = torch.tensor(example.entity_types)
            margins = (model.relation_head.scores(z_h, z_t) - bars).masked_fill(
                ~ALLOWED[types[index[:, 0]], types[index[:, 1]]], -99.0).amax(1)
            entities = len(types)
            either = torch.full((entities * entities,), -99.0)
            for order in (index, index.flip(1)):
                either.scatter_reduce_(0, order[:, 0] * entities + order[:, 1], margins, "amax")
            out.append((mean, pair_rows(example, index, closest_mentions(example)),
                        either[index[:, 0] * entities + index[:, 1]]))
    return out


def fit(data, width, epochs, rng):
    gate = Gate(width)
    optimizer = torch.optim.AdamW(gate.parameters(), lr=RATE, weight_decay=0.01)
    total, step = epochs * len(data) // 16, 0
    for _ in range(epochs):
        rng.shuffle(data)
        for at in range(0, len(data) - 15, 16):
            loss, count = 0.0, 0
            for mean, rows, margins in data[at:at + 16]:
                wanted = (margins > NEAR).float()
                loss = loss + F.binary_cross_entropy_with_logits(gate(mean, rows), wanted, reduction="sum")
                count += len(margins)
            for group in optimizer.param_groups:
                group["lr"] = RATE * max(0.02, 1 - step / total) * min(1.0, step / 50)
            optimizer.zero_grad()
            (loss / count).backward()
            optimizer.step()
            step += 1
    return gate


@torch.no_grad()
def scored(gate, data):
    return torch.cat([gate(mean, rows) for mean, rows, _ in data]), torch.cat([margins for _, _, margins in data])


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--model", required=True, help="weight file (.relata), calibrated")
    p.add_argument("--sets", required=True)
    p.add_argument("--news", default=f"{ROOT}/data/news")
    p.add_argument("--keep", type=float, default=0.98, help="share of the pairs with a relation that is let through")
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--out", required=True)
    args = p.parse_args()
    torch.manual_seed(5)
    rng = random.Random(5)
    header = read(args.model)[0]
    words, model = load_encoder(args.model)
    model.eval()
    bars = torch.tensor([math.log(x / (1 - x)) for x in header["thresholds"].values()])
    data, held_out = [], []
    for name, count in DOCUMENTS.items():
        if name != "news" and not os.path.exists(os.path.join(args.sets, name + ".jsonl.xz")):
            print(f"{name} is not there, and is left out")
            continue
        found = windows(model, words, bars, name, args.sets, args.news, count, rng)
        held_out += found[::HELD_OUT]
        data += [x for at, x in enumerate(found) if at % HELD_OUT]
        print(f"{name}: {len(found)} windows, {sum(len(x[2]) for x in found)} pairs", flush=True)
    gate = fit(data, header["encoder"]["width"], args.epochs, rng)
    scores, margins = scored(gate, held_out)
    wanted = scores[margins >= 0].sort().values
    if not len(wanted):
        raise SystemExit("in the texts left out of the fit the model reports no relation, so the gate cannot be set")
    bar = float(wanted[int((1 - args.keep) * len(wanted))])
    with torch.no_grad():
        gate.score.bias -= bar
    for share in (0.97, 0.98, 0.99, 0.995):
        at = wanted[int((1 - share) * len(wanted))]
        print(f"to let {share} of them through, {float((scores >= at).float().mean()):.3f} of all pairs", flush=True)
    torch.save({f"gate.{name}": value for name, value in gate.state_dict().items()}, args.out)


if __name__ == "__main__":
    main()
