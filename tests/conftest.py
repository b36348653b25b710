"""What all tests share: where things lie, and data that not every machine has."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from support.places import ROOT

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")  # how long an example takes says something of the machine and nothing of the code

pytest_plugins = ["support.object_fixtures"]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Development data beside the repository; the test is skipped where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the development data (../shared) is not on this machine")
    return folder


@pytest.fixture(scope="session")
def seeds_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset made from ``seeds/`` by a direct run."""
    import copydesk

    output = tmp_path_factory.mktemp("dataset") / "output"
    copydesk.run([ROOT / "seeds"], output)
    return output
