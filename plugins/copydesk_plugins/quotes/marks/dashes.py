"""Finds dialogues set with dashes instead of marks, where a reporting verb makes them clear.

    —No teníamos otra opción —dijo Ana Ejemplo.      — Nous partons demain, a dit Anne Exemple.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk import Span
from copydesk_plugins.quotes.marks.stretches import MARK, Stretch

OPEN = re.compile(r"[—–―][ \u00a0]?(?=[^\W\d_]|[¿¡])")
"""A dash that opens a speech."""
RESUMED = re.compile(r"[ \u00a0]?[—–―][.,;:]?[ \u00a0](?=\w|[¿¡])")
"""A dash behind a tag, after which the speech goes on."""
REACH = 120
"""Characters behind a tag within which the speech may go on."""


def with_dashes(body: str, paragraphs: Sequence[Span], stretches: Sequence[Stretch], tag: re.Pattern[str]) -> list[Stretch]:
    """The stretches, and the speeches behind dashes. ``tag`` finds where a tag with a verb begins.

    A paragraph that begins with a dash and has no tag counts when it lies beside one with a tag.
    """
    taken = {stretch.paragraph for stretch in stretches}
    found = list(stretches)
    group: list[tuple[int, list[Stretch], bool]] = []
    for number, span in enumerate([*paragraphs, Span(0, 0)]):
        opened = OPEN.match(body, span.start, span.end) if number not in taken else None
        if opened is None or MARK.search(body, span.start, span.end):
            if any(clear for _, _, clear in group):
                found += [stretch for _, pieces, _ in group for stretch in pieces]
            group = []
        else:
            pieces, clear = _pieces(body, span, number, opened.end(), tag)
            group.append((number, pieces, clear))
    return sorted(found, key=lambda stretch: stretch.left)


def _pieces(body: str, span: Span, number: int, start: int, tag: re.Pattern[str]) -> tuple[list[Stretch], bool]:
    """The pieces of speech in a paragraph behind a dash, and whether the paragraph has a tag."""
    told = tag.search(body, start, span.end)
    if told is None:
        return [Stretch(number, start, span.end, span.start, span.end)], False
    end = told.start("gap")
    pieces = [Stretch(number, start, end, span.start, end)]
    again = RESUMED.search(body, told.end(), min(span.end, told.end() + REACH))
    if again is not None and again.end() < span.end:
        pieces.append(Stretch(number, again.end(), span.end, again.start(), span.end))
    return pieces, True
