"""The calls that a source plugin is tried with: files of all kinds that are none of its format, and damaged copies of those that are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from copydesk.errors import PluginError
from copydesk.model.page import Location, Page, SourceRange
from copydesk.plugins.manager import Plugins
from copydesk.stages import source
from copydesk.testing.plugin_check.cases import Case
from copydesk.testing.plugin_check.samples import Sample

ENDINGS = ("txt", "html", "htm.gz", "json", "jsonl", "jsonl.zst", "csv", "xml", "parquet", "warc", "warc.gz", "zip", "story", "")
CONTENTS = ("report", "empty", "nul-bytes", "no-utf-8", "one-line")
ITEMS = 100_000
"""Items of a source that are compared; what comes behind them is read too."""


@dataclass(slots=True)
class SourceCalls:
    """The calls for hooks that read sources. ``pages`` counts what they gave."""

    hooks: tuple[str, ...]
    folder: Path
    pages: int = field(default=0)

    def cases(self, samples: Sequence[Sample], files: Sequence[str]) -> Iterator[Case]:
        """Write the files, and say what to call on each."""
        for path in (*self._foreign(samples), *self._own(files)):
            location = Location(str(path), path.relative_to(self.folder).as_posix(), path.stat().st_size)
            on = f"the file {location.source_path!r}"
            if "plan_source" in self.hooks:
                yield Case("plan_source", on, partial(source.ranges, location=location), (location,))
            if "open_source" in self.hooks:
                yield Case("open_source", on, partial(self._read, location=location), (location,))

    def _read(self, plugins: Plugins, location: Location) -> list[object]:
        planned = source.ranges(plugins, location) if "plan_source" in self.hooks else [SourceRange(location)]
        found: list[object] = []
        for each in planned or ():
            items = source.items(plugins, each)
            if items is None and "plan_source" in self.hooks:
                raise PluginError(plugins.infos[0].name, "open_source", "it gives None for a range that its own plan_source made")
            for item in items or ():
                self.pages += isinstance(item[0], Page)
                if len(found) < ITEMS:
                    found.append(item)
        return found

    def _foreign(self, samples: Sequence[Sample]) -> Iterator[Path]:
        contents = {sample.name: sample.page.content for sample in samples}
        for ending in ENDINGS:
            for name in CONTENTS:
                yield _written(self.folder / name / f"file.{ending}".rstrip("."), contents[name])

    def _own(self, files: Sequence[str]) -> Iterator[Path]:
        for number, given in enumerate(files):
            content = Path(given).read_bytes()
            middle = len(content) // 2
            for kind, bytes_ in (("as given", content), ("cut off", content[:middle]), ("emptied", b""),
                                 ("damaged", content[:middle] + bytes(min(40, middle)) + content[middle + 40:])):
                yield _written(self.folder / f"{number} {kind}" / Path(given).name, bytes_)


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
