"""A plugin is added in two ways: a file named in copydesk.toml, and a distribution of its own, installed with pip."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from support.command_line import Command, story

PLUGIN = '''"""Labels paragraphs that open with {opening!r}."""
import copydesk
from copydesk import Label, Reason


@copydesk.hookimpl
def label_blocks(document):
    for block in document.blocks:
        if block.text.startswith({opening!r}):
            yield Label(block.index, Reason.PROMOTION, "{rule}", 1.0)
'''
DISTRIBUTION = {
    "tide_table/__init__.py": "",
    "tide_table/labels.py": PLUGIN.format(opening="Tide table:", rule="tide-opening"),
    "copydesk_tide_table-2.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: copydesk-tide-table\nVersion: 2.1\n",
    "copydesk_tide_table-2.1.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "copydesk_tide_table-2.1.dist-info/entry_points.txt": "[copydesk]\ntide_table = tide_table.labels\n",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that pip has installed the second distribution into."""
    folder = tmp_path_factory.mktemp("second")
    wheel = folder / "copydesk_tide_table-2.1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in DISTRIBUTION.items():
            archive.writestr(name, text)
        record = "\n".join(f"{name},," for name in [*DISTRIBUTION, "copydesk_tide_table-2.1.dist-info/RECORD"])
        archive.writestr("copydesk_tide_table-2.1.dist-info/RECORD", record + "\n")
    target = folder / "site"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check",
                    "--target", target, wheel], check=True, timeout=120)
    return target


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings that name a plugin file beside them."""
    (tmp_path / "harbour_notes.py").write_text(PLUGIN.format(opening="Harbour notes:", rule="notes-opening"), encoding="utf-8")
    path = tmp_path / "copydesk.toml"
    path.write_text('plugins = ["harbour_notes.py"]\n', encoding="utf-8")
    return path


def page(folder: Path) -> Path:
    """An article with a passage for each plugin."""
    extra = "<p>Harbour notes: the pilots meet on Monday at nine.</p><p>Tide table: high water at noon, low water at six.</p></article>"
    path = folder / "page.html"
    path.write_text(story(1).replace("</article>", extra), encoding="utf-8")
    return path


def test_both_label_and_both_show_in_removals(copydesk: Command, tmp_path: Path, config: Path, installed: Path) -> None:
    done = copydesk("run", page(tmp_path), "--direct", "--output", tmp_path / "out", "--config", config, env={"PYTHONPATH": str(installed)})
    assert done.returncode == 0, done.stderr
    rows = [row for file in sorted((tmp_path / "out").glob("data/*/removals-*.parquet")) for row in pq.read_table(file).to_pylist()]
    ours = {(row["plugin"], row["rule"], row["reason"]): row["text"] for row in rows if row["rule"].endswith("-opening")}
    assert ours[("harbour_notes", "notes-opening", "promotion")] == "Harbour notes: the pilots meet on Monday at nine."
    assert ours[("tide_table", "tide-opening", "promotion")] == "Tide table: high water at noon, low water at six."


def test_both_are_listed_with_their_origin(copydesk: Command, config: Path, installed: Path) -> None:
    done = copydesk("plugins", "--json", "--config", config, env={"PYTHONPATH": str(installed)})
    found = {plugin["name"]: (plugin["origin"], plugin["version"]) for plugin in json.loads(done.stdout)["plugins"]}
    assert found["harbour_notes"] == (str(config.parent / "harbour_notes.py"), "")
    assert found["tide_table"] == ("copydesk-tide-table", "2.1")


def test_without_them_the_passages_stay(copydesk: Command, tmp_path: Path) -> None:
    copydesk("run", page(tmp_path), "--direct", "--output", tmp_path / "out")
    rows = [row for file in sorted((tmp_path / "out").glob("data/*/articles-*.parquet")) for row in pq.read_table(file).to_pylist()]
    assert "Harbour notes: the pilots meet" in rows[0]["article_body"]
    assert "Tide table: high water at noon" in rows[0]["article_body"]
