"""The model: a BERT encoder with word-shape input, heads, and layers over the mentions before those of relations and
qualifiers. `src/nn` and the stages of the Rust program run the same arithmetic in f32; names of parameters are the names of
tensors in the weight file.

Sources: encoder, Devlin et al. 2019 (weights: all-MiniLM-L6-v2); antecedent ranking, Lee et al. 2017; document-level
relations with localized context pooling and grouped bilinear scores, Zhou et al. 2021 (ATLOP); max-pooled words between
the ends, Eberts and Ulges 2020 (SpERT); mentions as markers that the text does not see, Ye et al. 2022 (PL-Marker).
"""
import torch
import torch.nn.functional as F
from torch import nn

from .data import GAPS, SHAPES
from .schema import ARGUMENTS, KINDS, RELATIONS, STATUSES, TAG_COUNT, TYPES

PAIR = 256  # width of a projected end of a pair
BLOCK = 16  # width of a block of the grouped bilinear form
BETWEEN = 128  # width of the pooled words between two ends
BETWEEN_LIMIT = 64  # the longest stretch of pieces that is pooled, and of words in which triggers are sought
MENTION = 160  # width of a mention in the pair scorer
COREFERENCE = 160  # hidden width of the pair scorer
ARGUMENT = 128  # width in which a relation and a mention that may be its argument meet
ARGUMENT_REACH = 150  # words around the ends of a relation in which its arguments are sought
SENTENCES = 3  # sentences before and after a relation that are told apart
TRIGGER_HEADS = 4  # heads that look for the words that tie two ends
TRIGGER_KEY = 32  # width of their keys
TRIGGER_VALUE = 48  # width of what they read from a word
TRIGGER_REACH = 24  # words before and after an end that they see
MIX = 256  # width in which mentions look at one another and at the words
MIX_HEADS = 8
MIX_LAYERS = 2
MIX_WORDS = 64  # words before and after a mention that it sees there
MIX_MENTIONS = 150  # words within which it sees other mentions
DISTANCES = 10
ARGUMENT_TABLES = ("place", "sentence", "kind", "role", "quotes")


def distance_bucket(distance):
    """0, 1, 2, 3-4, 5-8, 9-16, 17-32, 33-64, 65-128, more; `distance` is a LongTensor, never negative."""
    edges = torch.tensor([1, 2, 3, 5, 9, 17, 33, 65, 129], device=distance.device)
    return torch.bucketize(distance, edges, right=True)


class Attention(nn.Module):
    def __init__(self, width, heads, head_width):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, heads * head_width)
        self.key = nn.Linear(width, heads * head_width)
        self.value = nn.Linear(width, heads * head_width)
        self.output = nn.Linear(heads * head_width, width)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)


class Layer(nn.Module):
    def __init__(self, width, heads, head_width, inner, epsilon):
        super().__init__()
        self.attention = Attention(width, heads, head_width)
        self.attention_norm = nn.LayerNorm(width, eps=epsilon)
        self.inner = nn.Linear(width, inner)
        self.outer = nn.Linear(inner, width)
        self.output_norm = nn.LayerNorm(width, eps=epsilon)
        self.drop = nn.Dropout(0.0)

    def forward(self, x, mask, want_attention=False):
        a = self.attention
        q, k, v = a.split(a.query(x)), a.split(a.key(x)), a.split(a.value(x))
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        mixed = mixed.transpose(1, 2).flatten(2)
        x = self.attention_norm(x + self.drop(a.output(mixed)))
        x = self.output_norm(x + self.drop(self.outer(F.gelu(self.inner(x)))))
        return (x, q, k) if want_attention else x


class Encoder(nn.Module):
    """BERT with two more input embeddings. Output: states [batch, pieces, width] and the last layer's queries and
    keys [batch, heads, pieces, head_width], from which attention rows of mentions are computed."""

    def __init__(self, vocabulary, width=384, layers=6, heads=12, head_width=32, inner=1536, positions=512,
                 epsilon=1e-12):
        super().__init__()
        self.word = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(positions, width)
        self.shape = nn.Embedding(len(SHAPES), width)
        self.gap = nn.Embedding(GAPS, width)
        self.norm = nn.LayerNorm(width, eps=epsilon)
        self.layers = nn.ModuleList([Layer(width, heads, head_width, inner, epsilon) for _ in range(layers)])
        nn.init.normal_(self.shape.weight, std=0.01)
        nn.init.normal_(self.gap.weight, std=0.01)

    def forward(self, pieces, shapes, gaps, lengths):
        n = pieces.shape[1]
        inside = torch.arange(n, device=pieces.device)[None, :] < lengths[:, None]
        mask = inside[:, None, None, :]
        x = self.word(pieces) + self.position.weight[:n] + self.shape(shapes) + self.gap(gaps)
        x = self.norm(x)
        for layer in self.layers[:-1]:
            x = layer(x, mask)
        return self.layers[-1](x, mask, want_attention=True)


