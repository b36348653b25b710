"""Print what ``copydesk inspect --claims`` adds: what each plugin proposed, what was chosen and why. The core gives the reasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from copydesk import Label
from copydesk.operations import Trace, claim_text, decide_verdicts, evidence_of
from copydesk_flows.console.terminal import safe
from copydesk_flows.inspection.text_lines import line, why

LEAST_SECONDS = 0.000_05
"""Plugins that took less are left out: rounded to a tenth of a millisecond, their time is zero."""


def show_stages(console: Console, trace: Trace) -> None:
    """Print a line for each stage that the page reached, in order."""
    claims = trace.article.claims if trace.article is not None else ()
    proposed: list[tuple[str, str, Iterable[str]]] = [
        ("label_blocks", "labels", (label.plugin for label in trace.labels)),
        ("propose_metadata", "claims", (claim.plugin for claim in claims)),
        ("propose_quotes", "quotes", (quote.plugin for quote in trace.quotes))]
    if trace.document is not None:
        line(console, f"{'extract':<18}", safe(f"{len(trace.document.blocks)} blocks: {trace.extractor}"))
    for stage, what, names in proposed:
        counts = Counter(names)
        told = ", ".join(f"{name} {count}" for name, count in counts.most_common())
        line(console, f"{stage:<18}", safe(f"{counts.total()} {what}{f': {told}' if told else ''}"))
    slowest = sorted(trace.seconds.items(), key=lambda item: -item[1])
    spent = ", ".join(f"{name} {1000 * seconds:.1f}" for name, seconds in slowest if seconds >= LEAST_SECONDS)
    line(console, f"{'milliseconds':<18}", safe(f"with what a first page loads: {spent}"))


class Folds:
    """The labels of each block of a page, and how the core weighed them."""

    def __init__(self, trace: Trace) -> None:
        self._labels: defaultdict[int, list[Label]] = defaultdict(list)
        for label in trace.labels:
            self._labels[label.block].append(label)
        blocks = trace.document.blocks if trace.document is not None else ()
        self._first = {verdict.block: verdict for verdict in decide_verdicts(blocks, trace.labels)}
        self._last = {verdict.block: verdict for verdict in trace.verdicts}

    def of(self, block: int) -> Iterator[Text]:
        """Yield a line for each label of a block, those with the most weight first, then a line with the result."""
        labels = self._labels.get(block, [])
        for label in sorted(labels, key=lambda each: -each.weight):
            place = "" if label.start is None else f" · characters {label.start}-{label.end}"
            yield Text.assemble(why(label), (place, "dim"))
        first, last = self._first[block], self._last.get(block)
        if labels and last is not None:
            keep, remove = evidence_of(labels)
            back = ", though its reason says so: the metadata did not keep it" if first.removed and not last.removed else ""
            yield Text(f"= {remove:.2f} against it, {keep:.2f} for it: {'removed' if last.removed else 'kept'}{back}", "dim")


def show_claims(console: Console, trace: Trace) -> None:
    """Print all claims by field: first the chosen ones, then the others with why each lost."""
    chosen = [(claim, "") for claim in dict.fromkeys(trace.article.metadata.chosen)] if trace.article is not None else []
    for claim, reason in sorted([*chosen, *trace.lost_claims()], key=lambda item: (item[0].field, bool(item[1]))):
        line(console, f"{' ' if reason else '*'} {claim.rank:>3} {claim.field:<24}", Text.assemble(
            safe(claim_text(claim)), safe(f"  {claim.evidence} ({claim.plugin})", "cyan"), (f"  {reason}" if reason else "", "dim")))


def show_dropped(console: Console, trace: Trace) -> None:
    """Print the proposed quotes that the core dropped, each with the reason."""
    for quote, other in trace.dropped:
        line(console, "-", safe(f"“{quote.text}”", "dim red"))
        why_not = (f"overlaps {other.start}-{other.end} of {other.plugin}, {other.confidence:.2f}" if other is not None
                   else "indirect speech is not asked for")
        told = f"{quote.plugin} · {quote.pattern or '-'} · {quote.confidence:.2f} · {quote.start}-{quote.end} · {why_not}"
        line(console, "", safe(told, "yellow"), indent=6)
