"""A run that ends, or finds the disk full, at each of its calls to the system in turn: what readers meet, and what the next run makes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from copydesk import DatasetError
from support import dataset_oracle
from support.crash_points import Case, Scene, distinct, rows_of, same
from support.crasher import CUT


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A dataset of two commits, and the inbox of the third, which replaces rows."""
    return Scene(tmp_path_factory.mktemp("points"))


@pytest.fixture(scope="module")
def cut_off(scene: Scene) -> list[Case]:
    """That run, ended at each of its calls. Tests leave these outputs as they are."""
    return list(scene.cases("replacing", "exit", scene.before))


def readable(case: Case, scene: Scene) -> list[str]:
    """What is wrong for readers before anyone has recovered the dataset: they must see one commit or the other, whole."""
    found = [*dataset_oracle.glob_faults(case.output), *dataset_oracle.commit_faults(case.output)]
    if rows_of(case.output) not in (rows_of(scene.before), rows_of(scene.after)):
        found.append("neither the rows of the old commit nor of the new one")
    if rows_of(case.output, 2) != rows_of(scene.before):
        found.append("commit 2 is not what it was")
    return found


def judged(cases: Iterable[Case], scene: Scene) -> dict[str, list[str]]:
    """Faults by the call that a run was stopped at: before the next run, and after it (which works on a copy)."""
    faults: dict[str, list[str]] = {}
    for case in distinct(cases):
        copy = case.output.with_name(f"{case.number}-next")
        shutil.copytree(case.output, copy)
        if found := readable(case, scene) + scene.next_run(copy) + same(copy, scene.after):
            faults[f"{case.number} {case.call}"] = found
    return faults


def test_a_replacing_commit_that_is_cut_off_at_any_call(scene: Scene, cut_off: list[Case]) -> None:
    assert [case.code for case in cut_off] == [CUT] * (len(cut_off) - 1) + [0]
    calls = {str(case.call).split()[0] for case in cut_off[:-1]}
    assert {"rename", "replace", "link", "fsync", "unlink", "mkdir", "open", "sqlite"} <= calls
    assert len(list(distinct(cut_off))) > 12
    assert judged(cut_off, scene) == {}


def test_what_is_beyond_the_retention_is_whole_or_an_error(scene: Scene, cut_off: list[Case]) -> None:
    old = rows_of(scene.before, 1)
    faults: dict[str, str] = {}
    for case in distinct(cut_off):
        try:
            if rows_of(case.output, 1) != old:
                faults[f"{case.number} {case.call}"] = "other rows of commit 1"
        except DatasetError:
            continue
        except KeyError as error:
            faults[f"{case.number} {case.call}"] = f"no error for people: KeyError: {error}"
    assert faults == {}


def test_a_first_run_that_is_cut_off_at_any_call(scene: Scene) -> None:
    whole = scene.folder / "first-whole"
    scene.run(whole)
    faults: dict[str, list[str]] = {}
    for case in distinct(scene.cases("first", "exit", None)):
        found = [*dataset_oracle.glob_faults(case.output), *scene.next_run(case.output)]
        if found := found or same(case.output, whole):
            faults[f"{case.number} {case.call}"] = found
    assert faults == {}


def stage_of(output: Path) -> str | None:
    """How far the steps behind the rename of a batch are; None where recovery has nothing to do but to sweep."""
    batches = sorted(path.name for path in output.glob("data/*"))
    committed = (output / "_commits/000003.json").exists()
    if len(batches) < 2 and not committed:
        return None
    return str((batches, committed, sorted(path.name for path in output.glob("_retired/*/*"))))


def test_a_recovery_that_is_cut_off_at_any_call(scene: Scene, cut_off: list[Case]) -> None:
    left = {stage: case for case in cut_off if case.call is not None and (stage := stage_of(case.output)) is not None}
    assert len(left) >= 3
    faults: dict[str, list[str]] = {}
    for state in left.values():
        cases = list(scene.cases(f"recovery-{state.number}", "recover", state.output))
        assert cases[-1].code == 0
        faults |= {f"{state.number} {state.call} / {call}": found for call, found in judged(cases, scene).items()}
    assert faults == {}


def test_a_disk_that_is_full_at_any_call(scene: Scene) -> None:
    cases = list(scene.cases("full", "full", scene.before))
    assert sum(case.error is not None for case in cases) > 20
    unclear = {f"{case.number} {case.call}": case.error for case in cases if case.error is not None
               and ("\n" in case.error or not case.error.startswith("DatasetError: cannot write /"))}
    assert unclear == {}
    assert judged(cases, scene) == {}


def test_what_lies_about_in_the_folders_is_no_commit(scene: Scene, tmp_path: Path) -> None:
    output = tmp_path / "out"
    shutil.copytree(scene.before, output)
    for name in ("_commits/.000003.json.77.new", "_commits/.000003.json.new", "_staging/commit-000003/articles-00000.parquet",
                 "_staging/shard-000000/pages.jsonl", "_staging/stray", ".README.md.new"):
        (output / name).parent.mkdir(exist_ok=True)
        (output / name).write_bytes(b"torn")
    assert rows_of(output) == rows_of(scene.before)
    scene.run(output)
    assert same(output, scene.after) == []
