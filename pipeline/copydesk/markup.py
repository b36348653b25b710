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
    """Text without NUL and without references to control characters; those to white space, or inside another, become a blank.

    References 128 to 159 stay: parsers read them as windows-1252, as authors meant them.

    >>> strip_controls("a&#11;b&#x1;c&#146;")
    'a bc&#146;'
    >>> strip_controls("&#&#1;11;")
    '&# 11;'
    """
    text = text.replace("\0", "")
    return _REFERENCE.sub(_replaced, text) if "&#" in text else text


def _replaced(match: re.Match[str]) -> str:
    decimal, hexadecimal = match.groups()
    code = int(decimal or "0") if hexadecimal is None else int(hexadecimal or "0", 16)
    if code in (9, 10, 11, 12, 13):
        return " "
    if code >= 32 and code != 127:
        return match.group()
    return " " if _OPENED.search(match.string[max(0, match.start() - 12) : match.start()]) else ""


def check(text: str, limits: LimitSettings) -> None:
    """Let HTML source pass on to the parser, or say why not.

    Raises:
        PageError: a tag has too many attributes, or elements would be nested too deeply or repeated too often.
    """
    seen = "".join(_tags(text, limits.attributes_per_tag))
    number = seen.count("<")
    can_be_deep = number > 20 * limits.depth  # shallower trees cost little and are measured when they are read
    if can_be_deep or _most_unclosed(seen) * number > limits.tags:
        tags = [(name.lower(), slash) for slash, name in _TAG.findall(seen)]
        _check_formatting(tags, limits)
        _check_depth(tags, limits)


def _tags(text: str, most: int) -> Iterator[str]:
    """The bare tags of HTML source as a tokenizer meets them (HTML Standard, 13.2.5): none in comments, in quoted values, in scripts.

    Elements of text alone hold mark-up when they stand in a drawing, so that of attributes there must be few as well.
    """
    for match in _PIECE.finditer(text):
        name = match["name"] or match["raw"]
        if name is None:
            continue
        given = match["given"] or match["raw_given"] or ""
        if len(given) > 2 * most:
            number = sum(1 for _ in _ATTRIBUTE.finditer(given))
            if number > most:
                raise gate.refusal("attributes_per_tag", f"a tag with {number} attributes, the limit is {most}")
        if len(match["text"] or "") > 2 * most and match["raw"].lower() != "script":
            for _ in _tags(match["text"], most):
                pass
        yield f"<{match['slash'] or ''}{name}>"


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


_REFERENCE = re.compile(r"&#(?:(?=\d)0*+(\d{0,3})(?!\d)|[xX](?=[0-9a-fA-F])0*+([0-9a-fA-F]{0,2})(?![0-9a-fA-F]));?")
_OPENED = re.compile(r"(?:&(?:#[xX]?)?[0-9a-fA-F]{0,12}|\A[0-9a-fA-F]{12})\Z")
"""The end of a text that may become a reference when something behind it goes."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,60})")
_VALUE = r"""[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^ \t\n\f\r>]*+)"""
_ONE = rf"[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+(?:{_VALUE})?+"
_ALL = rf"(?:[ \t\n\f\r/]++|{_ONE})*+"
_ATTRIBUTE = re.compile(_ONE)
_PIECE = re.compile(
    r"<(?:!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)"
    r"|(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[ \t\n\f\r/>])"
    rf"(?P<raw_given>{_ALL})>(?P<text>(?:[^<]++|<(?!/(?P=raw)))*+)"
    rf"|(?P<slash>/?)(?P<name>[a-zA-Z][^ \t\n\f\r/>]*+)(?P<given>{_ALL})"
    r"|[!?/][^>]*+)>?", re.I)
"""A comment, an element that holds text alone, a tag, or a comment by mistake."""
_FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
_FORMATTING_TAG = re.compile(r"<(/?)(b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s>/])", re.I)
_NOT_NESTING = _FORMATTING | {
    "a", "nobr", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "rb", "rp", "rt",
    "rtc", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}
"""Elements that close by themselves, and void ones."""
