"""What a flow run shows at the Prefect server: artifacts, tags, assets, and links between the run and its commits."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import cast
from urllib.parse import quote
from uuid import UUID

from httpx import HTTPError
from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.assets import Asset, AssetProperties, add_asset_metadata
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.events import emit_event
from prefect.exceptions import PrefectException
from prefect.runtime import deployment, flow_run
from prefect.settings import PREFECT_UI_URL
from prefect.tasks import MaterializingTask

from copydesk import RunReport, Status
from copydesk.operations import Job, Progress, StagedPart, read_staged
from copydesk_flows.console.exits import Exit
from copydesk_flows.run_summary.outdated_rows import WHY, OutdatedRows
from copydesk_flows.run_summary.summary import as_markdown, exit_code, markdown_text

ARTIFACT = "copydesk-run"
COUNTS = "copydesk-counts"
PROGRESS = "copydesk-progress"
MISSING = "copydesk-missing"
"""The keys of a run's artifacts: its report, its counts, its progress, and the rows of an older fingerprint that stay."""
TAGS = ("copydesk",)
"""The tags of each run."""
LOOK = "copydesk-look"
"""The tag of a run that somebody should look at."""
EVENT = "copydesk.look-at-run"
"""The event of such a run. The server's own events may carry only the tags that the run had at its start."""
SHOW_SECONDS = 10.0
"""The time between two updates of a run's progress. A run that is shorter shows none."""
LONGEST_MESSAGE = 300
"""The log shows this many characters of a server's error."""
LONGEST_NAME = 500
"""The name of an asset is cut to this many characters."""
SHOWN_ROWS = 20
"""The report names this many rows of an older fingerprint; the table artifact has more."""


@contextmanager
def spared() -> Iterator[None]:
    """Log an error of the server instead of raising it, so that a failure to show something does not fail the run."""
    try:
        yield
    except (HTTPError, PrefectException) as error:
        get_run_logger().warning("not shown at the Prefect server: %s: %s", type(error).__name__, str(error)[:LONGEST_MESSAGE])


class Watcher:
    """Shows the progress of a run now and then, and counts rejects by stage.

    Attributes:
        stages: the number of rejected and quarantined pages, by stage.
        counts_commits: whether progress means commits, because the shards are processed on other machines.
    """

    def __init__(self, listener: Callable[[Progress], None] | None) -> None:
        self.stages: Counter[str] = Counter()
        self.counts_commits = False
        self._listener = listener
        self._newest: Progress | None = None
        self._shown = time.monotonic()
        self._artifact: UUID | None = None

    def hear(self, progress: Progress) -> None:
        """Note the progress of the run. The threads of shards call this for each input."""
        self._newest = progress
        if self._listener is not None:
            self._listener(progress)

    def hear_of(self, job: Job) -> None:
        """Note a commit, if progress means commits."""
        if self.counts_commits:
            self.hear(job.progress)

    def show(self) -> None:
        """Update the progress artifact, if the last update is long enough ago."""
        newest = self._newest
        if newest is None or time.monotonic() - self._shown < SHOW_SECONDS:
            return
        self._shown = time.monotonic()
        share = min(100.0, 100.0 * newest.done / max(newest.planned, 1))
        told = f"{newest.done:,} of {newest.planned:,} inputs"
        with spared():
            self._artifact = shown(self._artifact, share, told)

    def end(self) -> None:
        """Show that the run is done, if it has shown progress before."""
        if self._artifact is not None:
            update_progress_artifact(self._artifact, 100.0, description="done")

    def count(self, part: StagedPart) -> None:
        """Count the rejects of a staged part by stage."""
        pages = read_staged(Path(part.folder)).pages
        self.stages.update(str(page.reject.get("stage")) for page in pages if page.status in (Status.REJECTED, Status.QUARANTINED))


def shown(artifact: UUID | None, share: float, told: str) -> UUID:
    """Update the progress artifact of the run, or create it.

    Args:
        artifact: the id of the artifact; None when there is none yet.
        share: the progress, 0 to 100.
        told: a description.

    Returns:
        The id of the artifact.
    """
    if artifact is not None:
        update_progress_artifact(artifact, share, description=told)
        return artifact
    return cast(UUID, create_progress_artifact(share, key=PROGRESS, description=told))  # a coroutine only inside of an event loop


def is_deployed() -> bool:
    """Tell whether the current flow run belongs to a deployment. A run below such a run does not."""
    return deployment.id is not None and flow_run.parent_flow_run_id is None


def note() -> dict[str, str]:
    """Return what a commit file says of the flow run that made the commit."""
    found = {"flow_run": str(flow_run.id), "flow_run_name": str(flow_run.name)}
    url = PREFECT_UI_URL.value()
    return found | {"flow_run_url": f"{url}/runs/flow-run/{flow_run.id}"} if url else found


