"""What was learned, as a rule file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from copydesk.learning.repeats import Learned, Repeated

WEIGHT = 0.99
"""More than all that speaks for a paragraph together: whoever names the file has read it."""


def toml_string(text: str) -> str:
    """A text as a basic string of TOML (https://toml.io/en/v1.0.0#string), on one line, without anything a terminal acts on.

    >>> print(toml_string('a "b" \\\\ c' + chr(10)))
    "a \\"b\\" \\\\ c\\u000A"
    """
    return f'"{"".join(map(_character, text))}"'


def _character(char: str) -> str:
    code = ord(char)
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    if 0xD800 <= code <= 0xDFFF:  # half of a pair: no text that TOML can hold
        return "\ufffd"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def rule_file(learned: Learned, dataset: str, commit: int, made: datetime, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """The lines of a rule file. Rules whose names are ``known`` are left out."""
    found = [each for each in learned.found if each.rule not in known]
    yield "# Paragraphs that recur on many pages of one site, found by `copydesk learn`."
    yield f"# Dataset: {toml_string(dataset)}, commit {commit}; made {made.isoformat(timespec='seconds')}."
    yield f"# {learned.articles:,} articles were looked at, for paragraphs on at least {learned.least} pages."
    yield "#"
    yield "# Read it first: what is news to you, delete. Then name it in the settings, beside the other rule files:"
    yield "#"
    yield "#     [plugins.clean_phrases]"
    yield '#     files = ["repeated.toml"]'
    for each in found:
        yield ""
        yield from _rule(each)


def _rule(repeated: Repeated) -> Iterator[str]:
    days = f", {repeated.first} to {repeated.last}" if repeated.first else ""
    yield f"# {repeated.pages:,} pages{days}"
    yield "[[rules]]"
    yield f'rule = "{repeated.rule}"'
    yield 'reason = "boilerplate"'
    yield f"weight = {WEIGHT}"
    yield f"site = {toml_string(repeated.site)}"
    yield f"text = {toml_string(repeated.text)}"
