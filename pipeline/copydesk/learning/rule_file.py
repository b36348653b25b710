"""Write recurring paragraphs as a rule file for the plugin clean_phrases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from copydesk.learning.repeats import Learned, Repeated

WEIGHT = 0.99
"""The weight of each rule. It outweighs everything that speaks for keeping a paragraph, because the user has read the file."""
MOST_SHORT_ESCAPE = 0xFFFF
"""The highest code point that TOML writes with four hex digits."""
SURROGATES = range(0xD800, 0xE000)
"""Code points that TOML cannot hold: halves of UTF-16 pairs."""


def toml_string(text: str) -> str:
    """Write a text as a basic string of TOML (https://toml.io/en/v1.0.0#string), on one line and without control characters.

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
    if code in SURROGATES:
        return "\ufffd"
    return f"\\u{code:04X}" if code <= MOST_SHORT_ESCAPE else f"\\U{code:08X}"


def rule_file(learned: Learned, dataset: str, commit: int, made: datetime, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the lines of a rule file, without line ends.

    Args:
        learned: the result of `learn`.
        dataset: the path or URL of the dataset, for the file's head.
        commit: the commit that was read, for the file's head.
        made: the time to put into the file's head.
        known: names of rules to leave out, because other rule files have them.
    """
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
