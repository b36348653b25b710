"""Links one article's quotations to sources, by their sentences, by the paragraphs around them, and by the layout."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from copydesk import Span
from copydesk_plugins.quotes.grammar.cues import find_cues
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.mentions import Mention
from copydesk_plugins.quotes.grammar.noun_phrases import SpeechSource
from copydesk_plugins.quotes.grammar.subjects import main_source
from copydesk_plugins.quotes.grammar.tokens import Token, sentences, tokenize
from copydesk_plugins.quotes.marks.stretches import Stretch
from copydesk_plugins.quotes.speakers import layouts
from copydesk_plugins.quotes.speakers.replies import asker_and_asked, is_reply, note_replies
from copydesk_plugins.quotes.speakers.resolver import GENDERED
from copydesk_plugins.quotes.speakers.sentence_links import link_paragraph, link_sentence
from copydesk_plugins.quotes.speakers.speaker_link import SpeakerLink
from copydesk_plugins.quotes.speakers.turns import Exchange

SPEAKING = frozenset({"i", "we", "you"})
"""Pronouns of somebody who already speaks there: in words that an unclosed mark left outside, or as the writer."""
COLON_TAIL = 400
"""Characters at the end of a paragraph that are read for who speaks in the next one."""


class Linker:
    """Links the quotations of one article."""

    def __init__(self, body: str, paragraphs: Sequence[Span], stretches: Sequence[Stretch], labels: layouts.Labels,
                 mentions: Sequence[Mention], lexicon: Lexicon) -> None:
        self.body = body
        self.paragraphs = paragraphs
        self.stretches = stretches
        self.labels = labels
        self.mentions = mentions
        self.starts = [mention.left for mention in mentions]
        self.lexicon = lexicon

    def links(self) -> tuple[dict[int, list[Token]], list[SpeakerLink]]:
        """Each stretch's link, and the tokens of the paragraphs with stretches."""
        tokens_of: dict[int, list[Token]] = {}
        links: list[SpeakerLink] = []
        before: tuple[int, SpeakerLink] | None = None
        exchange = Exchange()
        for number, inside in self._by_paragraph():
            span = self.paragraphs[number]
            tokens = tokens_of[number] = self.tokens(span, inside)
            ranges = sentences(tokens)
            linked = [link_sentence(tokens, low, high, self.lexicon) for low, high in ranges]
            note_replies(tokens, ranges, linked, self.lexicon)
            self._answer_before(number, linked, tokens_of.get(number - 1))
            self._lean_back(tokens, ranges, linked)
            introduced = self._introduction(number) if linked and not _has_source(linked[0]) else None
            earlier = before[1] if before is not None and before[0] == number - 1 else None
            if linked and linked[0] and linked[0][0].source is None and not introduced and not earlier and number - 1 not in tokens_of:
                earlier = self._subject_before(number)
            link_paragraph(linked, introduced or earlier, introduced is not None)
            flat = [link for group in linked for link in group]
            if earlier is not None and not introduced and all(link.alone and link.pattern == "floating" for link in flat):
                self._alternate(exchange.other(number), flat)
            links += flat
            if flat and flat[0].source is not None:
                exchange.note(number, flat[0], any(self.body[stretch.end - 1] == "?" for _, stretch in inside))
            sure = [link for link in flat if link.source is not None and link.cue is not None]
            before = (number, sure[-1]) if sure else before
        self._by_layout(links)
        self._carry(links)
        return tokens_of, links

    def _alternate(self, other: SpeakerLink | None, links: Sequence[SpeakerLink]) -> None:
        """Let the other of two people speak in a paragraph of speech without a tag."""
        if other is None:
            return
        for link in links:
            link.source, link.cue, link.pattern, link.origin = other.source, other.cue, "alternating", "floating"

    def _answer_before(self, number: int, linked: Sequence[Sequence[SpeakerLink]], before: Sequence[Token] | None) -> None:
        """Find who answers in a paragraph that begins with a reply: the paragraph before may say who was asked."""
        if not number or not linked or not linked[0] or not is_reply(linked[0][0], self.lexicon):
            return
        span = self.paragraphs[number - 1]
        tokens = before or self.tokens(Span(max(span.start, span.end - COLON_TAIL), span.end), ())
        if tokens:
            linked[0][0].excluded, linked[0][0].answers = asker_and_asked(tokens, *sentences(tokens)[-1], self.lexicon)

    def _by_layout(self, links: Sequence[SpeakerLink]) -> None:
        """Link by the layout: a name before a colon in a transcript, or a signature in the paragraph behind a quotation."""
        by_start = {mention.left: mention for mention in self.mentions} if self.labels else {}
        for number, place in self.labels.items():
            link = links[number]
            link.source, link.cue, link.pattern, link.adjacent = layouts.label_source(place, by_start), None, "transcript", True
        for number, (stretch, link) in enumerate(zip(self.stretches, links, strict=True)):
            if layouts.is_turn(self.body, stretch, self.paragraphs[stretch.paragraph]):
                link.source, link.cue, link.pattern = None, None, "transcript"
            elif link.alone and number not in self.labels and stretch.right == self.paragraphs[stretch.paragraph].end:
                source = self._signature(stretch.paragraph + 1)
                if source is not None and (link.source is None or not link.adjacent):
                    link.source, link.cue, link.pattern = source, None, "signed"

    def _signature(self, number: int) -> SpeechSource | None:
        """Who signs in a paragraph ("- Ann Lee.")."""
        if number >= len(self.paragraphs) or not layouts.is_signature(self.body, self.paragraphs[number]):
            return None
        tokens = self.tokens(self.paragraphs[number], ())
        last = len(tokens) - (tokens[-1].low == ".")
        return layouts.signature(tokens, -1, last) or layouts.line_signature(tokens)

    def _lean_back(self, tokens: Sequence[Token], ranges: Sequence[tuple[int, int]], linked: Sequence[list[SpeakerLink]]) -> None:
        """Link a quotation that is a sentence by itself to whom the sentence before, without quotations, is about."""
        for place in range(1, len(linked)):
            alone = linked[place] and linked[place][0].alone and not linked[place - 1]
            about = _about(tokens, *ranges[place - 1], self.lexicon) if alone else None
            if about is not None and (about.cue is not None or (about.source is not None and about.source.low in GENDERED)):
                for link in linked[place]:
                    link.source, link.cue, link.pattern = about.source, about.cue, "floating"

    def _by_paragraph(self) -> Iterator[tuple[int, list[tuple[int, Stretch]]]]:
        group: list[tuple[int, Stretch]] = []
        for index, stretch in enumerate(self.stretches):
            if group and group[0][1].paragraph != stretch.paragraph:
                yield group[0][1].paragraph, group
                group = []
            group.append((index, stretch))
        if group:
            yield group[0][1].paragraph, group

    def tokens(self, span: Span, inside: Sequence[tuple[int, Stretch]]) -> list[Token]:
        """The tokens of a paragraph behind its turn mark; ``inside`` are the stretches in it, by number."""
        first, last = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        mentions = [mention for mention in self.mentions[first:last] if not mention.quoted]
        return tokenize(self.body, layouts.turn_end(self.body, span), span.end, inside, mentions, self.lexicon)

    def _introduction(self, number: int) -> SpeakerLink | None:
        """Who speaks according to the paragraph before, when that ends in a colon; else None."""
        if number == 0:
            return None
        span = self.paragraphs[number - 1]
        tail = self.body[max(span.start, span.end - COLON_TAIL):span.end].rstrip()
        if not tail.endswith(":"):
            return None
        tokens = self.tokens(Span(max(span.start, span.end - COLON_TAIL), span.end), ())
        low, high = sentences(tokens)[-1]
        cues = [cue for cue in find_cues(tokens, low, high, self.lexicon) if cue.source is not None]
        if cues:
            return SpeakerLink("colon", cues[-1].source, cues[-1])
        source = main_source(tokens, low, high)
        return SpeakerLink("colon", source) if source is not None else None

    def _subject_before(self, number: int) -> SpeakerLink | None:
        """Whom the last sentence of the paragraph before is about; only for one without quotations."""
        if number == 0:
            return None
        span = self.paragraphs[number - 1]
        tokens = self.tokens(Span(max(span.start, span.end - COLON_TAIL), span.end), ())
        return _about(tokens, *sentences(tokens)[-1], self.lexicon) if tokens else None

    def _carry(self, links: Sequence[SpeakerLink]) -> None:
        """Give all parts of a quotation that runs over paragraphs one source: that of its first part, else the first one found behind."""
        chain: list[SpeakerLink] = []
        head: SpeakerLink | None = None  # the first of the chain that has a source of its own
        for stretch, link in zip(self.stretches, links, strict=True):
            if not stretch.carried:
                chain, head = [], None
            elif head is not None and not link.adjacent:
                link.source, link.cue, link.pattern = head.source, head.cue, "carried-paragraph"
            elif head is None and link.source is not None:
                for each in chain:
                    each.source, each.cue, each.pattern = link.source, link.cue, "carried-paragraph"
                head = chain[0] if chain else None
            if head is None and link.source is not None and link.pattern != "floating":
                head = link
            chain.append(link)


def _about(tokens: Sequence[Token], low: int, high: int, lexicon: Lexicon) -> SpeakerLink | None:
    """Who speaks in a sentence, or whom it is about."""
    cues = [cue for cue in find_cues(tokens, low, high, lexicon) if cue.source is not None and cue.source.low not in SPEAKING]
    if cues:
        cue = next((cue for cue in cues if cue.group == "speech"), cues[0])
        return SpeakerLink("floating", cue.source, cue)
    source = main_source(tokens, low, high)
    return SpeakerLink("floating", source) if source is not None and source.low not in SPEAKING else None


def _has_source(links: Sequence[SpeakerLink]) -> bool:
    return any(link.source is not None for link in links)
