"""How much more likely than the trained model says a relation must be taken to have a status, or an argument, for the best
F1: most relations have neither, so a model may say "none" too often. `relata_train.calibrate` calls this.

Relations and entities are those of the held-out news; what is fitted is one shift for all statuses but fact, and one for
each argument.
"""
import os
from functools import partial

import torch

from .data import GoldSet, load_documents, make_examples
from .losses import ARGUMENT_TYPES
from .model import argument_features
from .schema import ARGUMENTS, ROOT, STATUSES
from .train import pair_states

SHIFTS = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
SLACK = 0.005  # what a smaller shift may lose


def f1(right, predicted, gold):
    return 2 * right / max(1, predicted + gold)


@torch.no_grad()
def answers(model, words, news):
    """(status logits [relations, statuses], gold statuses, {argument: [(scores of none and of each entity, gold entity
    or none)]}) of the relations of the held-out news."""
    gold_set = GoldSet("news_dev", 1.0, coreference=True)
    statuses, right, arguments = [], [], {name: [] for name in ARGUMENTS}
    for name in ("news_dev", "news_dev_2"):
        for document in load_documents(name, None, news):
            for example in make_examples(document, gold_set, words):
                prepared = pair_states(model, words, example)
                if prepared is None:
                    continue
                _, (index, z_h, z_t, closest, mean) = prepared
                row = {pair: i for i, pair in enumerate(map(tuple, index.tolist()))}
                stated = [r for r in example.relations if (r[0], r[2]) in row]
                if not stated:
                    continue
                rows = torch.tensor([row[r[0], r[2]] for r in stated])
                status, hidden = model.relation_head.qualifiers(z_h[rows], z_t[rows],
                                                                torch.tensor([r[1] for r in stated]))
                statuses.append(status)
                right += [r[3] for r in stated]
                features = argument_features(example, index[rows], closest[0][rows], closest[1][rows])
                scores = model.relation_head.argument_scores(hidden, mean, features)
                for number, (head, _, tail, _, gold) in enumerate(stated):
                    for a, name in enumerate(ARGUMENTS):
                        # As in the program: a relation is not dated or placed by its own ends.
                        fits = torch.tensor([t in ARGUMENT_TYPES[name] and (a == 0 or e not in (head, tail))
                                             for e, t in enumerate(example.entity_types)])
                        row_scores = scores[number, a].masked_fill(~torch.cat([torch.tensor([True]), fits]), -1e9)
                        arguments[name].append((row_scores, gold[name]))
    return torch.cat(statuses), torch.tensor(right), arguments


def shifts(model, words, news=os.path.join(ROOT, "data", "news")):
    """{"status" or argument: the smallest shift whose F1 is the best or nearly so; for statuses, the mean over them}."""
    logits, gold, arguments = answers(model, words, news)

    def of_status(shift):
        found = (logits + shift * (torch.arange(len(STATUSES)) > 0)).argmax(1)
        return sum(f1(int(((found == c) & (gold == c)).sum()), int((found == c).sum()), int((gold == c).sum()))
                   for c in range(len(STATUSES))) / len(STATUSES)

    def of_argument(name, shift):
        right = predicted = there = 0
        for scores, wanted in arguments[name]:
            best = int((scores + shift * (torch.arange(len(scores)) > 0)).argmax()) - 1
            predicted += best >= 0
            there += wanted is not None
            right += best >= 0 and best == wanted
        return f1(right, predicted, there)

    best, told = {}, []
    for name, score in [("status", of_status), *((name, partial(of_argument, name)) for name in ARGUMENTS)]:
        found = {shift: score(shift) for shift in SHIFTS}
        best[name] = min((shift for shift in SHIFTS if found[shift] > max(found.values()) - SLACK), key=abs)
        told.append(f"{name} {found[0.0]:.3f} {found[best[name]]:.3f}")
    print("F1 before and after:", ", ".join(told))
    return best
