"""The stages of a page: call the plugins, check what they return, fold it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar, cast

from copydesk import verdicts
from copydesk.borders import CLAIM, LABEL, QUOTE, checked, document_fault, metadata_fault, type_fault, value_fault
from copydesk.choose import identity
from copydesk.claims import unmarked_claim
from copydesk.documents import Document
from copydesk.errors import PageError, PluginError
from copydesk.labels import Label, Reason
from copydesk.model import Page
from copydesk.plugins import Plugins
from copydesk.settings import LimitSettings, Settings
from copydesk.text import count_words
from copydesk.values import Article, Claim, ClaimValue, Field, Image, Metadata, Person, Quote, QuoteKind, Status, When

T = TypeVar("T")
_REASON = re.compile(r"[a-z][a-z_]{0,39}")


def extract(plugins: Plugins, page: Page, limits: LimitSettings | None = None) -> Document:
    """The page's document, from the first plugin that takes it."""
    return extracted(plugins, page, limits)[1]


def extracted(plugins: Plugins, page: Page, limits: LimitSettings | None = None) -> tuple[str, Document]:
    """The plugin that took the page, and its document; what all plugins are handed of ``meta`` can only be read."""
    found = plugins.first("extract", page=page, limits=limits or LimitSettings())
    if found is None:
        raise PageError("extract", "no_extractor", f"no plugin extracts {page.media_type}", Status.QUARANTINED)
    name, document = found
    if not isinstance(document, Document):
        raise PluginError(name, "extract", f"returned {type(document).__name__}, not a Document")
    checked(name, "extract", document_fault, document)
    return name, replace(document, meta=MappingProxyType(dict(document.meta)))


def label(plugins: Plugins, document: Document) -> tuple[Label, ...]:
    """All plugins' labels, checked and signed."""
    found: list[Label] = []
    for name, result in plugins.each("label_blocks", document=document):
        for item in result:
            if item.__class__ is Label and _is_plain(item, len(document.blocks)):
                found.append(_signed_label(item, name))
            else:
                found += _signed(name, "label_blocks", (item,), Label, lambda each: _label_fault(each, document))
    return tuple(found)


def describe(plugins: Plugins, document: Document, labels: tuple[Label, ...]) -> tuple[Metadata, tuple[Claim, ...]]:
    """The chosen metadata, and all claims."""
    claims = propose(plugins, document, labels)
    return choose(plugins, document, claims), claims


def propose(plugins: Plugins, document: Document, labels: tuple[Label, ...]) -> tuple[Claim, ...]:
    """All plugins' claims, checked and signed."""
    return tuple(unmarked_claim(item) for name, result in plugins.each("propose_metadata", document=document, labels=labels)
                 for item in _signed(name, "propose_metadata", result, Claim, _claim_fault))


def choose(plugins: Plugins, document: Document, claims: tuple[Claim, ...]) -> Metadata:
    """The metadata that the first plugin with an answer chooses, checked."""
    found = plugins.first("choose_metadata", document=document, claims=claims)
    name, metadata = found if found is not None else ("core", Metadata())
    if not isinstance(metadata, Metadata):
        raise PluginError(name, "choose_metadata", f"returned {type(metadata).__name__}, not Metadata")
    checked(name, "choose_metadata", metadata_fault, metadata)
    return metadata


def clean(document: Document, labels: tuple[Label, ...], metadata: Metadata, claims: tuple[Claim, ...]) -> Article:
    """The article: kept blocks as body, removed ones on record. A block promised to the metadata stays if that lacks it."""
    found = verdicts.settle(document.blocks, labels, metadata)
    body, paragraphs, removals = verdicts.assemble(document.blocks, found)
    return Article(
        page=document.page, metadata=metadata, body=body, paragraphs=paragraphs, removals=removals, claims=claims,
        labels=labels, charset=document.charset, confidence=verdicts.confidence(document.word_counts, found, labels),
        article_id=identity(document.page, metadata, claims, body))


