"""The calls that a check makes of a source plugin: on files of many other formats, and on damaged copies of files of its own format."""

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

DAMAGED_BYTES = 40
"""This many bytes in the middle of a damaged copy are zero."""
ENDINGS = ("txt", "html", "htm.gz", "json", "jsonl", "jsonl.zst", "csv", "xml", "parquet", "warc", "warc.gz", "zip", "story", "")
"""The endings of files of other formats."""
CONTENTS = ("report", "empty", "nul-bytes", "no-utf-8", "one-line")
"""The samples whose contents these files have."""
ITEMS = 100_000
"""The check compares this many items of a source. It reads the others too."""


@dataclass(slots=True)
class SourceCalls:
    """The calls for hooks that read sources.

    Attributes:
        hooks: the hooks of the plugin.
        folder: the folder for the files.
        pages: the number of pages that the plugin has read so far.
    """

    hooks: tuple[str, ...]
    folder: Path
    pages: int = field(default=0)

    def cases(self, samples: Sequence[Sample], files: Sequence[str]) -> Iterator[Case]:
        """Write the files, and yield the calls on each of them.

        Args:
            samples: the sample pages, which give the contents of files of other formats.
            files: files of the format that the plugin reads.
        """
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
                                 ("damaged", content[:middle] + bytes(min(DAMAGED_BYTES, middle)) + content[middle + DAMAGED_BYTES:])):
                yield _written(self.folder / f"{number} {kind}" / Path(given).name, bytes_)


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
