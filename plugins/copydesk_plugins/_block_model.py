"""The block model: an additive score (log odds of being article) from each block's facts, then a second one that knows its neighbours'.

Both are sums of weights of `data/block_model.toml`, fitted by `benchmarks/fit_blocks.py` (logistic regression); the sums of a family of
facts are held, so that a block costs a few look-ups.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from math import exp, sqrt

from copydesk_plugins._block_features import Facts, Family, features
from copydesk_plugins._block_places import Place
from copydesk_plugins._data import load

_FINE = (-6, -4, -3, -2, -1.3, -0.7, -0.2, 0.2, 0.7, 1.3, 2, 3, 4, 6)
_COARSE = (-3, -1, 1, 3)
_ALONE = len(_COARSE) + 1
_CLIP = 6.0
_FAR = -5.0
_SHIFT = 1.0
_MOST_HELD = 50_000
_HUNDREDTHS = 100

Weights = Mapping[str, float]


class BlockModel:
    """The weights, and sums of them that were asked for before (up to a bound)."""

    def __init__(self, first: Weights, second: Weights) -> None:
        self.first, self.second = first, second
        self._sums: list[dict[Family, float]] = [{} for _ in range(6)]
        self._context: dict[Family, float] = {}

    @classmethod
    def shipped(cls) -> BlockModel:
        """The model of `data/block_model.toml`."""
        data = load("block_model")
        return cls(unpacked(data["first"]), unpacked(data["second"]))

    def scores(self, facts: Facts) -> list[float]:
        """The log odds of each block's being article."""
        return self._second(facts, self.alone(facts))

    def alone(self, facts: Facts) -> list[float]:
        """The scores of the first stage: each block by its own facts."""
        sums = self._sums
        found: list[float] = []
        get = self.first.get
        bias = get("bias", 0.0)
        for place, families, rough in zip(facts.places, facts.families, facts.rough, strict=True):
            score = place.scores.get(rough)
            if score is None:
                score = place.scores[rough] = bias + sum([get(name, 0.0) for name in place_features(place, rough)])
            for number, family in enumerate(families):
                part = sums[number].get(family)
                score += self._sum(number, family) if part is None else part
            found.append(score)
        return found

    def _sum(self, number: int, family: Family) -> float:
        held = self._sums[number]
        if len(held) >= _MOST_HELD:
            held.clear()
        held[family] = total = sum(self.first.get(name, 0.0) for name in features(number, family))
        return total

    def _second(self, facts: Facts, alone: Sequence[float]) -> list[float]:
        held, found = self._context, []
        for family in contexts(facts, alone):
            score = held.get(family)
            if score is None:
                if len(held) >= _MOST_HELD:
                    held.clear()
                score = held[family] = self.second.get("bias", 0.0) + sum(self.second.get(name, 0.0) for name in context_features(family))
            found.append(score)
        return found


def place_features(place: Place, rough: int) -> Iterable[str]:
    """The names of the features of a block's place, those of element names also with the block's rough length."""
    yield from place.facts
    yield from place.named
    for name in place.named:
        yield f"{name}@{rough}"


def contexts(facts: Facts, alone: Sequence[float]) -> list[Family]:
    """For each block its own score, the mean of the others in its container, its neighbours', and how it lies to the best stretch."""
    clipped = [max(-_CLIP, min(_CLIP, score)) for score in alone]
    weights = [sqrt(max(1, length)) for length in facts.lengths]
    sums: dict[int, float] = {}
    totals: dict[int, float] = {}
    groups = [id(place.group) for place in facts.places]
    for group, score, weight in zip(groups, clipped, weights, strict=True):
        sums[group] = sums.get(group, 0.0) + score * weight
        totals[group] = totals.get(group, 0.0) + weight
    start, end = _stretch(clipped, weights)
    near = [_FAR] * 3 + clipped + [_FAR] * 3
    found: list[Family] = []
    for at, (group, score, weight) in enumerate(zip(groups, clipped, weights, strict=True)):
        rest = totals[group] - weight
        others = bisect_right(_COARSE, (sums[group] - score * weight) / rest) if rest > 0.5 else _ALONE
        found.append((
            bisect_right(_FINE, score), others, bisect_right(_COARSE, (near[at] + near[at + 1] + near[at + 2]) / 3),
            bisect_right(_COARSE, (near[at + 4] + near[at + 5] + near[at + 6]) / 3), bisect_right(_COARSE, near[at + 2]),
            bisect_right(_COARSE, near[at + 4]), 0 if at < start else 1 if at < end else 2))
    return found


def context_features(family: Family) -> Iterable[str]:
    """The names of the second stage's features for a tuple of `contexts`."""
    fine, others, before, after, previous, following, stretch = family
    own = bisect_right(_COARSE, (_FINE[0] - 1, *_FINE)[fine])
    return (f"own:{fine}", f"others:{others}:{own}", f"around:{before}:{after}:{own}", f"beside:{previous}:{own}:{following}",
            f"stretch:{stretch}:{own}")


def _stretch(scores: Sequence[float], weights: Sequence[float]) -> tuple[int, int]:
    """The run of blocks with the largest sum of weighted scores (Kadane's algorithm)."""
    best = current = 0.0
    start, found = 0, (0, 0)
    for at, (score, weight) in enumerate(zip(scores, weights, strict=True)):
        if current <= 0.0:
            current, start = 0.0, at
        current += (score + _SHIFT) * weight
        if current > best:
            best, found = current, (start, at + 1)
    return found


def confidence(scores: Sequence[float], lengths: Sequence[int]) -> float:
    """The F1 in words that the model expects of taking the blocks with a score above 0: 0.0 to 1.0; 0.0 when there are none."""
    odds = [1.0 / (1.0 + exp(-max(-30.0, min(30.0, score)))) for score in scores]
    expected = sum(length * chance for length, chance in zip(lengths, odds, strict=True))
    taken = sum(length for length, score in zip(lengths, scores, strict=True) if score >= 0)
    right = sum(length * chance for length, score, chance in zip(lengths, scores, odds, strict=True) if score >= 0)
    return 2 * right / (taken + expected) if taken else 0.0


def packed(weights: Weights) -> dict[str, str]:
    """Weights as the data file holds them: by the first part of a feature's name, "rest=hundredths" each."""
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
