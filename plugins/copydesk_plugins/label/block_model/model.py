"""The block model. A first stage scores each block by its own facts, a second one also by its neighbours' scores.

A score is the log odds of being article: a sum of weights from ``data/block_model.toml``, which ``benchmarks/fit_blocks.py`` fits
(logistic regression). The sums of a family of facts are remembered, so that a block costs a few look-ups. All blocks of the page's
frame have the same score.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from math import exp, sqrt

from copydesk_plugins.label.block_model.feature_names import (
    TAGS,
    features,
    group_features,
    named_features,
    path_features,
    relation_features,
)
from copydesk_plugins.label.block_model.features import BlockFacts
from copydesk_plugins.label.block_model.place_facts import BlockPlace, Family
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.lines.best_run import best_run

FRAME = -5.0
"""The score of blocks of the page's frame."""
_FINE = (-6, -4, -3, -2, -1.3, -0.7, -0.2, 0.2, 0.7, 1.3, 2, 3, 4, 6)
"""Steps of a block's own score."""
_COARSE = (-3, -1, 1, 3)
"""Steps of other scores."""
_ALONE = len(_COARSE) + 1
"""The step of a block that is alone in its container."""
_CLIP = 6.0
"""Scores of the first stage are cut to this range."""
_FAR = -5.0
"""The score of a neighbour beyond the page's ends."""
_SHIFT = 1.0
"""Added to each score before the best stretch is looked for."""
_MOST_HELD = 50_000
"""Sums of a family that are remembered."""
_MOST_PATHS = 5_000
"""Sums of paths that are remembered."""
_HUNDREDTHS = 100
"""Weights are whole numbers of hundredths."""
_FAMILIES = 6
"""Families of facts of a block."""
_SIDE = 3
"""Neighbours on each side whose mean score counts."""
_LEAST_REST = 0.5
"""Weight of the other blocks in a container, below which a block counts as alone."""
_CERTAIN = 30.0
"""Log odds below minus this are a probability of 0; ``exp`` could overflow."""

Weights = Mapping[str, float]
Key = tuple[object, ...]


class _Sums(dict[Key, int]):
    """Sums of the weights of features, by the numbers that spell the features' names. It is emptied when it is full."""

    def __init__(self, weights: Mapping[str, int], spell: Callable[..., Iterable[str]], bias: int = 0, most: int = _MOST_HELD) -> None:
        super().__init__()
        self._weights, self._spell, self._bias, self._most = weights, spell, bias, most

    def __missing__(self, key: Key) -> int:
        if len(self) >= self._most:
            self.clear()
        get = self._weights.get
        total = self[key] = self._bias + sum([get(name, 0) for name in self._spell(*key)])
        return total


class BlockModel:
    """Scores blocks by weights, and remembers sums of weights.

    Sums are of whole hundredths, so they are the same in any order and on any machine.
    """

    def __init__(self, given: Weights, context: Weights) -> None:
        first, second = ({name: round(weight * _HUNDREDTHS) for name, weight in weights.items()} for weights in (given, context))
        self._families = [_Sums(first, partial(_spelled, number)) for number in range(_FAMILIES)]
        self._paths = _Sums(first, path_features, first.get("bias", 0), _MOST_PATHS)
        self._relations = _Sums(first, relation_features)
        self._groups = _Sums(first, group_features)
        self._named = _Sums(first, named_features)
        self._context = _Sums(second, context_features, second.get("bias", 0))

    @classmethod
    def shipped(cls) -> BlockModel:
        """The model of ``data/block_model.toml``."""
        data = load("block_model")
        return cls(unpacked(data["first"]), unpacked(data["second"]))

    def scores(self, facts: BlockFacts) -> list[float]:
        """The log odds of each block of being article; `FRAME` for those of the frame."""
        context = self._context
        found = [FRAME] * len(facts.places)
        for at, family in zip(facts.open, contexts(facts, self.alone(facts)), strict=True):
            found[at] = context[family] / _HUNDREDTHS
        return found

    def alone(self, facts: BlockFacts) -> list[float]:
        """The scores of the first stage: each block by its own facts."""
        text, held, near, far, around, rare = self._families
        places, families, rough = facts.places, facts.families, facts.rough
        found = [FRAME] * len(places)
        for at in facts.open:
            place, length, family = places[at], rough[at], families[at]
            score = place.scores.get(length)
            if score is None:
                score = self._place(place, length)
            found[at] = (score + text[family[0]] + held[family[1]] + near[family[2]] + far[family[3]] + around[family[4]]
                         + rare[family[5]]) / _HUNDREDTHS
        return found

    def _place(self, place: BlockPlace, rough: int) -> int:
        """The part of a score that blocks of one place and rough length share."""
        named = self._named
        total = place.scores[rough] = (
            self._paths[tuple([tag if tag in TAGS else "" for tag in place.path]), place.kind]
            + self._relations[place.relation] + self._groups[place.group.facts]
            + sum([named[about, code, rough] for about, code in place.named]))
        return total


