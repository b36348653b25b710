"""What a page states about itself."""

from __future__ import annotations

from support.html_pages import read


def test_facts() -> None:
    found = read("""<html lang=en-GB><head><title>A &amp; B</title><meta NAME=Author content=Ann><meta property="og:title" content=T>
        <meta name=author content=Bea><link rel="canonical alternate" href=" /x " hreflang=en><meta http-equiv=Refresh content=5></head>
        <body><p class=d>On <time datetime=2026-05-06 itemprop=datePublished class=t>6 May</time>
        <span itemprop=dateModified content=2026></span>""")
    assert (found.title, found.language) == ("A & B", "en-GB")
    assert found.meta == {"author": ("Ann", "Bea"), "og:title": ("T",), "refresh": ("5",), "datemodified": ("2026",)}
    assert [(link.rel, link.href, link.hreflang) for link in found.links] == [("canonical", "/x", "en"), ("alternate", "/x", "en")]
    (time,) = found.times
    assert (time.datetime, time.text, time.itemprop, time.block) == ("2026-05-06", "6 May", "datepublished", 0)
    assert time.tokens == ("t", "datepublished", "d")
    assert [element.text for element in found.css("p.d")] == ["On 6 May"]
