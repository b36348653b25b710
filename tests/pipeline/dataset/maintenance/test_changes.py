"""What changed since a commit: a copy that follows the changes always holds what the dataset holds."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import copydesk
from copydesk import DatasetError
from support.object_server import CREDENTIALS, S3

PAGE = """<html lang="en"><head><meta property="og:title" content="Harbour story {n}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-14T09:00:00Z"><link rel="canonical" href="https://harbour.example/story-{n}"></head>
<body><article><h1>Harbour story {n}</h1><p>The harbour council voted on Friday to reopen ferry line {n}, which closed years ago.</p>
<p>“We have the boats, and now we have pier {version},” said Mara Lindqvist, who heads the council.</p></article></body></html>"""
HERE = copydesk.Settings.model_validate({"run": {"workers": 0}})
Rows = dict[str, dict[str, Any]]


def put(folder: Path, number: int, version: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"story-{number}.html").write_text(PAGE.format(n=number, version=version), encoding="utf-8")


def held(output: Path | str) -> Rows:
    return {row["article_id"]: row for row in copydesk.open_dataset(output).table("articles").to_pylist()}


def names(output: Path) -> dict[str, str]:
    return {row["url"] or row["canonical_url"]: article_id for article_id, row in held(output).items()}


def follow(copy: Rows, output: Path, since: int) -> tuple[Rows, copydesk.Changes]:
    """The copy, brought up to date by the changes alone."""
    found = copydesk.changes(output, since)
    now = held(output)
    kept = {article_id: row for article_id, row in copy.items() if article_id not in {*found.replaced, *found.erased}}
    return kept | {article_id: now[article_id] for article_id in (*found.added, *found.replaced)}, found


def test_added_replaced_and_erased(tmp_path: Path) -> None:
    inbox, output = tmp_path / "in", tmp_path / "out"
    for number in range(3):
        put(inbox, number)
    copydesk.run([inbox], output, HERE)
    ids = names(output)
    first = copydesk.changes(output, 0)
    assert (first.commit, set(first.added), first.replaced, first.erased) == (1, set(ids.values()), (), ())
    put(inbox, 1, version=7)
    put(inbox, 3)
    copydesk.run([inbox], output, HERE)
    found = copydesk.changes(output, 1)
    assert found.replaced == (ids["https://harbour.example/story-1"],)
    assert found.added == (names(output)["https://harbour.example/story-3"],)
    assert found.erased == ()
    assert copydesk.changes(output, 1, 1) == copydesk.Changes(1, 1, (), (), ())
    before = found.commit
    copydesk.compact(output)
    after = copydesk.changes(output, before)
    assert (after.added, after.replaced, after.erased) == ((), (), ())
    copydesk.erase(output, ids["https://harbour.example/story-0"])
    assert copydesk.changes(output, after.commit).erased == (ids["https://harbour.example/story-0"],)


@pytest.mark.parametrize("seed", range(4))
def test_a_copy_that_follows_is_equal(seed: int, tmp_path: Path) -> None:
    """Whatever is done, and however far behind the copy is."""
    chance = random.Random(seed)
    inbox, output = tmp_path / "in", tmp_path / "out"
    put(inbox, 0)
    copydesk.run([inbox], output, HERE)
    states: dict[int, Rows] = {0: {}, 1: held(output)}
    number = 1
    for step in range(7):
        action = chance.choice(["add", "add", "edit", "edit", "compact", "erase"])
        if action == "compact":
            copydesk.compact(output)
        elif action == "erase" and len(held(output)) > 1:
            copydesk.erase(output, chance.choice(sorted(held(output))))
        else:
            for _ in range(2):
                put(inbox, number if action == "add" else chance.randrange(number), version=step + 1)
                number += action == "add"
            copydesk.run([inbox], output, HERE)
        states[copydesk.open_dataset(output).commit] = held(output)
        for since in states:
            copy, found = follow(states[since], output, since)
            assert copy == held(output), (action, since)
            assert len({*found.added, *found.replaced, *found.erased}) == len(found.added) + len(found.replaced) + len(found.erased)


def test_beyond_the_retention_it_says_to_load_anew(tmp_path: Path) -> None:
    inbox, output = tmp_path / "in", tmp_path / "out"
    settings = copydesk.Settings.model_validate({"dataset": {"keep_commits": 1}, "run": {"workers": 0}})
    for version in range(4):
        put(inbox, 0, version)
        copydesk.run([inbox], output, settings)
    with pytest.raises(DatasetError, match="load the whole dataset anew"):
        copydesk.changes(output, 1)
    assert len(copydesk.changes(output, 0).added) == 1


@pytest.mark.parametrize("since", [-1, 2, 99])
def test_a_commit_that_is_not_there(since: int, tmp_path: Path) -> None:
    put(tmp_path / "in", 0)
    copydesk.run([tmp_path / "in"], tmp_path / "out", HERE)
    with pytest.raises(DatasetError, match=f"since commit {since}"):
        copydesk.changes(tmp_path / "out", since)


def test_in_an_object_store(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**CREDENTIALS, "FSSPEC_S3_ENDPOINT_URL": s3.endpoint}.items():
        monkeypatch.setenv(name, value)
    url = f"s3://{s3.bucket()}/news"
    put(tmp_path / "in", 0)
    copydesk.run([tmp_path / "in"], url, HERE)
    (article_id,) = held(url)
    put(tmp_path / "in", 0, version=2)
    put(tmp_path / "in", 1)
    copydesk.run([tmp_path / "in"], url, HERE)
    found = copydesk.changes(url, 1)
    assert found.replaced == (article_id,)
    assert set(found.added) == set(held(url)) - {article_id}
