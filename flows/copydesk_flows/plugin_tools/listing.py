"""``copydesk plugins list``: show all plugins with their origin, order, settings and time per page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table as Grid

from copydesk import Pipeline, Settings
from copydesk.operations import PluginInfo, SettingsFiles, check_settings
from copydesk_flows.console.terminal import safe
from copydesk_flows.run_summary.last_run import LastRun

FIRST_RESULT = ("plan_source", "open_source", "extract", "choose_metadata")
"""Hooks of which the first answer wins, so that the order of plugins matters."""
DEFAULT = "default"
"""The source of a setting that the settings file does not have."""
MOST_SHOWN = 100
"""Characters of a setting's value that the table shows."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a plugin.

    Attributes:
        value: its value, as in JSON.
        source: where the value comes from: the path of the settings file, or ``default``.
    """

    value: Any
    source: str


def settings_of(pipeline: Pipeline, settings: Settings, config: str | None) -> dict[str, dict[str, Setting]]:
    """Return the settings of each plugin that has some, by plugin and key."""
    found: dict[str, dict[str, Setting]] = {}
    for info in pipeline.plugins.infos:
        model = getattr(type(pipeline.plugins.manager.get_plugin(info.name)), "Settings", None)
        if model is None:
            continue
        given = settings.plugin_settings.get(info.name, {})
        files = SettingsFiles(settings.base, pipeline.plugins.files)
        values = check_settings(model, given, f"[plugins.{info.name}]", files).model_dump(mode="json")
        found[info.name] = {key: Setting(value, (config or "settings") if key in given else DEFAULT) for key, value in values.items()}
    return found


def show_plugins(console: Console, settings: Settings, config: str | None, run: LastRun | None, as_json: bool) -> None:
    """Print all plugins: origin, version and hooks, the order in which hooks ask them, settings with their source, and the disabled ones.

    Args:
        console: where to print.
        settings: the settings.
        config: the settings file; None when there is none.
        run: the last run on a dataset, for the time per page; None for no times.
        as_json: whether to print JSON.

    Raises:
        CopydeskError: a plugin cannot be loaded.
    """
    pipeline = Pipeline(settings)
    infos = sorted(pipeline.plugins.infos, key=lambda info: info.name)
    order = {hook: pipeline.plugins.order(hook) for hook in FIRST_RESULT}
    values = settings_of(pipeline, settings, config)
    if as_json:
        console.print(json.dumps({"plugins": [_told(info, values.get(info.name, {}), run) for info in infos], "order": order,
                                  "disabled": list(settings.disable), "fingerprint": pipeline.fingerprint,
                                  "last_run": run and {"started": run.started, "pages": run.pages}}, indent=2), soft_wrap=True)
        return
    console.print(_plugin_table(infos, run))
    if run is not None:
        console.print(safe(f"time: per page, over the {run.pages:,} pages of the run of {run.started}"))
    console.print("\nasked in this order, the first answer wins:", style="bold")
    for hook, names in order.items():
        console.print(safe(f"  {hook}: {' > '.join(names) or 'none'}"))
    console.print("\nsettings, and who says so:", style="bold")
    console.print(_setting_table(values))
    console.print()
    console.print(safe(f"disabled: {', '.join(settings.disable) or 'none'}"))
    console.print(f"fingerprint: {pipeline.fingerprint}")


def _told(info: PluginInfo, values: dict[str, Setting], run: LastRun | None) -> dict[str, object]:
    return {**asdict(info), "settings": {key: asdict(setting) for key, setting in values.items()},
            "milliseconds_per_page": run and run.milliseconds(info.name)}


def _plugin_table(infos: list[PluginInfo], run: LastRun | None) -> Grid:
    table = Grid("plugin", "version", "origin", "hooks", box=None, pad_edge=False)
    if run is not None:
        table.add_column("time", justify="right")
    for info in infos:
        table.add_row(safe(info.name), safe(info.version or "-"), safe(info.origin), safe(", ".join(info.hooks)),
                      *([] if run is None else [_time(run.milliseconds(info.name))]))
    return table


def _time(milliseconds: float | None) -> str:
    return "-" if milliseconds is None else f"{milliseconds:.2f} ms"


def _setting_table(values: dict[str, dict[str, Setting]]) -> Grid:
    table = Grid(box=None, pad_edge=False, show_header=False)
    for name in sorted(values):
        for key, setting in values[name].items():
            text = json.dumps(setting.value, ensure_ascii=False)
            short = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
            table.add_row(safe(f"  {name}"), safe(f"{key} = {short}"), safe(setting.source))
    return table
