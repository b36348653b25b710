"""The progress of a run on a terminal: pages, rate, time left, and what became of them so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import progress
from rich.text import Text

from copydesk.operations import Progress
from copydesk_flows.console.terminal import Terminal

Listener = Callable[[Progress], None]


class RateColumn(progress.ProgressColumn):
    """Pages a second, over the last moments."""

    def render(self, task: progress.Task) -> Text:
        """The rate as text; nothing before there is one."""
        speed = task.finished_speed or task.speed
        return Text("" if not speed else f"{speed:,.0f}/s" if speed >= 10 else f"{speed:.1f}/s")


@contextmanager
def listening(quiet: bool) -> Iterator[Listener | None]:
    """A listener that keeps a line on stderr up to date; None when that is no terminal, or nobody wants to see it.

    How many pages there are is known when each file is one; of archives it is not, and then there is no time left either.
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
