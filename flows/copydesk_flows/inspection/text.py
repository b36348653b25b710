"""``copydesk inspect``: print the trace of a page as text. Everything from the page goes through `safe`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from rich.console import Console
from rich.text import Text

from copydesk import Article, Block, Claim, Metadata, PageError, PluginError, Quote, When, count_words
from copydesk.operations import Trace, Verdict
from copydesk_flows.console.terminal import safe
from copydesk_flows.inspection.text_lines import line, title, why
from copydesk_flows.inspection.text_proposals import Folds, show_claims, show_dropped, show_stages


def show(console: Console, trace: Trace, proposals: bool = False) -> None:
    """Print what became of a page: outcome, text, metadata, quotes.

    Args:
        console: where to print.
        trace: the trace of the page.
        proposals: whether to print what each plugin proposed, too, with what was chosen and why.
    """
    _head(console, trace)
    if proposals:
        title(console, "stages", "what each plugin proposed, and its time")
        show_stages(console, trace)
    if trace.document is not None:
        title(console, "text", "+ kept, - removed, in page order")
        _text(console, trace, Folds(trace) if proposals else None)
    if trace.article is not None:
        title(console, "metadata", "value and where on the page it stands")
        _metadata(console, trace.article)
        if proposals:
            title(console, "claims", "all candidates; * is chosen, a smaller rank is more trusted")
            show_claims(console, trace)
        if trace.error is None:
            title(console, "quotes", f"{len(trace.article.quotes)}")
            _quotes(console, trace.article.quotes)
            if proposals:
                show_dropped(console, trace)


def _head(console: Console, trace: Trace) -> None:
    page = trace.page
    facts = "" if trace.unread else f"  {page.media_type}, {len(page.content):,} bytes"
    console.print(Text.assemble(safe(page.source_path, "bold"), facts, safe(f", {page.url}" if page.url else "")), soft_wrap=True)
    if trace.error is None and trace.article is not None:
        article = trace.article
        console.print(Text.assemble(("written", "green"), f"  {count_words(article.body):,} words, {len(article.removals)} removals, "
                                    f"{len(article.quotes)} quotes, confidence {article.confidence:.2f}, id {article.article_id}"))
        return
    console.print(_stopped(trace.error), soft_wrap=True)


def _stopped(error: PageError | PluginError | None) -> Text:
    if isinstance(error, PageError):
        return Text.assemble((str(error.status), "bold red"), "  ", safe(f"{error.stage}/{error.code}"), ": ", safe(error.message))
    return Text.assemble(("quarantined", "bold red"), "  plugin_error: ", safe(str(error)))


def _text(console: Console, trace: Trace, folds: Folds | None) -> None:
    blocks = trace.document.blocks if trace.document else ()
    if not blocks:
        console.print("  no text blocks")
    verdicts: tuple[Verdict | None, ...] = trace.verdicts or (None,) * len(blocks)
    for block, verdict in zip(blocks, verdicts, strict=True):
        _block(console, block, verdict, folds is None)
        for text in folds.of(block.index) if folds else ():
            line(console, "", text, indent=6)


def _block(console: Console, block: Block, verdict: Verdict | None, reasons: bool) -> None:
    if verdict is None:
        line(console, "?", safe(block.text))
    elif verdict.removed and verdict.label is not None:
        line(console, "-", safe(block.text, "dim red"))
        if reasons:
            line(console, "", why(verdict.label), indent=4)
    else:
        line(console, "+", safe(block.text))
        for label in verdict.spans:
            line(console, "-", safe(block.text[label.start:label.end], "dim red"), indent=4)
            if reasons:
                line(console, "", why(label), indent=6)


def _metadata(console: Console, article: Article) -> None:
    chosen: dict[str, list[Claim]] = {}
    for claim in article.metadata.chosen:
        chosen.setdefault(claim.field, []).append(claim)
    for name, value in metadata_values(article.metadata):
        evidence = ", ".join(f"{claim.evidence} ({claim.plugin})" for claim in chosen.get(name, ()))
        line(console, f"{name:<24}", Text.assemble(safe(value), safe(f"  {evidence}" if evidence else "", "cyan")))


def metadata_values(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Yield the name and the value, as one string, of each metadata field that has a value."""
    for item in fields(metadata):
        value: object = getattr(metadata, item.name)
        if item.name == "chosen" or value is None or value == ():
            continue
        if isinstance(value, When):
            yield item.name, f"{value.local} ({value.precision}; {value.instant.isoformat()})"
        elif isinstance(value, str | bool):
            yield item.name, str(value)
        else:
            yield item.name, "; ".join(_part(part) for part in value)  # type: ignore[attr-defined]  # the other fields are tuples


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    values = [str(getattr(part, item.name)) for item in fields(part) if getattr(part, item.name)]  # type: ignore[arg-type]  # Person or Image
    return " · ".join(values)


def _quotes(console: Console, quotes: Iterable[Quote]) -> None:
    for quote in quotes:
        line(console, "", Text.assemble("“", safe(quote.text), "”"))
        line(console, "", _speech(quote), indent=6)


def _speech(quote: Quote) -> Text:
    role = f" ({quote.speaker_role})" if quote.speaker_role else ""
    cue = f" · cue {quote.cue}" if quote.cue else ""
    return safe(f"{quote.speaker or 'speaker unknown'}{role}{cue} · {quote.kind.value} · {quote.pattern or '-'} · "
                f"{quote.confidence:.2f} · {quote.start}-{quote.end}", "cyan")
