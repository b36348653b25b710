"""Runs that are killed with signal 9 at random moments while others read (the small form of benchmarks/kill.py)."""

from __future__ import annotations

from pathlib import Path

from support.kill_campaign import Campaign


def test_killed_runs_leave_whole_batches_and_are_completed(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path / "kill", seed=20_241_018, pages=24)
    campaign.work(12, in_a_round=(6, 6))
    assert campaign.faults == []
    assert campaign.kills == 12
    assert len(campaign.hits) > 1, campaign.hits
    assert min(campaign.reads["commit"], campaign.reads["glob"]) > 10
