"""Losses per example. What a set does not annotate is unknown: it is masked, never negative."""
import torch
import torch.nn.functional as F

from .model import (argument_features, coreference_features, closest_mentions, entity_attention, entity_vectors,
                    mention_means, pair_contexts, pair_features, range_max, trigger_places)
from .schema import ARGUMENTS, NULL_TYPE, RELATIONS, TYPES

ALLOWED = torch.zeros(len(TYPES) + 1, len(TYPES) + 1, len(RELATIONS), dtype=torch.bool)
for _index, (_, _heads, _tails, _) in enumerate(RELATIONS):
    for _h in _heads:
        for _t in _tails:
            ALLOWED[_h, _t, _index] = True
SYMMETRIC = torch.tensor([relation[3] for relation in RELATIONS])
ARGUMENT_WEIGHT = 2.0  # of a relation that has the argument
ARGUMENT_TYPES = {name: {TYPES.index(t) for t in types} for name, types in ARGUMENTS.items()}


def mention_loss(logits, example):
    """-log of the probability of all tags that the annotation leaves open, summed over the words it decides."""
    rows, targets = [], []
    for word, allowed in enumerate(example.allowed):
        if allowed is None:
            continue
        rows.append(word)
        targets.append(allowed)
    if not rows:
        return logits.sum() * 0.0, 0
    log_probabilities = F.log_softmax(logits[rows], -1)
    targets = torch.tensor(targets)
    marked = targets >= 0
    loss = -log_probabilities[marked].gather(1, targets[marked, None]).sum()
    background = log_probabilities[~marked][:, example.background]
    loss = loss - torch.logsumexp(background, -1).sum()
    return loss, len(rows)


def coreference_loss(head, states, example, first, last, mean):
    """Marginal log-likelihood of the right antecedents against all antecedents and "new entity" (score 0)."""
    n = len(example.mentions)
    m = head.mentions(states, first, last, mean)
    scores = head(m, coreference_features(example.mentions))
    earlier = torch.tril(torch.ones(n, n, dtype=torch.bool), -1)
    entity = torch.tensor([x.entity for x in example.mentions])
    right = earlier & (entity[:, None] == entity[None, :])
    new = ~right.any(1)
    scores = torch.cat([torch.zeros(n, 1), scores.masked_fill(~earlier, -1e9)], 1)
    right = torch.cat([new[:, None], right], 1)
    loss = torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -1e9), 1)
    # First mentions are many and easy; they count less.
    return (loss * torch.where(new, 0.6, 1.0)).sum(), n


def candidate_pairs(example):
    """[pairs, 2] of entities that the schema lets be related."""
    types = torch.tensor(example.entity_types)
    ok = ALLOWED[types][:, types].any(-1)
    ok.fill_diagonal_(False)
    return ok.nonzero()


def relation_states(model, states, q, k, example, first, mean):
    """Everything that the relation head needs about an example's pairs: their entities, the vectors of both ends, their
    closest mentions, and the states of all mentions."""
    index = candidate_pairs(example)
    if not len(index):
        return None
    words = states[torch.tensor(example.word_starts)]
    if model.mix is not None:
        mean = model.mix(mean, words, example)
    entities = entity_vectors(states, example, mean)
    features, start, end, closest = pair_features(example, index, closest_mentions(example))
    attention = entity_attention(q, k, example, first)
    contexts = pair_contexts(states, attention, index)
    between = range_max(model.relation_head.between(states), start, end)
    places = trigger_places(example, *closest)
    triggers = model.relation_head.triggers(words, mean, places, *closest)
    local = mean.index_select(0, closest[0]), mean.index_select(0, closest[1])
    z_h, z_t = model.relation_head.pairs(entities, contexts, between, triggers, local, index, features)
    return index, z_h, z_t, closest, mean


def relation_loss(model, states, q, k, example, first, mean):
    """(relation loss, number of pairs, qualifier loss, number of stated relations)."""
    nothing = states.sum() * 0.0
    prepared = relation_states(model, states, q, k, example, first, mean)
    if prepared is None or not example.relation_types.any():
        return nothing, 0, nothing, 0
    index, z_h, z_t, (head_mention, tail_mention), mean = prepared
    logits = model.relation_head.scores(z_h, z_t)
    types = torch.tensor(example.entity_types)
    mask = ALLOWED[types[index[:, 0]], types[index[:, 1]]] & example.relation_types
    target = torch.zeros_like(logits)
    row = {(h, t): i for i, (h, t) in enumerate(index.tolist())}
    stated = []
    for head, relation, tail, status, arguments in example.relations:
        i = row.get((head, tail))
        if i is not None:
            target[i, relation] = 1.0
            mask[i, relation] = True
            stated.append((i, relation, status, arguments))
        if SYMMETRIC[relation] and (tail, head) in row:
            target[row[(tail, head)], relation] = 1.0
            mask[row[(tail, head)], relation] = True
    if not example.relations_complete:
        mask &= target > 0
    loss = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    loss = (loss * mask).sum() * example.set.relation_weight
    qualifier, count = nothing, 0
    if stated and example.set.qualifiers:
        rows = torch.tensor([s[0] for s in stated])
        status, hidden = model.relation_head.qualifiers(z_h[rows], z_t[rows], torch.tensor([s[1] for s in stated]))
        weights = torch.tensor([1.0, 2.0, 2.0, 2.5, 1.5])
        qualifier = F.cross_entropy(status, torch.tensor([s[2] for s in stated]), weight=weights, reduction="sum")
        features = argument_features(example, index[rows], head_mention[rows], tail_mention[rows])
        scores = model.relation_head.argument_scores(hidden, mean, features)
        for a, name in enumerate(ARGUMENTS):
            fits = torch.tensor([True] + [t in ARGUMENT_TYPES[name] for t in example.entity_types])
            gold = torch.tensor([0 if s[3][name] is None else 1 + s[3][name] for s in stated])
            # An argument out of reach cannot be found.
            usable = fits[gold] & (scores[:, a].gather(1, gold[:, None])[:, 0] > -1e8)
            if usable.any():
                masked = scores[:, a].masked_fill(~fits, -1e9)
                # Most relations have no such argument; without more weight the few that have one are never found.
                weights = torch.where(gold[usable] > 0, ARGUMENT_WEIGHT, 1.0)
                losses = F.cross_entropy(masked[usable], gold[usable], reduction="none")
                qualifier = qualifier + (weights * losses).sum()
        count = len(stated)
    return loss, len(index), qualifier, count


def imitation_loss(states, wanted, lengths):
    """Mean square of the difference of the states [batch, pieces, width] from those of a teacher, as a share of their
    variance; `lengths` [batch]."""
    inside = torch.arange(states.shape[1])[None] < lengths[:, None].cpu()
    wanted = wanted[inside]
    return (states[inside] - wanted).square().mean() / wanted.var()


def example_losses(model, states, q, k, example):
    """Dict of (sum, count) of one example; `states` [pieces, width] in f32."""
    out = {}
    words = torch.tensor(example.word_starts)
    out["mention"] = mention_loss(model.mention_head(states[words]), example) if len(words) else (states.sum() * 0, 0)
    if not example.mentions:
        return out
    first, last, mean = mention_means(states, example)
    if example.set.coreference and len(example.mentions) > 1:
        out["coreference"] = coreference_loss(model.coreference_head, states, example, first, last, mean)
    if len(example.entities) > 1:
        loss, pairs, qualifier, count = relation_loss(model, states, q, k, example, first, mean)
        out["relation"] = (loss, pairs)
        out["qualifier"] = (qualifier, count)
    return out


assert NULL_TYPE == len(TYPES)
