"""Finds the stretches of a text that stand in quotation marks, by pairing the marks in one pass over each paragraph.

A stretch never crosses a paragraph. A quotation that runs on has an opening mark at each paragraph and a closing one at the last (the
convention of English newspapers). Its stretches are chained by `Stretch.carried`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from copydesk import Span

MARK = re.compile(r"''(?!'(?!'))|``|[\"“”„‟«»＂「」『』]")
SINGLE_OPEN = re.compile(r"(?:(?<=[\s(\[—–:-])|(?<![^\n]))['‘‚](?=[^\W\d_]|\d{1,3}[\s%]|\[)")
SINGLE_CLOSE = re.compile(r"(?<=[^\s(\[])['’‘](?!\w)")
ELISIONS = re.compile(r"['‘’](?:em|til|tis|twas|cause|bout|n|round|\d\ds?)\b", re.I)
INCH = re.compile(r"\d\"[ \u00a0][a-z]")
"""Marks of quotation; single ones that open and close; words that only seem to have one; a mark that measures."""
WORD = re.compile(r"\w")
BEFORE_OPEN = " \t\n\u00a0\u2009\u202f([{—–-/…*:_>"
AFTER_CLOSE = " \t\n\u00a0\u2009\u202f.,;:!?)]}—–-/…*_<"
SURE_END = ".,!?…;:—"
BEHIND_SURE = ".,!?…;:)"
"""What may stand before an opening mark and behind a closing one; what shows that a single mark closes."""
APOSTROPHE = re.compile(r"(?:[sS]|\win|\b[no])$")
"""What may stand before an apostrophe that ends a word: "the workers’ union", "goin’ home", "rock ’n’ roll"."""
NEAR_WORDS, LEAST_BLANKS, LONGEST_OPEN, LONGEST_SINGLE = 3, 3, 3000, 1500
"""Blanks between two closing marks; blanks and characters of a quotation left open; characters of one in single marks."""
MOST_CLOSES, WORD_BEFORE, MEASURE_BEFORE = 8, 8, 7
"""Closing marks that are tried; characters before an apostrophe, and before the mark of a measure, that are looked at."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in marks within one paragraph. Offsets are code points of the body.

    Attributes:
        paragraph: number of its paragraph.
        start: where the words begin, inside the marks.
        end: where they end.
        left: where the opening mark begins.
        right: where the closing mark ends.
        carried: whether it goes on with the utterance of the stretch before, which was left open.
        open_end: whether it is left open at its paragraph's end.
        single: whether it is set in single marks.
    """

    paragraph: int
    start: int
    end: int
    left: int
    right: int
    carried: bool = False
    open_end: bool = False
    single: bool = False


def find_stretches(body: str, paragraphs: Sequence[Span]) -> list[Stretch]:
    """All outermost stretches in marks, in text order."""
    found: list[Stretch] = []
    left_open = False
    for number, span in enumerate(paragraphs):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        stretches, pending = _pair(body, span, number, left_open)
        left_open = False
        if pending is not None:
            left_open = following is not None and _begins_with_mark(body, following)
            if left_open or _worth(body, pending, span.end):
                stretches.append(Stretch(number, pending, span.end, pending, span.end, open_end=True))
        stretches = _with_singles(body, span, number, stretches)
        tidied = (_tidy(body, stretch) for stretch in stretches)
        found += [stretch for stretch in tidied if WORD.search(body, stretch.start, stretch.end)]
    return list(_chained(found))


def _pair(body: str, span: Span, number: int, left_open: bool) -> tuple[list[Stretch], int | None]:
    """The closed stretches of a paragraph, and where its last mark opened without closing."""
    marks = list(MARK.finditer(body, span.start, span.end))
    if any(INCH.match(body, mark.start() - 1) for mark in marks):
        marks = _without_inches(body, marks)
    turned = _closing_first(marks)
    balanced = sum(_curly_sign(mark.group()) for mark in marks) == 0
    stretches: list[Stretch] = []
    opened: re.Match[str] | None = None
    depth = 0
    for mark in marks:
        side = _side(body, mark, span, opened is not None, turned)
        if side == "open":
            if opened is not None and balanced and mark.group() == opened.group() == "“":
                depth += 1
            else:
                opened = mark
        elif side == "close" and opened is None and left_open and not stretches:
            stretches.append(Stretch(number, span.start, mark.start(), span.start, mark.end(), carried=True))
        elif side == "close" and depth:
            depth -= 1
        elif side == "close" and opened is not None:
            stretches.append(Stretch(number, opened.end(), mark.start(), opened.start(), mark.end()))
            opened = None
    return stretches, opened.end() if opened is not None else None


def _without_inches(body: str, marks: list[re.Match[str]]) -> list[re.Match[str]]:
    """The marks without those behind figures that measure something (a 12" wide screen), which pair with no other mark."""
    inches = {mark.start() for mark in marks if INCH.match(body, mark.start() - 1)}
    others = sum(mark.group() == '"' and mark.start() not in inches for mark in marks)
    closing = max(inches) if others % 2 else -1
    return [mark for mark in marks if mark.start() not in inches or mark.start() == closing]


def _closing_first(marks: Iterable[re.Match[str]]) -> bool:
    """Whether guillemets point inwards here (»so«), as in German and Danish."""
    first = next((mark.group() for mark in marks if mark.group() in "«»"), "")
    return first == "»"


def _curly_sign(mark: str) -> int:
    return {"“": 1, "”": -1}.get(mark, 0)


def _side(body: str, mark: re.Match[str], span: Span, is_open: bool, turned: bool) -> str:
    """Whether a mark opens or closes, by its form and its two neighbours."""
    sign, at, end = mark.group(), mark.start(), mark.end()
    before = body[at - 1] if at > span.start else " "
    after = body[end] if end < span.end else " "
    if before == "'" and sign == "''" and (at - 1 == span.start or body[at - 2] in BEFORE_OPEN):
        before = " "
    can_open = before in BEFORE_OPEN and not after.isspace()
    can_close = not before.isspace() and (after in AFTER_CLOSE or not after.isalnum())
    if sign in "«»" and turned:
        return "open" if sign == "»" else "close"
    if sign in "„‟``«「『":
        return "open"
    if sign in "»」』":
        return "close"
    if sign == "“":
        return "close" if is_open and can_close and not can_open else "open"
    if sign == "”":
        return "open" if not is_open and can_open and not can_close else "close"
    return _straight(body, at, before, after, is_open, can_open, can_close)


def _straight(body: str, at: int, before: str, after: str, is_open: bool, can_open: bool, can_close: bool) -> str:
    if before.isdigit() and (not is_open or (after.isalnum() or (at > 2 and _is_measure(body, at)))):
        return "none"
    if can_open and not can_close:
        return "open"
    if can_close and not can_open:
        return "close" if is_open else "none"
    if not is_open and after.isspace() and not before.isspace():
        return "none"
    return "close" if is_open else "open"


def _is_measure(body: str, at: int) -> bool:
    """Whether a mark ends a length in feet and inches (6'2" or 6' 2")."""
    return bool(re.search(r"\d['’] ?\d{1,2}(?:\.\d)?$", body[max(0, at - MEASURE_BEFORE):at]))


def _begins_with_mark(body: str, span: Span) -> bool:
    mark = MARK.match(body, span.start, span.end)
    return mark is not None and mark.group() not in "”»」』" and mark.end() < span.end and not body[mark.end()].isspace()


def _worth(body: str, start: int, end: int) -> bool:
    """Whether an opening mark without a closing one counts: some words, and not too many, run to the paragraph's end."""
    return end - start <= LONGEST_OPEN and body[start:end].count(" ") >= LEAST_BLANKS


def _with_singles(body: str, span: Span, number: int, doubles: list[Stretch]) -> list[Stretch]:
    """The stretches with those in single marks added. A single one around double ones replaces them."""
    opener = SINGLE_OPEN.search(body, span.start, span.end)
    if opener is None:
        return doubles
    found: list[Stretch] = []
    closes = [m.start() for m in SINGLE_CLOSE.finditer(body, span.start, span.end) if not _inside(m.start(), doubles)]
    at, index = span.start, 0
    while opener is not None:
        at = opener.end()
        if not ELISIONS.match(body, opener.start()) and not _inside(opener.start(), doubles):
            while index < len(closes) and closes[index] < at:
                index += 1
            close = _single_close(body, at, closes[index:index + MOST_CLOSES], _next_open(body, at, span.end))
            if close is not None and close - at <= LONGEST_SINGLE:
                found.append(Stretch(number, at, close, opener.start(), close + 1, single=True))
                at = close + 1
        opener = SINGLE_OPEN.search(body, at, span.end)
    return _merged(doubles, found)


def _next_open(body: str, at: int, end: int) -> int:
    """Where the next single mark opens within reach, else the end of what may be one quotation."""
    end = min(end, at + LONGEST_SINGLE)
    return next((mark.start() for mark in SINGLE_OPEN.finditer(body, at, end) if not ELISIONS.match(body, mark.start())), end)


def _single_close(body: str, at: int, closes: list[int], following: int) -> int | None:
    """The mark that closes a single quotation before the next one (``following``): the first that is no apostrophe by its neighbours."""
    near = [close for close in closes if close < following] or closes
    for close in near:
        sure = body[close - 1] in SURE_END or body[close + 1:close + 2] in tuple(BEHIND_SURE)
        if sure or not APOSTROPHE.search(body, max(0, close - WORD_BEFORE), close):
            return close
    if len(near) > 1 and " " not in body[at:near[0]] and body.count(" ", near[0], near[1]) <= NEAR_WORDS:
        return near[1]  # 'players' wages'
    return near[0] if near else None


def _inside(at: int, stretches: list[Stretch]) -> bool:
    """Whether an offset lies inside of a stretch, by binary search. The stretches do not overlap."""
    low, high = 0, len(stretches)
    while low < high:
        middle = (low + high) // 2
        if stretches[middle].right <= at:
            low = middle + 1
        else:
            high = middle
    return low < len(stretches) and stretches[low].left <= at


def _merged(doubles: list[Stretch], singles: list[Stretch]) -> list[Stretch]:
    outer: list[Stretch] = []
    for stretch in sorted([*doubles, *singles], key=lambda each: (each.left, -each.right)):
        if not outer or stretch.left >= outer[-1].right:
            outer.append(stretch)
    return outer


def _tidy(body: str, stretch: Stretch) -> Stretch:
    """The stretch without blanks and stray marks at its ends."""
    start, end = stretch.start, stretch.end
    while start < end and (body[start].isspace() or body[start] in "“\"«"):
        start += 1
    while end > start and (body[end - 1].isspace() or body[end - 1] in "”\"»"):
        end -= 1
    return replace(stretch, start=start, end=end) if (start, end) != (stretch.start, stretch.end) else stretch


def _chained(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Mark the first stretch of a paragraph as carried when the paragraph before was left open."""
    before: Stretch | None = None
    for stretch in stretches:
        follows = before is not None and before.open_end and stretch.paragraph == before.paragraph + 1
        yield replace(stretch, carried=True) if follows else stretch
        before = stretch
