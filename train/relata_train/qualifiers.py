"""How much more likely than the trained model says a relation must be taken to have a status, or an argument, for the best
F1: most relations have neither, so the model says "none" too often. `relata_train.calibrate` calls this.

Relations and entities are those of the held-out news; what is fitted is one shift for all statuses but fact, and one for
each argument. Who states a relation goes with its status besides: what is denied is mostly denied by its head, what is
possible is said by another (`claimants`).
"""
import math
import os

import torch

from .data import GoldSet, load_documents, make_examples
from .losses import ARGUMENT_TYPES, argument_distances, relation_states
from .model import mention_means
from .schema import ARGUMENTS, ROOT, STATUSES
from .train import encode, to_batch

SHIFTS = (0.0, 0.5, 1.0, 1.5, 2.0)
CLAIMANTS = ("nobody", "head", "tail", "another")
CLAIMANT_WEIGHT = 0.5  # the model knows part of it


def f1(right, predicted, gold):
    return 2 * right / max(1, predicted + gold)


def claimants(news):
    """By status, what to add to the log-odds that nobody, the head, the tail, or another entity states a relation: half the
    log of how much more often that is so in the training passages than over all statuses."""
    counts = [[1] * len(CLAIMANTS) for _ in STATUSES]
    for document in load_documents("news", None, news):
        for relation in document["relations"]:
            by = relation.get("by")
            kind = 0 if by is None else 1 if by == relation["head"] else 2 if by == relation["tail"] else 3
            counts[STATUSES.index(relation.get("status"))][kind] += 1
    whole = [sum(column) for column in zip(*counts)]
    return [[round(CLAIMANT_WEIGHT * math.log(row[k] / sum(row) / (whole[k] / sum(whole))), 3)
             for k in range(len(CLAIMANTS))] for row in counts]


@torch.no_grad()
def answers(model, words, news):
    """(status logits [relations, statuses], gold statuses, {argument: [(scores of none and of each entity, head, tail, gold
    entity or none)]}) of the relations of the held-out news."""
    gold_set = GoldSet("news_dev", 1.0, coreference=True)
    statuses, right, arguments = [], [], {name: [] for name in ARGUMENTS}
    for name in ("news_dev", "news_dev_2"):
        for document in load_documents(name, None, news):
            for example in make_examples(document, gold_set, words):
                if len(example.entities) < 2:
                    continue
                states, q, k = (x[0] for x in encode(model, to_batch([example], words, None, False, "cpu"), "cpu"))
                first, _, mean = mention_means(states, example)
                prepared = relation_states(model, states, q, k, example, first, mean)
                if prepared is None:
                    continue
                entities, index, z_h, z_t, closest = prepared
                row = {pair: i for i, pair in enumerate(map(tuple, index.tolist()))}
                stated = [r for r in example.relations if (r[0], r[2]) in row]
                if not stated:
                    continue
                rows = torch.tensor([row[r[0], r[2]] for r in stated])
                status, queries = model.relation_head.qualifiers(z_h[rows], z_t[rows],
                                                                 torch.tensor([r[1] for r in stated]))
                statuses.append(status)
                right += [r[3] for r in stated]
                distance = argument_distances(example, closest[0][rows], closest[1][rows])
                scores = model.relation_head.argument_scores(queries, entities, distance)
                for number, (head, _, tail, _, gold) in enumerate(stated):
                    for a, name in enumerate(ARGUMENTS):
                        # As in the program: a relation is not dated or placed by its own ends.
                        fits = torch.tensor([t in ARGUMENT_TYPES[name] and (a == 0 or e not in (head, tail))
                                             for e, t in enumerate(example.entity_types)])
                        row_scores = scores[number, a].masked_fill(~torch.cat([torch.tensor([True]), fits]), -1e9)
                        arguments[name].append((row_scores, head, tail, gold[name]))
    return torch.cat(statuses), torch.tensor(right), arguments


def shifts(model, words, news=os.path.join(ROOT, "data", "news")):
    """{"status" or argument: the shift of the best F1; for statuses, of the best mean over them; "claimants": the table}."""
    logits, gold, arguments = answers(model, words, news)
    claims = claimants(news)
    tables = {name: torch.tensor(claims) if name == "by" else None for name in ARGUMENTS}

    def statuses(shift):
        return (logits + shift * (torch.arange(len(STATUSES)) > 0)).argmax(1)

    def of_status(shift):
        found = statuses(shift)
        return sum(f1(int(((found == c) & (gold == c)).sum()), int((found == c).sum()), int((gold == c).sum()))
                   for c in range(len(STATUSES))) / len(STATUSES)

    def of_argument(name, shift, found, table):
        right = predicted = there = 0
        for number, (scores, head, tail, wanted) in enumerate(arguments[name]):
            scores = scores.clone()
            scores[1:] += shift
            if table is not None:
                row = table[found[number]]
                scores[1:] += row[3]
                scores[0] += row[0]
                scores[1 + head] += row[1] - row[3]
                scores[1 + tail] += row[2] - row[3]
            best = int(scores.argmax()) - 1
            predicted += best >= 0
            there += wanted is not None
            right += best >= 0 and best == wanted
        return f1(right, predicted, there)

    best = {"status": max(SHIFTS, key=of_status)}
    found = statuses(best["status"])
    for name in ARGUMENTS:
        best[name] = max(SHIFTS, key=lambda shift: of_argument(name, shift, found, tables[name]))
    print("F1 before and after: status " + f"{of_status(0):.3f} {of_status(best['status']):.3f}, "
          + ", ".join(f"{name} {of_argument(name, 0, found, None):.3f} "
                      f"{of_argument(name, best[name], found, tables[name]):.3f}" for name in ARGUMENTS))
    return {**best, "claimants": claims}
