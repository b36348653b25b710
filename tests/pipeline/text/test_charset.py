from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.text.charset import decode, known_label

FRENCH = "Le café de l’Écluse rouvre lundi, « à sept heures », dit Théo. Où sont les chaises ? Près du quai, naïvement rangées. "
RUSSIAN = "Президент заявил журналистам, что правительство готово принять закон о бюджете. "
JAPANESE = "首相は記者会見で、経済対策をまとめる考えを示した。カタカナの影響で値上がりした。"
KOREAN = "대통령은 기자들에게 정부가 준비되어 있다고 말했다. 경제 대책을 마련했다. "
CHINESE = "总统对记者说，政府已经准备好通过法律。经济政策将会改变。"


def test_valid_utf8_beats_a_wrong_declaration() -> None:
    found = decode(FRENCH.encode(), "iso-8859-1")
    assert (found.text, found.charset, found.replacements) == (FRENCH, "utf-8", 0)


@pytest.mark.parametrize(("mark", "codec", "name"), [
    (b"\xef\xbb\xbf", "utf-8", "utf-8"), (b"\xff\xfe", "utf-16-le", "utf-16le"), (b"\xfe\xff", "utf-16-be", "utf-16be")])
def test_byte_order_mark_decides_and_is_no_text(mark: bytes, codec: str, name: str) -> None:
    found = decode(mark + FRENCH.encode(codec), "windows-1252")
    assert (found.text, found.charset) == (FRENCH, name)


@pytest.mark.parametrize(("codec", "name"), [("utf-16-le", "utf-16le"), ("utf-16-be", "utf-16be")])
def test_utf16_without_a_mark_is_seen_by_its_nul_bytes(codec: str, name: str) -> None:
    found = decode(FRENCH.encode(codec))
    assert (found.text, found.charset) == (FRENCH, name)


@pytest.mark.parametrize(("codec", "label", "name"), [
    ("cp1252", "ISO-8859-1", "windows-1252"), ("cp1252", '"latin1"', "windows-1252"), ("cp1254", "iso-8859-9", "windows-1254")])
def test_labels_mean_what_the_standard_says(codec: str, label: str, name: str) -> None:
    text = "Göteborg’s “æra” – 5 €"
    found = decode(text.encode(codec, "replace"), label)
    assert found.charset == name
    assert found.text == text.encode(codec, "replace").decode(codec)


@pytest.mark.parametrize(("text", "codec", "name"), [
    (RUSSIAN, "cp1251", "windows-1251"), (RUSSIAN, "koi8-r", "koi8-r"), (JAPANESE, "cp932", "shift_jis"), (JAPANESE, "euc-jp", "euc-jp"),
    (JAPANESE, "iso2022_jp", "iso-2022-jp"), (KOREAN, "cp949", "euc-kr"), (CHINESE, "gb18030", "gb18030")])
def test_meta_charset_is_believed(text: str, codec: str, name: str) -> None:
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={name}"></head><body><p>{text * 3}</p></body></html>'
    found = decode(page.encode(codec))
    assert (found.text, found.charset, found.replacements) == (page, name, 0)


@pytest.mark.parametrize(("text", "codec", "language", "name"), [
    (FRENCH, "cp1252", "fr", "windows-1252"), (RUSSIAN, "cp1251", "ru", "windows-1251"), (JAPANESE, "cp932", "ja", "shift_jis"),
    (JAPANESE, "euc-jp", "ja", "euc-jp"), (KOREAN, "cp949", "ko", "euc-kr"), (CHINESE, "gb18030", "zh", "gb18030"),
    ("Prezydent powiedział, że rząd jest gotów. Święta, łódź. ", "iso8859-2", "pl", "iso-8859-2")])
def test_undeclared_encodings_are_guessed(text: str, codec: str, language: str, name: str) -> None:
    found = decode(f'<html lang="{language}"><p>{text * 8}</p>'.encode(codec))
    assert found.charset == name
    assert text in found.text


@pytest.mark.parametrize("filler", ["", "The council met again on Tuesday and agreed on nothing. " * 60])
def test_utf8_declared_but_not_utf8(filler: str) -> None:
    page = f'<html><meta charset="utf-8"><p>{filler}{FRENCH * 4}</p>'
    found = decode(page.encode("cp1252"))
    assert (found.text, found.charset) == (page, "windows-1252")


def test_a_few_broken_bytes_leave_the_rest_utf8_and_are_counted() -> None:
    found = decode(FRENCH.encode() + b"don\x92t \xe2\x80 end")
    assert found.charset == "utf-8"
    assert found.text == FRENCH + "don’t \ufffd end"
    assert found.replacements == 2


def test_nul_bytes_go() -> None:
    assert decode(b"Mayor\x00 resigns").text == "Mayor resigns"


@pytest.mark.parametrize("label", ["rot13", "unicode_escape", "utf-7", "hex", "", "no-such", "zlib_codec"])
def test_labels_that_are_no_web_encodings_are_not_known(label: str) -> None:
    assert known_label(label) is None
    assert decode(b"+ADw-b+AD4- \\u0041", label).text == "+ADw-b+AD4- \\u0041"


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=20)))
def test_any_bytes_decode(content: bytes, label: str | None) -> None:
    found = decode(content, label)
    assert "\x00" not in found.text
    assert 0 <= found.replacements <= len(content)
    found.text.encode("utf-8")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff\ufffd"), min_size=1))
def test_utf8_round_trip(text: str) -> None:
    if text.isascii() and "\x1b" in text:
        return
    found = decode(text.encode())
    assert (found.text, found.charset, found.replacements) == (text, "utf-8", 0)
