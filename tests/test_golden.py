"""Each golden case holds what its ``expected.json`` says (format: `copydesk.testing.golden.cases`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk import MediaType, Outcome, Pipeline, fold_text
from copydesk.testing.golden.cases import GoldenCase, golden_cases, golden_result

CASES = golden_cases(Path(__file__).parent / "golden")


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case: GoldenCase, pipeline: Pipeline, copydesk_golden: Callable[..., None]) -> None:
    copydesk_golden(case, pipeline)


@pytest.mark.parametrize("case", [case for case in CASES if case.page.suffix == ".txt"], ids=lambda case: case.name)
def test_no_line_of_a_text_is_lost(case: GoldenCase, pipeline: Pipeline) -> None:
    """Every line stands in the body, the metadata or the removals."""
    result = golden_result(case, pipeline)
    if not isinstance(result, Outcome) or result.article is None:
        pytest.skip("this page becomes no article")
    article = result.article
    assert article.page.media_type is MediaType.TEXT
    meta = article.metadata
    kept = [article.body, *(removal.text for removal in article.removals), meta.headline, meta.description, meta.byline]
    kept += [part for image in meta.images for part in (image.caption, image.credit)]
    everything = fold_text("\n".join(text for text in kept if text))
    lines = article.page.content.decode("utf-8", "replace").replace("\0", "").splitlines()
    lost = [line for line in lines if fold_text(line) not in everything]
    assert not lost


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 25
