"""The figures of the seeds' dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk_flows.dataset_report.figures import Figure
from support.report_figures import answers


@pytest.fixture(scope="module")
def told(seeds_dataset: Path) -> dict[str, Figure]:
    return answers(seeds_dataset)