class MentionHead(nn.Module):
    """Tags words by the state of their first piece: O and B, I, E, S of each type and kind."""

    def __init__(self, width):
        super().__init__()
        self.tags = nn.Linear(width, TAG_COUNT)

    def forward(self, states):
        return self.tags(states)


class CoreferenceHead(nn.Module):
    """Scores mention pairs; an antecedent beats "new entity" when its score is above 0."""

    def __init__(self, width):
        super().__init__()
        self.project = nn.Linear(3 * width, MENTION)
        self.antecedent = nn.Linear(MENTION, COREFERENCE)
        self.anaphor = nn.Linear(MENTION, COREFERENCE)
        self.product = nn.Linear(MENTION, COREFERENCE, bias=False)
        self.mention_distance = nn.Embedding(DISTANCES, COREFERENCE)
        self.word_distance = nn.Embedding(DISTANCES, COREFERENCE)
        self.match = nn.Embedding(5, COREFERENCE)
        self.types = nn.Embedding((len(TYPES) + 1) ** 2, COREFERENCE)
        self.kinds = nn.Embedding(len(KINDS) ** 2, COREFERENCE)
        self.score = nn.Linear(COREFERENCE, 1)

    def mentions(self, states, first, last, mean):
        """[mentions, MENTION] from the states of the first and last piece and the mean over the mention."""
        return F.gelu(self.project(torch.cat([states[first], states[last], mean], -1)))

    def forward(self, m, features):
        """[anaphor, antecedent] scores. `features`: dict of LongTensors [anaphor, antecedent]."""
        hidden = self.anaphor(m)[:, None] + self.antecedent(m)[None, :] + self.product(m[:, None] * m[None, :])
        for name in ("mention_distance", "word_distance", "match", "types", "kinds"):
            hidden = hidden + getattr(self, name)(features[name])
        return self.score(F.gelu(hidden)).squeeze(-1)


class MixLayer(nn.Module):
    """One layer of `Mix`: mentions attend to mentions, then to words, then a feed-forward part; norms come first."""

    def __init__(self, width):
        super().__init__()
        self.mention_norm, self.word_norm, self.inner_norm = nn.LayerNorm(MIX), nn.LayerNorm(MIX), nn.LayerNorm(MIX)
        self.mention = nn.Linear(MIX, 3 * MIX)
        self.mention_output = nn.Linear(MIX, MIX)
        self.mention_place = nn.Embedding(2 * DISTANCES, MIX_HEADS)
        self.same = nn.Embedding(2, MIX_HEADS)
        self.query = nn.Linear(MIX, MIX)
        self.word = nn.Linear(width, 2 * MIX)
        self.word_output = nn.Linear(MIX, MIX)
        self.word_place = nn.Embedding(2 * DISTANCES, MIX_HEADS)
        self.inner = nn.Linear(MIX, 3 * MIX)
        self.outer = nn.Linear(3 * MIX, MIX)
        self.drop = nn.Dropout(0.1)

    def attend(self, query, key, value, bias):
        """[mentions, MIX]; `bias` [mentions, keys, heads]."""
        split = lambda x: x.view(len(x), MIX_HEADS, -1).transpose(0, 1)
        query, key, value = split(query), split(key), split(value)
        weights = (query @ key.transpose(1, 2) / query.shape[-1] ** 0.5 + bias.permute(2, 0, 1)).softmax(-1)
        return (weights @ value).transpose(0, 1).reshape(query.shape[1], -1)

    def forward(self, x, words, places):
        mention_buckets, mention_far, same, word_buckets, word_far = places
        bias = (self.mention_place(mention_buckets) + self.same(same)).masked_fill(mention_far[:, :, None], -1e9)
        mixed = self.attend(*self.mention(self.mention_norm(x)).chunk(3, -1), bias)
        x = x + self.drop(self.mention_output(mixed))
        bias = self.word_place(word_buckets).masked_fill(word_far[:, :, None], -1e9)
        mixed = self.attend(self.query(self.word_norm(x)), *self.word(words).chunk(2, -1), bias)
        x = x + self.drop(self.word_output(mixed))
        return x + self.drop(self.outer(F.gelu(self.inner(self.inner_norm(x)))))


