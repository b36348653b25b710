"""What a run did, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from copydesk.errors import AccountingError
from copydesk.model.status import Status


@dataclass(frozen=True, slots=True)
class RunReport:
    """The account of one run.

    Attributes:
        output: the output folder.
        inputs: the number of inputs.
        counts: the number of inputs of each `Status`. Their sum is ``inputs``.
        rows: the number of rows written to each table.
        codes: the number of rejects with each code.
        removals: the number of passages removed for each reason.
        seconds: the time spent in each plugin, in seconds.
        commits: the numbers of the commits that the run made.
        fingerprint: the hash of the plugins and settings that can change rows.
        elapsed: how long the run took, in seconds.
        settling: the number of files younger than ``settle_seconds``. They are no inputs yet; a later run takes them.
        skipped: how often each plugin failed and was skipped (``on_plugin_error = "skip-plugin"``).
    """

    output: str = ""
    inputs: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)
    removals: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    commits: tuple[int, ...] = ()
    fingerprint: str = ""
    elapsed: float = 0.0
    settling: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)

    def check(self) -> None:
        """Check that the outcomes add up to the inputs.

        Raises:
            AccountingError: they do not add up.
        """
        total = sum(self.counts.get(status, 0) for status in Status)
        if total != self.inputs or set(self.counts) - set(Status):
            raise AccountingError(f"{self.inputs} inputs, but outcomes add up to {total}: {dict(self.counts)}; please report this")


def merge(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    """Add two mappings of counts, key by key.

    >>> merge({"a": 1}, {"a": 2, "b": 1})
    {'a': 3, 'b': 1}
    """
    return {key: left.get(key, 0) + right.get(key, 0) for key in [*left, *(k for k in right if k not in left)]}


def merged(first: RunReport, second: RunReport) -> RunReport:
    """Combine the accounts of two runs on one output. Output and fingerprint are those of the second run."""
    seconds = {name: first.seconds.get(name, 0.0) + second.seconds.get(name, 0.0) for name in {*first.seconds, *second.seconds}}
    return RunReport(output=second.output, inputs=first.inputs + second.inputs, counts=merge(first.counts, second.counts),
                     rows=merge(first.rows, second.rows), codes=merge(first.codes, second.codes),
                     removals=merge(first.removals, second.removals), seconds=dict(sorted(seconds.items())),
                     commits=(*first.commits, *second.commits), fingerprint=second.fingerprint,
                     elapsed=first.elapsed + second.elapsed, settling=first.settling + second.settling,
                     skipped=merge(first.skipped, second.skipped))
