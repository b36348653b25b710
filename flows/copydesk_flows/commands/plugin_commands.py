"""``copydesk plugins``: list plugins, write a new one, check one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from copydesk_flows.commands.arguments import Config, Debug, Json
from copydesk_flows.console.exits import Exit, emit, examples

app = typer.Typer(name="plugins", rich_markup_mode=None)

Took = Annotated[str | None, typer.Option("--output", metavar="DIR", help="Show the time per page of the last run on this dataset.")]


@app.callback(invoke_without_command=True, epilog=examples(
    "copydesk plugins", "copydesk plugins --config copydesk.toml --output output", "copydesk plugins --json", "copydesk plugins new --help",
    "copydesk plugins check podcast_lines.py"))
def plugins(context: typer.Context, config: Config = None, output: Took = None, as_json: Json = False, debug: Debug = False) -> None:
    """List the plugins (as `list` does), start a new one, or check one."""
    from copydesk import SettingsError

    if context.invoked_subcommand is None:
        listing(config, output, as_json, debug)
    elif config or output or as_json:
        raise SettingsError(f"options go behind the command: copydesk plugins {context.invoked_subcommand} …")


@app.command("list", epilog=examples("copydesk plugins list", "copydesk plugins list --config copydesk.toml --output output",
                                     "copydesk plugins list --json"))
def listing(config: Config = None, output: Took = None, as_json: Json = False, debug: Debug = False) -> None:
    """List the plugins: who is asked first, origin, version and hooks, settings and who says so, time per page of the last run."""
    from copydesk_flows.console.terminal import Terminal
    from copydesk_flows.plugin_tools.listing import show_plugins
    from copydesk_flows.run_summary.last_run import last_run
    from copydesk_flows.settings.overrides import config_path, resolve

    path = config_path(config)
    show_plugins(Terminal(), resolve(path), path, last_run(output) if output else None, as_json)


@app.command(epilog=examples("copydesk plugins new podcast_lines --hook label_blocks",
                             "copydesk plugins new harbour_desk --hook propose_metadata --hook label_blocks --to plugins/",
                             "copydesk plugins new word_counts --hook tables --package"))
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The plugin's name: small letters, digits and _.")],
    hooks: Annotated[list[str], typer.Option("--hook", metavar="HOOK", help="What it does: label_blocks, propose_metadata, "
                                             "choose_metadata, propose_quotes, tables, extract, plan_source with open_source, "
                                             "run_finished. More than once for several.")],
    package: Annotated[bool, typer.Option("--package", help="As a package for pip, in a folder copydesk-NAME.")] = False,
    to: Annotated[str, typer.Option("--to", metavar="FOLDER", help="Where it goes.")] = ".",
    debug: Debug = False,
) -> None:
    """Write a new plugin that works, with its test: NAME.py and test_NAME.py, or a package. What is there stays as it is."""
    from copydesk import inert
    from copydesk_flows.plugin_tools.scaffold import Wanted, then, write

    wanted = Wanted(name, tuple(hooks), package, Path(to))
    for path in write(wanted):
        emit(inert(f"wrote {path}"))
    for line in then(wanted):
        emit(inert(line))


@app.command(epilog=examples("copydesk plugins check podcast_lines.py", "copydesk plugins check word_counts --config copydesk.toml",
                             "copydesk plugins check copydesk_word_counts.plugin --json"))
def check(
    plugin: Annotated[str, typer.Argument(metavar="FILE|MODULE|NAME", help="A plugin's file, or its module, or an installed one's name.")],
    samples: Annotated[list[str] | None, typer.Option("--sample", metavar="FILE", help="A file of the format that it reads; damaged copies "
                                                      "of it are tried too.")] = None,
    config: Config = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Hold a plugin against the contract: signatures, types, docstrings, the same result twice, no network, no writes, hostile pages, time.

    Its settings are those of the settings file. Exit code 1 when something is wrong.
    """
    from copydesk_flows.plugin_tools.check import checked, told

    found = checked(plugin, samples or [], config)
    emit(json.dumps(told(found), indent=2) if as_json else _text(found.text()))
    raise typer.Exit(Exit.DONE if found.ok else Exit.FAILURE)


def _text(text: str) -> str:
    """Return lines without control characters that a terminal would act on."""
    from copydesk import inert

    return "\n".join(inert(line) for line in text.splitlines())
