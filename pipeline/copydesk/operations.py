"""The interface for programs that run copydesk and maintain its datasets, such as its own flows and command line.

`copydesk` is the contract for plugin authors. This module is for programs that schedule runs, follow one page through the stages, read
commits, or repair datasets. Its names may change between minor versions; the changelog says so. Importing it loads Arrow.
"""

from __future__ import annotations

from copydesk.dataset.format.commits import Commit, read_commit
from copydesk.dataset.format.layout import batch_number
from copydesk.dataset.format.part_files import table_of
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.dataset.ledger.by_source import OutdatedRow
from copydesk.dataset.maintenance.erasure import prepare as prepare_erasure
from copydesk.dataset.maintenance.session import maintenance_session
from copydesk.dataset.store.opening import open_store
from copydesk.dataset.store.read_only import open_read_only
from copydesk.dataset.store.staged_part import StagedPart
from copydesk.engine.distributed import KnownDigests, RunSpec, ShardWorker, check_here
from copydesk.engine.job import Job
from copydesk.engine.opening import open_job
from copydesk.engine.progress import Progress
from copydesk.engine.reprocessing import InputSelection
from copydesk.engine.run import check_workers, drive
from copydesk.engine.shards import Shard
from copydesk.engine.staging import read as read_staged
from copydesk.html.sniffing import media_type_of
from copydesk.learning.repeats import learn as learn_repeats
from copydesk.learning.rule_file import rule_file
from copydesk.model.labels import Verdict
from copydesk.plugins.discovery import CORE as CORE_PLUGIN
from copydesk.plugins.discovery import installed_names
from copydesk.plugins.manager import PluginInfo
from copydesk.plugins.manager import load as load_plugins
from copydesk.report import merged as merged_reports
from copydesk.rows.article_rows import claim_text
from copydesk.settings.plugin_files import SettingsFiles
from copydesk.settings.schema import check as check_settings
from copydesk.settings.schema import load as load_settings
from copydesk.sources.inputs import check_given as check_inputs
from copydesk.stages.proposals.verdicts import decide as decide_verdicts
from copydesk.stages.proposals.verdicts import evidence as evidence_of
from copydesk.stages.source import items as source_items
from copydesk.stages.source import ranges as source_ranges
from copydesk.stages.trace import Trace, follow
from copydesk.storage.durable_files import replace_file
from copydesk.storage.locations import display_path, is_hidden, without_file_scheme
from copydesk.storage.object_errors import refused as storage_refusal
from copydesk.storage.objects import Objects
from copydesk.storage.retry import is_transient

__all__ = [
    "CORE_PLUGIN",
    "SCHEMAS",
    "Commit",
    "InputSelection",
    "Job",
    "KnownDigests",
    "Objects",
    "OutdatedRow",
    "PluginInfo",
    "Progress",
    "RunSpec",
    "SettingsFiles",
    "Shard",
    "ShardWorker",
    "StagedPart",
    "Trace",
    "Verdict",
    "batch_number",
    "check_here",
    "check_inputs",
    "check_settings",
    "check_workers",
    "claim_text",
    "decide_verdicts",
    "display_path",
    "drive",
    "evidence_of",
    "follow",
    "installed_names",
    "is_hidden",
    "is_transient",
    "learn_repeats",
    "load_plugins",
    "load_settings",
    "maintenance_session",
    "media_type_of",
    "merged_reports",
    "open_job",
    "open_read_only",
    "open_store",
    "prepare_erasure",
    "read_commit",
    "read_staged",
    "replace_file",
    "rule_file",
    "source_items",
    "source_ranges",
    "storage_refusal",
    "table_of",
    "without_file_scheme",
]
