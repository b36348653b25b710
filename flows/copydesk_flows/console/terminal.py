"""What goes to the terminal: a console that ends quietly with its reader, and page text that does nothing there."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.text import Text

from copydesk import inert
from copydesk_flows.console.exits import Exit, silence

UNBOUNDED = 10_000
"""Columns where no terminal sets a width: more than any table of ours has."""


class Terminal(Console):
    """A rich console on stdout or stderr; without a terminal, and without ``COLUMNS``, no line is wrapped."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
        if not self.is_terminal and not os.environ.get("COLUMNS", "").isdigit():
            self.width = UNBOUNDED

    def on_broken_pipe(self) -> None:
        """End without a traceback, as `head` expects it of the programs before it."""
        silence(sys.stdout)
        raise SystemExit(Exit.BROKEN_PIPE)


def safe(text: str | None, style: str = "") -> Text:
    """Text from outside as rich text: no mark-up, no control characters, no bidirectional overrides, one line.

    >>> safe("[red]a\\x1b[31m").plain
    '[red]a\\\\x1b[31m'
    """
    return Text(inert(" ".join((text or "").split(" ")).replace("\n", "\\n")), style=style)
