"""Quick scores while training: names, relations and qualifiers between gold entities, coreference links between gold
mentions. The program's own `relata eval` is the judge; this only tells whether training goes well."""
import torch

from .data import make_examples
from .losses import relation_states, ALLOWED, ARGUMENT_TYPES
from .model import argument_features, coreference_features, mention_means
from .schema import ARGUMENTS, KINDS, NULL_TYPE, POSITIONS, TAG_COUNT


def transitions():
    """Bool [from, to] of tag sequences that BIOES allows; row TAG_COUNT = start of text."""
    ok = torch.zeros(TAG_COUNT + 1, TAG_COUNT, dtype=torch.bool)
    for a in range(TAG_COUNT + 1):
        opened = a not in (0, TAG_COUNT) and POSITIONS[(a - 1) % 4] in "BI"
        for b in range(TAG_COUNT):
            inside = b > 0 and POSITIONS[(b - 1) % 4] in "IE"
            ok[a, b] = (opened and inside and (a - 1) // 4 == (b - 1) // 4) if opened or inside else True
    return ok


TRANSITIONS = torch.where(transitions(), 0.0, -1e9)
LAST_OK = torch.tensor([0.0 if t == 0 or POSITIONS[(t - 1) % 4] in "ES" else -1e9 for t in range(TAG_COUNT)])


def viterbi(logits):
    """[(first word, last word, type, kind)] of the best tag sequence."""
    scores = torch.log_softmax(logits, -1)
    n = scores.shape[0]
    best = scores[0] + TRANSITIONS[TAG_COUNT]
    back = []
    for i in range(1, n):
        total, source = (best[:, None] + TRANSITIONS[:TAG_COUNT]).max(0)
        best = total + scores[i]
        back.append(source)
    state = int((best + LAST_OK).argmax())
    tags = [state]
    for source in reversed(back):
        state = int(source[state])
        tags.append(state)
    tags.reverse()
    spans, start = [], None
    for i, t in enumerate(tags):
        if t == 0:
            continue
        position, kind, entity_type = (t - 1) % 4, (t - 1) // 4 % len(KINDS), (t - 1) // 4 // len(KINDS)
        if position in (0, 3):
            start = i
        if position in (2, 3):
            spans.append((start, i, entity_type, kind))
    return spans


def f1(right, predicted, gold):
    return 200.0 * right / (predicted + gold) if predicted + gold else 0.0


@torch.no_grad()
def scores(model, documents, gold_set, tokenizer, states_of):
    """Dict of scores of a model on documents; `states_of(example)` runs the encoder on one example."""
    name_counts, link_right, link_total = [0, 0, 0], 0, 0
    logits_all, targets_all = [], []
    status_right = status_total = by_right = by_predicted = by_gold = 0
    for document in documents:
        annotated = document.get("annotated")
        for example in make_examples(document, gold_set, tokenizer):
            states, q, k = states_of(example)
            if example.word_starts:
                logits = model.mention_head(states[torch.tensor(example.word_starts)])
                gold = {(m.first, m.last, m.type) for m in example.mentions if m.kind == 0 and m.type != NULL_TYPE}
                types = range(8) if annotated is None else \
                    [t for t in range(8) if ["PERSON", "ORGANIZATION", "PLACE", "GROUP", "EVENT", "TITLE", "DATE",
                                             "WORK"][t] in annotated["entities"]]
                gold = {g for g in gold if g[2] in types}
                free = [i for i, a in enumerate(example.allowed) if a is None]
                found = {(a, b, t) for a, b, t, kind in viterbi(logits) if kind == 0 and t in types
                         and not any(a <= i <= b for i in free)}
                name_counts[0] += len(gold & found)
                name_counts[1] += len(found)
                name_counts[2] += len(gold)
            if len(example.mentions) < 2:
                continue
            first, last, mean = mention_means(states, example)
            if gold_set.coreference:
                m = model.coreference_head.mentions(states, first, last, mean)
                s = model.coreference_head(m, coreference_features(example.mentions))
                n = len(example.mentions)
                s = s.masked_fill(~torch.tril(torch.ones(n, n, dtype=torch.bool), -1), -1e9)
                entity = [x.entity for x in example.mentions]
                best, where = s.max(1)
                for i in range(1, n):
                    if example.mentions[i].kind == 0:
                        continue
                    link_total += 1
                    earlier = entity[i] in entity[:i]
                    link_right += (entity[int(where[i])] == entity[i]) if best[i] > 0 else not earlier
            if len(example.entities) < 2 or not example.relation_types.any() or not example.relations_complete:
                continue
            prepared = relation_states(model, states, q, k, example, first, mean)
            if prepared is None:
                continue
            index, z_h, z_t, closest, mean = prepared
            logits = model.relation_head.scores(z_h, z_t)
            types = torch.tensor(example.entity_types)
            mask = ALLOWED[types[index[:, 0]], types[index[:, 1]]] & example.relation_types
            target = torch.zeros_like(logits)
            row = {(h, t): i for i, (h, t) in enumerate(index.tolist())}
            stated = []
            for head, relation, tail, status, arguments in example.relations:
                if (head, tail) in row:
                    target[row[(head, tail)], relation] = 1
                    stated.append((row[(head, tail)], relation, status, arguments))
            logits_all.append(torch.sigmoid(logits)[mask])
            targets_all.append(target[mask])
            if stated and annotated is None:
                rows = torch.tensor([s[0] for s in stated])
                status, hidden = model.relation_head.qualifiers(z_h[rows], z_t[rows],
                                                                torch.tensor([s[1] for s in stated]))
                status_right += int((status.argmax(-1) == torch.tensor([s[2] for s in stated])).sum())
                status_total += len(stated)
                arguments = model.relation_head.argument_scores(
                    hidden, mean, argument_features(example, index[rows], closest[0][rows], closest[1][rows]))
                fits = torch.tensor([True] + [t in ARGUMENT_TYPES["by"] for t in example.entity_types])
                choice = arguments[:, list(ARGUMENTS).index("by")].masked_fill(~fits, -1e9).argmax(-1)
                for s, c in zip(stated, choice.tolist()):
                    gold_by = 0 if s[3]["by"] is None else s[3]["by"] + 1
                    by_gold += gold_by > 0
                    by_predicted += c > 0
                    by_right += c > 0 and c == gold_by
    out = {"names": round(f1(*name_counts), 1)}
    if link_total:
        out["links"] = round(100 * link_right / link_total, 1)
    if targets_all:
        p, t = torch.cat(logits_all), torch.cat(targets_all)
        best = max(((f1(int((t * (p > c)).sum()), int((p > c).sum()), int(t.sum())), c)
                    for c in (0.2, 0.3, 0.4, 0.5, 0.6)), default=(0, 0))
        out["relations"] = (round(best[0], 1), best[1])
    if status_total:
        out["status"] = round(100 * status_right / status_total, 1)
        out["by"] = round(f1(by_right, by_predicted, by_gold), 1)
    return out
