"""Who imports whom: the core and the plugins never prefect, plugins only what the core exports."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE, PLUGINS, FLOWS = ROOT / "pipeline/copydesk", ROOT / "plugins/copydesk_plugins", ROOT / "flows/copydesk_flows"


def imports(file: Path) -> set[tuple[str, str]]:
    """(module, name) of all imports of a file, wherever they stand; the name is empty for ``import module``."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: imports are absolute here"
            found |= {(node.module or "", alias.name) for alias in node.names}
    return found


def roots(file: Path) -> set[str]:
    return {module.partition(".")[0] for module, _ in imports(file)}


@pytest.mark.parametrize("file", sorted(CORE.rglob("*.py")), ids=lambda file: file.stem)
def test_core_imports_neither_prefect_nor_plugins_nor_flows(file: Path) -> None:
    assert not roots(file) & {"prefect", "copydesk_plugins", "copydesk_flows", "typer"}


@pytest.mark.parametrize("file", sorted(PLUGINS.rglob("*.py")), ids=lambda file: file.stem)
def test_plugins_use_only_what_the_core_exports(file: Path) -> None:
    import copydesk

    assert not roots(file) & {"prefect", "copydesk_flows", "typer"}
    internal = {module for module, _ in imports(file) if module.startswith("copydesk.")}
    assert not internal, f"import from copydesk, not from {internal}"
    names = {name for module, name in imports(file) if module == "copydesk" and name}
    assert names <= set(copydesk.__all__), f"not exported: {names - set(copydesk.__all__)}"
    private = {name if module == "copydesk_plugins" else module.partition(".")[2]
               for module, name in imports(file) if module.partition(".")[0] == "copydesk_plugins"}
    assert all(name.startswith("_") for name in private), f"plugins share private helpers only, not {private}"


@pytest.mark.parametrize("file", sorted(FLOWS.rglob("*.py")), ids=lambda file: file.stem)
def test_flows_never_import_plugins(file: Path) -> None:
    assert "copydesk_plugins" not in roots(file)


def test_every_export_exists() -> None:
    import copydesk

    assert [name for name in copydesk.__all__ if not hasattr(copydesk, name)] == []


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_importing_the_core_is_light() -> None:
    loaded = loaded_after("import copydesk")
    assert "copydesk" in loaded
    assert not loaded & {"prefect", "copydesk_flows", "copydesk_plugins", "trafilatura", "bs4", "typer"}


def test_loading_all_plugins_never_imports_prefect() -> None:
    modules = ", ".join(f"copydesk_plugins.{file.stem}" for file in sorted(PLUGINS.glob("*.py")) if file.stem != "__init__")
    assert not loaded_after(f"import {modules}\nimport copydesk\ncopydesk.Pipeline()") & {"prefect", "copydesk_flows"}


WITH_PREFECT = {"__init__", "process", "shard_tasks", "dask_tasks", "upkeep_flows", "deployments", "seen", "lost"}


def test_only_the_flows_own_modules_need_prefect() -> None:
    """The command line starts without prefect: only the modules of flows and deployments need it to be imported."""
    for module in sorted(file.stem for file in FLOWS.glob("*.py") if file.stem not in WITH_PREFECT):
        assert "prefect" not in loaded_after(f"import copydesk_flows.{module}"), module
    assert "prefect" in loaded_after("import copydesk_flows.process")


def test_the_linter_bans_every_module_of_the_core_for_plugins() -> None:
    settings = tomllib.loads((ROOT / "plugins/ruff.toml").read_text(encoding="utf-8"))
    banned = set(settings["lint"]["flake8-tidy-imports"]["banned-api"])
    modules = {f"copydesk.{file.stem}" for file in CORE.glob("*.py") if file.stem not in ("__init__", "hooks")}  # hooks is exported
    assert banned == modules | {"prefect", "copydesk_flows"}
