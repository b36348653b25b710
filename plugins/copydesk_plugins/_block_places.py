"""Where blocks stand: those with the same tag path, names and kind share a place, and places lie in containers.

What the mark-up says is worked out once a place: there are far fewer of them than blocks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from copydesk import Block, BlockKind
from copydesk_plugins._block_names import Meaning, NameRule, Names

INLINE = frozenset([
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "label", "mark", "q", "s", "small", "span", "strong", "sub", "sup",
    "time", "tt", "u"])
LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "pre", "figcaption", "tr", "td"])
LISTS = frozenset(["ul", "ol", "li", "dl", "dd", "blockquote", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "figure"])
_SECTIONS = ["article", "main", "aside", "nav", "footer", "header", "figure", "form", "table", "dialog"]
SECTIONS = {tag: number for number, tag in enumerate(_SECTIONS, 1)}
MARKED = frozenset(["article", "main", "aside", "nav", "footer", "header", "figure", "form", "table", "blockquote", "ul", "ol", "section",
                    "button", "dialog"])
OWN = frozenset(["p", "div", "li", "td", "span", "a", "h2", "h3", "h4", "section", "article"])
KINDS = {kind: number for number, kind in enumerate(BlockKind)}
WRAPPER = 0.85
_WIDE = (0.15, 0.4)
_SHARES = (0.02, 0.1, 0.3, 0.6, 0.99)
_COUNTS = (1, 2, 3, 6, 12, 30)
_PARTS = (0.01, 0.1, 0.3, 0.6)
_MEANS = (1, 12, 20, 35, 60)
_RUNNING = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
_STEPS = (1, 2, 3, 5)
_NAMES = (1, 3, 6, 10)
_STRONG = 0.7

_Read = tuple[tuple[str, ...], tuple[tuple[Meaning, bool], ...]]
Container = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(slots=True)
class Group:
    """What a container holds directly: blocks, words, words of running text, and how many of its blocks are links or teasers."""

    key: Container
    blocks: int = 0
    words: int = 0
    run: int = 0
    runs: int = 0
    linked: int = 0
    teasers: int = 0


@dataclass(frozen=True, slots=True)
class _Said:
    """What a name says on this page: codes of what it is about, rules with a reason, and whether one of these is sure."""

    codes: tuple[tuple[str, int], ...] = ()
    rules: tuple[NameRule, ...] = ()
    bad: bool = False


class _Sayings(dict[Meaning | NameRule, _Said]):
    """What the names of a page say; those that hold no running text are looked at when they are asked for."""

    def __missing__(self, name: Meaning | NameRule) -> _Said:
        said = self[name] = _said(name, 0.0)
        return said


@dataclass(slots=True, eq=False)
class Place:
    """Blocks of the same path, names and kind. ``facts`` and ``named`` (by names) are the
    model's features that hold for all of them."""

    path: tuple[str, ...]
    kind: int
    tokens: tuple[str, ...]
    group: Group
    names: tuple[tuple[Meaning, bool], ...]
    tags: tuple[NameRule, ...]
    run: int = 0
    in_main: bool = False
    embed: bool = False
    top: int = 0
    rules: tuple[NameRule, ...] = ()
    named: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    scores: dict[int, float] = field(default_factory=dict)


