"""The command line. Each command imports what it needs when it is called: ``--help`` is quick, and prefect stays out."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from copydesk_flows.arguments import Config, Debug, Json, Output, Types, wanted_types
from copydesk_flows.dataset_commands import app as dataset_app
from copydesk_flows.exits import Exit, code_of, emit, examples, help_text, report_error, say, silence
from copydesk_flows.learn import app as learn_app
from copydesk_flows.plugin_commands import app as plugins_app
from copydesk_flows.run_commands import add_to as add_run_commands

HELP = "Scraped news pages in, a clean Parquet dataset out: articles, quotes with speakers, and a record of every removal."
app = typer.Typer(help=f"{HELP}\n\n{help_text()}", rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(dataset_app)
app.add_typer(learn_app)
app.add_typer(plugins_app)

Settle = Annotated[str, typer.Option(metavar="TIME", help="Leave files younger than this to the next run.")]


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


@app.command(epilog=examples(
    "copydesk inspect pages/story.html", "copydesk inspect pages/story.html --html        # as a page for the browser",
    "copydesk inspect crawl.warc.gz --record 7 --claims", "curl -s URL | copydesk inspect - --url URL --to look.html"))
def inspect(
    file: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A page (also s3://bucket/key), or - for standard input.")],
    url: Annotated[str | None, typer.Option(help="The URL that the page was fetched from.")] = None,
    claims: Annotated[bool, typer.Option("--claims", help="Show all metadata candidates, not only the chosen ones.")] = False,
    record: Annotated[int, typer.Option(min=1, metavar="N", help="The Nth page of a file with several.")] = 1,
    html: Annotated[bool, typer.Option("--html", help="As a page for the browser: FILE.inspect.html, in this folder.")] = False,
    to: Annotated[str | None, typer.Option("--to", metavar="FILE|-", help="Where that page goes; - is standard output.")] = None,
    page_types: Types = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show what becomes of one page, and why: text kept and removed, metadata with evidence, quotes with speakers."""
    from copydesk import Pipeline
    from copydesk_flows.options import config_path, overrides, resolve
    from copydesk_flows.render import show
    from copydesk_flows.terminal import Terminal
    from copydesk_flows.trace import inspect as inspected

    pipeline = Pipeline(resolve(config_path(config), overrides(wanted_types(page_types))))
    trace = inspected(pipeline, file, url, record)
    if html or to:
        from copydesk_flows.inspect_page import page_of
        from copydesk_flows.pages import beside, save

        save(page_of(trace), to or beside(file, "inspect"))
    else:
        show(Terminal(), trace, claims)
    raise typer.Exit(Exit.QUARANTINED if trace.status == "quarantined" else Exit.DONE)


@app.command(epilog=examples("copydesk report output", "copydesk report s3://bucket/news --commit 12 --to news.html",
                             "copydesk report output --json > figures.json"))
def report(
    output: Annotated[str, typer.Argument(metavar="OUTPUT", help="The dataset's folder, or s3://bucket/prefix.")],
    to: Annotated[str | None, typer.Option("--to", metavar="FILE|-", help="Where the page goes; - is standard output "
                                           "[default: OUTPUT.report.html in the current folder].")] = None,
    commit: Annotated[int | None, typer.Option(min=1, metavar="N", help="An older commit [default: the newest].")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Make a page for the browser about a dataset: what is in it, what was removed, which sites changed."""
    from copydesk import SettingsError
    from copydesk_flows.pages import beside, save
    from copydesk_flows.report_page import json_of, page_of

    if as_json and to not in {None, "-"}:
        raise SettingsError("--json goes to standard output, --to is where the page goes: name one of them")
    if as_json:
        emit(json_of(output, commit))
    else:
        save(page_of(output, commit), to or beside(output, "report"))


@app.command(epilog=examples("copydesk schema quotes", "copydesk schema --json"))
def schema(table: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="One table [default: all].")] = None,
           config: Config = None, as_json: Json = False, debug: Debug = False) -> None:
    """Show the dataset's tables: fields, types, descriptions."""
    from copydesk_flows.listing import choose_tables, show_schema
    from copydesk_flows.options import config_path, resolve
    from copydesk_flows.terminal import Terminal

    show_schema(Terminal(), choose_tables(table, resolve(config_path(config))), as_json)


@app.command(epilog=examples("copydesk serve inbox/ --every 15m --output output", 'copydesk serve inbox/ --cron "0 6 * * *"'))
def serve(
    inbox: Annotated[str | None, typer.Argument(metavar="[INBOX]", help="The folder (or s3://bucket/prefix) that new pages come into "
                                                "[default: all [inboxes.<name>] of the settings file].")] = None,
    output: Output = "output",
    cron: Annotated[str | None, typer.Option(metavar='"M H D M W"', help="When to run, as a cron line (UTC).")] = None,
    every: Annotated[str | None, typer.Option(metavar="TIME", help="How often to run: 30s, 15m, 2h, 1d.")] = None,
    settle: Settle = "30s",
    name: Annotated[str, typer.Option(help="The deployment's name at the Prefect server.")] = "inbox",
    page_types: Types = None,
    workers: Annotated[int | None, typer.Option(min=0, help="Page processes.")] = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Run on a schedule over an inbox folder, or over several, taking only what is new, until SIGTERM or Ctrl-C."""
    from copydesk_flows.inboxes import checked, from_file
    from copydesk_flows.options import config_path, overrides
    from copydesk_flows.serve import serve as work
    from copydesk_flows.timing import duration, timing

    if inbox is None and cron is None and every is None:
        work(from_file(config_path(config)))
        return
    when, settings = timing(cron, every), overrides(wanted_types(page_types), workers, duration("--settle", settle))
    work((checked(name, "process", [inbox] if inbox else [], output, config_path(config), settings, when),))


@app.command(epilog=examples("copydesk deploy --config copydesk.toml", "copydesk deploy --config copydesk.toml --pool news --prune"))
def deploy(
    config: Config = None,
    pool: Annotated[str, typer.Option(help="The process work pool; made when it is not there.")] = "copydesk",
    prune: Annotated[bool, typer.Option("--prune", help="Delete what was deployed before and is not in the settings now.")] = False,
    debug: Debug = False,
) -> None:
    """Deploy all [inboxes.<name>] of the settings file to a work pool of the configured Prefect server; workers do the runs."""
    from copydesk_flows.deploy import deploy as work
    from copydesk_flows.inboxes import from_file
    from copydesk_flows.options import config_path

    work(from_file(config_path(config)), pool, prune)


def main() -> None:
    """Run the command line, and end the process with a documented exit code (`copydesk_flows.exits`)."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="copydesk", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        return Exit.BROKEN_PIPE
    except (KeyboardInterrupt, typer.Abort):
        code = Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the top: every error becomes one line and an exit code
        return _failed(error, "--debug" in arguments)
    if code == Exit.INTERRUPTED:
        say("interrupted; what is committed stays, the same command goes on from there")
    return int(code or 0)


def _failed(error: Exception, debug: bool) -> int:
    explain = getattr(error, "format_message", None)  # wrong usage: click's own errors, wherever typer keeps click
    if explain is None:
        report_error(error, debug)
        return code_of(error)
    context = getattr(error, "ctx", None)
    say(f"{' '.join(explain().split())} (see {context.command_path if context else 'copydesk'} --help)")
    return Exit.USAGE


if __name__ == "__main__":
    main()
