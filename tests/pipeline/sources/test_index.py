"""What an index beside the files, or a pattern over their paths, says about them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from copydesk import Location, SettingsError
from copydesk.settings.schema import SourceSettings
from copydesk.sources.index import FileFacts, SourceIndex, read

NOON = datetime(2024, 10, 18, 12, tzinfo=UTC)


def location(folder: Path, name: str) -> Location:
    return Location(str((folder / name).resolve()), name, 1)


def beside(folder: Path, index: str | None = None, pattern: str | None = None) -> SourceIndex:
    return read(SourceSettings(index=index, pattern=pattern), [folder], "")


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_index_gives_url_time_and_site(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.html").touch()
    row = {"file": "a.html", "url": "https://example.com/a?x=1,2", "fetched_at": "2024-10-18T14:00:00+02:00", "site": "Example"}
    text = json.dumps(row) if kind == "jsonl" else "file,site,url,fetched_at\na.html,Example,\"https://example.com/a?x=1,2\",2024-10-18T12:00:00Z\n"
    (tmp_path / f"pages.{kind}").write_text(text, encoding="utf-8-sig")
    found = beside(tmp_path, f"pages.{kind}")
    assert found.facts(location(tmp_path, "a.html")) == FileFacts("https://example.com/a?x=1,2", NOON, "Example")
    assert found.facts(location(tmp_path, "b.html")) == FileFacts()
    assert found.files == {str((tmp_path / f"pages.{kind}").resolve())}
    assert found.rejects == []


def test_a_bad_row_is_a_reject_and_its_good_values_count(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    (tmp_path / "pages.csv").write_text("file,url,fetched_at\na.html,not a url,2024-02-31\nabsent.html,https://example.com/,\n"
                                        "a.html,https://example.com/a,soon\n", encoding="utf-8")
    found = beside(tmp_path, "pages.csv")
    assert [(each.source_record, each.message) for each in found.rejects] == [
        ("line 2", "not a URL: not a url"), ("line 2", "no date: 2024-02-31"), ("line 3", "there is no file absent.html"),
        ("line 4", "no date: soon")]
    assert found.facts(location(tmp_path, "a.html")) == FileFacts("https://example.com/a")


def test_a_json_line_that_is_none_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    (tmp_path / "pages.jsonl").write_text('{"file": "a.html", "url": "https://example.com/a"}\n{"file": \n[1]\n', encoding="utf-8")
    found = beside(tmp_path, "pages.jsonl")
    assert [each.source_record for each in found.rejects] == ["line 2", "line 3"]
    assert found.facts(location(tmp_path, "a.html")).url == "https://example.com/a"


def test_a_pattern_reads_the_path_and_the_index_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "pages.csv").write_text("file,url\nb.html,https://example.com/b\n", encoding="utf-8")
    (tmp_path / "b.html").touch()
    pattern = r"^(?P<site>[^/]+)/(?P<fetched_at>\d{8}T\d{6}Z)/(?P<url>.+)\.html$"
    found = beside(tmp_path, "pages.csv", pattern)
    there = Location("/x", "post/20241018T120000Z/https%3A%2F%2Fexample.com%2Fa.html", 1)
    assert found.facts(there) == FileFacts("https://example.com/a", NOON, "post")
    assert found.facts(location(tmp_path, "b.html")).url == "https://example.com/b"


@pytest.mark.parametrize(("pattern", "words"), [
    ("(", "not a regular expression"), ("x", "there is none"), ("(?P<when>x)", "there is when")])
def test_a_wrong_pattern_says_what_is_wrong(tmp_path: Path, pattern: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        beside(tmp_path, pattern=pattern)


def test_an_index_must_be_there_and_have_the_column(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no file .*pages\.csv"):
        beside(tmp_path, "pages.csv")
    (tmp_path / "pages.csv").write_text("path,url\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="no column 'file'"):
        beside(tmp_path, "pages.csv")


def test_names_that_no_file_can_have_cost_their_row(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    lines = ['{"file": "a\\u0000b"}', '{"file": "\\ud800.html"}', '{"file": "a.html", "url": "https://example.com/\\ud800"}',
             '{"file": "a.html", "url": "https://example.com/a"}']
    (tmp_path / "pages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = beside(tmp_path, "pages.jsonl")
    assert [each.source_record for each in found.rejects] == ["line 1", "line 2", "line 3"]
    assert found.facts(location(tmp_path, "a.html")).url == "https://example.com/a"


def test_bytes_and_fields_that_cannot_be_read_cost_their_row(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    content = b"file,url\nb\xff.html,\n" + b"x" * 200_000 + b",\na.html,https://example.com/a\n"
    (tmp_path / "pages.csv").write_bytes(content)
    found = beside(tmp_path, "pages.csv")
    assert len(found.rejects) == 2
    assert found.facts(location(tmp_path, "a.html")).url == "https://example.com/a"
