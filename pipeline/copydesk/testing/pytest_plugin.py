"""Fixtures for pytest, and its option ``--update-golden``. Pytest finds this module by copydesk's entry point ``pytest11``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from copydesk.model.article import Article
    from copydesk.model.document import Document
    from copydesk.model.page import Page
    from copydesk.pipeline import Pipeline
    from copydesk.testing.golden.cases import GoldenCase
    from copydesk.testing.plugin_check.findings import PluginCheck


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option ``--update-golden``."""
    parser.getgroup("copydesk").addoption("--update-golden", action="store_true",
                                          help="write the expectations of golden cases anew where they do not hold")


@pytest.fixture(scope="session")
def copydesk_page() -> Callable[..., Page]:
    """`copydesk.testing.page`: makes a page of text or HTML."""
    from copydesk.testing.fixtures.builders import page

    return page


@pytest.fixture(scope="session")
def copydesk_document() -> Callable[..., Document]:
    """`copydesk.testing.document`: makes a document of paragraphs or blocks."""
    from copydesk.testing.fixtures.builders import document

    return document


@pytest.fixture(scope="session")
def copydesk_article() -> Callable[..., Article]:
    """`copydesk.testing.article`: makes an article of paragraphs."""
    from copydesk.testing.fixtures.builders import article

    return article


@pytest.fixture(scope="session")
def copydesk_check() -> Callable[..., PluginCheck]:
    """`copydesk.testing.check_plugin`: checks a plugin against the contract."""
    from copydesk.testing.plugin_check.check import check_plugin

    return check_plugin


@pytest.fixture(scope="session")
def copydesk_golden(pytestconfig: pytest.Config) -> Callable[..., None]:
    """`copydesk.testing.check_golden` with ``--update-golden``: call it with a case, and with a pipeline of your plugins."""
    from copydesk.testing.golden.cases import check_golden

    update = bool(pytestconfig.getoption("--update-golden"))

    def check(case: GoldenCase, pipeline: Pipeline | None = None) -> None:
        check_golden(case, pipeline, update=update)

    return check
