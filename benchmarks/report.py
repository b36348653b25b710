"""What `copydesk report` costs for a dataset of many articles: the page's size, and how long a browser takes to show it.

    python benchmarks/report.py [--articles 50000] [--dataset FOLDER]

Makes a dataset of made-up pages of 40 sites over three runs, in the last of which one site's layout changes; then the report; then
opens it several times in Chromium, until it is drawn. Needs playwright, chromium, DuckDB and matplotlib. Exit code 1 when the page is
not smaller than 5 MB, the slowest opening is not under 2 s, or the site that changed is not told.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import copydesk
from copydesk_flows.dataset_report.page import json_of, page_of

MOST_BYTES, MOST_SECONDS = 5_000_000, 2.0
RUNS, SITES, OPENINGS = 3, 40, 5
FIRST = ("Mara", "Ove", "Karin", "Ines", "Anselm", "Tove", "Nils", "Freja", "Jon", "Lise", "Eva", "Per", "Ana", "Luis", "Kofi", "Yuki")
LAST = ("Lindqvist", "Brandt", "Aspelund", "Varga", "Korff", "Holm", "Sund", "Ekman", "Dahl", "Berg", "Nilsen", "Moreau", "Okafor", "Silva")
THINGS = ("ferry", "bridge", "school", "harbour", "budget", "hospital", "tram", "library", "storm", "election", "museum", "reservoir")
PAGE = """<html lang="en"><head><meta property="og:title" content="District {n} pays for a {thing}">
<meta property="og:type" content="article">{date}</head>
<body><nav><a href="/">Home</a> <a href="/n">News</a></nav><article><h1>District {n} pays for a {thing}</h1>
<p class="byline">By {author}</p>
<p>The council of district {n} voted on Monday to pay for a new {thing}, after {many} residents asked for it.</p>
{more}{wire}<div class="newsletter"><p>Sign up for our newsletter to get the news of the day.</p></div></article>
<footer><p>Copyright {year} The Paper. All rights reserved.</p></footer></body></html>"""
MORE = """<p>The plan for the {thing} has been argued over since {year}, and work on the road beside it is to begin before the spring of the
year after next, officials wrote in a paper for the council.</p>"""
SAID = "<p>“We waited {many} years for this {thing}, and nobody believed it,” said {who}, who leads the committee. “Now we build it.”</p>"


def pages(count: int, run: int) -> Iterator[dict[str, str]]:
    """The pages of a run; site 0 has the most, and neither dates nor more than a paragraph in the last run."""
    for n in range(run * count // RUNS, (run + 1) * count // RUNS):
        chance = random.Random(n)
        site, day, month, year = int(chance.random() ** 2 * SITES), 1 + n % 28, 1 + n // 28 % 12, 2020 + n // 336 % 6
        changed = run == RUNS - 1 and site == 0
        names = [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(2)]
        thing, many = chance.choice(THINGS), chance.randint(2, 40)
        more = [MORE.format(thing=chance.choice(THINGS), year=chance.randint(1980, 2019)) for _ in range(chance.randint(1, 5))]
        date = f'<meta property="article:published_time" content="{year}-{month:02}-{day:02}T09:00:00Z">'
        html = PAGE.format(n=n, thing=thing, many=many, year=year, author=names[0], date="" if changed else date,
                           more="" if changed else "".join([*more, SAID.format(many=many, thing=thing, who=names[1])]),
                           wire="<p>This article was provided by Reuters.</p>" if chance.random() < 0.2 else "")
        yield {"url": f"https://www.paper{site}.example/story-{n}", "html": html}


def dataset(folder: Path, count: int) -> Path:
    """A dataset of so many articles."""
    for run in range(RUNS):
        file = folder / f"run-{run}.jsonl"
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(page) + "\n" for page in pages(count, run))
        copydesk.run([file], folder / "dataset")
    return folder / "dataset"


def openings(file: Path) -> list[float]:
    """Seconds until a page is drawn, several times, each in a browser context of its own."""
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("chromium-browser"))
        for _ in range(OPENINGS):
            page = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}).new_page()
            start = time.perf_counter()
            page.goto(file.as_uri())
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            found.append(time.perf_counter() - start)
        browser.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--dataset", type=Path, help="a dataset that is there, instead of made-up pages")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        start = time.perf_counter()
        output = chosen.dataset or dataset(Path(work), chosen.articles)
        made, start = time.perf_counter() - start, time.perf_counter()
        page = page_of(str(output))
        took = time.perf_counter() - start
        file = Path(work) / "report.html"
        file.write_text(page, encoding="utf-8")
        found = openings(file)
        told = json.loads(json_of(str(output)))
    changed = [row["site"] for figure in told["figures"] if figure["id"] == "drift" for row in figure["rows"]]
    print(f"{told['head']['articles']:,} articles (made in {made:.0f} s): report in {took:.1f} s, {len(page.encode()) / 1e6:.2f} MB, "
          f"opened in {', '.join(f'{each:.2f}' for each in found)} s; sites that changed: {', '.join(changed) or 'none'}")
    fine = len(page.encode()) < MOST_BYTES and max(found) < MOST_SECONDS and (chosen.dataset or changed == ["paper0.example"])
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
