"""What is known of a place where blocks stand, and of the container around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from copydesk_plugins.label.block_model.element_names import Meaning, NameRule

Container = tuple[tuple[str, ...], tuple[str, ...]]
Half = tuple[list[NameRule], dict[str, int], bool]
"""What a place's own names, or those around it, say: rules, hints with codes, whether a rule is surely against it."""
Case = tuple[bool, bool, bool, str, str]
"""In the frame, short, text by its look, what its links say, the model's vote."""
Family = tuple[int, ...]
"""Facts about a block that are weighed together, as numbers in steps."""
Evidence = tuple[str, str, float]
"""Reason, rule and weight of a label."""


@dataclass(slots=True, eq=False)
class NameGroup:
    """What a container directly holds.

    Attributes:
        key: its tag path and the names around.
        blocks: number of blocks.
        words: their words.
        run: their words of running text.
        runs: blocks with running text.
        linked: blocks that are links.
        teasers: blocks with running text below linked headings.
        top: running text, in steps, relative to the container with the most.
        facts: the numbers above in steps; empty before `Places` worked them out.
    """

    key: Container
    blocks: int = 0
    words: int = 0
    run: int = 0
    runs: int = 0
    linked: int = 0
    teasers: int = 0
    top: int = 0
    facts: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class BlockPlace:
    """What blocks of the same path, names and kind have in common.

    Attributes:
        path: their tag path without inline elements at its end.
        kind: the number of their kind (`KINDS`).
        names: names of the elements around, without numbers.
        group: their container.
        own: names of their own elements that say something.
        around: names and tags around that say something.
        hidden: whether they are hidden.
        run: their words of running text.
        open: whether some stand outside of the page's frame; the others have no facts.
        in_main: whether they lie in the main container.
        embed: whether a name says that they are embedded from elsewhere.
        rules: what the names give as reasons.
        named: what the names are about, with codes.
        relation: where they lie to the main container, in steps.
        scores: their part of the score by rough length, as far as it was asked for.
        evidence: their evidence by case, as far as it was asked for.
    """

    path: tuple[str, ...]
    kind: int
    names: tuple[str, ...]
    group: NameGroup
    own: tuple[Meaning, ...]
    around: tuple[Meaning, ...]
    hidden: bool
    run: int = 0
    open: bool = False
    in_main: bool = False
    embed: bool = False
    rules: tuple[NameRule, ...] = ()
    named: tuple[tuple[str, int], ...] = ()
    relation: tuple[int, ...] = ()
    scores: dict[int, int] = field(default_factory=dict)
    evidence: dict[Case, tuple[Evidence, ...]] = field(default_factory=dict)