class Mix(nn.Module):
    """What mentions add to their mean states, for the relation head, when they know their types and see the words and
    one another: as markers that the text does not see (Ye et al. 2022, Packed Levitated Marker), in layers of their own."""

    def __init__(self, width):
        super().__init__()
        self.enter = nn.Linear(width, MIX)
        self.types = nn.Embedding(len(TYPES) + 1, MIX)
        self.kinds = nn.Embedding(len(KINDS), MIX)
        self.layers = nn.ModuleList([MixLayer(width) for _ in range(MIX_LAYERS)])
        self.norm = nn.LayerNorm(MIX)
        self.leave = nn.Linear(MIX, width)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, mean, words, example):
        """[mentions, width]; `mean` [mentions, width], `words` [words, width] states of the words' first pieces."""
        x = self.enter(mean) + self.types(torch.tensor([m.type for m in example.mentions])) \
            + self.kinds(torch.tensor([m.kind for m in example.mentions]))
        places = mix_places(example)
        for layer in self.layers:
            x = layer(x, words, places)
        return mean + self.leave(self.norm(x))


class RelationHead(nn.Module):
    """Scores every relation type for ordered pairs of entities, and the qualifiers of stated relations."""

    def __init__(self, width):
        super().__init__()
        types = len(TYPES) + 1
        self.between = nn.Linear(width, BETWEEN)
        columns = 3 * width + BETWEEN + TRIGGER_HEADS * TRIGGER_VALUE
        self.head = nn.Linear(columns, PAIR)
        self.tail = nn.Linear(columns, PAIR)
        self.trigger_head = nn.Linear(width, TRIGGER_HEADS * TRIGGER_KEY)
        self.trigger_tail = nn.Linear(width, TRIGGER_HEADS * TRIGGER_KEY)
        self.trigger_key = nn.Linear(width, TRIGGER_HEADS * TRIGGER_KEY)
        self.trigger_value = nn.Linear(width, TRIGGER_HEADS * TRIGGER_VALUE)
        self.head_place = nn.Embedding(2 * DISTANCES, TRIGGER_HEADS)
        self.tail_place = nn.Embedding(2 * DISTANCES, TRIGGER_HEADS)
        self.head_type = nn.Embedding(types, PAIR)
        self.tail_type = nn.Embedding(types, PAIR)
        self.head_distance = nn.Embedding(2 * DISTANCES, PAIR)
        self.tail_distance = nn.Embedding(2 * DISTANCES, PAIR)
        self.head_stops = nn.Embedding(5, PAIR)
        self.tail_stops = nn.Embedding(5, PAIR)
        self.bilinear = nn.Linear(PAIR * BLOCK, len(RELATIONS))
        self.hidden = nn.Linear(2 * PAIR, PAIR)
        self.linear = nn.Linear(PAIR, len(RELATIONS), bias=False)
        # Qualifiers: asked of a pair and a relation type.
        self.relation = nn.Embedding(len(RELATIONS), PAIR)
        self.status_hidden = nn.Linear(3 * PAIR, PAIR)
        self.status = nn.Linear(PAIR, len(STATUSES))
        self.argument_query = nn.Linear(PAIR, 2 * ARGUMENT)
        self.argument_mention = nn.Linear(width, 2 * ARGUMENT)
        self.argument_place = nn.Embedding(2 * DISTANCES, ARGUMENT)
        self.argument_sentence = nn.Embedding(2 * SENTENCES + 1, ARGUMENT)
        self.argument_kind = nn.Embedding(len(KINDS), ARGUMENT)
        self.argument_role = nn.Embedding(3, ARGUMENT)
        self.argument_quotes = nn.Embedding(4, ARGUMENT)
        self.argument_score = nn.Linear(ARGUMENT, len(ARGUMENTS))
        self.argument_none = nn.Linear(PAIR, len(ARGUMENTS))
        for name in ARGUMENT_TABLES:
            nn.init.normal_(getattr(self, "argument_" + name).weight, std=0.1)
        self.drop = nn.Dropout(0.2)

    def triggers(self, words, mean, places, head_mention, tail_mention):
        """[pairs, TRIGGER_HEADS * TRIGGER_VALUE]: what the words near the closest mentions of a pair say, weighted by
        the product of a learned attention of either end. `words` [words, width] are the states of the words' first
        pieces, `mean` [mentions, width]; `places` comes from `trigger_places`."""
        buckets, near, between = places
        keys = self.trigger_key(words).view(-1, TRIGGER_HEADS, TRIGGER_KEY)

        def attention(query, place):
            scores = torch.einsum("mhd,whd->mhw", query(mean).view(-1, TRIGGER_HEADS, TRIGGER_KEY), keys)
            return scores / TRIGGER_KEY ** 0.5 + place(buckets).transpose(1, 2)

        head, tail = attention(self.trigger_head, self.head_place), attention(self.trigger_tail, self.tail_place)
        seen = near[head_mention] | near[tail_mention] | between
        weights = head.index_select(0, head_mention) + tail.index_select(0, tail_mention)
        weights = weights.masked_fill(~seen[:, None], -1e9).softmax(-1)
        values = self.trigger_value(words).view(-1, TRIGGER_HEADS, TRIGGER_VALUE)
        return torch.einsum("phw,whd->phd", weights, values).reshape(len(weights), -1)

    def pairs(self, entities, contexts, between, triggers, local, index, features):
        """(z_head, z_tail) [pairs, PAIR] for `index` [pairs, 2] of entity vectors [entities, width]; `local` are the
        mean states of the closest mentions, of the heads and of the tails."""
        h, t = entities.index_select(0, index[:, 0]), entities.index_select(0, index[:, 1])
        shared = [contexts, between, triggers]
        z_h = self.head(torch.cat([h, *shared, local[0]], -1)) + self.head_type(features["head_type"]) \
            + self.head_distance(features["distance"]) + self.head_stops(features["stops"])
        z_t = self.tail(torch.cat([t, *shared, local[1]], -1)) + self.tail_type(features["tail_type"]) \
            + self.tail_distance(features["distance"]) + self.tail_stops(features["stops"])
        return self.drop(torch.tanh(z_h)), self.drop(torch.tanh(z_t))

    def scores(self, z_h, z_t):
        """Logits [pairs, relation types]."""
        n = z_h.shape[0]
        products = z_h.view(n, -1, BLOCK, 1) * z_t.view(n, -1, 1, BLOCK)
        hidden = F.gelu(self.hidden(torch.cat([z_h, z_t], -1)))
        return self.bilinear(products.reshape(n, -1)) + self.linear(hidden)

    def qualifiers(self, z_h, z_t, relations):
        """(status logits [n, 5], hidden [n, PAIR]) for n stated relations."""
        hidden = F.gelu(self.status_hidden(torch.cat([z_h, z_t, self.relation(relations)], -1)))
        return self.status(hidden), hidden

    def argument_scores(self, hidden, mean, features):
        """Logits [n, arguments, 1 + entities]; place 0 is "none". Mentions are scored, and an entity by the log of the sum
        of the exponentials of its mentions. `mean` [mentions, width], `features` from `argument_features`."""
        query, times_query = self.argument_query(hidden).chunk(2, -1)
        mention, times_mention = self.argument_mention(self.drop(mean)).chunk(2, -1)
        x = query[:, None] + mention[None] + times_query[:, None] * times_mention[None]
        for name in ARGUMENT_TABLES:
            x = x + getattr(self, "argument_" + name)(features[name])
        scores = self.argument_score(F.gelu(x)).masked_fill(~features["reach"][:, :, None], -1e9)
        owner = features["owner"]
        top = scores.detach().amax(1, keepdim=True)
        sums = torch.zeros(len(hidden), int(owner.max()) + 1, len(ARGUMENTS))
        sums = sums.index_add(1, owner, (scores - top).exp())
        near = torch.zeros(sums.shape[:2], dtype=torch.bool).index_add(1, owner, features["reach"])
        entities = ((sums + 1e-30).log() + top).masked_fill(~near[:, :, None], -1e9)
        return torch.cat([self.argument_none(hidden)[:, :, None], entities.transpose(1, 2)], -1)