def accept(article: Article, settings: Settings) -> None:
    """Refuse what is not an article.

    Raises:
        PageError: the page has no text, or its type is not among the wanted ones.
    """
    content = settings.content
    if "all" in content.page_types:
        return
    kind = article.metadata.page_type
    if kind not in content.page_types:
        raise PageError("accept", f"page_type_{kind}", f"the page is of type {kind}, not an article (--page-types all keeps it)")
    if not article.body:
        raise PageError("accept", "no_text", "no article text was found on the page")
    dated = article.metadata.date_published or article.metadata.byline or article.metadata.authors
    if count_words(article.body) < content.min_words and not dated:
        raise PageError("accept", "too_short", f"under {content.min_words} words, and neither date nor byline")


def find_quotes(plugins: Plugins, article: Article, indirect: bool) -> tuple[Quote, ...]:
    """All plugins' quotes, checked, overlaps resolved, in text order."""
    return apart(propose_quotes(plugins, article, indirect), indirect)


def propose_quotes(plugins: Plugins, article: Article, indirect: bool) -> tuple[Quote, ...]:
    """All plugins' quotes, checked and signed."""
    return tuple(item for name, result in plugins.each("propose_quotes", article=article, indirect=indirect)
                 for item in _signed(name, "propose_quotes", result, Quote, lambda quote: _quote_fault(quote, article)))


def apart(found: Sequence[Quote], indirect: bool) -> tuple[Quote, ...]:
    """Those of the proposed quotes that stay, in text order: of two of one kind that overlap the surer, then the longer one."""
    return settled(found, indirect)[0]


Dropped = tuple[Quote, Quote | None]
"""A quote that does not stay, and the one that it gave way to; None when its kind is not asked for."""


def settled(found: Sequence[Quote], indirect: bool) -> tuple[tuple[Quote, ...], tuple[Dropped, ...]]:
    """The quotes that stay, as `apart` says, and those that do not, in text order."""
    kept: list[Quote] = []
    dropped: list[Dropped] = []
    for kind in QuoteKind:
        ranked = sorted((q for q in found if q.kind == kind), key=lambda q: (-q.confidence, q.start - q.end, q.start, q.plugin))
        if kind is QuoteKind.INDIRECT and not indirect:
            dropped += [(quote, None) for quote in ranked]
            continue
        taken: list[tuple[int, int]] = []
        stayed: dict[tuple[int, int], Quote] = {}
        for quote in ranked:
            place = bisect_left(taken, (quote.start, quote.end))
            if place and taken[place - 1][1] > quote.start:
                dropped.append((quote, stayed[taken[place - 1]]))
            elif place < len(taken) and quote.end > taken[place][0]:
                dropped.append((quote, stayed[taken[place]]))
            else:
                taken.insert(place, (quote.start, quote.end))
                stayed[quote.start, quote.end] = quote
                kept.append(quote)
    return (tuple(sorted(kept, key=lambda quote: (quote.start, quote.end, quote.kind))),
            tuple(sorted(dropped, key=lambda item: (item[0].start, item[0].end, item[0].kind))))


def _signed(plugin: str, hook: str, result: Iterable[T], kind: type[T], fault: Callable[[T], str | None]) -> Iterable[T]:
    """Each item of a plugin's result, checked and with the plugin's name on it."""
    for item in result:
        if not isinstance(item, kind):
            raise PluginError(plugin, hook, f"yielded {type(item).__name__}, not {kind.__name__}")
        checked(plugin, hook, fault, item)
        yield _sign(item, plugin)


def _sign(item: T, plugin: str) -> T:
    """A copy with the plugin's name on it."""
    if item.__class__ is Claim:  # replace() takes four times as long
        given = cast(Claim, item)
        return cast(T, Claim(given.field, given.value, given.evidence, given.rank, given.blocks, plugin))
    return replace(item, plugin=plugin)  # type: ignore[type-var]  # T is a dataclass with a plugin field here


def _signed_label(item: Label, plugin: str) -> Label:
    """A copy of a label, made at a third of what its frozen class takes: there are hundreds a page."""
    made: Any = _OpenLabel(item, plugin)
    made.__class__ = Label
    signed: Label = made
    return signed


class _OpenLabel:
    """A label that is still written to: of the same layout as `Label`, which it turns into."""

    __slots__ = tuple(Label.__slots__)

    def __init__(self, item: Label, plugin: str) -> None:
        self.block = item.block
        self.reason = item.reason
        self.rule = item.rule
        self.weight = item.weight
        self.start = item.start
        self.end = item.end
        self.plugin = plugin
        self.chance = item.chance


