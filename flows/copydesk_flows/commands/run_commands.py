"""The commands that process pages: ``run``, ``retry``, ``reprocess``, ``backfill``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from copydesk_flows.commands.arguments import Config, Debug, Inputs, Json, Output, Prefect, Quiet, Types, Workers, wanted_types
from copydesk_flows.console.exits import examples

if TYPE_CHECKING:
    from copydesk_flows.commands.run_request import Kind


def run(
    inputs: Inputs,
    output: Output = "output",
    config: Config = None,
    prefect: Prefect = None,
    workers: Workers = None,
    page_types: Types = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Process again what is unchanged.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Process again what was rejected or quarantined.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Turn scraped pages into a dataset, or bring one up to date."""
    from copydesk_flows.commands.run_request import RunRequest, execute

    raise typer.Exit(execute(RunRequest(inputs, output, config, prefect, wanted_types(page_types), workers, refresh, retry, quiet,
                                as_json, debug)))


def _over_what_is_there(app: typer.Typer, kind: Kind, told: str, *shown: str) -> None:
    """Add a command that works on inputs that the dataset knows already.

    Args:
        app: the app that gets the command.
        kind: the name of the command and of its flow.
        told: its help.
        shown: examples for its help.
    """

    @app.command(kind, help=told, epilog=examples(*shown))
    def again(
        inputs: Inputs,
        output: Output = "output",
        config: Config = None,
        prefect: Prefect = None,
        workers: Workers = None,
        quiet: Quiet = False,
        as_json: Json = False,
        debug: Debug = False,
    ) -> None:
        from copydesk_flows.commands.run_request import RunRequest, execute

        raise typer.Exit(execute(RunRequest(inputs, output, config, prefect, workers=workers, quiet=quiet, as_json=as_json, debug=debug,
                                         kind=kind)))


def backfill(
    inputs: Inputs,
    output: Output = "output",
    first: Annotated[str | None, typer.Option("--from", metavar="NAME", help="The first portion: a name at the top of the inputs.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="NAME", help="The last portion.")] = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="From the last name to the first.")] = False,
    config: Config = None,
    prefect: Prefect = None,
    workers: Workers = None,
    quiet: Quiet = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Take in an archive, a run for each folder or file at the top of the inputs; other runs get their turn between two."""
    from copydesk_flows.commands.run_request import Portions, RunRequest, execute

    raise typer.Exit(execute(RunRequest(inputs, output, config, prefect, workers=workers, quiet=quiet, as_json=as_json, debug=debug,
                                     kind="backfill", portions=Portions(first, last, newest_first))))


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog=examples(
        "copydesk run pages/ --output output", "copydesk run crawl.warc.gz pages.jsonl --output s3://bucket/news --quiet",
        "copydesk run pages/ --json > report.json", "copydesk run pages/ --retry      # what was rejected before, once more"))(run)
    _over_what_is_there(
        app, "retry", "Try again only what was rejected or quarantined: the files of the inputs in which something was.",
        "copydesk retry pages/ --output output", "copydesk retry s3://bucket/pages --output s3://bucket/news --quiet")
    _over_what_is_there(
        app, "reprocess",
        "Make rows of an older fingerprint anew where their sources still stand with the same bytes; the others are listed.",
        "copydesk reprocess pages/ --output output      # after an upgrade, or a new rule",
        "copydesk reprocess pages/ --output output --json")
    app.command(epilog=examples(
        "copydesk backfill archive/ --output output", "copydesk backfill archive/ --from 2023-01 --to 2023-12 --newest-first"))(backfill)
