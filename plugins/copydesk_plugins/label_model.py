"""Which blocks are the article: a small model weighs the facts of each block, and names say why the others are not.

The model's weights are `data/block_model.toml` (fitted by `benchmarks/fit_blocks.py`). It says how sure it is of a page; where it is not,
trafilatura is asked for a second opinion, which shifts the scores. Where nothing looks like an article, long paragraphs in the
densest container are taken for it. What the mark-up calls a block (`data/layout.toml`) is evidence of its own, and gives the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from copydesk import Block, BlockKind, Document, Label, PluginSettings, Reason, hookimpl
from copydesk_plugins._block_features import facts
from copydesk_plugins._block_model import BlockModel, confidence
from copydesk_plugins._block_names import NameRule, Names
from copydesk_plugins._block_places import Place
from copydesk_plugins._density import body_blocks
from copydesk_plugins._second_opinion import SecondOpinion

KEEP = 0.6
KEEP_OFTEN = 0.5  # below what `clean_duplicates` says of copies
LEAVE_OUT = 0.65
SHIFT = 2.5
_SURE = 2.0
_LINKED = 0.5
_OFTEN = 3


class Plugin:
    """The block model as a labeller."""

    class Settings(PluginSettings):
        """``[plugins.label_model]``."""

        second_opinion: Literal["unsure", "always", "off"] = Field(
            "unsure", description="when trafilatura is asked: on pages that the model is not sure of, on all, or never")
        confidence: float = Field(0.8, ge=0, le=1, description="the F1 that the model must expect of its own reading not to ask")
        share: float = Field(0.5, gt=0, le=1, description="the share of a block's words in trafilatura's text for which it counts as kept")
        most_blocks: int = Field(6_000, gt=0, description="pages with more blocks are not given to trafilatura: it is quadratic in them")

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.names = Names()
        self.model = BlockModel.shipped()
        self.second = SecondOpinion(settings.share, settings.most_blocks)

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """``article``, or ``boilerplate`` (``embed``) for every block, and a label for what the names around it say."""
        if not document.is_html or not document.blocks:
            return
        found = facts(document, self.names)
        scores = self.model.scores(found)
        asked = self._asks(confidence(scores, found.lengths))
        kept = self.second.kept(document) if asked else set()
        if kept:
            scores = [score + (SHIFT if at in kept else -SHIFT) for at, score in enumerate(scores)]
        elif not any(score >= 0 for score in scores):
            kept = set(body_blocks(document.blocks))
            if not kept:
                return
            yield from self._dense(document.blocks, kept)
            return
        for at, (block, place, score) in enumerate(zip(document.blocks, found.places, scores, strict=True)):
            if "hidden" in block.tokens and found.repeats_page(at):
                yield Label(block.index, Reason.DUPLICATE, "model:hidden-copy", LEAVE_OUT)
            else:
                yield _vote(block, place, score, asked, found.copies(at) >= _OFTEN)
        yield from self._named(document.blocks, found.places, found.lengths)
        yield from self._link_lists(document.blocks, found.lengths)

    def _asks(self, sure: float) -> bool:
        opinion = self.settings.second_opinion
        return opinion == "always" or (opinion == "unsure" and sure < self.settings.confidence)

    def _dense(self, blocks: Sequence[Block], kept: set[int]) -> Iterator[Label]:
        for block in blocks:
            if block.index in kept:
                yield Label(block.index, Reason.ARTICLE, "dense-container", KEEP)
            else:
                yield Label(block.index, Reason.BOILERPLATE, "outside-dense-container", LEAVE_OUT)

    def _named(self, blocks: Sequence[Block], places: Sequence[Place], lengths: Sequence[int]) -> Iterator[Label]:
        """One label a reason: the surest."""
        most, density = self.names.limits["short_words"], self.names.limits["text_density"]
        held: dict[tuple[int, bool, bool], tuple[NameRule, ...]] = {}
        for block, place, length in zip(blocks, places, lengths, strict=True):
            if not place.rules:
                continue
            short, texty = length <= most, block.link_density <= density and block.kind not in (BlockKind.CAPTION, BlockKind.OTHER)
            case = (id(place), short, texty)
            if case not in held:
                held[case] = _surest(place.rules, short, texty)
            for rule in held[case]:
                yield Label(block.index, rule.reason, rule.name, rule.weight)

    def _link_lists(self, blocks: Sequence[Block], lengths: Sequence[int]) -> Iterator[Label]:
        """Blocks that are little but links: likely pointers elsewhere, surely so short ones in a row."""
        run: list[int] = []
        limits, weights = self.names.limits, self.names.weights
        dense, most = limits["link_density"], limits["link_words"]
        for block, length in zip(blocks, lengths, strict=True):
            linked = block.link_density >= dense
            if linked and length <= most:
                run.append(block.index)
                continue
            if linked:
                yield Label(block.index, Reason.RELATED, "many-links", weights["short"])
            yield from self._run_labels(run)
            run = []
        yield from self._run_labels(run)

    def _run_labels(self, run: Sequence[int]) -> Iterator[Label]:
        listed = len(run) >= self.names.limits["linked_run"]
        for index in run:
            yield Label(index, Reason.RELATED, "link-list" if listed else "link-only", self.names.weights["sure" if listed else "short"])


def _surest(rules: Sequence[NameRule], short: bool, texty: bool) -> tuple[NameRule, ...]:
    """The surest rule of each reason, among those that hold for blocks of this length and for text or other."""
    best: dict[str, NameRule] = {}
    for rule in rules:
        fits = texty if rule.reason == Reason.ARTICLE else short or not rule.short
        if fits and (rule.reason not in best or best[rule.reason].weight < rule.weight):
            best[rule.reason] = rule
    return tuple(best.values())


def _vote(block: Block, place: Place, score: float, asked: bool, often: bool) -> Label:
    """The model's vote, with the main evidence in its rule's name; a weaker one to keep for a text that the page has often."""
    by = "second-opinion" if asked else "model"
    if score >= 0:
        where = "main-text" if place.in_main else "text"
        likely = "" if score >= _SURE else "-likely"
        return Label(block.index, Reason.ARTICLE, f"{by}:{where}{likely}", KEEP_OFTEN if often else KEEP)
    if place.embed:
        return Label(block.index, Reason.EMBED, f"{by}:embed", LEAVE_OUT)
    if block.link_density >= _LINKED:
        return Label(block.index, Reason.BOILERPLATE, f"{by}:link-dense", LEAVE_OUT)
    return Label(block.index, Reason.BOILERPLATE, f"{by}:within-main" if place.in_main else f"{by}:outside-main", LEAVE_OUT)
