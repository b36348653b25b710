"""Bring URLs into one form, and say which site they belong to, whether they are public, and whether they name a front page.

courlan (https://github.com/adbar/courlan) handles tracking parameters, punycode, default ports and percent-encoding. Registrable
domains come from the Public Suffix List that tld bundles. Neither library uses the network.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

MOST_CHARACTERS = 2_000
"""Code points that an address may have. Anything longer is no address."""
_KEPT_ADDRESSES, _KEPT_DOMAINS, _KEPT_HOSTS = 256, 1_024, 4_096
"""Results that are kept: canonical forms (a page asks for the same few addresses again and again), domains of URLs, domains of hosts."""
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff<>\"\\^`{|}]")
_ENTRANCE = re.compile(r"(?:(?:index|default)\.(?:html?|shtml|php|aspx?|jsp)|home)?", re.I)
_NUMBER = re.compile(r"\d{1,300}|0x[0-9a-f]{0,300}", re.I)
"""The last label of a host that is a network address in an unusual spelling."""
_ENCODED = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_LOCAL_NAMES = (".local", ".localhost", ".internal", ".lan", ".home", ".corp", ".intranet", ".home.arpa")


def canonicalise(url: str | None, base: str | None = None) -> str | None:
    """A web address without tracking parameters, fragment, default port and user name.

    Args:
        url: the address as written, absolute or relative.
        base: the address that a relative ``url`` is resolved against; None leaves relative ones unresolved.

    Returns:
        The canonical form; None when ``url`` is no web address, has over 2,000 characters, or has characters that no address has.

    >>> canonicalise("HTTPS://me@News.Example.com:443/a//b?utm_source=x&id=2#top")
    'https://news.example.com/a/b?id=2'
    >>> canonicalise("javascript:alert(1)") is None
    True
    """
    text = (url or "").strip()
    if not text or len(text) > MOST_CHARACTERS:
        return None
    return _canonical(text, base if base and len(base) <= MOST_CHARACTERS else None)


@lru_cache(maxsize=_KEPT_ADDRESSES)
def _canonical(text: str, base: str | None) -> str | None:
    if _UNSAFE.search(text):
        return None
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return None
        path = _decoded(parts.path)
        path = urlsplit(urljoin("https://host/", path)).path if "/." in path and "//" not in path else path
        host = parts.netloc.rpartition("@")[2].rstrip(".")
        found: str = _normalise(urlunsplit((parts.scheme, host, path or "/", _decoded(parts.query), "")))
    except ValueError:
        return None
    return found if len(found) <= 2 * MOST_CHARACTERS else None


def _decoded(text: str) -> str:
    """Percent-encoding in one spelling: letters, digits and "-._~" are decoded, other escapes get capitals (RFC 3986, 6.2.2)."""
    return _ENCODED.sub(_one_spelling, text) if "%" in text else text


def _one_spelling(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match.group().upper()


def _normalise(url: str) -> str:
    from courlan import normalize_url

    return str(normalize_url(url))


def host_of(url: str | None) -> str | None:
    """The host name of a URL in lower case, without port; None when there is none.

    >>> host_of("https://www.example.com:8080/x")
    'www.example.com'
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".") or None if url else None
    except ValueError:
        return None


@lru_cache(maxsize=_KEPT_DOMAINS)
def registrable_domain(url: str | None) -> str | None:
    """The registrable domain of a URL: the public suffix and one label before it; None when the URL has no host.

    A last label that the Public Suffix List does not have counts as a suffix.

    >>> registrable_domain("https://edition.news.co.uk/politics")
    'news.co.uk'
    """
    host = host_of(url)
    return _domain(host) if host else None


@lru_cache(maxsize=_KEPT_HOSTS)
def _domain(host: str) -> str:
    from tld import get_fld

    found = get_fld(f"https://{host}/", fail_silently=True, search_private=True)
    if found:
        return str(found)
    return host if ":" in host or host.replace(".", "").isdigit() else ".".join(host.split(".")[-2:])


def same_site(one: str | None, other: str | None) -> bool:
    """Whether two URLs have the same registrable domain. A URL without a host shares none.

    >>> same_site("https://m.example.com/a", "https://www.example.com/b")
    True
    """
    left, right = registrable_domain(one), registrable_domain(other)
    return left is not None and left == right


def own_site(fetched: str | None, stated: Sequence[str], links: Iterable[str]) -> str | None:
    """The site (registrable domain) that a page belongs to; None when that is unknown.

    The fetch URL decides when there is one. Else the addresses that the page states for itself decide, when all share one site. When they
    name several sites, the site with the most of the page's links wins, unless two sites have equally many.

    Args:
        fetched: the URL that the page was fetched from; None when the record has none.
        stated: the addresses that the page states for itself.
        links: the URLs that the page links to.

    >>> own_site(None, ["https://a.example/x", "https://b.example/x"], ["https://b.example/y"])
    'b.example'
    >>> own_site(None, ["https://a.example/x", "https://b.example/x"], []) is None
    True
    """
    if fetched:
        return registrable_domain(fetched)
    sites = [site for site in dict.fromkeys(registrable_domain(url) for url in stated) if site]
    if len(sites) < 2:
        return sites[0] if sites else None
    counted = Counter(site for host in map(host_of, links) if host for site in sites if f".{host}".endswith(f".{site}"))
    first, second = sorted(sites, key=lambda site: -counted[site])[:2]
    return first if counted[first] > counted[second] else None


def is_public(url: str | None) -> bool:
    """Whether a URL is a plain address on the public web: http(s), no user name, no private, local or single-label host.

    >>> is_public("http://192.168.1.5/x"), is_public("https://user@example.com/"), is_public("https://example.com/")
    (False, False, True)
    """
    host = host_of(url)
    if url is None or host is None or "@" in urlsplit(url).netloc or urlsplit(url).scheme not in ("http", "https"):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_LOCAL_NAMES) and not _NUMBER.fullmatch(host.rpartition(".")[2])


def is_front_page(url: str) -> bool:
    """Whether a URL names the front page of a site. A URL with parameters does not, so pass it through `canonicalise` first.

    >>> is_front_page("https://news.example/Default.aspx"), is_front_page("https://news.example/?p=7")
    (True, False)
    """
    parts = urlsplit(url)
    return _ENTRANCE.fullmatch(parts.path.strip("/")) is not None and not parts.query


def bare(url: str) -> str:
    """An address without scheme, ``www.`` or ``m.`` label, and trailing slash: two spellings of one address give the same text.

    >>> bare("http://www.example.com/a/?x=1") == bare("https://m.example.com/a?x=1")
    True
    """
    parts = urlsplit(url)
    host = re.sub(r"^(?:www\d?|m|mobile|amp)\.", "", (parts.hostname or "").lower())
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"
