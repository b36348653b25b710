"""The entry point of the command line: the app with all of its commands (`copydesk_flows.commands`), and `main`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from copydesk_flows.commands.dataset_commands import app as dataset_app
from copydesk_flows.commands.learn_command import app as learn_app
from copydesk_flows.commands.look_commands import add_to as add_look_commands
from copydesk_flows.commands.plugin_commands import app as plugins_app
from copydesk_flows.commands.run_commands import add_to as add_run_commands
from copydesk_flows.commands.service_commands import add_to as add_service_commands
from copydesk_flows.console.exits import Exit, code_of, help_text, report_error, say, silence

HELP = "Scraped news pages in, a clean Parquet dataset out: articles, quotes with speakers, and a record of every removal."
app = typer.Typer(help=f"{HELP}\n\n{help_text()}", rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(dataset_app)
app.add_typer(learn_app)
app.add_typer(plugins_app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"copydesk {version('copydesk')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(context: typer.Context,
         version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False) -> None:
    """Show the help when no command is given."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


add_run_commands(app)
add_look_commands(app)
add_service_commands(app)


def main() -> None:
    """Run the command line, and end the process with a documented exit code (`copydesk_flows.console.exits`)."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Run one command, and return its exit code."""
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="copydesk", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        return Exit.BROKEN_PIPE
    except (KeyboardInterrupt, typer.Abort):
        code = Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001  # every error becomes one line and an exit code
        return _failed(error, "--debug" in arguments)
    if code == Exit.INTERRUPTED:
        say("interrupted; what is committed stays, the same command goes on from there")
    return int(code or 0)


def _failed(error: Exception, debug: bool) -> int:
    """Report an error, and return its exit code."""
    explain = getattr(error, "format_message", None)  # wrong usage: an error of click, in whichever package typer has click
    if explain is None:
        report_error(error, debug)
        return code_of(error)
    context = getattr(error, "ctx", None)
    say(f"{' '.join(explain().split())} (see {context.command_path if context else 'copydesk'} --help)")
    return Exit.USAGE


if __name__ == "__main__":
    main()
