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


@dataclass(slots=True, eq=False)
class Place:
    """Blocks of the same path, names and kind. ``facts`` are the codes of the model's features that hold for all of them."""

    path: tuple[str, ...]
    kind: BlockKind
    tokens: tuple[str, ...]
    own: int
    group: Group
    names: tuple[tuple[Meaning, bool], ...]
    tags: tuple[NameRule, ...]
    run: int = 0
    in_main: bool = False
    embed: bool = False
    top: int = 0
    rules: tuple[NameRule, ...] = ()
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

    def enter(self, blocks: Sequence[Block], lengths: Sequence[int], runs: Sequence[int], teasers: Sequence[bool]) -> None:
        """Take in the blocks, with their lengths in words, the running text among these, and which stand below linked headings."""
        for block, length, run, teaser in zip(blocks, lengths, runs, teasers, strict=True):
            key = (block.path, block.tokens, block.kind)
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
        meaning = self.names.meaning
        own = len(block.own_tokens)
        found = [meaning(token) for token in block.tokens]
        plain = tuple([each.plain for each in found])
        path = block.path
        end = len(path)
        while end and path[end - 1] in INLINE:
            end -= 1
        path = path[:end]
        has_leaf = end > 0 and path[-1] in LEAVES
        outer = end - has_leaf
        while outer and path[outer - 1] in LISTS:
            outer -= 1
        key = (path[:outer], plain[own:] if has_leaf else plain)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(key)
        named = tuple([(each, at < own) for at, each in enumerate(found) if each.rules or each.hints])
        tags = self.names.tags
        return Place(path, block.kind, plain, own, group, named, tuple([tags[tag] for tag in block.path if tag in tags]))

    def _describe(self) -> None:
        total = sum(place.run for place in self.all.values()) or 1
        held: dict[object, int] = {}
        for place in self.all.values():
            if place.run:
                for name in {name for name, _ in place.names} | set(place.tags):
                    held[name] = held.get(name, 0) + place.run
        good: dict[Container, int] = {}
        for place in self.all.values():
            bad = self._rules(place, held, total)
            if place.run and not bad:
                good[place.group.key] = good.get(place.group.key, 0) + place.run
        if good:
            self.main = max(good, key=good.__getitem__)
        most = max((group.run for group in self.groups.values()), default=0) or 1
        for place in self.all.values():
            place.top = bisect_right(_SHARES, place.group.run / most)
            place.facts += (*self._relation(place), *_shape(place))

    def _rules(self, place: Place, held: dict[object, int], total: int) -> bool:
        """Facts of the names around a place; whether one of them surely says that it is none of the article."""
        rules: list[NameRule] = []
        found: dict[str, int] = {}
        bad = False
        for name, own in place.names:
            share = held.get(name, 0) / total
            rules += [rule for rule in name.rules if rule.reason == "article"]
            if share > WRAPPER:
                continue
            width = bisect_right(_WIDE, share)
            for rule in name.rules:
                code = 3 * (2 - width) + rule.strength
                found[rule.reason] = max(found.get(rule.reason, 0), code + 10 * own)
                if width < 2 and rule.reason != "article":
                    rules.append(rule)
                    bad = bad or (rule.weight >= _STRONG and not rule.short)
            for hint in name.hints:
                found["~" + hint] = max(found.get("~" + hint, 0), 3 - width + 10 * own)
        for tag in place.tags:
            share = held.get(tag, 0) / total
            if share <= WRAPPER and bisect_right(_WIDE, share) < 2:
                rules.append(tag)
                bad = bad or tag.weight >= _STRONG
        place.rules = tuple(rules)
        place.embed = "~embed" in found
        place.facts = tuple([f"n:{name}:{code}" for name, code in found.items()])
        return bad

    def _relation(self, place: Place) -> tuple[str, ...]:
        """How a place lies to the main container: steps up and down, in tags and in names."""
        path, names = self.main
        common = _common(place.path, path)
        shared = _common(place.tokens[::-1], names[::-1])
        up, lost = len(path) - common, len(names) - shared
        place.in_main = not up and not lost
        down, more = bisect_right(_STEPS, len(place.path) - common), bisect_right(_NAMES, len(place.tokens) - shared)
        kind = KINDS[place.kind]
        return (f"tags:{bisect_right(_STEPS, up)}:{down}", f"names:{bisect_right(_NAMES, lost)}:{more}", f"in:{place.in_main:d}:{kind}")


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _shape(place: Place) -> tuple[str, ...]:
    path, group, kind = place.path, place.group, KINDS[place.kind]
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
