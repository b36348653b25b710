"""``copydesk learn``: find paragraphs that recur on many pages of a site, and print a rule file that removes them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from copydesk_flows.console.exits import emit, help_text, say

if TYPE_CHECKING:
    from copydesk import Settings

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=help_text())
def learn(
    output: Annotated[str, typer.Argument(metavar="OUTPUT", help="The dataset's folder, or s3://bucket/prefix.")],
    min_pages: Annotated[int, typer.Option(min=2, metavar="N", help="On so many pages of a site at least; longer paragraphs, and those "
                                           "inside articles, need more.")] = 5,
    min_share: Annotated[float, typer.Option(min=0, max=100, metavar="PERCENT", help="And on this share of the site's pages.")] = 1.0,
    site: Annotated[str | None, typer.Option(metavar="DOMAIN", help="Look at one site only.")] = None,
    config: Annotated[str | None, typer.Option("--config", metavar="FILE", help="Settings file: rules that its rule files have already "
                                               "are left out [default: ./copydesk.toml if it is there].")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Find paragraphs that recur on many pages of a site, and write rules that take them out.

    The rules go to standard output: copydesk learn output > repeated.toml. Read them, then name the file in the settings under
    [plugins.clean_phrases], files = ["repeated.toml"]. Nothing in the dataset is changed.
    """
    from copydesk import inert, open_dataset, registrable_domain
    from copydesk.operations import learn_repeats, rule_file
    from copydesk_flows.settings.overrides import config_path, resolve

    known = _known(resolve(config_path(config)))
    wanted = None if site is None else registrable_domain(site if "://" in site else f"https://{site}/") or site
    dataset = open_dataset(output)
    learned = learn_repeats(dataset, min_pages, min_share / 100, wanted)
    emit("\n".join(rule_file(learned, output, dataset.commit, datetime.now(UTC), known)))
    new = sum(each.rule not in known for each in learned.found)
    told = f"{new:,} rules from {learned.articles:,} articles" if new else f"nothing new recurs in {learned.articles:,} articles"
    if learned.siteless:
        told += f"; {learned.siteless:,} more have no site and were left out"
    if learned.least > min_pages:
        told += f"; too many paragraphs for {min_pages} pages: {learned.least} pages were asked for (--site looks closer)"
    say(inert(told))


def _known(settings: Settings) -> frozenset[str]:
    """Return the names of the rules in the files that the settings of plugins name."""
    from copydesk.operations import load_plugins

    names = set()
    for file in load_plugins(settings).files.values():
        if file.path.endswith(".toml"):
            rules = tomllib.loads(file.content.decode("utf-8-sig")).get("rules", ())
            names |= {rule.get("rule") for rule in rules if isinstance(rule, dict)}
    return frozenset(name for name in names if isinstance(name, str))
