"""Labels the blocks of the article: a small model weighs the facts of each block, and names say why the others are not part of it.

The model's weights are ``data/block_model.toml`` (fitted by ``benchmarks/fit_blocks.py``). The model says how sure it is of a page.
Where it is not sure, the plugin asks trafilatura for a second opinion, which shifts the scores. Where nothing looks like an article,
long paragraphs in the densest container are taken for it. What the mark-up calls a block (``data/layout.toml``) is evidence of its
own, and gives the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Literal

from pydantic import Field

from copydesk import Block, BlockKind, Document, Label, PluginSettings, Reason, hookimpl, strongest_reasons
from copydesk_plugins.label.block_model.dense_container import body_blocks
from copydesk_plugins.label.block_model.element_names import ElementNames, NameRule
from copydesk_plugins.label.block_model.features import BlockFacts, facts
from copydesk_plugins.label.block_model.model import BlockModel, confidence
from copydesk_plugins.label.block_model.place_facts import BlockPlace, Case, Evidence
from copydesk_plugins.label.block_model.second_opinion import SecondOpinion
from copydesk_plugins.shared.prose import sentences

KEEP = 0.6
"""Weight of a vote for the article."""
KEEP_OFTEN = 0.5
"""The same for a text that the page has often: below what `clean_duplicates` says of copies."""
LEAVE_OUT = 0.65
"""Weight of a vote against."""
SHIFT = 2.5
"""Log odds by which the second opinion shifts a score."""
_SURE = 2.0
"""Log odds of a sure vote."""
_LINKED = 0.5
"""Share of a block's characters in links, from which on it is left out for its links."""
_MOST_HELD = 20_000
"""Combinations of evidence that are remembered."""
_OFTEN = 3
"""Times that a text stands on a page, from which on it is suspect."""
_ASKED = frozenset("?？؟")
"""Question marks."""
_SURELY = 0.9
"""Weight of a reason that needs no vote."""
_LISTED = "link-list"
"""Name of the rule for a row of links."""
_VOTES = ("model:", "second-opinion:")
"""How the names of rules begin that are votes."""
_NO_TEXT = (BlockKind.CAPTION, BlockKind.OTHER)
"""Kinds of block that are no text of the article."""
_WEIGHT = itemgetter(2)
_PROMISED = frozenset({
    Reason.HEADLINE, Reason.STANDFIRST, Reason.BYLINE, Reason.DATELINE, Reason.DATE, Reason.CREDIT, Reason.CAPTION, Reason.IMAGE_CREDIT})
"""Reasons of what belongs to the metadata; other plugins find these too."""


class Plugin:
    """Labels blocks by the block model."""

    class Settings(PluginSettings):
        """``[plugins.label_model]``."""

        second_opinion: Literal["unsure", "always", "off"] = Field(
            "unsure", description="when trafilatura is asked: on pages that the model is not sure of, on all, or never")
        confidence: float = Field(0.9, ge=0, le=1, description="the F1 that the model must expect of its own reading not to ask")
        share: float = Field(0.5, gt=0, le=1, description="the share of a block's words in trafilatura's text for which it counts as kept")
        most_blocks: int = Field(6_000, gt=0, description="pages with more blocks are not given to trafilatura: it is quadratic in them")

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.names = ElementNames()
        self.model = BlockModel.shipped()
        self.held: dict[tuple[tuple[NameRule, ...], bool, bool, Case, str], tuple[Evidence, ...]] = {}
        self.second = SecondOpinion(settings.share, settings.most_blocks)

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """``article``, or ``boilerplate`` (``embed``) for every block, and a label for what the names around it say."""
        if not document.is_html or not document.blocks:
            return
        self.names = names = self.names.for_page()
        found = facts(document, names)
        scores = _as_posted(document.blocks, found, self.model.scores(found))
        asked = self._asks(confidence(scores, found.lengths))
        kept = self.second.kept(document) if asked else set()
        if kept:
            scores = [score + (SHIFT if at in kept else -SHIFT) for at, score in enumerate(scores)]
        elif not any(score >= 0 for score in scores):
            kept = set(body_blocks(document.blocks))
            if kept:
                yield from self._dense(document.blocks, kept)
            return
        yield from self._evidence(document, found, scores, "second-opinion" if kept else "model")

    def _evidence(self, document: Document, found: BlockFacts, scores: Sequence[float], by: str) -> Iterator[Label]:
        """The model's vote on each block, and what its name and its links say. Where one of these is sure enough, the vote is left out."""
        short_words, density = self.names.limits["short_words"], self.names.limits["text_density"]
        linked = self._linked(document.blocks, found.lengths)
        frame = document.frame
        for at, (block, place, score, length) in enumerate(zip(document.blocks, found.places, scores, found.lengths, strict=True)):
            if score >= 0:
                vote = "in" if score >= _SURE else "likely"
                if found.copies(at) >= _OFTEN and not _may_come_back(block.text):
                    vote += "-often"
            else:
                vote = "links" if block.link_density >= _LINKED else "out"
            if place.hidden and at not in frame and found.repeats_page(at):
                vote = "copy"
            texty = block.link_density <= density and block.kind not in _NO_TEXT
            case = (at in frame, length <= short_words, texty, linked.get(at, ""), vote)
            said = place.evidence.get(case)
            if said is None:
                said = place.evidence[case] = self._evidence_of(place, case, by)
            for reason, rule, weight in said:
                yield Label(at, reason, rule, weight, chance=sentences.chance(score) if rule.startswith(_VOTES) and not case[0] else None)

    def _evidence_of(self, place: BlockPlace, case: Case, by: str) -> tuple[Evidence, ...]:
        """The evidence for blocks of a place. It is the same for places of other pages with the same names, so it is remembered."""
        key = (place.rules, place.in_main, place.embed, case, by)
        said = self.held.get(key)
        if said is None:
            if len(self.held) >= _MOST_HELD:
                self.held.clear()
            said = self.held[key] = self._weigh(place, *case, by)
        return said

    def _weigh(self, place: BlockPlace, framed: bool, short: bool, texty: bool, linked: str, vote: str, by: str) -> tuple[Evidence, ...]:
        voted = _vote(place, vote, by)
        said = [voted, *_surest(place.rules, short, texty)]
        if linked:
            said.append((Reason.RELATED, linked, self.names.weights["sure" if linked == _LISTED else "short"]))
        if framed:
            return _without_rivals(said)
        rest = said[1:]  # where one of these is sure, it needs no vote
        sure = voted[0] != Reason.ARTICLE and any(weight >= _SURELY and reason not in _PROMISED for reason, _, weight in rest)
        return tuple(rest if sure and all(reason != voted[0] for reason, _, _ in rest) else said)

    def _linked(self, blocks: Sequence[Block], lengths: Sequence[int]) -> dict[int, str]:
        """Blocks that are little but links, each with the name of its rule. They likely point elsewhere; short ones in a row surely do."""
        limits = self.names.limits
        dense, most, least = limits["link_density"], limits["link_words"], limits["linked_run"]
        found: dict[int, str] = {}
        run: list[int] = []
        for at in [at for at, block in enumerate(blocks) if block.link_density >= dense]:
            if run and run[-1] != at - 1:
                run = []
            if lengths[at] > most:
                found[at] = "many-links"
                run = []
                continue
            run.append(at)
            if len(run) > least:
                found[at] = _LISTED
            else:
                found.update(dict.fromkeys(run, _LISTED if len(run) >= least else "link-only"))
        return found

    def _asks(self, sure: float) -> bool:
        opinion = self.settings.second_opinion
        return opinion == "always" or (opinion == "unsure" and sure < self.settings.confidence)

    def _dense(self, blocks: Sequence[Block], kept: set[int]) -> Iterator[Label]:
        for block in blocks:
            if block.index in kept:
                yield Label(block.index, Reason.ARTICLE, "dense-container", KEEP)
            else:
                yield Label(block.index, Reason.BOILERPLATE, "outside-dense-container", LEAVE_OUT)


