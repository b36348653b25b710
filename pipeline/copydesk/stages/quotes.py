"""The quotes stage: plugins propose quotes, the core checks them and resolves overlaps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from copydesk.model.article import Article, Quote, QuoteKind
from copydesk.plugins.manager import Plugins
from copydesk.plugins.validation import QUOTE, type_fault
from copydesk.stages.proposals.signing import signed


def find_quotes(plugins: Plugins, article: Article, indirect: bool) -> tuple[Quote, ...]:
    """The quotes of all plugins in text order, checked, without overlaps.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    return resolve_overlaps(propose_quotes(plugins, article, indirect), indirect)[0]


def propose_quotes(plugins: Plugins, article: Article, indirect: bool) -> tuple[Quote, ...]:
    """The quotes of all plugins, checked, each with its plugin's name on it.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    return tuple(item for name, result in plugins.each("propose_quotes", article=article, indirect=indirect)
                 for item in signed(name, "propose_quotes", result, Quote, lambda quote: _quote_fault(quote, article)))


Dropped = tuple[Quote, Quote | None]
"""A quote that does not stay, and the quote that replaced it; None when its kind is not asked for."""


def resolve_overlaps(found: Sequence[Quote], indirect: bool) -> tuple[tuple[Quote, ...], tuple[Dropped, ...]]:
    """Drop quotes that overlap a better quote of the same kind. The surer one is better; of equally sure ones, the longer one.

    Args:
        found: the quotes of all plugins.
        indirect: whether indirect quotes stay.

    Returns:
        The quotes that stay, and those that do not, each in text order.
    """
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