class Model(nn.Module):
    def __init__(self, vocabulary, mix=True, **encoder):
        super().__init__()
        self.encoder = Encoder(vocabulary, **encoder)
        width = self.encoder.word.weight.shape[1]
        self.mention_head = MentionHead(width)
        self.coreference_head = CoreferenceHead(width)
        self.mix = Mix(width) if mix else None  # weights from before it was there do without
        self.relation_head = RelationHead(width)

    def load_encoder(self, state):
        """Takes over the weights of a Hugging Face BERT; the token-type embedding goes into the positions."""
        e = self.encoder
        get = lambda name: state[name].float()
        with torch.no_grad():
            e.word.weight.copy_(get("embeddings.word_embeddings.weight"))
            positions = get("embeddings.position_embeddings.weight")[:e.position.weight.shape[0]]
            e.position.weight.copy_(positions + get("embeddings.token_type_embeddings.weight")[0])
            e.norm.weight.copy_(get("embeddings.LayerNorm.weight"))
            e.norm.bias.copy_(get("embeddings.LayerNorm.bias"))
            for i, layer in enumerate(e.layers):
                names = {"attention.query": "attention.self.query", "attention.key": "attention.self.key",
                         "attention.value": "attention.self.value", "attention.output": "attention.output.dense",
                         "attention_norm": "attention.output.LayerNorm", "inner": "intermediate.dense",
                         "outer": "output.dense", "output_norm": "output.LayerNorm"}
                for own, theirs in names.items():
                    for kind in ("weight", "bias"):
                        layer.get_parameter(f"{own}.{kind}").copy_(get(f"encoder.layer.{i}.{theirs}.{kind}"))


