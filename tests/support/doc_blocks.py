"""The code blocks of the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NAMED = re.compile(r"# file: ([\w./-]{1,80})\n")
COMMENT = re.compile(r"<!-- ([^>]{1,200}) -->\n\Z")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block: its language, its text, the HTML comment on the line before it, and the name of the file it is."""

    language: str
    text: str
    comment: str
    file: str | None

    @property
    def runs(self) -> bool:
        """Whether the tests run it: set-up commands are `.ci/run`'s, and some blocks say that they are not run."""
        return self.language in ("python", "sh") and not re.match(r"not run:|setup command|test command", self.comment)


def code_blocks(path: Path) -> Iterator[CodeBlock]:
    """All fenced blocks of a Markdown file, in order."""
    text = path.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        comment = COMMENT.search(text[:match.start()])
        named = NAMED.match(match[2])
        yield CodeBlock(match[1], match[2], comment[1] if comment else "", named[1] if named else None)
