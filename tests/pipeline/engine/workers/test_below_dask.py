"""Page processes below a worker of Dask: a daemonic process, which may not have children of `multiprocessing`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster

import copydesk
from support.tiny_desk import desk, fill, put, rejects, run_daemonic, story

TABLES = ("articles", "quotes", "removals", "claims", "rejects", "lengths")


def rows(output: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of a dataset."""
    found = copydesk.open_dataset(output)
    return {name: found.table(name).to_pylist() for name in TABLES}


def test_page_processes_work_below_a_dask_worker(tmp_path: Path) -> None:
    inbox = fill(tmp_path / "inbox", 6)
    put(inbox, "00/story-002.txt", story(2, "HANG"))
    put(inbox, "00/story-004.txt", story(4, "EXIT"))
    settings = desk(tmp_path, run={"workers": 2}, limits={"page_seconds": 2})
    assert not run_daemonic(str(inbox), str(tmp_path / "outside"), settings)
    with (LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client):
        assert client.submit(run_daemonic, str(inbox), str(tmp_path / "below"), settings).result(timeout=300)
    assert rejects(tmp_path / "below") == {"00/story-002.txt": ("limit_seconds", "quarantined"),
                                           "00/story-004.txt": ("worker_died", "quarantined")}
    assert rows(tmp_path / "below") == rows(tmp_path / "outside")