def mention_pieces(example, mention):
    """(first piece, last piece + 1) of a mention."""
    starts = example.word_starts
    after = mention.last + 1
    return starts[mention.first], starts[after] if after < len(starts) else len(example.pieces) - 1


PRONOUN = KINDS.index("pronoun")


def match_kind(a, b):
    """How two mentions' words compare: 0 not, 1 equal, 2 same last word, 3 one's words are all in the other, 4 one is
    the initials of the other."""
    x, y = a.lower().split(), b.lower().split()
    if not x or not y:
        return 0
    if x == y:
        return 1
    if x[-1] == y[-1]:
        return 2
    if set(x) <= set(y) or set(y) <= set(x):
        return 3
    for short, long in ((a, y), (b, x)):
        letters = short.replace(".", "").lower()
        if len(letters) > 1 and len(long) > 1 and " " not in letters and letters == "".join(w[0] for w in long):
            return 4
    return 0


def coreference_features(mentions):
    """Dict of LongTensors [anaphor, antecedent] for CoreferenceHead."""
    n = len(mentions)
    order = torch.arange(n)
    first = torch.tensor([m.first for m in mentions])
    last = torch.tensor([m.last for m in mentions])
    types = torch.tensor([m.type for m in mentions])
    kinds = torch.tensor([m.kind for m in mentions])
    match = torch.zeros(n, n, dtype=torch.long)
    for i in range(n):
        for j in range(i):
            if mentions[i].kind != PRONOUN and mentions[j].kind != PRONOUN or mentions[i].kind == mentions[j].kind:
                match[i, j] = match_kind(mentions[i].text, mentions[j].text)
    return {
        "mention_distance": distance_bucket((order[:, None] - order[None, :]).clamp(min=0)),
        "word_distance": distance_bucket((first[:, None] - last[None, :]).clamp(min=0)),
        "match": match,
        "types": types[:, None] * (len(TYPES) + 1) + types[None, :],
        "kinds": kinds[:, None] * len(KINDS) + kinds[None, :],
    }


STOPS = {".", "!", "?"}


def owners(example):
    """The entity of each mention, LongTensor [mentions]."""
    owner = torch.zeros(len(example.mentions), dtype=torch.long)
    for entity, members in enumerate(example.entities):
        owner[members] = entity
    return owner


