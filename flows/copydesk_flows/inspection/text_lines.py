"""Print the lines of ``copydesk inspect``."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from copydesk import Label, Reason
from copydesk_flows.console.terminal import safe


def title(console: Console, name: str, note: str) -> None:
    """Print the title of a section, with a note."""
    console.print(Text.assemble("\n", (name, "bold underline"), (f"  {note}", "dim")))


def line(console: Console, mark: str, text: Text, indent: int = 2) -> None:
    """Print a passage with a mark before it: wrapped with a hanging indent on a terminal, else on one line."""
    if not console.is_terminal:
        console.print(Text.assemble(" " * indent, f"{mark} " if mark else "", text), soft_wrap=True)
        return
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(mark, text)
    console.print(Padding(grid, (0, 0, 0, indent)))


def why(label: Label) -> Text:
    """Return what a label says: reason, rule, plugin, weight."""
    reason = label.reason.value if isinstance(label.reason, Reason) else label.reason
    return safe(f"{reason} · {label.rule} · {label.plugin} · {label.weight:.2f}", "yellow")
