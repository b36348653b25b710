"""Inputs that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

import copydesk
from copydesk import SettingsError
from copydesk.sources.inputs import check_given
from support.tiny_desk import desk, fill


def test_empty_names_are_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for inputs, output in (([fill(tmp_path / "in", 1)], ""), ([""], tmp_path / "out")):
        with pytest.raises(SettingsError, match="empty string"):
            copydesk.run(inputs, output, desk(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.py", "in"]


@pytest.mark.parametrize("given", ["out", "out/deeper", "link"])
def test_an_input_in_the_output_is_wrong_usage(tmp_path: Path, given: str) -> None:
    (tmp_path / "out/deeper").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "out")
    with pytest.raises(SettingsError, match="lies in it"):
        copydesk.run([tmp_path / given], tmp_path / "out", desk(tmp_path))
    assert list((tmp_path / "out").iterdir()) == [tmp_path / "out/deeper"]


@pytest.mark.parametrize(("given", "output"), [
    ("S3://bkt/out/", "s3://bkt/out"), ("s3://bkt/out", "S3://bkt/out/"), ("s3://bkt/out/data", "s3A://bkt/out"), ("gcs://bkt/out", "GS://bkt/out")])
def test_an_input_is_not_the_output_however_its_scheme_is_written(given: str, output: str) -> None:
    with pytest.raises(SettingsError, match="is the output folder"):
        check_given([given], output)
    assert check_given(["s3://bkt/Out", "s3://bkt/output"], output)