def _may_come_back(text: str) -> bool:
    """Whether a text may stand in an article several times: a mark, or an interview's question. Notes in place of a video may not."""
    return text[-1] in _ASKED or not any(map(str.isalnum, text))


def _as_posted(blocks: Sequence[Block], found: BlockFacts, scores: Sequence[float]) -> list[float]:
    """The scores, with one score for all blocks of an embedded post: the mean of its blocks, weighted by their length."""
    scores = list(scores)
    posted = [at for at in found.open if found.places[at].embed and blocks[at].kind is BlockKind.QUOTE]
    for _, group in groupby(enumerate(posted), lambda pair: pair[1] - pair[0]):
        run = [at for _, at in group]
        total = sum(found.lengths[at] for at in run)
        if len(run) > 1 and total:
            mean = sum(scores[at] * found.lengths[at] for at in run) / total
            for at in run:
                scores[at] = mean
    return scores


def _surest(rules: Sequence[NameRule], short: bool, texty: bool) -> list[Evidence]:
    """The surest rule of each reason, among those that fit blocks of this length and kind."""
    best: dict[str, NameRule] = {}
    for rule in rules:
        fits = texty if rule.reason == Reason.ARTICLE else short or not rule.short
        if fits and (rule.reason not in best or best[rule.reason].weight < rule.weight):
            best[rule.reason] = rule
    return [(rule.reason, rule.name, rule.weight) for rule in best.values()]


def _without_rivals(said: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Evidence against a block of the page's frame: only the surest reason, and reasons of metadata."""
    if any(reason == Reason.ARTICLE for reason, _, _ in said):
        return tuple(said)
    best, weight = strongest_reasons(Label(0, *each) for each in said)[0]
    if best in _PROMISED:
        return tuple(said)
    surest = max([each for each in said if each[0] == best], key=_WEIGHT)
    return ((best, surest[1], weight), *[each for each in said if each[0] in _PROMISED])


def _vote(place: BlockPlace, vote: str, by: str) -> Evidence:
    """The model's vote as evidence, with the main ground in the rule's name. A text that the page has often gets a weaker vote to keep."""
    if vote == "copy":
        return Reason.DUPLICATE, "model:hidden-copy", LEAVE_OUT
    if vote not in ("out", "links"):
        where = "main-text" if place.in_main else "text"
        likely = "-likely" if vote.startswith("likely") else ""
        return Reason.ARTICLE, f"{by}:{where}{likely}", KEEP_OFTEN if vote.endswith("-often") else KEEP
    if place.embed:
        return Reason.EMBED, f"{by}:embed", LEAVE_OUT
    if vote == "links":
        return Reason.BOILERPLATE, f"{by}:link-dense", LEAVE_OUT
    return Reason.BOILERPLATE, f"{by}:within-main" if place.in_main else f"{by}:outside-main", LEAVE_OUT
