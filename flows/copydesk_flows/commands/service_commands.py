"""Commands for runs on a schedule: ``serve``, ``deploy``."""

from __future__ import annotations

from typing import Annotated

import typer

from copydesk_flows.commands.arguments import Config, Debug, Output, Types, wanted_types
from copydesk_flows.console.exits import examples

Settle = Annotated[str, typer.Option(metavar="TIME", help="Leave files younger than this to the next run.")]


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
    from copydesk_flows.serving.serve import serve as work
    from copydesk_flows.settings.inboxes import checked, from_file
    from copydesk_flows.settings.overrides import config_path, overrides
    from copydesk_flows.settings.schedule import duration, timing

    if inbox is None and cron is None and every is None:
        work(from_file(config_path(config)))
        return
    when, settings = timing(cron, every), overrides(wanted_types(page_types), workers, duration("--settle", settle))
    work((checked(name, "process", [inbox] if inbox else [], output, config_path(config), settings, when),))


def deploy(
    config: Config = None,
    pool: Annotated[str, typer.Option(help="The process work pool; made when it is not there.")] = "copydesk",
    prune: Annotated[bool, typer.Option("--prune", help="Delete what was deployed before and is not in the settings now.")] = False,
    debug: Debug = False,
) -> None:
    """Deploy all [inboxes.<name>] of the settings file to a work pool of the configured Prefect server; workers do the runs."""
    from copydesk_flows.serving.deploy import deploy as work
    from copydesk_flows.settings.inboxes import from_file
    from copydesk_flows.settings.overrides import config_path

    work(from_file(config_path(config)), pool, prune)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog=examples("copydesk serve inbox/ --every 15m --output output", 'copydesk serve inbox/ --cron "0 6 * * *"'))(serve)
    app.command(epilog=examples("copydesk deploy --config copydesk.toml",
                                "copydesk deploy --config copydesk.toml --pool news --prune"))(deploy)