def show(report: RunReport, watcher: Watcher, outdated: OutdatedRows | None) -> None:
    """Show the report of a finished run at the server."""
    watcher.end()
    create_markdown_artifact(as_markdown(report) + _outdated_text(outdated), key=ARTIFACT, description=f"copydesk: {report.inputs} inputs")
    create_table_artifact(table_of(report, watcher.stages), key=COUNTS, description="what was counted, and seconds by plugin")
    if outdated is not None and outdated.count:
        rows = [{"article_id": row.article_id, "source_path": row.source_path, "record": row.record, "fingerprint": row.fingerprint}
                for row in outdated.first]
        create_table_artifact(rows, key=MISSING, description=f"{outdated.count} rows of an older fingerprint stay: {WHY}")
        get_run_logger().warning("%d rows of an older fingerprint stay: see the artifact %s", outdated.count, MISSING)
    _label(report)
    if report.commits:
        _materialize(report)


def table_of(report: RunReport, stages: Counter[str]) -> list[dict[str, str | float | None]]:
    """Return the numbers of a report as rows. All rows have the same columns, since the server's page shows those of the first row."""
    parts = (("outcome", report.counts), ("rows", report.rows), ("rejected at stage", stages), ("reject code", report.codes),
             ("removal reason", report.removals))
    pages = max(1, report.counts.get(Status.WRITTEN, 0))
    counted = [(kind, str(name), count, None, None) for kind, counts in parts for name, count in sorted(counts.items()) if count]
    timed = [("plugin", name, None, round(seconds, 3), round(1_000 * seconds / pages, 3))
             for name, seconds in sorted(report.seconds.items(), key=lambda item: -item[1])]
    return [dict(zip(("kind", "name", "count", "seconds", "ms a written page"), row, strict=True)) for row in [*counted, *timed]]


def _outdated_text(outdated: OutdatedRows | None) -> str:
    if outdated is None:
        return ""
    lines = ["", f"## {outdated.count} rows of an older fingerprint stay", ""]
    lines += [f"- {markdown_text(row.source_path)} {markdown_text(row.record)} ({row.article_id})" for row in outdated.first[:SHOWN_ROWS]]
    return "\n".join([*lines, ""])


def _label(report: RunReport) -> None:
    """Add the run's commits as labels. Add a tag and an event when somebody should look at the run."""
    run = UUID(str(flow_run.id))
    with get_client(sync_client=True) as client:
        if report.commits:
            client.update_flow_run_labels(run, {"copydesk.first_commit": report.commits[0], "copydesk.last_commit": report.commits[-1],
                                                "copydesk.fingerprint": report.fingerprint})
        if exit_code(report) is Exit.QUARANTINED:
            client.update_flow_run(run, tags=sorted({*flow_run.tags, *TAGS, LOOK}))
            told = {"output": report.output, "inputs": report.inputs, "counts": dict(report.counts), "codes": dict(report.codes)}
            emit_event(EVENT, {"prefect.resource.id": f"prefect.flow-run.{run}", "prefect.resource.name": str(flow_run.name)}, payload=told)


def _materialize(report: RunReport) -> None:
    """Tell the server that the dataset's tables have changed. Each table is an asset, with its new rows and its commits."""
    assets = [Asset(key=asset_key(report.output, table), properties=AssetProperties(name=f"{table} of {report.output}"[:LONGEST_NAME]))
              for table in sorted(report.rows)]

    def tell() -> None:
        for asset in assets:
            add_asset_metadata(asset, {"rows_added": report.rows[asset.key.rpartition("/")[2]], "first_commit": report.commits[0],
                                       "last_commit": report.commits[-1], "fingerprint": report.fingerprint})

    MaterializingTask(fn=tell, name="tables", assets=assets, materialized_by="copydesk", cache_policy=NO_CACHE, persist_result=False)()


LONGEST_KEY = 512
"""Prefect refuses a longer key of an asset."""
KEPT_PLACE = 200
"""A place that is too long for a key is cut to this many characters and gets a hash."""
_UNFIT = re.compile(r"[^A-Za-z0-9/._-]")


def asset_key(output: str, table: str) -> str:
    """Return the key of a table as an asset: a URL with the dataset's place and the table's name.

    >>> asset_key("/data/harbour desk", "quotes")
    'file:///data/harbour_desk/quotes'
    """
    scheme, mark, path = output.partition("://")
    if not mark:
        scheme, path = "file", output
    place = _UNFIT.sub("_", quote(path, safe="/ ").rstrip("/"))
    if len(scheme) + len(place) + len(table) > LONGEST_KEY - len(":///"):
        place = f"{place[:KEPT_PLACE]}-{sha256(path.encode('utf-8', 'backslashreplace')).hexdigest()}"
    return f"{scheme}://{place}/{table}"
