"""A real Chromium, without a network, for the tests of the pages. They are skipped where it, playwright or axe-core is missing:

    apt-get install chromium; pip install playwright; npm install axe-core (in the folder that AXE_CORE names, or any above this one)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Opened = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("there is no chromium on this machine")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core."""
    folders = [Path(os.environ.get("AXE_CORE", ".")), *Path(__file__).resolve().parents]
    for folder in folders:
        file = folder / "node_modules" / "axe-core" / "axe.min.js"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    pytest.skip("axe-core is not installed (npm install axe-core; AXE_CORE names its folder)")


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    """Open a file in a tab of its own, whose ``noted`` lists what it said, asked for, or tried to run."""
    contexts = []

    def open_file(path: Path, **options: Any) -> Any:
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.noted = []
        page.on("console", lambda message: page.noted.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: page.noted.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (page.noted.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: page.noted.append(f"request: {request.url}") if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
