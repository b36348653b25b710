"""Print to a terminal: a console that ends quietly when its reader is gone, and text from pages made harmless."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.text import Text

from copydesk import inert
from copydesk_flows.console.exits import Exit, silence

UNBOUNDED = 10_000
"""The width when there is no terminal: wider than any table of copydesk."""


class Terminal(Console):
    """A rich console on stdout or stderr. Without a terminal and without ``COLUMNS`` it wraps no line."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
        if not self.is_terminal and not os.environ.get("COLUMNS", "").isdigit():
            self.width = UNBOUNDED

    def on_broken_pipe(self) -> None:
        """End without a traceback when the reader, such as ``head``, is gone."""
        silence(sys.stdout)
        raise SystemExit(Exit.BROKEN_PIPE)


def safe(text: str | None, style: str = "") -> Text:
    """Return text from outside as rich text on one line, without mark-up, control characters and bidirectional overrides.

    >>> safe("[red]a\\x1b[31m").plain
    '[red]a\\\\x1b[31m'
    """
    return Text(inert(" ".join((text or "").split(" ")).replace("\n", "\\n")), style=style)
