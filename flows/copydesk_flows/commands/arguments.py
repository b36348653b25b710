"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Config = Annotated[str | None, typer.Option("--config", metavar="FILE", help="Settings file [default: ./copydesk.toml if it is there].")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Types = Annotated[str | None, typer.Option("--page-types", metavar="A,B|all",
                                           help="Page types to keep: article, live_blog, gallery, video, stub, index, error, other.")]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
Output = Annotated[str, typer.Option("--output", metavar="DIR", help="The dataset's folder, or s3://bucket/prefix.")]
Inputs = Annotated[list[str], typer.Argument(metavar="INPUT", help="Files, folders with all that is in them, or s3://bucket/prefix.")]
Prefect = Annotated[bool | None, typer.Option("--prefect/--direct", help="As a Prefect flow, or without an orchestrator "
                                              "[default: Prefect when a server is configured].")]
Workers = Annotated[int | None, typer.Option(min=0, help="Page processes; 0 works in this process [default: one a processor].")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Only errors.")]


def wanted_types(given: str | None) -> tuple[str, ...] | None:
    """Return the page types that ``--page-types`` names; None when it was not given."""
    return None if given is None else tuple(filter(None, (part.strip() for part in given.split(","))))
