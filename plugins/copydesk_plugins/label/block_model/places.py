"""Tells where blocks stand. Blocks with the same tag path, names and kind share a place, and places lie in containers.

What the mark-up says is worked out once for each place, since there are far fewer places than blocks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter

from copydesk import Block, BlockKind
from copydesk_plugins.label.block_model.element_names import ElementNames, Meaning, NameRule, Said, said_of
from copydesk_plugins.label.block_model.place_facts import BlockPlace, Container, Half, NameGroup

INLINE = frozenset([
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "label", "mark", "q", "s", "small", "span", "strong", "sub", "sup",
    "time", "tt", "u"])
"""Tags that do not end a line."""
LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "pre", "figcaption", "tr", "td"])
"""Tags of single blocks."""
LISTS = frozenset(["ul", "ol", "li", "dl", "dd", "blockquote", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "figure"])
"""Tags of lists and tables around blocks."""
KINDS = {id(kind): number for number, kind in enumerate(BlockKind)}
"""A number for each kind, by the kind's id: members of an enumeration are slow to hash."""
_SHARES = (0.02, 0.1, 0.3, 0.6, 0.99)
_COUNTS = (1, 2, 3, 6, 12, 30)
_PARTS = (0.01, 0.1, 0.3, 0.6)
_MEANS = (1, 12, 20, 35, 60)
_RUNNING = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
_STEPS = (1, 2, 3, 5)
_NAMES = (1, 3, 6, 10)
"""Steps of shares (0 to 1), of numbers of blocks and words, and of steps in tags and names."""
_OWN = 10
"""Added to the codes of a place's own names. It is above all codes, so that they count before names around."""
_LINKED = 0.6
"""A block with a larger share of its characters in links counts as links."""
_PLAIN = attrgetter("plain")

_Read = tuple[tuple[str, ...], tuple[Meaning, ...]]


