"""The figures of a dataset's report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from copydesk_flows.dataset_report.data import sources
from copydesk_flows.dataset_report.figures import Figure, answer, questions

QUESTIONS = {question.id: question for question in questions()}
"""What a report asks."""


def answers(output: Path | str, commit: int | None = None) -> dict[str, Figure]:
    """All figures of a dataset."""
    with sources(str(output), commit) as found:
        return {name: answer(found, question) for name, question in QUESTIONS.items()}


def rows(figure: Figure) -> list[dict[str, Any]]:
    """The rows of a figure."""
    return [dict(zip(figure.columns, row, strict=True)) for row in figure.rows]
