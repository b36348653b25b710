"""Which flow is to run when, on which inbox: from the command line, or from ``[inboxes.<name>]`` in the settings file.

    [inboxes.harbour]
    inbox = "inbox/harbour"          # a path or several; relative to this file
    output = "output/harbour"
    every = "15m"                    # or cron = "0 6 * * mon-fri"

    [inboxes.harbour-compaction]
    flow = "compact"                 # process, retry, reprocess, backfill, compact
    output = "output/harbour"
    cron = "0 3 * * sun"
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from copydesk import PluginSettings, SettingsError, WantedTypes, Workers, is_remote
from copydesk.operations import check_settings
from copydesk_flows.settings import overrides
from copydesk_flows.settings.schedule import Timing, duration, timing

FlowName = Literal["process", "retry", "reprocess", "backfill", "compact"]


class Inbox(PluginSettings):
    """``[inboxes.<name>]``: a deployment of that name."""

    flow: FlowName = "process"
    inbox: str | tuple[str, ...] = Field((), description="where pages come into: paths relative to the settings file, or s3://bucket/prefix")
    output: str = Field("output", min_length=1)
    every: str | None = None
    cron: str | None = None
    settle: str = "30s"
    workers: Workers | None = None
    page_types: WantedTypes | None = None


@dataclass(frozen=True, slots=True)
class WatchedInbox:
    """A flow that is to be deployed.

    Attributes:
        name: the name of the deployment.
        flow: the name of the flow.
        parameters: the parameters of the flow.
        timing: when it runs.
    """

    name: str
    flow: FlowName
    parameters: dict[str, Any]
    timing: Timing

    @property
    def told(self) -> str:
        """The deployment in words."""
        what = ", ".join(self.parameters.get("inputs", ())) or self.parameters["output"]
        return f"{self.flow}/{self.name}: {what} every {self.timing.every or self.timing.cron}"


def from_file(config: str | None) -> tuple[WatchedInbox, ...]:
    """Return all inboxes of a settings file.

    Raises:
        SettingsError: there is none, or one of them is invalid.
    """
    settings = overrides.resolve(config)
    if not settings.inboxes:
        raise SettingsError("nothing to run: name an inbox, or write [inboxes.<name>] into the settings file with inbox, output and "
                            "every or cron")
    return tuple(_watch(name, check_settings(Inbox, given, f"{config}: inboxes.{name}"), config, settings.base)
                 for name, given in settings.inboxes.items())


def _watch(name: str, given: Inbox, config: str | None, base: str) -> WatchedInbox:
    try:
        inputs = [given.inbox] if isinstance(given.inbox, str) else list(given.inbox)
        over = overrides.overrides(given.page_types, given.workers, duration("settle", given.settle))
        return checked(name, given.flow, [_from(base, each) for each in inputs], _from(base, given.output), config, over,
                       timing(given.cron, given.every))
    except SettingsError as error:
        raise SettingsError(f"{config}: inboxes.{name}: {error}") from error


def _from(base: str, given: str) -> str:
    return given if is_remote(given) else str(Path(base, given))


def checked(name: str, flow: FlowName, inputs: list[str], output: str, config: str | None, over: overrides.Overrides,
            when: Timing) -> WatchedInbox:
    """Check what a user wrote, and return the deployment.

    Args:
        name: the name of the deployment.
        flow: the name of the flow.
        inputs: the inboxes; none for the flow ``compact``.
        output: the dataset.
        config: the settings file; None for the defaults.
        over: what is set over the settings file.
        when: when the flow runs.

    Raises:
        SettingsError: something is invalid, such as an inbox that does not exist.
    """
    overrides.resolve(config, over)
    if flow == "compact":
        if inputs:
            raise SettingsError("compact takes no inbox, only an output")
        return WatchedInbox(name, flow, {"output": overrides.absolute(output), "config": config}, when)
    if not inputs:
        raise SettingsError("name an inbox")
    for inbox in inputs:
        if not is_remote(inbox) and not Path(inbox).is_dir():
            raise SettingsError(f"the inbox {inbox} is no folder")
    overrides.check_places(inputs, output)
    parameters = {"inputs": [overrides.absolute(inbox) for inbox in inputs], "output": overrides.absolute(output), "config": config,
                  "settings": over.model_dump(mode="json", exclude_none=True)}
    return WatchedInbox(name, flow, parameters, when)