class Places:
    """The places of a page's blocks, and its main container: the one with most running text under no bad name."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.of: list[Place] = []
        self.all: dict[tuple[object, ...], Place] = {}
        self.groups: dict[Container, Group] = {}
        self.main: Container = ((), ())
        self._lists: dict[tuple[tuple[str, ...], bool], _Read] = {}

    def enter(self, blocks: Sequence[Block], lengths: Sequence[int], runs: Sequence[int], teasers: Sequence[bool]) -> None:
        """Take in the blocks, with their lengths in words, the running text among these, and which stand below linked headings."""
        for block, length, run, teaser in zip(blocks, lengths, runs, teasers, strict=True):
            key = (block.path, block.tokens, id(block.kind))  # a member of an enumeration: one object, and slow to hash
            place = self.all.get(key)
            if place is None:
                place = self.all[key] = self._place(block)
            self.of.append(place)
            place.run += run
            group = place.group
            group.blocks += 1
            group.words += length
            group.linked += block.link_density > 0.6
            if run:
                group.run += run
                group.runs += 1
                group.teasers += teaser
        self._describe()

    def _place(self, block: Block) -> Place:
        own = len(block.own_tokens)
        inner, named = self._read(block.tokens[:own], True)
        outer_names, outer_named = self._read(block.tokens[own:], False)
        path = block.path
        end = len(path)
        while end and path[end - 1] in INLINE:
            end -= 1
        path = path[:end]
        has_leaf = end > 0 and path[-1] in LEAVES
        outer = end - has_leaf
        while outer and path[outer - 1] in LISTS:
            outer -= 1
        plain = inner + outer_names
        key = (path[:outer], outer_names if has_leaf else plain)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(key)
        tags = self.names.tags
        return Place(path, KINDS[block.kind], plain, group, named + outer_named, tuple([tags[tag] for tag in block.path if tag in tags]))

    def _read(self, tokens: tuple[str, ...], own: bool) -> _Read:
        """Names without their numbers, and what those among them say that say anything; each list of names is read once."""
        found = self._lists.get((tokens, own))
        if found is None:
            meanings = self.names.meanings(tokens)
            found = (tuple([each.plain for each in meanings]), tuple([(each, own) for each in meanings if each.speaks]))
            self._lists[tokens, own] = found
        return found

    def _describe(self) -> None:
        total = sum([place.run for place in self.all.values()]) or 1
        held: dict[Meaning | NameRule, int] = {}
        for place in self.all.values():
            if place.run:
                for name in {name for name, _ in place.names}.union(place.tags):
                    held[name] = held.get(name, 0) + place.run
        said = _Sayings({name: _said(name, count / total) for name, count in held.items()})
        good: dict[Container, int] = {}
        for place in self.all.values():
            bad = self._rules(place, said)
            if place.run and not bad:
                good[place.group.key] = good.get(place.group.key, 0) + place.run
        if good:
            self.main = max(good, key=good.__getitem__)
        most = max((group.run for group in self.groups.values()), default=0) or 1
        for place in self.all.values():
            place.top = bisect_right(_SHARES, place.group.run / most)
            place.facts = (*self._relation(place), *_shape(place))

    def _rules(self, place: Place, said: _Sayings) -> bool:
        """Facts of the names around a place; whether one of them surely says that it is none of the article."""
        rules: list[NameRule] = []
        found: dict[str, int] = {}
        bad = False
        for name, own in place.names:
            say = said[name]
            for about, code in say.codes:
                if own:
                    code += 10
                if code > found.get(about, 0):
                    found[about] = code
            if say.rules:
                rules += say.rules
            bad = bad or say.bad
        for tag in place.tags:
            rules += said[tag].rules
            bad = bad or said[tag].bad
        place.rules = tuple(rules)
        place.embed = "~embed" in found
        place.named = tuple([f"n:{name}:{code}" for name, code in found.items()])
        return bad

    def _relation(self, place: Place) -> tuple[str, ...]:
        """How a place lies to the main container: steps up and down, in tags and in names."""
        path, names = self.main
        common = len(path) if place.path[:len(path)] == path else _common(place.path, path)
        rest = len(place.tokens) - len(names)
        shared = len(names) if rest >= 0 and place.tokens[rest:] == names else _common(place.tokens[::-1], names[::-1])
        up, lost = len(path) - common, len(names) - shared
        place.in_main = not up and not lost
        down, more = bisect_right(_STEPS, len(place.path) - common), bisect_right(_NAMES, len(place.tokens) - shared)
        kind = place.kind
        return (f"tags:{bisect_right(_STEPS, up)}:{down}", f"names:{bisect_right(_NAMES, lost)}:{more}", f"in:{place.in_main:d}:{kind}")


def _said(name: Meaning | NameRule, share: float) -> _Said:
    """What a name says that holds a share of the page's running text: the more it holds, the less; nothing when it is a wrapper."""
    rules = (name,) if isinstance(name, NameRule) else name.rules
    voting = tuple([rule for rule in rules if rule.reason == "article"])
    if share > WRAPPER:
        return _Said(rules=voting)
    width = bisect_right(_WIDE, share)
    against = tuple([rule for rule in rules if rule.reason != "article"]) if width < 2 else ()
    bad = any(rule.weight >= _STRONG and not rule.short for rule in against)
    if isinstance(name, NameRule):
        return _Said((), voting + against, bad)
    codes = [(rule.reason, 3 * (2 - width) + rule.strength) for rule in rules] + [("~" + hint, 3 - width) for hint in name.hints]
    return _Said(tuple(codes), voting + against, bad)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _shape(place: Place) -> tuple[str, ...]:
    path, group, kind = place.path, place.group, place.kind
    near = next((SECTIONS[tag] for tag in reversed(path) if tag in SECTIONS), 0)
    articles = min(2, path.count("article"))
    leaf = path[-1] if path and path[-1] in OWN else ""
    return (
        f"near:{near}:{articles}", f"near-kind:{near}:{kind}", f"leaf:{leaf}", f"aside:{'aside' in path:d}:{articles}",
        *[f"tag:{tag}" for tag in MARKED.intersection(path)],
        f"blocks:{bisect_right(_COUNTS, group.blocks)}", f"links:{bisect_right(_PARTS, group.linked / group.blocks)}",
        f"runs:{bisect_right(_COUNTS, group.runs)}", f"teasers:{bisect_right(_PARTS, group.teasers / max(1, group.runs))}",
        f"mean:{bisect_right(_MEANS, group.run / max(1, group.runs))}",
        f"running:{bisect_right(_RUNNING, group.run / max(1, group.words))}", f"top:{place.top}:{kind}")
