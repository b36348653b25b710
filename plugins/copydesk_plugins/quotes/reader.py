"""Reads one article's quotations: tokens, links, speakers, kinds, utterances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copydesk import Quote, QuoteKind, Span
from copydesk_plugins.quotes.assembly import goes_on, row
from copydesk_plugins.quotes.grammar.cues import Cue
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.mentions import Entity
from copydesk_plugins.quotes.grammar.noun_phrases import SpeechSource
from copydesk_plugins.quotes.grammar.reported_clauses import reports
from copydesk_plugins.quotes.grammar.tokens import Token, sentences
from copydesk_plugins.quotes.kind import clause, judge
from copydesk_plugins.quotes.marks.stretches import Stretch
from copydesk_plugins.quotes.speakers import layouts
from copydesk_plugins.quotes.speakers.article_links import Linker
from copydesk_plugins.quotes.speakers.names import NameTable
from copydesk_plugins.quotes.speakers.replies import is_pronoun
from copydesk_plugins.quotes.speakers.resolver import ResolvedSpeaker, Resolver
from copydesk_plugins.quotes.speakers.speaker_link import SpeakerLink

Clause = tuple[int, Cue, Sequence[Token]]
"""A reported clause: its paragraph, its cue and its tokens."""


class QuoteReading:
    """Reads the quotations of one article with their speakers."""

    def __init__(self, body: str, paragraphs: Sequence[Span], stretches: Sequence[Stretch], lexicon: Lexicon) -> None:
        self.body = body
        self.paragraphs = paragraphs
        self.stretches, labels = layouts.cut_labels(body, stretches, paragraphs)
        self.lexicon = lexicon
        self.names = NameTable(body, paragraphs, lexicon)
        self._mark_quoted()
        self.linker = Linker(body, paragraphs, self.stretches, labels, self.names.mentions, lexicon)
        self.resolver = Resolver(body, self.names.mentions, self.stretches, lexicon)

    def quotes(self, indirect: bool) -> list[Quote]:
        """All quotes in text order."""
        tokens_of, links = self.linker.links()
        speakers = self._speakers(links)
        kinds = [judge(self.body, stretch, link, tokens_of[stretch.paragraph], self.lexicon)
                 for stretch, link in zip(self.stretches, links, strict=True)]
        reported = self._reported(tokens_of, kinds, indirect)
        found = list(self._rows(links, speakers, kinds, tokens_of, self._clauses(reported)))
        if indirect:
            found += self._indirect(reported, kinds, found)
        return sorted(found, key=lambda quote: (quote.start, quote.end))

    def _reported(self, tokens_of: dict[int, list[Token]], kinds: Sequence[QuoteKind | None], everywhere: bool) -> list[Clause]:
        """The reported clauses of the article. Without ``everywhere``, only those of sentences with mixed quotations."""
        found: list[Clause] = []
        for place in range(len(self.paragraphs)) if everywhere else sorted(tokens_of):
            tokens = tokens_of.get(place) or self.linker.tokens(self.paragraphs[place], ())
            for low, high in sentences(tokens):
                mixed = (token.quote >= 0 and kinds[token.quote] is QuoteKind.MIXED for token in tokens[low:high])
                if everywhere or any(mixed):
                    found += [(place, cue, tokens[first:last + 1]) for cue, first, last in reports(tokens, low, high, self.lexicon)]
        return found

    def _clauses(self, reported: Sequence[Clause]) -> dict[int, tuple[int, int]]:
        """The span of the reported clause around each quotation that stands in one, by the quotation's number."""
        return {token.quote: (inside[0].start, inside[-1].end) for _, _, inside in reported for token in inside if token.quote >= 0}

    def _indirect(self, reported: Sequence[Clause], kinds: Sequence[QuoteKind | None], quotes: Sequence[Quote]) -> Iterator[Quote]:
        """Reported clauses without quotations, each an utterance of its own."""
        number = quotes[-1].utterance + 1 if quotes else 0
        last: Entity | None = None
        for place, cue, inside in reported:
            if any(token.quote >= 0 and kinds[token.quote] is not None for token in inside):
                continue
            link = SpeakerLink("indirect", cue.source, cue)
            speaker = self.resolver.speaker(cue.source, last) if cue.source is not None else ResolvedSpeaker(None)
            last = speaker.entity if speaker.entity is not None and speaker.entity.person else last
            piece = Stretch(place, inside[0].start, inside[-1].end, inside[0].start, inside[-1].end)
            yield row(self.body, piece, link, speaker, QuoteKind.INDIRECT, (number, 0), None, self.lexicon)
            number += 1

    def _mark_quoted(self) -> None:
        """Note which names stand inside of quotations. Nobody speaks from there."""
        index = 0
        for mention in self.names.mentions:
            while index < len(self.stretches) and self.stretches[index].right <= mention.start:
                index += 1
            mention.quoted = index < len(self.stretches) and self.stretches[index].left <= mention.start

    def _speakers(self, links: Sequence[SpeakerLink]) -> list[ResolvedSpeaker]:
        """The speaker of each link, in text order. A pronoun looks back at who spoke before."""
        found: list[ResolvedSpeaker] = []
        known: dict[int, ResolvedSpeaker] = {}
        last: Entity | None = None
        for link in links:
            source = link.source
            if source is None:
                found.append(ResolvedSpeaker(None))
                continue
            speaker = known.get(source.start) or self._speaker(link, source, last)
            known[source.start] = speaker
            if speaker.entity is not None and speaker.entity.person:
                last = speaker.entity
            found.append(speaker)
        return found

    def _speaker(self, link: SpeakerLink, source: SpeechSource, last: Entity | None) -> ResolvedSpeaker:
        if link.answers is not None and is_pronoun(source):
            answer = self.resolver.answer(source, link.answers)
            if answer is not None:
                return answer
        excluded = link.excluded.mention if link.excluded is not None else None
        others = (excluded,) if excluded is not None else ()
        return self.resolver.speaker(source, last, others)

    def _rows(self, links: Sequence[SpeakerLink], speakers: Sequence[ResolvedSpeaker], kinds: Sequence[QuoteKind | None],
              tokens_of: dict[int, list[Token]], clauses: dict[int, tuple[int, int]]) -> Iterator[Quote]:
        utterance, part = -1, 0
        previous: SpeakerLink | None = None
        paragraph = -1
        for number, (stretch, link, speaker, kind) in enumerate(zip(self.stretches, links, speakers, kinds, strict=True)):
            if kind is None:
                continue
            if previous is not None and goes_on(stretch, link, previous, stretch.paragraph != paragraph):
                part += 1
            else:
                utterance, part = utterance + 1, 0
            previous, paragraph = link, stretch.paragraph
            reported = clauses.get(number) or clause(link, tokens_of[stretch.paragraph])
            yield row(self.body, stretch, link, speaker, kind, (utterance, part), reported, self.lexicon)
