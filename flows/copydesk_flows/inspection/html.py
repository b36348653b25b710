"""``copydesk inspect --html``: show the trace of a page on one page for the browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING
from zlib import crc32

from copydesk import Article, Claim, Field, Label, PageError, Quote, Reason
from copydesk.operations import Trace, claim_text
from copydesk_flows.inspection.html_text import Piece, ShownBlock, shown_blocks
from copydesk_flows.inspection.text import metadata_values
from copydesk_flows.web.pages import environment, render

if TYPE_CHECKING:
    from markupsafe import Markup

SPEAKER_COLOURS = 8
"""The page's colours for speakers; more speakers share them."""
REASON_COLOURS = 24
"""The page's colours for reasons of removals."""
KNOWN = tuple(reason.value for reason in Reason)
"""The reasons of the core, each with a colour of its own."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A metadata field on the page.

    Attributes:
        name: the name of the field.
        value: its value as text; empty when it has none.
        chosen: the claims that were chosen, each with its value as text.
        lost: the other claims, each with its value as text and why it lost.
    """

    name: str
    value: str
    chosen: tuple[tuple[str, Claim], ...]
    lost: tuple[tuple[str, Claim, str], ...]


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote on the page.

    Attributes:
        number: the number of the quote, from 0.
        speaker: the number of its speaker; 0 for an unknown speaker.
        quote: the quote.
    """

    number: int
    speaker: int
    quote: Quote


@dataclass(frozen=True, slots=True)
class ShownSpeaker:
    """A speaker on the page.

    Attributes:
        number: the number of the speaker, from 1; 0 for all unknown speakers.
        name: the name of the speaker.
        role: what the article says they are; empty for nothing.
        quotes: what they say.
    """

    number: int
    name: str
    role: str
    quotes: tuple[QuoteRow, ...]

    @property
    def colour(self) -> int:
        """The number of the speaker's colour, from 1; 0 for unknown speakers."""
        return 1 + (self.number - 1) % SPEAKER_COLOURS if self.number else 0


def page_of(trace: Trace) -> str:
    """Return the page as HTML: the text with removed passages in place, metadata with evidence, quotes by speaker."""
    blocks = list(shown_blocks(trace))
    quotes, speakers = _quotes(trace.article)
    return render("inspect.html", "inspect.css", "inspect.js", {
        "trace": trace, "title": _title(trace), "stopped": _stopped(trace), "blocks": blocks, "reasons": _reasons(blocks),
        "fields": list(_fields(trace)), "quotes": quotes, "speakers": speakers, "hue": _hue, "why": _why,
        "shown": _shown({row.number: row for row in quotes}, {speaker.number: speaker.colour for speaker in speakers}),
        "version": version("copydesk")})


def _shown(rows: Mapping[int, QuoteRow], colours: Mapping[int, int]) -> Callable[[Piece], Markup]:
    """Return the function that turns a piece of text into mark-up, without adding blanks."""
    macro = environment().get_template("pieces.html").module.shown  # type: ignore[attr-defined]  # the template defines this macro

    def shown(piece: Piece) -> Markup:
        made: Markup = macro(piece, rows, colours, _hue, _why)
        return made

    return shown


def _hue(reason: str) -> int:
    """Return the number of a reason's colour. A reason that a plugin has invented always gets the same colour."""
    return KNOWN.index(reason) if reason in KNOWN else crc32(reason.encode()) % REASON_COLOURS


def _why(label: Label) -> str:
    return f"{label.reason} · {label.rule} · {label.plugin} · {label.weight:.2f}"


def _title(trace: Trace) -> str:
    headline = trace.article.metadata.headline if trace.article else None
    return headline or trace.page.source_path or "standard input"


def _stopped(trace: Trace) -> tuple[str, str]:
    """Return the code and the message of what stopped the page; both are empty for an article."""
    if trace.error is None:
        return "", ""
    if isinstance(trace.error, PageError):
        return f"{trace.error.stage}/{trace.error.code}", trace.error.message
    return "plugin_error", str(trace.error)


def _reasons(blocks: list[ShownBlock]) -> list[tuple[str, int]]:
    """Return the reasons for removals with their counts, the most frequent first."""
    counts = Counter(str(piece.label.reason) for block in blocks for piece in block.pieces if piece.label)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _fields(trace: Trace) -> Iterator[FieldRow]:
    """Yield all fields that have a value or a claim."""
    article = trace.article
    if article is None:
        return
    all_lost = trace.lost_claims()
    values = dict(metadata_values(article.metadata))
    for name in dict.fromkeys([*values, *map(str, Field)]):
        won = tuple((claim_text(claim), claim) for claim in dict.fromkeys(article.metadata.chosen) if claim.field == name)
        lost = tuple((claim_text(claim), claim, why) for claim, why in all_lost if claim.field == name)
        if name in values or won or lost:
            yield FieldRow(name, values.get(name, ""), won, lost)


def _quotes(article: Article | None) -> tuple[list[QuoteRow], list[ShownSpeaker]]:
    """Return the quotes in the order of the text, and their speakers in the order in which they first speak, unknown ones last."""
    found = article.quotes if article else ()
    names = list(dict.fromkeys(quote.speaker for quote in found if quote.speaker))
    numbers = {name: number for number, name in enumerate(names, 1)}
    rows = [QuoteRow(number, numbers.get(quote.speaker or "", 0), quote) for number, quote in enumerate(found)]
    said: dict[int, list[QuoteRow]] = {}
    for row in rows:
        said.setdefault(row.speaker, []).append(row)
    roles = {quote.speaker: quote.speaker_role for quote in reversed(found) if quote.speaker_role}
    speakers = [ShownSpeaker(number, name, roles.get(name) or "", tuple(said[number])) for name, number in numbers.items()]
    if 0 in said:
        speakers.append(ShownSpeaker(0, "speaker unknown", "", tuple(said[0])))
    return rows, speakers
