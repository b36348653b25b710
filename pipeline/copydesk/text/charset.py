"""Decode the bytes of a page: find its encoding, and count the characters that could not be decoded.

`decode` tries in this order: byte order mark, UTF-16 by its NUL bytes, valid UTF-8, the transport's declaration, the page's
declaration, a guess. Valid UTF-8 with bytes beyond ASCII goes before a declaration: servers often declare a wrong encoding, and text in
another encoding is hardly ever valid UTF-8. Labels have the meaning that the WHATWG Encoding Standard gives them
(https://encoding.spec.whatwg.org, "names and labels"): ``iso-8859-1`` is windows-1252, ``gb2312`` is gb18030.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

REPLACEMENT = "\ufffd"
"""The character that decoders put in the place of bytes that they cannot decode."""
META_WINDOW = 8192
"""Bytes at the start of a page that are searched for its declarations of encoding and language."""
SAMPLE = 16_384
"""Bytes, without tags, from which an encoding is guessed."""
_SEARCHED = 8 * SAMPLE
"""Bytes, tags included, in which the guess looks for its sample."""
_BEFORE_SAMPLE = 256
"""Bytes of the sample before the first byte beyond ASCII."""
_GUESS_STEPS, _GUESS_CHUNK = 4, 512
"""How many chunks of the sample charset-normalizer reads, and of how many bytes each."""
_CHARACTERS_PER_FAULT = 200
"""A declared encoding is believed when at most one of so many characters could not be decoded."""
_MOST_DECLARATIONS = 3
"""Declarations of the page that are tried."""
_WIDE_WINDOW = 4096
"""Bytes at the start of a page in which NUL bytes are counted."""
_LEAST_PAIRS = 8
"""Pairs of bytes that a page must have to be taken for UTF-16."""
_MANY_NULS, _FEW_NULS = 0.4, 0.05
"""UTF-16 of mostly Latin text: share of NUL among the high bytes (more than this) and among the low bytes (less than this)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The decoded text of a page.

    Attributes:
        text: the text, without NUL characters.
        charset: the WHATWG name of the encoding.
        replacements: how many characters could not be decoded in this encoding.
        source: the page's bytes, when they are exactly ``text`` in UTF-8; else None.
    """

    text: str
    charset: str
    replacements: int
    source: bytes | None = field(default=None, repr=False, compare=False)


def decode(content: bytes, transport: str | None = None) -> Decoded:
    """Decode the bytes of a page. This never fails.

    Args:
        content: the bytes of the page.
        transport: the encoding label that the transport gave (an HTTP header, for example); None when it gave none.

    >>> decode(b"caf\\xe9", "iso-8859-1")
    Decoded(text='café', charset='windows-1252', replacements=0)
    >>> decode("café".encode(), "iso-8859-1").charset
    'utf-8'
    """
    marked = _by_mark(content)
    if marked is not None:
        return marked
    wide = _wide(content)
    if wide:
        return _decoded(content, wide)
    if not (content.isascii() and b"\x1b" in content):  # the ISO-2022 encodings look like ASCII with escapes
        try:
            text = content.decode("utf-8")
            return Decoded(text.replace("\0", ""), "utf-8", 0) if b"\0" in content else Decoded(text, "utf-8", 0, content)
        except UnicodeDecodeError:
            pass
    tried = [_decoded(content, name) for name in _declared(content, transport)]
    best = min(tried, key=lambda each: each.replacements, default=None)
    if best is not None and best.replacements * _CHARACTERS_PER_FAULT <= len(best.text):
        return best
    broken = _broken_utf8(content)
    if broken is not None:
        return broken
    guess = _decoded(content, _guess(content))
    return best if best is not None and best.replacements <= guess.replacements else guess


def known_label(label: str) -> str | None:
    """The WHATWG name of the encoding that a label stands for; None for an unknown label.

    >>> known_label(" Latin1 "), known_label("rot13")
    ('windows-1252', None)
    """
    return _NAMES.get(label.strip().strip("\"'").lower())


def _by_mark(content: bytes) -> Decoded | None:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark):], name)
    return None


def _wide(content: bytes) -> str | None:
    """The name of the UTF-16 variant when the bytes look like one; None when they do not.

    UTF-16 of mostly Latin text without a byte order mark has a NUL in every other byte.
    """
    head = content[:_WIDE_WINDOW]
    half = len(head) // 2
    if half < _LEAST_PAIRS or head.count(0) < _MANY_NULS * half:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even > _MANY_NULS * half and odd < _FEW_NULS * half:
        return "utf-16be"
    return "utf-16le" if odd > _MANY_NULS * half and even < _FEW_NULS * half else None


def _declared(content: bytes, transport: str | None) -> Iterator[str]:
    """The known encodings that the transport and the page declare. UTF-8 and UTF-16 are left out: the caller has ruled them out."""
    found = [transport or ""]
    head = content[:META_WINDOW]
    if b"\x1b$" in content or b"\x1b(" in content:
        found.append("iso-2022-jp")
    found += [match.group(1).decode("ascii") for pattern in (_META, _XML) for match in pattern.finditer(head)][:_MOST_DECLARATIONS]
    for name in dict.fromkeys(known_label(label) for label in found):
        if name is not None and not name.startswith("utf-"):
            yield name


def _decoded(content: bytes, name: str) -> Decoded:
    text = content.decode(_CODECS.get(name, name), "copydesk-byte" if name == "utf-8" else "replace")
    return Decoded(text.replace("\0", "").replace(_GUESSED, ""), name, text.count(REPLACEMENT) + text.count(_GUESSED))


def _broken_utf8(content: bytes) -> Decoded | None:
    """The page as UTF-8 with some broken bytes; None when more characters beyond ASCII are broken than are right."""
    found = _decoded(content, "utf-8")
    right = sum(char > "\x7f" for char in found.text) - found.replacements
    return found if right >= found.replacements else None


def _guess(content: bytes) -> str:
    """The likeliest encoding of the text outside tags. Between encodings of Latin letters the language of the page decides."""
    sample = _TAGS.sub(b" ", content[:_SEARCHED])
    first = _BEYOND_ASCII.search(sample)
    if first is None:
        return "windows-1252"
    start = max(0, first.start() - _BEFORE_SAMPLE)
    found = _likeliest(sample[start : start + SAMPLE])
    language = _LANG.search(content[:META_WINDOW])
    code = language.group(1).decode("ascii").lower() if language else ""
    for name in _EAST_ASIAN.get(code, ()):
        if not _decoded(content, name).replacements:
            return name
    return _OF_LANGUAGE.get(code, "windows-1252") if found in _LATIN else found


def _likeliest(sample: bytes) -> str:
    """The encoding that charset-normalizer finds; windows-1252 when it finds none."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(sample, steps=_GUESS_STEPS, chunk_size=_GUESS_CHUNK, cp_isolation=list(_GUESSABLE)))
    if not matches:
        return "windows-1252"
    return _GUESSABLE[matches[0].encoding]