def closest_mentions(example):
    """For each ordered pair of entities the closest pair of mentions: [entities, entities] of (mention, mention).
    Ties go to the earlier head mention, then the earlier tail mention."""
    m = len(example.mentions)
    first = torch.tensor([x.first for x in example.mentions])
    last = torch.tensor([x.last for x in example.mentions])
    # Words strictly between two mentions (-1 if they touch or overlap is clipped to 0).
    apart = torch.maximum(first[:, None] - last[None, :], first[None, :] - last[:, None]).clamp(min=1) - 1
    e = len(example.entities)
    owner = owners(example)
    # Key orders by distance, then head mention, then tail mention.
    key = (apart * m + torch.arange(m)[:, None]) * m + torch.arange(m)[None, :]
    flat = (owner[:, None] * e + owner[None, :]).reshape(-1)
    best = torch.full((e * e,), torch.iinfo(torch.long).max).scatter_reduce(0, flat, key.reshape(-1), "amin")
    return (best // m) % m, best % m, best // (m * m)


def pair_features(example, index, closest):
    """LongTensors [pairs] for RelationHead.pairs, and (first piece, last piece + 1) of the words between."""
    head_mention, tail_mention, apart = closest
    e = len(example.entities)
    flat = index[:, 0] * e + index[:, 1]
    head_mention, tail_mention, apart = head_mention[flat], tail_mention[flat], apart[flat]
    first = torch.tensor([x.first for x in example.mentions])
    last = torch.tensor([x.last for x in example.mentions])
    head_first = first[head_mention] <= first[tail_mention]
    left_last = torch.where(head_first, last[head_mention], last[tail_mention])
    right_first = torch.where(head_first, first[tail_mention], first[head_mention])
    stops = torch.tensor([w in STOPS for w in example.word_texts], dtype=torch.long)
    before = torch.cat([torch.zeros(1, dtype=torch.long), stops.cumsum(0)])
    stop_count = (before[torch.maximum(right_first, left_last + 1)] - before[left_last + 1]).clamp(min=0)
    stop_bucket = torch.bucketize(stop_count, torch.tensor([1, 2, 3, 5]), right=True)
    types = torch.tensor(example.entity_types)
    starts = torch.tensor(example.word_starts + [len(example.pieces) - 1])
    features = {
        "distance": distance_bucket(apart) + DISTANCES * (~head_first).long(),
        "stops": stop_bucket,
        "head_type": types[index[:, 0]],
        "tail_type": types[index[:, 1]],
    }
    return features, starts[left_last + 1], starts[right_first.clamp(min=0)], (head_mention, tail_mention)


def trigger_places(example, head_mention, tail_mention):
    """For `RelationHead.triggers`: buckets [mentions, words] of the distance from a mention to a word (0 inside it,
    DISTANCES more after it), bool [mentions, words] whether a word is near a mention, and bool [pairs, words] whether it
    stands between the closest mentions of a pair that are not far apart."""
    first = torch.tensor([x.first for x in example.mentions])[:, None]
    last = torch.tensor([x.last for x in example.mentions])[:, None]
    word = torch.arange(len(example.word_texts))[None]
    before, after = (first - word).clamp(min=0), (word - last).clamp(min=0)
    apart = before + after
    buckets = distance_bucket(apart) + DISTANCES * (after > 0).long()
    left, right = torch.minimum(last[head_mention], last[tail_mention]), torch.maximum(first[head_mention],
                                                                                      first[tail_mention])
    between = (word > left) & (word < right) & (right - left <= BETWEEN_LIMIT)
    return buckets, apart <= TRIGGER_REACH, between


def mix_places(example):
    """For `MixLayer`: buckets [mentions, mentions] of the distance from one to another (DISTANCES more if the other comes
    after it), whether it is too far, and whether both are of one entity; buckets [mentions, words] and whether too far."""
    first = torch.tensor([x.first for x in example.mentions])
    last = torch.tensor([x.last for x in example.mentions])
    owner = owners(example)

    def buckets(starts, ends, reach):
        before, after = (first[:, None] - ends[None]).clamp(min=0), (starts[None] - last[:, None]).clamp(min=0)
        return distance_bucket(before + after) + DISTANCES * (after > 0).long(), before + after > reach

    word = torch.arange(len(example.word_texts))
    return (*buckets(first, last, MIX_MENTIONS), (owner[:, None] == owner[None]).long(), *buckets(word, word, MIX_WORDS))


QUOTES = {'"': None, "“": True, "„": True, "«": True, "”": False, "»": False}


def quoted(example):
    """Bool [words]: whether a word stands in quotation marks. None are taken to be open where a line begins."""
    inside, out = False, []
    for word, start in zip(example.word_texts, example.word_starts):
        if example.gaps[start] > 1:
            inside = False
        if word in QUOTES:
            inside = not inside if QUOTES[word] is None else QUOTES[word]
        out.append(inside)
    return torch.tensor(out)


def argument_features(example, index, head_mention, tail_mention):
    """For `RelationHead.argument_scores`, of relations between the entities `index` [n, 2] with these closest mentions:
    LongTensors [n, mentions] of rows of the tables; bool `reach` [n, mentions]: whether a mention is near enough; `owner`
    [mentions], its entity."""
    first = torch.tensor([x.first for x in example.mentions])
    last = torch.tensor([x.last for x in example.mentions])
    owner = owners(example)
    start = torch.minimum(first[head_mention], first[tail_mention])[:, None]
    end = torch.maximum(last[head_mention], last[tail_mention])[:, None]
    before, after = (start - last).clamp(min=0), (first - end).clamp(min=0)
    stops = torch.tensor([w in STOPS for w in example.word_texts], dtype=torch.long).cumsum(0)
    from_start, from_end = stops[first] - stops[start], stops[first] - stops[end]
    sentence = from_start.clamp(-SENTENCES, 0) + from_end.clamp(0, SENTENCES) + SENTENCES
    inside = quoted(example).long()
    relation = inside[first[head_mention]] * inside[first[tail_mention]]
    return {
        "place": distance_bucket(before + after) + DISTANCES * (after > 0).long(),
        "sentence": sentence,
        "kind": torch.tensor([x.kind for x in example.mentions])[None].expand(len(index), -1),
        "role": (owner == index[:, :1]).long() + 2 * (owner == index[:, 1:]).long(),
        "quotes": 2 * relation[:, None] + inside[first],
        "reach": before + after <= ARGUMENT_REACH,
        "owner": owner,
    }


def range_max(values, start, end):
    """Row-wise maximum over values[start:end] [n, width]; zero where the range is empty or longer than BETWEEN_LIMIT."""
    length = end - start
    ok = (length > 0) & (length <= BETWEEN_LIMIT)
    table, tables = values, [values]
    step = 1
    while step * 2 <= BETWEEN_LIMIT:
        shifted = torch.cat([table[step:], table[-1:].expand(step, -1)])[:table.shape[0]]
        table = torch.maximum(table, shifted)
        tables.append(table)
        step *= 2
    tables = torch.stack(tables)
    safe = length.clamp(1, BETWEEN_LIMIT)
    level = torch.floor(torch.log2(safe.double()) + 1e-9).long()
    left = tables[level, start.clamp(max=values.shape[0] - 1)]
    right = tables[level, (start + safe - 2 ** level).clamp(0, values.shape[0] - 1)]
    return torch.where(ok[:, None], torch.maximum(left, right), torch.zeros_like(left))


def entity_vectors(states, example, mean_of_mentions):
    """logsumexp over the mentions of each entity [entities, width]."""
    out = [torch.logsumexp(mean_of_mentions[members], 0) for members in example.entities]
    return torch.stack(out)


def mention_means(states, example):
    """Mean state of each mention's pieces [mentions, width], with the first and last pieces."""
    bounds = torch.tensor([mention_pieces(example, m) for m in example.mentions])
    sums = torch.cat([torch.zeros(1, states.shape[1]), states.cumsum(0)])
    mean = (sums[bounds[:, 1]] - sums[bounds[:, 0]]) / (bounds[:, 1] - bounds[:, 0])[:, None]
    return bounds[:, 0], bounds[:, 1] - 1, mean


def entity_attention(q, k, example, first):
    """[entities, heads, pieces]: the last layer's attention of each entity, the mean over its mentions' first pieces."""
    scale = q.shape[-1] ** -0.5
    rows = torch.softmax(torch.einsum("hmd,hnd->mhn", q[:, first], k) * scale, -1)
    return torch.stack([rows[members].mean(0) for members in example.entities])


def pair_contexts(states, attention, index):
    """[pairs, width]: states weighted by the product of both ends' attention (localized context pooling)."""
    weights = (attention.index_select(0, index[:, 0]) * attention.index_select(0, index[:, 1])).sum(1)
    weights = weights / (weights.sum(-1, keepdim=True) + 1e-12)
    return weights @ states