def _label_fault(item: Label, document: Document) -> str | None:
    wrong = type_fault(item, LABEL)
    if wrong:
        return wrong
    if not 0 <= item.block < len(document.blocks):
        return f"label for block {item.block}, but the document has {len(document.blocks)}"
    if not _REASON.fullmatch(item.reason):
        return f"reason {item.reason!r} is not of the form [a-z][a-z_]*"
    if not 0.0 < item.weight <= 1.0:
        return f"weight {item.weight} of rule {item.rule!r} is not above 0 and at most 1"
    if item.chance is not None and not 0.0 <= item.chance <= 1.0:
        return f"chance {item.chance} of rule {item.rule!r} is not between 0 and 1"
    length = len(document.blocks[item.block].text)
    if (item.start is None) != (item.end is None) or (
            item.start is not None and item.end is not None and not 0 <= item.start < item.end <= length):
        return f"span {item.start}-{item.end} of rule {item.rule!r} is not inside block {item.block} ({length} characters)"
    return None


def _is_plain(item: Label, count: int) -> bool:
    """Whether a label is what most are: on a whole block, one of ``count``, with a reason of the core's, and nothing is wrong with it."""
    return (item.start is item.end is None and type(item.block) is int and 0 <= item.block < count
            and type(item.reason) in _TEXTS and item.reason in _REASONS and type(item.rule) is str
            and type(item.weight) is float and 0.0 < item.weight <= 1.0
            and (item.chance is None or (type(item.chance) is float and 0.0 <= item.chance <= 1.0)))


_TEXTS = (Reason, str)
_REASONS = frozenset(Reason)
_FIELDS = frozenset(Field)
_TUPLES: dict[str, type] = {Field.AUTHORS: Person, Field.CONTRIBUTORS: Person, Field.IMAGES: Image,
                            Field.ARTICLE_SECTION: str, Field.KEYWORDS: str}
_SCALARS: dict[str, type] = {Field.DATE_PUBLISHED: When, Field.DATE_MODIFIED: When, Field.IS_ACCESSIBLE_FOR_FREE: bool}
_SAID = _FIELDS - set(_TUPLES) - set(_SCALARS)
LEAST_TRUSTED = 1_000


def _claim_fault(item: Claim) -> str | None:
    if (item.value.__class__ is str and item.field in _SAID and item.evidence.__class__ is str and item.rank.__class__ is int
            and 0 <= item.rank <= LEAST_TRUSTED and item.blocks == ()):
        return None  # what most are
    wrong = type_fault(item, CLAIM) or value_fault(item.value)
    if wrong:
        return wrong
    if item.blocks and not all(isinstance(index, int) for index in item.blocks):
        return f"Claim.blocks takes whole numbers, not {item.blocks!r:.80}"
    if item.field not in _FIELDS:
        return f"no field named {item.field!r} (fields: {', '.join(Field)})"
    if item.field in _TUPLES:
        part = _TUPLES[item.field]
        right = isinstance(item.value, tuple) and all(isinstance(each, part) for each in item.value)
        return None if right else f"{item.field} takes a tuple of {part.__name__}, not {_shown(item.value)}"
    kind = _SCALARS.get(item.field, str)
    return None if isinstance(item.value, kind) else f"{item.field} takes {kind.__name__}, not {_shown(item.value)}"


def _shown(value: ClaimValue) -> str:
    return f"{value!r:.80}"


def _quote_fault(quote: Quote, article: Article) -> str | None:
    wrong = type_fault(quote, QUOTE)
    if wrong:
        return wrong
    body = article.body
    if not 0 <= quote.start < quote.end <= len(body) or body[quote.start:quote.end] != quote.text:
        return f"offsets {quote.start}-{quote.end} do not give the text {quote.text!r:.60}"
    place = bisect_right(article.paragraphs, quote.start, key=lambda span: span.start) - 1
    if place < 0 or quote.end > article.paragraphs[place].end:
        return f"quote {quote.start}-{quote.end} crosses the end of a paragraph: give one row a paragraph"
    if quote.kind not in set(QuoteKind):
        return f"kind {quote.kind!r} is none of {', '.join(QuoteKind)}"
    return None
