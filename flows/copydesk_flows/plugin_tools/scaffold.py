"""``copydesk plugins new``: write a working plugin with its test, as one file or as a package. Templates are in ``templates/plugin/``."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copydesk import SettingsError, hooks
from copydesk.operations import CORE_PLUGIN, SCHEMAS, installed_names
from copydesk_flows.plugin_tools.python_imports import import_lines, merged

if TYPE_CHECKING:
    from jinja2 import Environment

HOOKS = tuple(hooks.__all__)
"""All hooks; each of them has a template."""
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
"""What the name of a plugin must match, so that it can also name a module, a table and an entry point."""
SOURCE = "source"
"""The template of a plugin that reads a format."""
TEMPLATES = {hook: SOURCE if hook in ("plan_source", "open_source") else hook for hook in HOOKS}
"""The template of each hook. The two hooks that read a format need each other, and share a template."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The plugin to write.

    Attributes:
        name: the name of the plugin.
        hooks: the hooks that it implements.
        package: whether to write a package for pip instead of one file.
        folder: where to write it.
    """

    name: str
    hooks: tuple[str, ...]
    package: bool = False
    folder: Path = Path()


def write(wanted: Wanted) -> tuple[Path, ...]:
    """Write the files of a new plugin. If one of them exists already, write none.

    Returns:
        The paths of the files, the plugin's first.

    Raises:
        SettingsError: the name or a hook is invalid, or a file exists already.
    """
    _check_hooks(wanted.hooks)
    _check_name(wanted.name)
    files = {wanted.folder / path: text for path, text in files_of(wanted).items()}
    there = next((path for path in files if path.exists()), None)
    if there is not None:
        raise SettingsError(f"{there} is there already and stays as it is: take another name, or another folder (--to)")
    _check_free(f"copydesk_{wanted.name}" if wanted.package else wanted.name)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return tuple(files)


def then(wanted: Wanted) -> tuple[str, ...]:
    """Say what to do next with a new plugin, in lines for people."""
    if wanted.package:
        folder = wanted.folder / f"copydesk-{wanted.name.replace('_', '-')}"
        return (f"next: pip install -e {folder} && pytest {folder}", "then it is found by itself: copydesk plugins")
    file, test = wanted.folder / f"{wanted.name}.py", wanted.folder / f"test_{wanted.name}.py"
    return (f"next: pytest {test} && copydesk plugins check {file}", f'then name it in copydesk.toml: plugins = ["{file}"]')


def files_of(wanted: Wanted) -> dict[str, str]:
    """Return the text of each file of a plugin by its path, the plugin itself first."""
    environment = _environment()
    templates = sorted({TEMPLATES[hook] for hook in wanted.hooks}, key=list(TEMPLATES.values()).index)
    parts: list[Any] = [environment.get_template(f"hooks/{template}.jinja").module for template in templates]
    package = f"copydesk_{wanted.name}"
    facts = {"name": wanted.name, "package": package, "distribution": package.replace("_", "-"), "does": [part.does for part in parts],
             "version": version("copydesk"), "needs_arrow": "tables" in templates, "is_source": SOURCE in templates}
    own = {package: [f"plugin as {wanted.name}"]} if wanted.package else {wanted.name: []}
    module = environment.get_template("module.jinja").render(
        facts, imports=import_lines(merged(part.imports for part in parts)),
        constants="\n".join(str(part.constants(wanted.name)).strip() for part in parts),
        code=_joined(part.code(wanted.name) for part in parts))
    test = environment.get_template("test.jinja").render(
        facts, imports=import_lines(merged([{"copydesk.testing": ["check_plugin"]}, *(part.test_imports for part in parts)]), own),
        code=_joined(part.test(wanted.name) for part in parts))
    if not wanted.package:
        return {f"{wanted.name}.py": module, f"test_{wanted.name}.py": test}
    texts = {f"src/{package}/plugin.py": module, f"src/{package}/__init__.py": f'"""The plugin {wanted.name} for copydesk."""\n',
             f"src/{package}/py.typed": "", f"tests/test_{wanted.name}.py": test}
    texts |= {name: environment.get_template(f"package/{name}.jinja").render(facts) for name in ("pyproject.toml", "README.md")}
    return {f"{facts['distribution']}/{path}": text for path, text in texts.items()}


def _joined(codes: Iterable[str]) -> str:
    """Join pieces of code, with two blank lines between."""
    return "\n\n\n".join(str(code).strip() for code in codes)


def _environment() -> Environment:
    """Return the templates of plugins. They are Python and TOML, so nothing is escaped; all values that they get were checked."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("copydesk_flows", "templates/plugin"), autoescape=False,  # noqa: S701
                       undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)


def _check_hooks(wanted: tuple[str, ...]) -> None:
    unknown = next((hook for hook in wanted if hook not in HOOKS), None)
    if unknown is not None:
        close = get_close_matches(unknown, HOOKS, 1)
        raise SettingsError(f"no hook named {unknown!r}" + (f"; is {close[0]} meant?" if close else "") + f" (hooks: {', '.join(HOOKS)})")
    if not wanted:
        raise SettingsError(f"say what the plugin does: --hook HOOK (hooks: {', '.join(HOOKS)})")


def _check_name(name: str) -> None:
    """Check that a name can be the name of a module, a table and an entry point, and is free.

    Raises:
        SettingsError: it is not.
    """
    if not NAME.fullmatch(name) or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise SettingsError(f"{name!r} is no name for a plugin: write 2 to 40 small letters, digits and _, a letter first (podcast_lines)")
    if name in {*HOOKS, *SCHEMAS, CORE_PLUGIN, *installed_names()}:
        raise SettingsError(f"{name!r} is the name of a hook, a table or a plugin that is there: take another")


def _check_free(module: str) -> None:
    """Check that no other module of that name would be imported in place of the plugin.

    Raises:
        SettingsError: there is one.
    """
    if find_spec(module) is not None:
        raise SettingsError(f"{module!r} is the name of a Python module that can be imported here: take another")
