"""The progress of a run on a terminal: pages, rate, time left, and outcomes so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import progress
from rich.text import Text

from copydesk.operations import Progress
from copydesk_flows.console.terminal import Terminal

Listener = Callable[[Progress], None]


WHOLE_RATE = 10
"""From this many pages a second on, a rate is shown without decimals."""


class RateColumn(progress.ProgressColumn):
    """The pages per second, over the last moments."""

    def render(self, task: progress.Task) -> Text:
        """Return the rate as text; empty while there is none."""
        speed = task.finished_speed or task.speed
        return Text("" if not speed else f"{speed:,.0f}/s" if speed >= WHOLE_RATE else f"{speed:.1f}/s")


@contextmanager
def listening(quiet: bool) -> Iterator[Listener | None]:
    """Provide a listener that keeps a line on stderr up to date; None when stderr is no terminal, or ``quiet`` is set.

    The number of pages is known when each file is a page. It is unknown for archives; then no remaining time is shown either.
    """
    console = Terminal(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with progress.Progress(
            progress.TextColumn("{task.description}"), progress.BarColumn(), progress.MofNCompleteColumn(), RateColumn(),
            progress.TimeElapsedColumn(), progress.TextColumn("left"), progress.TimeRemainingColumn(),
            progress.TextColumn("{task.fields[note]}"), console=console, transient=True) as bar:
        task = bar.add_task("pages", total=None, note="")
        planned = 0

        def listen(state: Progress) -> None:
            nonlocal planned
            planned = planned or state.planned
            note = " ".join(f"{status} {count:,}" for status, count in state.counts.items() if count)
            bar.update(task, completed=state.done, total=planned if state.done <= planned else None, note=note)

        yield listen
