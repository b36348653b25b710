"""Records on lines: what they become, which field is what, and what is wrong with some."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from copydesk import Fault, LimitSettings, Location, MediaType, Page, Pipeline, Settings, SettingsError, SourceRange, Status
from copydesk_plugins.sources.source_jsonl import Plugin

LIMITS = LimitSettings(page_bytes=20_000)


def opened(path: Path, content: bytes, limits: LimitSettings = LIMITS, **settings: Any) -> list[Page | Fault]:
    path.write_bytes(content)
    plugin = Plugin(Plugin.Settings.model_validate(settings))
    location = Location(str(path), path.name, len(content))
    ranges = plugin.plan_source(location)
    assert ranges is not None
    return [item for each in ranges for item in plugin.open_source(each, limits) or ()]


def one(tmp_path: Path, record: object, **settings: Any) -> Page | Fault:
    (item,) = opened(tmp_path / "a.jsonl", json.dumps(record).encode(), **settings)
    return item


def page(tmp_path: Path, record: object, **settings: Any) -> Page:
    item = one(tmp_path, record, **settings)
    assert isinstance(item, Page)
    return item


def codes(items: Sequence[Page | Fault]) -> list[str]:
    return [item.code if isinstance(item, Fault) else item.content.decode() for item in items]


@pytest.mark.parametrize("name", ["a.jsonl", "a.NDJSON", "a.jsonlines", "a.jsonl.gz", "a.ndjson.zst", "a.jl", "a.JL.gz", "a.jl.zst",
                                  "a.json", "a.json.gz"])
def test_endings(name: str) -> None:
    assert Plugin(Plugin.Settings()).plan_source(Location(name, name, 5)) == [SourceRange(Location(name, name, 5))]


@pytest.mark.parametrize("name", ["a.geojson", "a.jsonld", "a.json.bz2", "jsonl", "json", "jl", "a.jsonl.bz2", "a.html.gz", "a.gz"])
def test_others_are_not_ours(name: str) -> None:
    plugin, location = Plugin(Plugin.Settings()), Location(name, name, 5)
    assert plugin.plan_source(location) is None
    assert plugin.open_source(SourceRange(location), LIMITS) is None


def test_a_record_becomes_a_page(tmp_path: Path) -> None:
    found = page(tmp_path, {
        "id": 17, "url": "https://news.example/a", "html": "<p>é</p>", "text": "é", "title": "Ferry\nstrike",
        "author": ["Anna Miller", "Li Wei"], "date": "2026-03-14", "fetched_at": "2026-03-15T10:00:00+02:00",
        "publisher": {"name": "The Harbor Times"}, "language": "en",
        "description": "A \x07strike."})
    assert (found.content, found.media_type, found.charset) == ("<p>é</p>".encode(), MediaType.HTML, "utf-8")
    assert (found.source_path, found.source_record, found.source_offset, found.url) == ("a.jsonl", "17", 0, "https://news.example/a")
    assert found.date_captured == datetime(2026, 3, 15, 8, tzinfo=UTC)
    assert dict(found.stated) == {
        "headline": "Ferry strike", "date_published": "2026-03-14", "byline": "Anna Miller; Li Wei", "description": "A strike.",
        "publisher": "The Harbor Times", "in_language": "en"}


@pytest.mark.parametrize(("record", "kind", "stated"), [
    ({"maintext": "Body", "title": "T", "date_publish": "2024-03-05 10:00:00", "authors": ["A"], "source_domain": "x.example"},
     "text/plain", {"headline": "T", "date_published": "2024-03-05 10:00:00", "byline": "A"}),
    ({"articleBody": "Body", "headline": "T", "datePublished": "2024-03-05T10:00:00Z", "author": [{"@type": "Person", "name": "A"}],
      "publisher": {"@type": "Organization", "name": "P"}, "inLanguage": "en"}, "text/plain",
     {"headline": "T", "date_published": "2024-03-05T10:00:00Z", "byline": "A", "publisher": "P", "in_language": "en"}),
    ({"raw_text": "Raw", "text": "Body", "author": "A", "sitename": "P", "excerpt": "E", "date": "2024-03-05", "source": "https://x.example"},
     "text/plain", {"byline": "A", "publisher": "P", "description": "E", "date_published": "2024-03-05"}),
    ({"text": "Body", "timestamp": "2024-03-05T10:00:00Z", "url": "https://x.example/a"}, "text/plain", {}),
    ({"source": {"id": None, "name": "P"}, "title": "T", "content": "Body", "publishedAt": "2024-03-05T10:00:00Z"}, "text/plain",
     {"publisher": "P", "headline": "T", "date_published": "2024-03-05T10:00:00Z"}),
    ({"content": "Body", "warc_headers": {"warc-target-uri": "https://x.example/a", "warc-date": "2024-03-05T10:00:00Z"}},
     "text/plain", {}),
    ({"body": "\n<!DOCTYPE html><p>Body", "metadata": {"title": "T"}}, "text/html", {"headline": "T"}),
    ({"_id": {"$oid": "65e7"}, "text": "Body", "date": {"$date": {"$numberLong": "1709600000000"}}}, "text/plain",
     {"date_published": "1709600000000"}),
])
def test_records_of_common_makers(tmp_path: Path, record: dict[str, Any], kind: str, stated: dict[str, str]) -> None:
    found = page(tmp_path, record)
    assert found.content.decode().strip() in ("Body", "<!DOCTYPE html><p>Body")
    assert found.media_type == kind
    assert dict(found.stated) == stated


def test_fields_named_in_the_settings(tmp_path: Path) -> None:
    record = {"html": "<p>no</p>", "page": {"source": "<p>yes</p>"}, "text": "no", "ref": "r1", "page.url": "https://x.example/a",
              "date": "2024-01-01"}
    found = page(tmp_path, record, fields={"html": ["absent", "page.source"], "id": "ref", "url": "page.url", "date": []})
    assert (found.content, found.source_record, found.url, found.stated) == (b"<p>yes</p>", "r1", "https://x.example/a", ())


def test_settings_that_do_not_exist_are_refused() -> None:
    with pytest.raises(SettingsError, match="headline"):
        Pipeline(Settings(plugin_settings={"source_jsonl": {"fields": {"headline": "x"}}}))


@pytest.mark.parametrize(("value", "iso"), [
    (1709600000, "2024-03-05T00:53:20+00:00"), (1709600000.9, "2024-03-05T00:53:20+00:00"), (1709600000123, "2024-03-05T00:53:20+00:00"),
    (1709600000123456, "2024-03-05T00:53:20+00:00"), (20240305, "20240305"), (17, None), (-1, None), (True, None), (4e20, None),
    (float("nan"), None), (float("inf"), None), ([2024], None), ({"y": 2024}, None)])
def test_dates_as_numbers(tmp_path: Path, value: object, iso: str | None) -> None:
    found = page(tmp_path, {"text": "Body", "date": value, "fetched_at": value})
    assert dict(found.stated).get("date_published") == iso
    assert (found.date_captured is None) == (iso is None)


@pytest.mark.parametrize("url", [
    "/a", "ftp://x.example/a", "https://x.example/a b", "javascript:alert(1)", ["/a"], 5, None, "u",
    "https://x.example/a\u0000", "https://x.example/" + "a" * 3_000, "https://x.example/\ud800", "http://[a/b", "https:///a", [["https://x.example/a"]]])
def test_what_is_no_address_is_none(tmp_path: Path, url: object) -> None:
    assert page(tmp_path, {"text": "Body", "url": url}).url is None


@pytest.mark.parametrize("url", ["https://x.example", "https://x.example/", "https://x.example/index.html", ["/a", "https://x.example/"]])
def test_a_sites_entrance_is_taken_where_there_is_no_other_address(tmp_path: Path, url: object) -> None:
    assert str(page(tmp_path, {"text": "Body", "url": url}).url).startswith("https://x.example")


@pytest.mark.parametrize("fields", [
    {"url": "https://x.example/", "link": "https://x.example/a"}, {"url": ["/a", 5, "https://x.example", "https://x.example/a"]},
    {"source_url": "https://x.example", "uri": "https://x.example/a"}, {"url": "/a", "source": "https://x.example/a"},
    {"link": "https://x.example/a", "source": "https://x.example/b"}, {"url": " https://x.example/a\n"},
    {"url": "https://x.example/?utm_source=rss", "canonical_url": "https://x.example/a"}, {"url": "https://x.example/index.htm", "uri": "https://x.example/a"},
    {"url": "https://x.example/Default.aspx", "uri": "https://x.example/a"}, {"source_url": "https://x.example/a"},
    {"source_url": "https://x.example/b", "source": "https://x.example/a"}])
def test_the_first_address_that_names_an_article_is_taken(tmp_path: Path, fields: dict[str, object]) -> None:
    assert page(tmp_path, {"text": "Body", **fields}).url == "https://x.example/a"


def test_the_address_of_a_site_makes_no_duplicates(tmp_path: Path) -> None:
    pipeline = Pipeline()
    found = [page(tmp_path, {"text": f"{text}\n\n" + f"The council met on {text} to speak of the ferry. " * 20, "source_url": "https://x.example"})
             for text in ("Monday", "Tuesday")]
    articles = [article for each in found if (article := pipeline.process(each).article)]
    assert len({article.article_id for article in articles}) == 2


@pytest.mark.parametrize("record", [
    {}, {"id": "x"}, {"text": ""}, {"text": " \n"}, {"text": {"a": 1}}, {"text": 12.5}, {"html": None, "text": [["a"], 5]}, {"foo": "bar"}])
def test_no_page_in_a_record(tmp_path: Path, record: object) -> None:
    fault = one(tmp_path, record)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.status, fault.source_offset) == ("no_content", Status.REJECTED, 0)


def test_text_that_is_no_text(tmp_path: Path) -> None:
    found = page(tmp_path, {
        "id": "a\ud800\u0000\u202e" + "x" * 500, "text": "a\ud800b\u0000c\udc00\ud83d\ude00", "title": "\ud800" * 3_000})
    assert found.content.decode() == "a\ufffdb\ufffdc\ufffd\U0001f600"
    assert len(found.source_record) == 200
    assert dict(found.stated)["headline"] == "\ufffd" * 2_000
    assert found.record_hash


@pytest.mark.parametrize(("line", "code"), [
    (b'{"text": "no end', "json"), (b'{"text": "a"}{"text": "b"}', "json"), (b'{"text": "a",}', "json"), (b"{'text': 'a'}", "json"),
    (b"[1, 2]", "json"), (b'"text"', "json"), (b"null", "json"), (b"42", "json"), (b"true", "json"), (b'[{"text": "a"}]', "json_array"),
    (b'{"text": "caf\xe9"}', "encoding"), (b'{"text": "\xed\xa0\x80"}', "encoding"),
    (b'{"text": "a", "m": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "limit_depth"), (b'{"m":' * 500 + b"1" + b"}" * 500, "limit_depth"),
    (b'{"text": "' + b"a" * 20_001 + b'"}', "limit_page_bytes"), (b'{"text": "' + b"\\u00e9" * 10_001 + b'"}', "limit_page_bytes"),
    (b'{"text": "' + b"a" * 2_000_000 + b'"}', "limit_page_bytes"), (b'{"m": [' + b"{}," * 700_000 + b"{}]}", "limit_values")])
def test_a_bad_line_costs_itself(tmp_path: Path, line: bytes, code: str) -> None:
    limits = LimitSettings(page_bytes=2_000_000 if code == "limit_values" else 20_000)
    first, fault, last = opened(tmp_path / "a.jsonl", b'{"text": "one"}\n' + line + b'\n{"text": "two"}\n', limits)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.status, fault.source_offset, fault.source_path) == (code, Status.QUARANTINED, 16, "a.jsonl")
    assert codes([first, last]) == ["one", "two"]


@pytest.mark.parametrize("more", [
    b'"n": ' + b"9" * 5_000, b'"n": -' + b"9" * 5_000, b'"n": NaN, "m": -Infinity, "k": 1e999', b'"n": 18446744073709551616',
    b'"": 1, "__proto__": {}', b'"text": "two"', b'"m": ' + b"[" * 300 + b"]" * 300,
    b'"date": ' + b"9" * 5_000 + b', "id": ' + b"9" * 5_000])
def test_odd_values_do_no_harm(tmp_path: Path, more: bytes) -> None:
    (found,) = opened(tmp_path / "a.jsonl", b'{"text": "one", ' + more + b"}")
    assert isinstance(found, Page)
    assert found.content == (b"two" if b"two" in more else b"one"), "of like keys the last counts"


def test_tabs_and_nul_inside_strings(tmp_path: Path) -> None:
    assert codes(opened(tmp_path / "a.jsonl", b'{"text": "a\tb\x00c"}')) == ["a\tb\ufffdc"]


@checked(deadline=None)
@given(record=st.dictionaries(
    st.sampled_from(["id", "url", "html", "text", "content", "title", "date", "fetched_at", "authors", "publisher", "lang", "metadata"]),
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
                 lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "$date", "title"]), inner))))
def test_any_record_gives_a_page_or_a_fault(tmp_path_factory: pytest.TempPathFactory, record: dict[str, Any]) -> None:
    item = one(tmp_path_factory.mktemp("any"), record)
    if isinstance(item, Page):
        item.content.decode("utf-8")
        for text in (item.source_record, item.url or "", *(text for pair in item.stated for text in pair)):
            assert "\n" not in text.encode("utf-8").decode()
    else:
        assert item.code == "no_content"