_GUESSED = "\ue5e5\ue5e6"
"""Private-use characters behind each character that `_single_byte` guessed. `_decoded` counts and removes them."""


def _single_byte(error: UnicodeError) -> tuple[str, int]:
    """Handle a decoding error of UTF-8: read one byte between ASCII bytes as windows-1252, replace anything else.

    Pages of mixed encodings have such single bytes.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    start, data = error.start, error.object
    before, after = data[start - 1 : start], data[start + 1 : start + 2]
    if before.isascii() and after.isascii():
        char = data[start : start + 1].decode("cp1252", "replace")
        if char != REPLACEMENT:
            return char + _GUESSED, start + 1
    return REPLACEMENT, error.end


codecs.register_error("copydesk-byte", _single_byte)

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
_META = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s{0,20}=\s{0,20}[\"']?\s{0,20}([\w.:-]{1,40})", re.I)
_XML = re.compile(rb"^\s{0,20}<\?xml\b[^>]{0,200}?\bencoding\s{0,20}=\s{0,20}[\"']([\w.:-]{1,40})", re.I)
_TAGS = re.compile(rb"<(?:script|style)\b[^<]{0,20000}|<[^<>]{0,2000}>", re.I)

_LANG = re.compile(rb"<html\b[^>]{0,500}?\blang\s{0,9}=\s{0,9}[\"']?([A-Za-z]{2})", re.I)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")

_LABELS = {  # WHATWG Encoding Standard, names and labels (the labels that pages use in practice)
    "utf-8": "utf8 unicode-1-1-utf-8 x-unicode20utf8",
    "utf-16le": "utf-16 ucs-2 unicode csunicode", "utf-16be": "unicodefffe",
    "windows-1252": "iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 l1 ascii us-ascii ansi_x3.4-1968 cp1252 x-cp1252 cp819 ibm819",
    "windows-1250": "cp1250 x-cp1250", "windows-1251": "cp1251 x-cp1251", "windows-1253": "cp1253 x-cp1253",
    "windows-1254": "cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5", "windows-1255": "cp1255 x-cp1255",
    "windows-1256": "cp1256 x-cp1256", "windows-1257": "cp1257 x-cp1257", "windows-1258": "cp1258 x-cp1258",
    "windows-874": "cp874 dos-874 iso-8859-11 iso8859-11 tis-620",
    "iso-8859-2": "iso8859-2 latin2 l2", "iso-8859-3": "iso8859-3 latin3", "iso-8859-4": "iso8859-4 latin4",
    "iso-8859-5": "iso8859-5 cyrillic", "iso-8859-6": "iso8859-6 arabic", "iso-8859-7": "iso8859-7 greek",
    "iso-8859-8": "iso8859-8 iso-8859-8-i hebrew", "iso-8859-10": "iso8859-10 latin6", "iso-8859-13": "iso8859-13",
    "iso-8859-14": "iso8859-14", "iso-8859-15": "iso8859-15 latin9", "iso-8859-16": "iso8859-16",
    "koi8-r": "koi8 koi cskoi8r", "koi8-u": "koi8-ru", "ibm866": "866 cp866", "macintosh": "mac x-mac-roman", "x-mac-cyrillic": "",
    "gb18030": "gbk gb2312 gb_2312-80 chinese x-gbk cp936", "big5": "big5-hkscs cn-big5 x-x-big5 big5hkscs",
    "euc-jp": "x-euc-jp eucjp", "iso-2022-jp": "csiso2022jp", "shift_jis": "shift-jis sjis x-sjis ms_kanji windows-31j cp932",
    "euc-kr": "ks_c_5601-1987 ksc5601 ks_c_5601-1989 korean windows-949 cp949",
}
_NAMES = {label: name for name, labels in _LABELS.items() for label in (name, *labels.split())}
_CODECS = {  # the Python codec, where its name differs or the codec of the same name covers only a part of the standard's encoding
    "windows-874": "cp874", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "shift_jis": "cp932", "euc-kr": "cp949",
    "big5": "big5hkscs", "utf-16le": "utf_16_le", "utf-16be": "utf_16_be",
}
_GUESSABLE = {"cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1253": "windows-1253",
              "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "koi8_r": "koi8-r", "cp932": "shift_jis",
              "euc_jp": "euc-jp", "gb18030": "gb18030", "big5hkscs": "big5", "cp949": "euc-kr"}
"""The encodings that charset-normalizer may choose: its name, then the WHATWG name."""

_EAST_ASIAN = {"ja": ("shift_jis", "euc-jp"), "ko": ("euc-kr",), "zh": ("gb18030", "big5")}
"""By language, the encodings to try in this order. Few byte sequences are valid in more than one of them."""
_LATIN = frozenset({"windows-1250", "windows-1252", "windows-1254"})
_OF_LANGUAGE = {  # HTML Standard, 13.2.3.2, default encodings by locale (the encodings of Latin letters)
    **dict.fromkeys(("cs", "hr", "sk"), "windows-1250"), **dict.fromkeys(("hu", "pl", "sl"), "iso-8859-2"),
    **dict.fromkeys(("et", "lt", "lv"), "windows-1257"), **dict.fromkeys(("ku", "tr"), "windows-1254"), "vi": "windows-1258",
}