def _spelled(number: int, *family: int) -> Iterable[str]:
    return features(number, family)


def contexts(facts: BlockFacts, alone: Sequence[float]) -> list[Family]:
    """The facts of the second stage for each block outside of the frame.

    They are its own score, the mean of the others in its container, its neighbours' scores, and where it lies to the best stretch.
    """
    clipped = [-_CLIP if score < -_CLIP else _CLIP if score > _CLIP else score for score in alone]
    weights = [sqrt(length or 1) for length in facts.lengths]
    groups = [id(place.group) for place in facts.places]
    sums: dict[int, float] = dict.fromkeys(groups, 0.0)
    totals: dict[int, float] = dict.fromkeys(groups, 0.0)
    for group, score, weight in zip(groups, clipped, weights, strict=True):
        sums[group] += score * weight
        totals[group] += weight
    start, end = best_run((score + _SHIFT) * weight for score, weight in zip(clipped, weights, strict=True))
    near = [_FAR, _FAR, _FAR, *clipped, _FAR, _FAR, _FAR]
    coarse = [0, *[bisect_right(_COARSE, score) for score in clipped], 0]
    found: list[Family] = []
    for at in facts.open:
        group, score, weight = groups[at], clipped[at], weights[at]
        rest = totals[group] - weight
        others = bisect_right(_COARSE, (sums[group] - score * weight) / rest) if rest > _LEAST_REST else _ALONE
        found.append((
            bisect_right(_FINE, score), others, bisect_right(_COARSE, (near[at] + near[at + 1] + near[at + 2]) / _SIDE),
            bisect_right(_COARSE, (near[at + 4] + near[at + 5] + near[at + 6]) / _SIDE), coarse[at], coarse[at + 2],
            0 if at < start else 1 if at < end else 2))
    return found


def context_features(fine: int, others: int, before: int, after: int, previous: int, following: int, stretch: int) -> Iterable[str]:
    """The names of the second stage's features for a tuple of `contexts`."""
    own = bisect_right(_COARSE, (_FINE[0] - 1, *_FINE)[fine])
    return (f"own:{fine}", f"others:{others}:{own}", f"around:{before}:{after}:{own}", f"beside:{previous}:{own}:{following}",
            f"stretch:{stretch}:{own}")


def confidence(scores: Sequence[float], lengths: Sequence[int]) -> float:
    """The F1 in words, 0 to 1, that the model expects when the blocks with a score of at least 0 are taken; 0 when there are none."""
    expected = right = 0.0
    taken = rest = 0
    for score, length in zip(scores, lengths, strict=True):
        if score == FRAME:
            rest += length
            continue
        chance = length / (1.0 + exp(-score)) if score > -_CERTAIN else 0.0
        expected += chance
        if score >= 0:
            taken += length
            right += chance
    return 2 * right / (taken + expected + rest / (1.0 + exp(-FRAME))) if taken else 0.0


def packed(weights: Weights) -> dict[str, str]:
    """Weights as the data file holds them: by the first part of a feature's name, each as "rest=hundredths"."""
    lines: dict[str, list[str]] = {}
    for name in sorted(weights):
        value = round(weights[name] * _HUNDREDTHS)
        if value:
            head, _, rest = name.partition(":")
            lines.setdefault(head, []).append(f"{rest}={value}")
    return {head: " ".join(entries) for head, entries in lines.items()}


def unpacked(lines: Mapping[str, str]) -> dict[str, float]:
    """The weights that `packed` wrote."""
    found: dict[str, float] = {}
    for head, text in lines.items():
        for entry in text.split():
            rest, _, value = entry.rpartition("=")
            found[f"{head}:{rest}" if rest else head] = int(value) / _HUNDREDTHS
    return found
