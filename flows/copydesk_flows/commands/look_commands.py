"""Commands that show something and change nothing: ``inspect``, ``report``, ``schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from copydesk_flows.commands.arguments import Config, Debug, Json, Types, wanted_types
from copydesk_flows.console.exits import Exit, emit, examples


def inspect(
    file: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A page (also s3://bucket/key), or - for standard input.")],
    url: Annotated[str | None, typer.Option(help="The URL that the page was fetched from.")] = None,
    claims: Annotated[bool, typer.Option("--claims", help="Show what each plugin proposed at each stage, what won and why.")] = False,
    record: Annotated[int, typer.Option(min=1, metavar="N", help="The Nth page of a file with several.")] = 1,
    html: Annotated[bool, typer.Option("--html", help="As a page for the browser: FILE.inspect.html, in this folder.")] = False,
    to: Annotated[str | None, typer.Option("--to", metavar="FILE|-", help="Where that page goes; - is standard output.")] = None,
    page_types: Types = None,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Show what becomes of one page, and why: text kept and removed, metadata with evidence, quotes with speakers."""
    from copydesk import Pipeline
    from copydesk_flows.console.terminal import Terminal
    from copydesk_flows.inspection.text import show
    from copydesk_flows.inspection.trace_file import inspect as inspected
    from copydesk_flows.settings.overrides import config_path, overrides, resolve

    pipeline = Pipeline(resolve(config_path(config), overrides(wanted_types(page_types))))
    trace = inspected(pipeline, file, url, record)
    if html or to:
        from copydesk_flows.inspection.html import page_of
        from copydesk_flows.web.pages import beside, save

        save(page_of(trace), to or beside(file, "inspect"))
    else:
        show(Terminal(), trace, claims)
    raise typer.Exit(Exit.QUARANTINED if trace.status == "quarantined" else Exit.DONE)


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
    from copydesk_flows.dataset_report.page import json_of, page_of
    from copydesk_flows.web.pages import beside, save

    if as_json and to not in {None, "-"}:
        raise SettingsError("--json goes to standard output, --to is where the page goes: name one of them")
    if as_json:
        emit(json_of(output, commit))
    else:
        save(page_of(output, commit), to or beside(output, "report"))


def schema(table: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="One table [default: all].")] = None,
           config: Config = None, as_json: Json = False, debug: Debug = False) -> None:
    """Show the dataset's tables: fields, types, descriptions."""
    from copydesk_flows.commands.schema_command import choose_tables, show_schema
    from copydesk_flows.console.terminal import Terminal
    from copydesk_flows.settings.overrides import config_path, resolve

    show_schema(Terminal(), choose_tables(table, resolve(config_path(config))), as_json)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog=examples(
        "copydesk inspect pages/story.html", "copydesk inspect pages/story.html --html        # as a page for the browser",
        "copydesk inspect crawl.warc.gz --record 7 --claims", "curl -s URL | copydesk inspect - --url URL --to look.html"))(inspect)
    app.command(epilog=examples("copydesk report output", "copydesk report s3://bucket/news --commit 12 --to news.html",
        "copydesk report output --json > figures.json"))(report)
    app.command(epilog=examples("copydesk schema quotes", "copydesk schema --json"))(schema)
