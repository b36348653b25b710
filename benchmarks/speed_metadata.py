"""CPU time a page of the metadata step alone: copydesk's against trafilatura's, in turn, in one process.

    python benchmarks/speed_metadata.py PAGES [--repeat 3] [--limit N]

PAGES is a folder of .html, .htm and .html.gz files. For every page the order of the two alternates, and the best time of the rounds counts.

- *step*: all meta_* plugins and the choice, on a page that is parsed and labelled; against ``trafilatura.metadata.extract_metadata`` on a
  tree that is parsed (a new one for each call: it changes its tree, and making it is not counted).
- *with the parse*: extract_html and that step, against ``trafilatura.utils.load_html`` and that call.

Labels are cleaning's work and counted in ``speed.py``. trafilatura looks for title, author, URL, site, date, description, categories, tags
and licence; copydesk for those and for dateline, credit, contributors, captions, language, and keeps every claim.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable

from speed import ALL, asked, cpu_seconds
from trafilatura.metadata import extract_metadata
from trafilatura.utils import load_html

from copydesk import Page, Pipeline
from copydesk.model.document import Document
from copydesk.stages import describe
from copydesk.stages.extract import extract
from copydesk.stages.label import label


class Step:
    """The metadata step of both on the same pages."""

    def __init__(self, contents: list[bytes]) -> None:
        self.contents = contents
        self.plugins = Pipeline(ALL).plugins
        self.known = [self._labelled(content) for content in contents]
        self.parts: Counter[str] = Counter()

    def _labelled(self, content: bytes) -> Document:
        return extract(self.plugins, Page(content))

    def ours(self, index: int) -> float:
        """Seconds of plugins and choice."""
        document = self._labelled(self.contents[index])  # a new one: what a page's plugins share is made again
        labels = label(self.plugins, document)
        return cpu_seconds(lambda: describe.describe(self.plugins, document, labels))

    def ours_parsed(self, index: int) -> float:
        """The same with the parse."""
        return cpu_seconds(lambda: self._labelled(self.contents[index])) + self.ours(index)

    def theirs(self, index: int) -> float:
        """Seconds of trafilatura's step."""
        tree = load_html(self.contents[index])
        return cpu_seconds(lambda: extract_metadata(tree)) if tree is not None else 0.0

    def theirs_parsed(self, index: int) -> float:
        """The same with the parse."""
        return cpu_seconds(lambda: extract_metadata(load_html(self.contents[index])))


def measured(step: Step, ours: Callable[[int], float], theirs: Callable[[int], float], repeat: int) -> tuple[list[float], list[float]]:
    """The best seconds a page of both, the order turned each time."""
    best = [[float("inf")] * len(step.contents) for _ in range(2)]
    for turn in range(repeat):
        for index in range(len(step.contents)):
            for which in (0, 1) if (index + turn) % 2 else (1, 0):
                best[which][index] = min(best[which][index], (ours, theirs)[which](index))
    return best[0], best[1]


def by_plugin(contents: list[bytes]) -> dict[str, float]:
    """Milliseconds a page of each metadata plugin."""
    pipeline = Pipeline(ALL)
    total: Counter[str] = Counter()
    for content in contents:
        total.update({name: spent for name, spent in pipeline.process(Page(content)).seconds.items() if name.startswith("meta_")})
    return {name: 1000 * spent / len(contents) for name, spent in total.items()}


def main() -> None:
    """Measure and print."""
    contents, repeat = asked(__doc__)
    step = Step(contents)
    for name, ours, theirs in (("step", step.ours, step.theirs), ("with the parse", step.ours_parsed, step.theirs_parsed)):
        mine, other = measured(step, ours, theirs, repeat)
        print(f"{name:16} copydesk {1000 * statistics.mean(mine):6.2f} ms a page   trafilatura {1000 * statistics.mean(other):6.2f} ms"
              f"   {sum(other) / sum(mine):5.2f} times", flush=True)
    for name, spent in sorted(by_plugin(contents).items(), key=lambda part: -part[1]):
        print(f"  {name:20} {spent:6.3f} ms")


if __name__ == "__main__":
    main()
