"""Guard the HTML parser: remove references to control characters, and refuse mark-up that takes quadratic time to parse.

The time of lexbor grows with the square of the nesting depth and of the number of attributes of a tag. It also repeats unclosed
formatting elements at each block (HTML Standard, 13.2.4.3, "reconstruct the active formatting elements"). All checks here are linear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from copydesk.errors import refusal
from copydesk.settings.schema import LimitSettings

TagToken = tuple[bytes, bytes]
"""The slash of an end tag (empty for a start tag), and the name."""

_REFERENCE_LENGTH = 12
"""Bytes before a reference that may be the beginning of another reference around it. `_OPENED` has the same number."""
_WHITE_SPACE = (9, 10, 11, 12, 13)
"""The codes of tab, line feed, vertical tab, form feed and carriage return."""
_BLANK, _DELETE = 32, 127
"""The first code that is no control character, and the one control character above it in ASCII."""
_SHALLOW = 20
"""A page with at most this many times as many tags as the depth limit is parsed without a closer check: it can cost little."""
_BYTES_PER_ATTRIBUTE = 2
"""Attributes take at least this many bytes each, so shorter texts need no count."""
_DEPTH_SLACK = 2
"""This check lets so many times the depth limit pass, because it builds no tree. The parser measures the depth exactly."""


def strip_controls(source: bytes) -> bytes:
    """Remove the references to control characters from HTML source (in UTF-8).

    References to white space, and references inside another reference, become a blank. References 128 to 159 stay: parsers read them as
    windows-1252, which is what authors meant.

    >>> strip_controls(b"a&#11;b&#x1;c&#146;")
    b'a bc&#146;'
    >>> strip_controls(b"&#&#1;11;")
    b'&# 11;'
    """
    return _REFERENCE.sub(_replaced, source)


def _replaced(match: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = match.groups()
    code = int(decimal or b"0") if hexadecimal is None else int(hexadecimal or b"0", 16)
    if code in _WHITE_SPACE:
        return b" "
    if code >= _BLANK and code != _DELETE:
        return match.group()
    return b" " if _OPENED.search(match.string[max(0, match.start() - _REFERENCE_LENGTH) : match.start()]) else b""


def check(source: bytes, limits: LimitSettings) -> None:
    """Check that HTML source (in UTF-8) is cheap enough to parse.

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
    """Whether so few tags cannot cost much: neither by their depth, which the parser measures later, nor by repeated formatting."""
    return number <= _SHALLOW * limits.depth and unclosed * number <= limits.tags


def _hard_tags(source: bytes, most: int) -> tuple[list[TagToken], int]:
    """The formatting tags, and an upper bound of the number of all tags.

    Tags that `_EASY` matches have few attributes. The attributes of other tags are counted.
    """
    formatting: list[TagToken] = []
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
    """The tags of HTML source without attributes, as a tokenizer finds them (HTML Standard, 13.2.5).

    Comments, quoted values and scripts hold no tags.
    """
    for match in _PIECE.finditer(source):
        yield _tag(match, most)


def _tag(match: re.Match[bytes], most: int) -> bytes:
    """The tag without its attributes; empty for a comment. The attributes are counted.

    Elements that hold only text in HTML hold mark-up inside a drawing, so tags in their text are checked too.
    """
    name = match["name"] or match["raw"]
    if name is None:
        return b""
    given = match["given"] or match["raw_given"] or b""
    if len(given) > _BYTES_PER_ATTRIBUTE * most:
        number = sum(1 for _ in _ATTRIBUTE.finditer(given))
        if number > most:
            raise refusal("attributes_per_tag", f"a tag with {number} attributes, the limit is {most}")
    if len(match["text"] or b"") > _BYTES_PER_ATTRIBUTE * most and match["raw"].lower() != b"script":
        for _ in _tags(match["text"], most):
            pass
    return b"<" + (match["slash"] or b"") + name + b">"


def _most_unclosed(formatting: list[TagToken]) -> int:
    """The largest number of formatting elements that are open at one place. End tags without a start tag do not count."""
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


def _check_formatting(tags: list[TagToken], limits: LimitSettings) -> None:
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


def _check_depth(tags: list[TagToken], limits: LimitSettings) -> None:
    opened: list[bytes] = []
    numbers: Counter[bytes] = Counter()
    for slash, name in tags:
        if name in _NOT_NESTING:
            continue
        if not slash:
            opened.append(name)
            numbers[name] += 1
            if len(opened) > _DEPTH_SLACK * limits.depth:
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
"""The end of a text that may become a reference when the characters behind it are removed."""
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
"""A comment, an element that holds only text, a tag, or mark-up that parsers take for a comment."""
_FORMATTING = frozenset(b"b big code em font i s small strike strong tt u".split())
_FORMATTING_TAG = re.compile(rb"<(/?)(b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s>/])", re.I)
_END = rb"(?=[ \t\n\f\r/>])"
_EASY_GIVEN = (rb"""(?:[^>="']{1,40}+"""
               rb"""(?:(?<![ \t\n\f\r/])=[ \t\n\f\r]*+(?:"[^"]*+"|'[^']*+'|[^ \t\n\f\r>"']++(?=[ \t\n\f\r>])))?+){0,22}+>""")
_MOST_EASY = 22 * 21
"""The most attributes that `_EASY_GIVEN` matches: 22 repeats of 40 characters, which hold 20 attributes without value and one with."""
_EASY_NAME = (rb"""(?:[adghj-mo-rvwyzADGHJ-MO-RVWYZ][^ \t\n\f\r/>="'<]*+|"""
              rb"""(?!(?:b|big|code|em|font|i|s|small|strike|strong|tt|u|script|style|textarea|title|xmp|iframe|noembed|noframes)"""
              rb"""[ \t\n\f\r/>])[bcefinstux][a-z0-9:_-]*+)""" + _END)
_RAW_NAMES = rb"script|style|textarea|title|xmp|iframe|noembed|noframes"
_AT_ONCE = 64
"""The most tags that one match of `_EASY` holds before its formatting tag."""
_EASY = re.compile(
    rb"(?=<)(?:<(?:/?" + _EASY_NAME + _EASY_GIVEN
    + rb"|script" + _END + _EASY_GIVEN + rb"(?:[^<]++|<(?!/[sS][cC][rR][iI][pP][tT]))*+"
    + b"".join(rb"|" + name + _END + _EASY_GIVEN + rb"[^<]*+(?=</" + name + rb")" for name in (b"style", b"title", b"textarea", b"iframe"))
    + rb"|/(?:" + _RAW_NAMES + rb")>"
    + rb"|!--(?!-?>)(?:[^-]++|-(?!-!?>))*+--!?>"
    + rb")[^<]*+){0,64}+"
    rb"(?:<(?P<slash>/?)(?P<name>b|big|code|em|font|i|s|small|strike|strong|tt|u)" + _END + _EASY_GIVEN + rb")?+")
"""A run of tags, each with the text behind it, that certainly have few attributes. It ends with a formatting tag, if there is one.

The pattern is stricter than `_PIECE`. Where the letter case of a name matters it takes lower case only. It takes quotation marks only
around values.
"""
_NOT_NESTING = _FORMATTING | frozenset(
    b"a nobr p li dd dt td th tr tbody thead tfoot option optgroup rb rp rt rtc area base br col embed hr img input link meta param source "
    b"track wbr".split())
"""Formatting elements, elements that the next one of their kind closes, and void elements. None of them adds to the depth."""
