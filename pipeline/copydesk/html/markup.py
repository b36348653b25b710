"""What a parser must not be handed: control-character references, and mark-up made to cost quadratic time.

lexbor takes time in the square of the nesting depth and of the attributes of a tag, and repeats unclosed formatting elements
at each block (HTML Standard, 13.2.4.3, "reconstruct the active formatting elements"). All checks here are linear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from copydesk.errors import refusal
from copydesk.settings.schema import LimitSettings

Tag = tuple[bytes, bytes]
"""The slash of an end tag (or nothing), and a name."""


def strip_controls(source: bytes) -> bytes:
    """HTML source (in UTF-8) without references to control characters; those to white space, or inside another, become a blank.

    References 128 to 159 stay: parsers read them as windows-1252, as authors meant them.

    >>> strip_controls(b"a&#11;b&#x1;c&#146;")
    b'a bc&#146;'
    >>> strip_controls(b"&#&#1;11;")
    b'&# 11;'
    """
    return _REFERENCE.sub(_replaced, source)


def _replaced(match: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = match.groups()
    code = int(decimal or b"0") if hexadecimal is None else int(hexadecimal or b"0", 16)
    if code in (9, 10, 11, 12, 13):
        return b" "
    if code >= 32 and code != 127:
        return match.group()
    return b" " if _OPENED.search(match.string[max(0, match.start() - 12) : match.start()]) else b""


def check(source: bytes, limits: LimitSettings) -> None:
    """Let HTML source (in UTF-8) pass on to the parser, or say why not.

    Raises:
        PageError: a tag has too many attributes, or elements would be nested too deeply or repeated too often.
    """
    most = limits.attributes_per_tag
    if most >= _MOST_EASY:
        formatting, number = _hard_tags(source, most)
        unclosed = _most_unclosed(formatting)
        if _passes(unclosed, number, limits) or _passes(unclosed, source.count(b"<"), limits):
            return
    seen = b"".join(_tags(source, most))
    if not _passes(_most_unclosed(_FORMATTING_TAG.findall(seen)), seen.count(b"<"), limits):
        tags = [(slash, name.lower()) for slash, name in _TAG.findall(seen)]
        _check_formatting(tags, limits)
        _check_depth(tags, limits)


def _passes(unclosed: int, number: int, limits: LimitSettings) -> bool:
    """Whether ``number`` tags are shallow enough to cost little (they are measured when they are read), and can repeat little."""
    return number <= 20 * limits.depth and unclosed * number <= limits.tags


def _hard_tags(source: bytes, most: int) -> tuple[list[Tag], int]:
    """The formatting tags, and no less than the number of all tags. What `_EASY` takes in has few attributes; of the rest they are
    counted."""
    formatting: list[Tag] = []
    number = 0
    place = source.find(b"<")
    while place >= 0:
        number += _AT_ONCE + 1
        match = _EASY.match(source, place)
        if match is None or match.end() == place:
            match = _PIECE.match(source, place)
            if match is None:
                place = source.find(b"<", place + 1)
                continue
            tag = _tag(match, most)
            number += tag.count(b"<")
            formatting += _FORMATTING_TAG.findall(tag)
        elif match["name"]:
            formatting.append((match["slash"], match["name"]))
        place = source.find(b"<", match.end())
    return formatting, number


def _tags(source: bytes, most: int) -> Iterator[bytes]:
    """The bare tags of HTML source as a tokenizer meets them (HTML Standard, 13.2.5): none in comments, in quoted values, in scripts."""
    for match in _PIECE.finditer(source):
        yield _tag(match, most)


def _tag(match: re.Match[bytes], most: int) -> bytes:
    """A bare tag, empty for a comment; its attributes are counted.

    Elements of text alone hold mark-up when they stand in a drawing, so that of attributes there must be few as well.
    """
    name = match["name"] or match["raw"]
    if name is None:
        return b""
    given = match["given"] or match["raw_given"] or b""
    if len(given) > 2 * most:
        number = sum(1 for _ in _ATTRIBUTE.finditer(given))
        if number > most:
            raise refusal("attributes_per_tag", f"a tag with {number} attributes, the limit is {most}")
    if len(match["text"] or b"") > 2 * most and match["raw"].lower() != b"script":
        for _ in _tags(match["text"], most):
            pass
    return b"<" + (match["slash"] or b"") + name + b">"


def _most_unclosed(formatting: list[Tag]) -> int:
    """The most formatting elements that are open at any place, elements that end by themselves not counted."""
    unclosed: Counter[bytes] = Counter()
    total = most = 0
    for slash, name in formatting:
        if not slash:
            unclosed[name] += 1
            total += 1
            most = max(most, total)
        elif unclosed[name]:
            unclosed[name] -= 1
            total -= 1
    return most


def _check_formatting(tags: list[Tag], limits: LimitSettings) -> None:
    unclosed: Counter[bytes] = Counter()
    total = copies = 0
    for slash, name in tags:
        if name in _FORMATTING:
            step = -1 if slash else 1
            if unclosed[name] + step >= 0:
                unclosed[name] += step
                total += step
        elif not slash:
            copies += total
    if copies > limits.tags:
        raise refusal("tags", f"unclosed formatting would be repeated {copies} times, the limit is {limits.tags} tags")


def _check_depth(tags: list[Tag], limits: LimitSettings) -> None:
    opened: list[bytes] = []
    numbers: Counter[bytes] = Counter()
    for slash, name in tags:
        if name in _NOT_NESTING:
            continue
        if not slash:
            opened.append(name)
            numbers[name] += 1
            if len(opened) > 2 * limits.depth:
                raise refusal("depth", f"elements nested over {limits.depth} deep")
        elif numbers[name]:
            while True:
                closed = opened.pop()
                numbers[closed] -= 1
                if closed == name:
                    break


_REFERENCE = re.compile(
    rb"&(?=#)#(?!3[2-9]|[4-9]\d|[2-9]\d\d|1[013-9]\d|12[0-689]|[1-9]\d{3}|[xX][2-689a-fA-F][0-9a-fA-F])"  # most: no control character
    rb"(?:(?=\d)0*+(\d{0,3})(?!\d)|[xX](?=[0-9a-fA-F])0*+([0-9a-fA-F]{0,2})(?![0-9a-fA-F]));?")
_OPENED = re.compile(rb"(?:&(?:#[xX]?)?[0-9a-fA-F]{0,12}|\A[0-9a-fA-F]{12})\Z")
"""The end of a text that may become a reference when something behind it goes."""
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,60})")
_VALUE = rb"""[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^ \t\n\f\r>]*+)"""
_ONE = rb"[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+(?:" + _VALUE + rb")?+"
_ALL = rb"(?:[ \t\n\f\r/]++|" + _ONE + rb")*+"
_ATTRIBUTE = re.compile(_ONE)
_PIECE = re.compile(
    rb"<(?:!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)"
    rb"|(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[ \t\n\f\r/>])"
    rb"(?P<raw_given>" + _ALL + rb")>(?P<text>(?:[^<]++|<(?!/(?P=raw)))*+)"
    rb"|(?P<slash>/?)(?P<name>[a-zA-Z][^ \t\n\f\r/>]*+)(?P<given>" + _ALL + rb")"
    rb"|[!?/][^>]*+)>?", re.I)
"""A comment, an element that holds text alone, a tag, or a comment by mistake."""
_FORMATTING = frozenset(b"b big code em font i s small strike strong tt u".split())
_FORMATTING_TAG = re.compile(rb"<(/?)(b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s>/])", re.I)
_END = rb"(?=[ \t\n\f\r/>])"
_EASY_GIVEN = (rb"""(?:[^>="']{1,40}+"""
               rb"""(?:(?<![ \t\n\f\r/])=[ \t\n\f\r]*+(?:"[^"]*+"|'[^']*+'|[^ \t\n\f\r>"']++(?=[ \t\n\f\r>])))?+){0,22}+>""")
_MOST_EASY = 22 * 21
"""Of 40 characters each that are not in a value, no more than 20 are attributes without one, and one has a value."""
_EASY_NAME = (rb"""(?:[adghj-mo-rvwyzADGHJ-MO-RVWYZ][^ \t\n\f\r/>="'<]*+|"""
              rb"""(?!(?:b|big|code|em|font|i|s|small|strike|strong|tt|u|script|style|textarea|title|xmp|iframe|noembed|noframes)"""
              rb"""[ \t\n\f\r/>])[bcefinstux][a-z0-9:_-]*+)""" + _END)
_RAW_NAMES = rb"script|style|textarea|title|xmp|iframe|noembed|noframes"
_AT_ONCE = 64
_EASY = re.compile(
    rb"(?=<)(?:<(?:/?" + _EASY_NAME + _EASY_GIVEN
    + rb"|script" + _END + _EASY_GIVEN + rb"(?:[^<]++|<(?!/[sS][cC][rR][iI][pP][tT]))*+"
    + b"".join(rb"|" + name + _END + _EASY_GIVEN + rb"[^<]*+(?=</" + name + rb")" for name in (b"style", b"title", b"textarea", b"iframe"))
    + rb"|/(?:" + _RAW_NAMES + rb")>"
    + rb"|!--(?!-?>)(?:[^-]++|-(?!-!?>))*+--!?>"
    + rb")[^<]*+){0,64}+"
    rb"(?:<(?P<slash>/?)(?P<name>b|big|code|em|font|i|s|small|strike|strong|tt|u)" + _END + _EASY_GIVEN + rb")?+")
"""As many tags with what follows them as it can tell from `_PIECE` alone to be short of attributes, up to a formatting tag and with it.

Names are written in lower case where another letter case matters; no value's quotation mark stands where a tokenizer sees none.
"""
_NOT_NESTING = _FORMATTING | frozenset(
    b"a nobr p li dd dt td th tr tbody thead tfoot option optgroup rb rp rt rtc area base br col embed hr img input link meta param source "
    b"track wbr".split())
"""Elements that close by themselves, and void ones."""
