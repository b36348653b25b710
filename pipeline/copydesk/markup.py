"""What a parser must not be handed: control-character references, and mark-up made to cost quadratic time.

lexbor takes time in the square of the nesting depth and of the attributes of a tag, and repeats unclosed formatting elements
at each block (HTML Standard, 13.2.4.3, "reconstruct the active formatting elements"). All checks here are linear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from copydesk import gate
from copydesk.settings import LimitSettings


def strip_controls(text: str) -> str:
    """Text without NUL and without references to control characters; those to white space become a blank.

    References 128 to 159 stay: parsers read them as windows-1252, as authors meant them.

    >>> strip_controls("a&#11;b&#x1;c&#146;")
    'a bc&#146;'
    """
    text = text.replace("\0", "")
    return _REFERENCE.sub(_replaced, text) if "&#" in text else text


def _replaced(match: re.Match[str]) -> str:
    decimal, hexadecimal = match.groups()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code in (9, 10, 11, 12, 13):
        return " "
    return "" if code < 32 or code == 127 else match.group()


def check(text: str, limits: LimitSettings) -> None:
    """Let HTML source pass on to the parser, or say why not.

    Raises:
        PageError: a tag has too many attributes, or elements would be nested too deeply or repeated too often.
    """
    seen = "".join(_outside_raw_text(text))
    for match in _LONG_TAG.finditer(seen):
        if match.end() - match.start() > 2 * limits.attributes_per_tag:
            number = sum(1 for _ in _ATTRIBUTE.finditer(match.group()))
            if number > limits.attributes_per_tag:
                raise gate.refusal("attributes_per_tag", f"a tag with {number} attributes, the limit is {limits.attributes_per_tag}")
    number = seen.count("<")
    can_be_deep = number > 20 * limits.depth  # shallower trees cost little and are measured when they are read
    if can_be_deep or _most_unclosed(seen) * number > limits.tags:
        tags = [(name.lower(), slash) for slash, name in _TAG.findall(seen)]
        _check_formatting(tags, limits)
        _check_depth(tags, limits)


def _outside_raw_text(text: str) -> Iterator[str]:
    """The pieces of HTML source outside script and style elements."""
    lower, position = text.lower(), 0
    if len(lower) != len(text):  # a few characters have longer lower case
        lower = text
    while (opening := _RAW.search(lower, position)) is not None:
        yield text[position : opening.end()]
        closing = lower.find(f"</{opening.group(1)}", opening.end())
        if closing < 0:
            return
        position = closing
    yield text[position:]


def _most_unclosed(text: str) -> int:
    """The most formatting elements that are open at any place, elements that end by themselves not counted."""
    unclosed: Counter[str] = Counter()
    total = most = 0
    for slash, name in _FORMATTING_TAG.findall(text):
        if not slash:
            unclosed[name] += 1
            total += 1
            most = max(most, total)
        elif unclosed[name]:
            unclosed[name] -= 1
            total -= 1
    return most


def _check_formatting(tags: list[tuple[str, str]], limits: LimitSettings) -> None:
    unclosed: Counter[str] = Counter()
    total = copies = 0
    for name, slash in tags:
        if name in _FORMATTING:
            step = -1 if slash else 1
            if unclosed[name] + step >= 0:
                unclosed[name] += step
                total += step
        elif not slash:
            copies += total
    if copies > limits.tags:
        raise gate.refusal("tags", f"unclosed formatting would be repeated {copies} times, the limit is {limits.tags} tags")


def _check_depth(tags: list[tuple[str, str]], limits: LimitSettings) -> None:
    opened: list[str] = []
    numbers: Counter[str] = Counter()
    for name, slash in tags:
        if name in _NOT_NESTING:
            continue
        if not slash:
            opened.append(name)
            numbers[name] += 1
            if len(opened) > 2 * limits.depth:
                raise gate.refusal("depth", f"elements nested over {limits.depth} deep")
        elif numbers[name]:
            while True:
                closed = opened.pop()
                numbers[closed] -= 1
                if closed == name:
                    break


_REFERENCE = re.compile(r"&#(?:0{0,8}(\d{1,3})(?!\d)|[xX]0{0,8}([0-9a-fA-F]{1,2})(?![0-9a-fA-F]));?")
_RAW = re.compile(r"<(script|style)\b")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,60})")
_LONG_TAG = re.compile(r"""<[a-zA-Z](?:[^>="']++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+""")
_ATTRIBUTE = re.compile(r"""[\s/"']([^\s/>="'][^\s/>=]*+)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+')?+)?+""")
_FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
_FORMATTING_TAG = re.compile(r"<(/?)(b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s>/])", re.I)
_NOT_NESTING = _FORMATTING | {
    "a", "nobr", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "rb", "rp", "rt",
    "rtc", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}
"""Elements that close by themselves, and void ones."""
