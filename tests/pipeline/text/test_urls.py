import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.text.urls import bare, canonicalise, is_front_page, is_public, registrable_domain, same_site


@pytest.mark.parametrize(("url", "wanted"), [
    ("HTTPS://News.Example.com/a", "https://news.example.com/a"),
    ("https://example.com:443/a#part", "https://example.com/a"),
    ("http://example.com:80/a", "http://example.com/a"),
    ("https://example.com:8443/a", "https://example.com:8443/a"),
    ("https://example.com/a?utm_source=x&fbclid=1&id=7", "https://example.com/a?id=7"),
    ("https://me:secret@example.com/a", "https://example.com/a"),
    ("https://xn--mnchen-3ya.example/a", "https://münchen.example/a"),
    ("https://example.com/caf\u00e9", "https://example.com/caf%C3%A9"),
])
def test_canonical_form(url: str, wanted: str) -> None:
    assert canonicalise(url) == wanted


@pytest.mark.parametrize("url", [
    None, "", "javascript:alert(1)", "data:text/html,x", "ftp://example.com/a", "/relative", "https://", "https://exa mple.com/", "https://[::1/a",
    "https://example.com/\u202egnp.exe", "https://example.com/" + "a" * 3_000, "https://example.com:99999/",
])
def test_what_is_no_web_address(url: str | None) -> None:
    assert canonicalise(url) is None


def test_relative_against_the_fetch_url() -> None:
    assert canonicalise("../b?x=1", "https://example.com/a/c") == "https://example.com/b?x=1"


@given(st.text(max_size=60))
def test_canonical_form_is_stable_and_never_raises(tail: str) -> None:
    once = canonicalise(f"https://example.com/{tail}")
    if once is not None:
        assert canonicalise(once) == once


@pytest.mark.parametrize(("url", "domain"), [
    ("https://www.example.co.uk/a", "example.co.uk"), ("https://edition.example.com/", "example.com"),
    ("https://www.harbor.example/", "harbor.example"), ("http://10.0.0.1/x", "10.0.0.1"), ("not a url", None),
])
def test_registrable_domain(url: str, domain: str | None) -> None:
    assert registrable_domain(url) == domain


def test_same_site_is_the_registrable_domain() -> None:
    assert same_site("https://m.example.co.uk/a", "http://www.example.co.uk/b")
    assert not same_site("https://a.co.uk/", "https://b.co.uk/")
    assert not same_site(None, None)


@pytest.mark.parametrize("url", [
    "http://localhost/a", "http://192.168.0.9/a", "http://127.0.0.1/", "http://[::1]/a", "http://intranet/a", "http://printer.local/a",
    "https://someone@example.com/", "http://2130706433/",
])
def test_private_addresses(url: str) -> None:
    assert not is_public(url)


@pytest.mark.parametrize("path", ["", "/", "/index.htm", "/index.html", "/INDEX.HTML", "/index.php", "/default.aspx", "/Default.asp",
                                  "/index.jsp", "/home", "/home/", "/#top"])
def test_entrances(path: str) -> None:
    assert is_front_page(f"https://example.com{path}")


@pytest.mark.parametrize("path", ["/a", "/?p=7", "/index.html?id=7", "/a/index.html", "/index", "/indexes.html", "/default",
                                  "/home.htmlx", "/en/"])
def test_pages_that_are_no_entrance(path: str) -> None:
    assert not is_front_page(f"https://example.com{path}")


def test_front_pages_and_spellings() -> None:
    assert is_front_page("https://example.com/")
    assert not is_front_page("https://example.com/a")
    assert not is_front_page("https://example.com/?p=7")
    assert bare("http://www.example.com/a/") == bare("https://example.com/a")


@pytest.mark.parametrize(("one", "other"), [
    ("https://example.com/%7Euser/%41", "https://example.com/~user/A"), ("https://example.com/a/../b/./c", "https://example.com/b/c"),
    ("https://example.com/a%2fb", "https://example.com/a%2Fb"), ("https://example.com/a/%2e%2e/x", "https://example.com/x"),
])
def test_spellings_of_one_address(one: str, other: str) -> None:
    assert canonicalise(one) == canonicalise(other) is not None


@pytest.mark.parametrize("url", ["http://0x7f.1/", "http://127.1/", "http://0177.0.0.0x1/", "http://１２７.0.0.1/"])
def test_odd_spellings_of_network_addresses_are_not_public(url: str) -> None:
    assert not is_public(url)
