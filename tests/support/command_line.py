"""Pages and helpers for the tests of the command line and of the flows."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

STORY = """<!doctype html><html lang="en"><head><title>Ferry line to reopen in spring</title>
<meta property="og:title" content="Ferry line to reopen in spring"><meta property="og:type" content="article">
<link rel="canonical" href="https://{site}/2024/10/18/ferry-line-{number}">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Ferry line to reopen in spring",
"datePublished": "2024-10-18T09:30:00-04:00", "author": {{"@type": "Person", "name": "Ada Example"}}}}</script></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav></header>
<main><article><h1>Ferry line to reopen in spring</h1>
<p>The harbour council voted on Friday to reopen ferry line {number}, which closed two winters ago after a pier was damaged.</p>
<p>“We have the boats, and now we have the pier,” said Mara Lindqvist, who heads the council. “The first one sails in April.”</p>
<p>Fares will stay where they were, the council said, and the timetable is to be printed before the end of the year.</p>
</article></main><footer><p>Copyright 2024 The Harbour Post. All rights reserved.</p></footer></body></html>
"""

TOUCHY = ("import copydesk\n@copydesk.hookimpl\ndef label_blocks(document):\n    if 'line 2,' in document.text:\n"
          "        raise ValueError('no')\n    return []\n")
"""A plugin that fails on one of the stories."""
Result = subprocess.CompletedProcess[str]
Command = Callable[..., Result]
"""How tests call ``copydesk``: the fixture of that name."""


def story(number: int, site: str = "harbour.example") -> str:
    """An article page; each number is another article."""
    return STORY.format(number=number, site=site)


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a subprocess: Prefect's home in a folder of the test's, no server, no terminal."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "COLUMNS", "FORCE_COLOR"))}
    return mine | {"PREFECT_HOME": str(home), "HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"} | more


def part_files(dataset: Path) -> dict[str, bytes]:
    """All part files of a dataset by table and number, without the random part of the batch's name."""
    return {f"{path.parent.name.rpartition('-')[0]}/{path.name}": path.read_bytes() for path in sorted(dataset.glob("data/*/*.parquet"))}


def files_of(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def at_terminal(home: Path, *arguments: str | Path, **more: str) -> str:
    """What a command writes to a terminal of 160 columns, both its streams."""
    ours, theirs = pty.openpty()
    env = environment(home, TERM="xterm-256color", COLUMNS="160", **more)
    with subprocess.Popen([sys.executable, "-m", "copydesk_flows.cli", *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs,
                          cwd=home, env=env) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so at the end
                break
            if not part:
                break
            said += part
        os.close(ours)
        assert process.wait(timeout=60) == 0
    return said.decode("utf-8", "replace")
