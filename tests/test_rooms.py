"""The house as docs/rooms.toml draws it: who imports whom, no circles, and rooms of bounded size."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

from support.import_graph import (
    Import,
    Room,
    circle,
    forbidden,
    imports,
    modules,
    reasons_for_lazy_imports,
    room_of,
    rooms,
    sources,
)

DOORS = {"copydesk", "copydesk.testing"}
MOST_FILES, MOST_LINES, MOST_FUNCTION_LINES = 15, 250, 60
GENERATED = {"copydesk.hooks"}
BY_NAME = {"import_module", "__import__"}
IMPORTERS_BY_NAME = {
    "copydesk": "loads what needs Arrow on first use",
    "copydesk.plugins.discovery": "loads plugins",
    "copydesk_plugins.sources.warc.http_payload": "brotli may be missing",
    "copydesk_flows.serving.server": "loads the flows while the server starts",
}
WITH_PREFECT = {"copydesk_flows.process", "copydesk_flows.upkeep_flows", "copydesk_flows.flow_steps.shard_tasks",
                "copydesk_flows.flow_steps.dask_tasks", "copydesk_flows.flow_steps.artifacts", "copydesk_flows.flow_steps.lost_runs",
                "copydesk_flows.serving.deployments"}


@pytest.fixture(scope="module")
def table() -> dict[str, Room]:
    return rooms()


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return sources()


@pytest.fixture(scope="module")
def graph(texts: dict[str, str]) -> list[Import]:
    return list(imports(texts))


def test_no_import_crosses_a_border(graph: list[Import], table: dict[str, Room]) -> None:
    assert forbidden(graph, table) == []


@pytest.mark.parametrize(("module", "line"), [
    ("copydesk.text.urls", "from copydesk.model.page import Page"),
    ("copydesk.storage.files", "import copydesk.engine.run"),
    ("copydesk.stages.gate", "def check() -> None:\n    from copydesk.engine import job"),
    ("copydesk_plugins.label.clean_images", "from copydesk.model.labels import Label"),
    ("copydesk_plugins.extract.extract_text", "from copydesk_plugins.label import clean_images"),
    ("copydesk_plugins.describe.meta_url", "import copydesk_flows.cli"),
    ("copydesk_flows.web.pages", "if TYPE_CHECKING:\n    from copydesk_flows.commands import run_request"),
    ("copydesk_flows.export.ninjs", "from copydesk.dataset.format.commits import Commit"),
])
def test_a_forbidden_import_is_found(module: str, line: str, texts: dict[str, str], table: dict[str, Room]) -> None:
    changed = {module: f"{texts[module]}\n\n{line}\n"}
    assert [module in told for told in forbidden(imports(changed), table)] == [True]


def test_no_files_import_each_other_in_a_circle(graph: list[Import]) -> None:
    edges: defaultdict[str, set[str]] = defaultdict(set)
    for each in graph:
        edges[each.importer].add(each.imported)
    assert circle(edges) == []


def test_no_rooms_import_each_other_in_a_circle(table: dict[str, Room]) -> None:
    assert circle({room.name: set(room.may_import) for room in table.values()}) == []


def test_a_circle_is_found() -> None:
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}


def test_nothing_is_allowed_that_nobody_needs(graph: list[Import], table: dict[str, Room]) -> None:
    used = {(room_of(each.importer, table), room_of(each.imported, table)) for each in graph}
    listed = {(room.name, other) for room in table.values() for other in room.may_import}
    assert listed - used == set()


@pytest.mark.parametrize("name", [name for name, file in modules().items() if file.name == "__init__.py" and name not in DOORS])
def test_the_front_of_a_room_is_a_docstring_that_says_what_it_may_import(name: str, table: dict[str, Room]) -> None:
    body = ast.parse(modules()[name].read_text(encoding="utf-8"))
    assert [type(statement) for statement in body.body] == [ast.Expr], "importing a room loads nothing"
    told = " ".join((ast.get_docstring(body) or "").split())
    assert told.startswith(" ".join(table[name].what.split()))
    wanted = ", ".join(f"`{other}`" for other in table[name].may_import)
    assert f"May import: {wanted}." in told if wanted else "May import" not in told


@pytest.mark.parametrize("folder", sorted({file.parent for file in modules().values()}), ids=lambda folder: folder.name)
def test_a_room_has_few_files(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) <= MOST_FILES


def test_files_and_functions_are_short_and_names_are_public(texts: dict[str, str]) -> None:
    written = {name: text for name, text in texts.items() if name not in GENERATED}
    assert [name for name in texts if any(part.startswith("_") for part in name.split("."))] == []
    assert [name for name, text in written.items() if len(text.splitlines()) > MOST_LINES] == []
    assert [f"{name}.{node.name}" for name, text in written.items() for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.end_lineno or 0) - node.lineno + 1 > MOST_FUNCTION_LINES] == []


def test_no_module_of_ours_is_imported_by_its_name(texts: dict[str, str]) -> None:
    """What `import_module` and its like load is not seen by the walk: only these may use them."""
    found = {name for name, text in texts.items() for node in ast.walk(ast.parse(text))
             if (isinstance(node, ast.Name | ast.alias) and (node.id if isinstance(node, ast.Name) else node.name) in BY_NAME)
             or (isinstance(node, ast.Attribute) and node.attr in BY_NAME)}
    assert found == set(IMPORTERS_BY_NAME)


def test_a_door_gives_what_it_exports_and_nothing_else(texts: dict[str, str]) -> None:
    exported = {door: set(import_module(door).__all__) for door in (*sorted(DOORS), "copydesk.operations")}
    for name, text in texts.items():
        if not name.startswith("copydesk_"):
            continue
        tree = ast.parse(text)
        taken = {(node.module, alias.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert [(door, item) for door, item in taken if door in exported and item not in exported[door]] == [], name
        through = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
                   and node.value.id == "copydesk" and _imports_the_door(tree)}
        assert through <= exported["copydesk"], name


def _imports_the_door(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Import) and any(alias.name == "copydesk" for alias in node.names) for node in ast.walk(tree))


def test_imports_inside_of_functions_have_a_reason(graph: list[Import], table: dict[str, Room]) -> None:
    reasons = reasons_for_lazy_imports()
    lazy = [each.importer for each in graph if each.is_lazy]
    assert {name if name in reasons else room_of(name, table) for name in lazy} == set(reasons)
    assert all(reasons.values())


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_importing_the_core_is_light() -> None:
    loaded = loaded_after("import copydesk")
    assert "copydesk" in loaded
    assert not loaded & {"prefect", "copydesk_flows", "copydesk_plugins", "trafilatura", "bs4", "typer", "pyarrow"}


def test_loading_all_plugins_never_imports_prefect() -> None:
    wanted = ", ".join(name for name in modules() if name.startswith("copydesk_plugins."))
    assert not loaded_after(f"import {wanted}\nimport copydesk\ncopydesk.Pipeline()") & {"prefect", "copydesk_flows"}


def test_only_the_flows_own_modules_need_prefect() -> None:
    """The command line starts without Prefect: only the modules of flows and deployments need it to be imported."""
    light = [name for name in modules() if name.partition(".")[0] == "copydesk_flows" and name not in WITH_PREFECT]
    assert "prefect" not in loaded_after("import " + ", ".join(light))
    assert "prefect" in loaded_after("import copydesk_flows.process")


@pytest.mark.parametrize("door", ["copydesk", "copydesk.operations", "copydesk.testing"])
def test_every_export_exists(door: str) -> None:
    module = import_module(door)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert set(module.__all__) <= set(dir(module))
