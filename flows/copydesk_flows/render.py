"""``copydesk inspect``: a page's trace as text. Everything from the page goes through `safe`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from copydesk import Article, Claim, Label, Metadata, PageError, PluginError, Quote, Reason
from copydesk.documents import Block
from copydesk.labels import Verdict
from copydesk.rows import claim_text
from copydesk.values import When
from copydesk_flows.terminal import safe
from copydesk_flows.trace import Trace


def show(console: Console, trace: Trace, all_claims: bool = False) -> None:
    """Print what became of a page: outcome, text, metadata, quotes."""
    _head(console, trace)
    if trace.document is not None:
        _title(console, "text", "+ kept, - removed, in page order")
        _text(console, trace)
    if trace.article is not None:
        _title(console, "metadata", "value and where on the page it stands")
        _metadata(console, trace.article)
        if all_claims:
            _title(console, "claims", "all candidates; * is chosen, a smaller rank is more trusted")
            _claims(console, trace.article)
        if trace.error is None:
            _title(console, "quotes", f"{len(trace.article.quotes)}")
            _quotes(console, trace.article)


def _head(console: Console, trace: Trace) -> None:
    page = trace.page
    facts = "" if trace.unread else f"  {page.media_type}, {len(page.content):,} bytes"
    console.print(Text.assemble(safe(page.source_path, "bold"), facts, safe(f", {page.url}" if page.url else "")))
    if trace.error is None and trace.article is not None:
        article = trace.article
        console.print(Text.assemble(("written", "green"), f"  {len(article.body.split()):,} words, {len(article.removals)} removals, "
                                    f"{len(article.quotes)} quotes, confidence {article.confidence:.2f}, id {article.article_id}"))
        return
    console.print(_stopped(trace.error))


def _stopped(error: PageError | PluginError | None) -> Text:
    if isinstance(error, PageError):
        return Text.assemble((str(error.status), "bold red"), "  ", safe(f"{error.stage}/{error.code}"), ": ", safe(error.message))
    return Text.assemble(("quarantined", "bold red"), "  plugin_error: ", safe(str(error)))


def _title(console: Console, name: str, note: str) -> None:
    console.print(Text.assemble("\n", (name, "bold underline"), (f"  {note}", "dim")))


def _text(console: Console, trace: Trace) -> None:
    blocks = trace.document.blocks if trace.document else ()
    if not blocks:
        console.print("  no text blocks")
    verdicts: tuple[Verdict | None, ...] = trace.verdicts or (None,) * len(blocks)
    for block, verdict in zip(blocks, verdicts, strict=True):
        _block(console, block, verdict)


def _block(console: Console, block: Block, verdict: Verdict | None) -> None:
    if verdict is None:
        _line(console, "?", safe(block.text))
    elif verdict.removed and verdict.label is not None:
        _line(console, "-", safe(block.text, "dim red"))
        _line(console, "", _why(verdict.label), indent=4)
    else:
        _line(console, "+", safe(block.text))
        for label in verdict.spans:
            _line(console, "-", safe(block.text[label.start:label.end], "dim red"), indent=4)
            _line(console, "", _why(label), indent=6)


def _line(console: Console, mark: str, text: Text, indent: int = 2) -> None:
    """A marked passage: on a terminal wrapped with a hanging indent, for other programs one line."""
    if not console.is_terminal:
        console.print(Text.assemble(" " * indent, f"{mark} " if mark else "", text), soft_wrap=True)
        return
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(mark, text)
    console.print(Padding(grid, (0, 0, 0, indent)))


def _why(label: Label) -> Text:
    reason = label.reason.value if isinstance(label.reason, Reason) else label.reason
    return safe(f"{reason} · {label.rule} · {label.plugin} · {label.weight:.2f}", "yellow")


def _metadata(console: Console, article: Article) -> None:
    chosen: dict[str, list[Claim]] = {}
    for claim in article.metadata.chosen:
        chosen.setdefault(claim.field, []).append(claim)
    for name, value in metadata_values(article.metadata):
        evidence = ", ".join(f"{claim.evidence} ({claim.plugin})" for claim in chosen.get(name, ()))
        _line(console, f"{name:<24}", Text.assemble(safe(value), safe(f"  {evidence}" if evidence else "", "cyan")))


def metadata_values(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Name and value, as one string, of each metadata field that has one."""
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


def _claims(console: Console, article: Article) -> None:
    chosen = set(map(id, article.metadata.chosen))
    for claim in sorted(article.claims, key=lambda each: (each.field, each.rank)):
        mark = f"{'*' if id(claim) in chosen else ' '} {claim.rank:>3} {claim.field:<24}"
        _line(console, mark, Text.assemble(safe(claim_text(claim)), safe(f"  {claim.evidence} ({claim.plugin})", "cyan")))


def _quotes(console: Console, article: Article) -> None:
    for quote in article.quotes:
        _line(console, "", Text.assemble("“", safe(quote.text), "”"))
        _line(console, "", _speech(quote), indent=6)


def _speech(quote: Quote) -> Text:
    role = f" ({quote.speaker_role})" if quote.speaker_role else ""
    cue = f" · cue {quote.cue}" if quote.cue else ""
    return safe(f"{quote.speaker or 'speaker unknown'}{role}{cue} · {quote.kind.value} · {quote.pattern or '-'} · "
                f"{quote.confidence:.2f} · {quote.start}-{quote.end}", "cyan")