class Places:
    """The places of a page's blocks, and its main container: the one with the most running text under no bad name."""

    def __init__(self, names: ElementNames) -> None:
        self.names = names
        self.of: list[BlockPlace] = []
        self.all: dict[tuple[object, ...], BlockPlace] = {}
        self.groups: dict[Container, NameGroup] = {}
        self.main: Container = ((), ())
        self._read: dict[tuple[str, ...], _Read] = {}

    def enter(self, blocks: Sequence[Block], frame: Collection[int], lengths: Sequence[int], runs: Sequence[int],
              teasers: Collection[int]) -> None:
        """Enter the blocks, with their lengths in words, their words of running text, and the indices below linked headings."""
        places, of = self.all, self.of
        path = tokens = kind = place = None
        for block, length, run in zip(blocks, lengths, runs, strict=True):
            if place is None or block.tokens != tokens or block.path != path or block.kind is not kind:
                path, tokens, kind = block.path, block.tokens, block.kind
                key = (path, tokens, id(kind))
                place = places.get(key)
                if place is None:
                    place = places[key] = self._place(block)
            of.append(place)
            group = place.group
            group.blocks += 1
            group.words += length
            group.linked += block.link_density > _LINKED
            if run:
                place.run += run
                group.run += run
                group.runs += 1
                group.teasers += block.index in teasers
                place.open = True
            elif not place.open and block.index not in frame:
                place.open = True
        self._describe()

    def _place(self, block: Block) -> BlockPlace:
        path, tokens, number = block.path, block.tokens, len(block.own_tokens)
        read = self._read
        inner = read.get(block.own_tokens) or self._names(block.own_tokens)
        rest = tokens[number:]
        outer = read.get(rest) or self._names(rest)
        tags = self.names.tags
        around = outer[1] if tags.keys().isdisjoint(path) else outer[1] + tuple([tags[tag] for tag in path if tag in tags])
        end = len(path)
        while end and path[end - 1] in INLINE:
            end -= 1
        path = path[:end]
        has_leaf = end > 0 and (path[-1] in LEAVES or (block.kind is BlockKind.OTHER and path[-1] == "div"))
        while_in = end - has_leaf
        while while_in and path[while_in - 1] in LISTS:
            while_in -= 1
        plain = inner[0] + outer[0]
        key = (path[:while_in], outer[0] if has_leaf else plain)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = NameGroup(key)
        return BlockPlace(path, KINDS[id(block.kind)], plain, group, inner[1], around, "hidden" in tokens)

    def _names(self, tokens: tuple[str, ...]) -> _Read:
        """Names without their numbers, and the meanings of those that say anything. Each list of names is read once."""
        meanings = [*map(self.names.__getitem__, tokens)]
        found = self._read[tokens] = (tuple(map(_PLAIN, meanings)), tuple([each for each in meanings if each.speaks]))
        return found

    def _describe(self) -> None:
        places = [*self.all.values()]
        total = sum([place.run for place in places]) or 1
        held: dict[Meaning, int] = {}
        for place in places:
            if place.run:
                for name in {*place.own, *place.around}:
                    held[name] = held.get(name, 0) + place.run
        said = {name: said_of(name.rules, name.hints, count / total, not name.plain) for name, count in held.items()}
        good: dict[Container, int] = {}
        halves: dict[tuple[Meaning, ...], Half] = {}
        for place in places:
            own = halves.get(place.own) or halves.setdefault(place.own, _half(place.own, said))
            around = halves.get(place.around) or halves.setdefault(place.around, _half(place.around, said))
            bad = _settle(place, own, around)
            if place.run and not bad:
                good[place.group.key] = good.get(place.group.key, 0) + place.run
        if good:
            self.main = max(good, key=good.__getitem__)
        most = max([group.run for group in self.groups.values()], default=0) or 1
        for place in places:
            if place.open:
                if not place.group.facts:
                    _sum_up(place.group, most)
                self._relate(place)

    def _relate(self, place: BlockPlace) -> None:
        """Work out where a place lies to the main container: steps up and down, in tags and in names."""
        path, names = self.main
        common = len(path) if place.path[:len(path)] == path else _common(place.path, path)
        rest = len(place.names) - len(names)
        shared = len(names) if rest >= 0 and place.names[rest:] == names else _common(place.names[::-1], names[::-1])
        up, lost = len(path) - common, len(names) - shared
        place.in_main = not up and not lost
        place.relation = (
            bisect_right(_STEPS, up), bisect_right(_STEPS, len(place.path) - common), bisect_right(_NAMES, lost),
            bisect_right(_NAMES, len(place.names) - shared), place.in_main, place.group.top, place.kind)


def _half(names: Sequence[Meaning], said: Mapping[Meaning, Said]) -> Half:
    rules: list[NameRule] = []
    found: dict[str, int] = {}
    bad = False
    for name in names:
        say = said.get(name, name.said)
        for about, code in say.codes:
            if code > found.get(about, 0):
                found[about] = code
        if say.rules:
            rules += say.rules
            bad = bad or say.bad
    return rules, found, bad


def _settle(place: BlockPlace, own: Half, around: Half) -> bool:
    """Note what the names of a place say. Returns whether one of them surely says that the place is outside of the article."""
    found = around[1] | {about: code + _OWN for about, code in own[1].items()}
    place.embed = "~embed" in found
    rules = own[0] + around[0]
    place.rules = tuple([rule for rule in rules if rule.reason != "share"] if place.embed else rules)  # an embedded post is no share box
    place.named = tuple(found.items())
    return own[2] or around[2]


def _sum_up(group: NameGroup, most: int) -> None:
    runs = group.runs or 1
    group.top = bisect_right(_SHARES, group.run / most)
    group.facts = (
        bisect_right(_COUNTS, group.blocks), bisect_right(_PARTS, group.linked / group.blocks), bisect_right(_COUNTS, group.runs),
        bisect_right(_PARTS, group.teasers / runs), bisect_right(_MEANS, group.run / runs),
        bisect_right(_RUNNING, group.run / (group.words or 1)))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
