"""What recurs is learned from a dataset in an object store as from a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from upkeep_support import put, said, speaking

import copydesk
from copydesk.learning import repeats
from remote_support import S3, serving


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with serving() as found:
        yield found


def test_the_same_is_learned_there(server: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    for number in range(6):
        put(tmp_path / "in", f"{number}.txt", said(number, f"Bridge {number} is the {number}th in town and was built by hand, too."))
    url = f"s3://{server.bucket()}/news"
    for output in (tmp_path / "out", url):
        copydesk.run([tmp_path / "in"], output, speaking(tmp_path))
    here, there = (repeats.learn(copydesk.open_dataset(where), 2) for where in (tmp_path / "out", url))
    assert here == there
    assert (here.articles, len(here.found)) == (6, 1)
