"""What the fingerprint covers: every file of the core, and every file of a plugin's package, by its path and its content."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import copydesk
import copydesk_plugins
from copydesk.plugins import manager
from copydesk.plugins.digests import files_digest, module_digest
from copydesk_plugins.label import clean_phrases

NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc")


def copy_of(package: str, target: Path) -> Path:
    return Path(shutil.copytree(Path(package).parent, target, ignore=NOT_COPIED))


def edited(folder: Path) -> Iterator[Path]:
    """Each file of a folder in turn, with a byte more while it is the caller's turn."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        file.write_bytes(content + b"\n")
        yield file
        file.write_bytes(content)


def test_the_fingerprint_changes_with_each_file_of_the_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(copydesk.__file__).parent == manager.CORE_FOLDER
    core = copy_of(copydesk.__file__, tmp_path / "copydesk")
    monkeypatch.setattr(manager, "CORE_FOLDER", core)
    pipeline = copydesk.Pipeline()
    before = pipeline.fingerprint
    found = {file.relative_to(core): pipeline.plugins.fingerprint(pipeline.settings) for file in edited(core)}
    assert len(found) > 150
    assert [file for file, fingerprint in found.items() if fingerprint == before] == []
    assert pipeline.plugins.fingerprint(pipeline.settings) == before


def test_a_plugin_s_digest_changes_with_each_file_of_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = copy_of(copydesk_plugins.__file__, tmp_path / "copydesk_plugins")
    monkeypatch.setattr(copydesk_plugins, "__file__", str(package / "__init__.py"))
    before = module_digest(clean_phrases, {})
    found = {file.relative_to(package): module_digest(clean_phrases, {}) for file in edited(package)}
    assert len(found) > 130
    assert [file for file, digest in found.items() if digest == before] == []
    assert module_digest(clean_phrases, {}) == before


def test_a_file_that_moves_to_another_folder_changes_the_digest(tmp_path: Path) -> None:
    for folder in ("one/a", "one/b", "other/a", "other/b"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "one/a/rules.py").write_text("x = 1")
    (tmp_path / "other/b/rules.py").write_text("x = 1")
    assert files_digest(tmp_path / "one") != files_digest(tmp_path / "other")


def test_the_place_of_the_package_on_the_disk_is_no_part_of_the_digest(tmp_path: Path) -> None:
    places = [copy_of(copydesk_plugins.__file__, tmp_path / place) for place in ("here", "some/where/else")]
    assert files_digest(places[0]) == files_digest(places[1])
