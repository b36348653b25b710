"""The flows ``compact``, which merges small batches of a dataset, and ``backfill``, which takes in an archive in portions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, TypeVar

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Cancelled
from pydantic import Field

from copydesk import Compacted, LockedError, RunReport
from copydesk import compact as core_compact
from copydesk.operations import merged_reports
from copydesk_flows.flow_steps import artifacts, lost_runs
from copydesk_flows.flow_steps.portions import portions
from copydesk_flows.process import Config, Inputs, Output, process
from copydesk_flows.settings.overrides import Overrides, resolve

Megabytes = Annotated[float, Field(gt=0, description="size of a merged batch, at most")]
Batches = Annotated[int, Field(ge=2, description="merge where so many come together")]
Name = Annotated[str | None, Field(description="a name at the top of the inputs: the first or the last portion that is taken")]
WAIT_SECONDS = 10.0
"""The pause before the next attempt when another run holds the dataset."""
WAITS = 360
"""How often a portion, or a scheduled compaction, waits for a dataset that another run holds: an hour in all."""
LONGEST_RUN_NAME = 200
"""The name of a portion's flow run is cut to this many characters."""
T = TypeVar("T")


@flow(name="compact", description="Small batches of a dataset are merged into whole ones.", persist_result=False)
def compact(output: Output, target_mb: Megabytes = 128, min_batches: Batches = 2, config: Config = None) -> Compacted:
    """Merge small batches; the rows stay the same. A scheduled compaction waits while another run holds the dataset.

    Raises:
        CopydeskError: as `copydesk.compact` does.
    """
    lost_runs.begin(output)
    merge = partial(core_compact, output, target_mb, min_batches, resolve(config).dataset.keep_commits)
    try:
        done = _in_turn(merge) if artifacts.is_deployed() else merge()
    except LockedError as error:
        if not artifacts.is_deployed():
            raise
        return Cancelled(message=f"{error}")  # type: ignore[return-value]  # prefect takes a state in place of the value
    told = f"{done.before} batches are {done.after} now, commits {', '.join(map(str, done.commits)) or 'none'}"
    with artifacts.spared():
        create_markdown_artifact(f"# compacted\n\n{told}\n", key="copydesk-compact", description=told)
    get_run_logger().info("%s: %s", output, asdict(done))
    return done


@flow(name="backfill", description="An archive, a portion a run: what else is due on the dataset gets its turn between two.",
      persist_result=False)
def backfill(inputs: Inputs, output: Output = "output", config: Config = None, settings: Overrides | None = None, first: Name = None,
             last: Name = None, newest_first: bool = False) -> RunReport:
    """Run once for each folder and file at the top of the inputs, in the order of their names, from ``first`` to ``last``.

    Each portion is a flow run below this one. A backfill that is started again passes quickly over what the dataset knows.

    Raises:
        SettingsError: there is no portion from ``first`` to ``last``.
        CopydeskError: as `copydesk.run` does.
    """
    lost_runs.begin(output)
    names = portions(inputs, first, last, newest_first)
    logger = get_run_logger()
    logger.info("%d portions: %s to %s", len(names), names[0], names[-1])
    report, progress = RunReport(output=output), None
    for number, name in enumerate(names, start=1):
        report = merged_reports(report, _portion(name, inputs, output, config, settings))
        share, told = 100.0 * number / len(names), f"{number} of {len(names)} portions, {name} is done"
        with artifacts.spared():
            progress = artifacts.shown(progress, share, told)
    return report


def _portion(name: str, inputs: list[str], output: str, config: str | None, settings: Overrides | None) -> RunReport:
    """Run over a portion. Wait while another run holds the dataset."""
    run = process.with_options(flow_run_name=f"backfill {name}"[:LONGEST_RUN_NAME])
    found: RunReport | State[Any] = _in_turn(partial(run, inputs, output, config, settings, below=[name]))
    assert isinstance(found, RunReport)  # noqa: S101  # only its user cancels a run below another one
    return found


def _in_turn(work: Callable[[], T]) -> T:
    """Do the work as soon as no other run holds the dataset; return its result.

    Raises:
        LockedError: another run held the dataset for too long.
    """
    for attempt in range(WAITS):
        try:
            return work()
        except LockedError as error:
            if attempt == 0:
                get_run_logger().info("%s; this run waits for its turn", error)
            time.sleep(WAIT_SECONDS)
    return work()
