"""Real plugins over the seeds: the same part files for any number of workers, folder, clock, locale and order, and after a kill.

The tiny desk's own tests of this stand in tests/pipeline/test_engine.py.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import copydesk
from copydesk.settings.schema import from_mapping
from support import dataset_oracle
from support.fault_runs import editions, environment, kill_group
from support.tiny_desk import parts, until

SETTINGS = {"dataset": {"batch_files": 30}}
EDITIONS = 10
RUN = """
import os, random
if {shuffle}:
    real = os.scandir
    class Shuffled:
        def __init__(self, path="."):
            with real(path) as found:
                self.found = list(found)
            random.Random({shuffle}).shuffle(self.found)
        def __enter__(self):
            return iter(self.found)
        def __exit__(self, *_):
            pass
        def __iter__(self):
            return iter(self.found)
        def close(self):
            pass
    os.scandir = Shuffled
import copydesk
from copydesk.settings.schema import from_mapping
copydesk.run([{inbox!r}], {output!r}, from_mapping({settings!r}))
"""


def begin(inbox: Path, output: Path, workers: int, cwd: Path, shuffle: int = 0, **environ: str) -> subprocess.Popen[str]:
    """A direct run in a process group of its own."""
    settings = {**SETTINGS, "run": {"workers": workers}}
    code = RUN.format(shuffle=shuffle, inbox=str(inbox), output=str(output), settings=settings)
    return subprocess.Popen([sys.executable, "-B", "-c", code], env=environment(**environ), cwd=cwd, stderr=subprocess.PIPE, text=True,
                            start_new_session=True)


def finished(process: subprocess.Popen[str]) -> None:
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds some times over, each time with other texts: enough pages for four page processes."""
    folder = editions(tmp_path_factory.mktemp("seeds") / "in", EDITIONS)
    assert len(list(folder.rglob("*.*"))) > 3 * 40  # engine.PAGES_A_WORKER pages pay for one more process
    return folder


@pytest.fixture(scope="module")
def whole(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The part files of a run in this process, without page processes."""
    output = tmp_path_factory.mktemp("whole") / "out"
    copydesk.run([inbox], output, from_mapping({**SETTINGS, "run": {"workers": 0}}))
    assert dataset_oracle.problems(output) == []
    assert copydesk.open_dataset(output).table("quotes").num_rows > 10
    return parts(output)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers(inbox: Path, whole: dict[str, str], tmp_path: Path, workers: int) -> None:
    finished(begin(inbox, tmp_path / "out", workers, tmp_path))
    assert parts(tmp_path / "out") == whole


@pytest.mark.parametrize(("seed", "zone", "workers"), [("1", "Pacific/Kiritimati", 0), ("4242", "America/St_Johns", 4)])
def test_another_hash_seed_zone_locale_listing_and_folder(
        inbox: Path, whole: dict[str, str], tmp_path: Path, seed: str, zone: str, workers: int) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    finished(begin(inbox, tmp_path / "out", workers, elsewhere, int(seed), PYTHONHASHSEED=seed, TZ=zone, **plain))
    assert parts(tmp_path / "out") == whole


@pytest.mark.parametrize("batches", [1, 3])
def test_killed_and_gone_on_with(inbox: Path, whole: dict[str, str], tmp_path: Path, batches: int) -> None:
    output = tmp_path / "out"
    first = begin(inbox, output, 2, tmp_path, PYTHONHASHSEED="5")
    until(lambda: len(list(output.glob("data/*"))) >= batches, first)
    kill_group(first)
    assert 0 < len(parts(output)) < len(whole)
    finished(begin(inbox, output, 1, tmp_path, PYTHONHASHSEED="6"))
    assert parts(output) == whole
    assert dataset_oracle.problems(output) == []
