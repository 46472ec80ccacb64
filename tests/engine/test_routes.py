"""The way to a server: what options and environment say of it, without dialling."""

import pytest

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.proxy import Proxy, environment_proxy, parse_proxy
from wsdebug.engine.route import parse_connect_to, parse_resolve, route_of
from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://p.example", Proxy("http", "p.example", 80)),
        ("https://p.example/", Proxy("https", "p.example", 443)),
        ("socks5://p.example", Proxy("socks5", "p.example", 1080)),
        ("SOCKS5H://p.example:9", Proxy("socks5h", "p.example", 9)),
        ("p.example:3128", Proxy("http", "p.example", 3128)),
        ("ann:p%40ss@p.example:3128", Proxy("http", "p.example", 3128, "ann:p@ss")),
        ("http://ann@[::1]:8080", Proxy("http", "::1", 8080, "ann:")),
    ],
)
def test_a_proxy_is_a_url(text: str, proxy: Proxy) -> None:
    """Without a scheme it is an HTTP proxy."""
    assert parse_proxy(text) == proxy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ftp://p", "not ftp"),
        ("http://", "no host"),
        ("http://p:0", "no port that can be"),
        ("http://p:99999", "no URL"),
        ("http://[p", "no URL"),
        ("http://p/path", "ends after its host and port"),
        ("http://p?q", "ends after its host and port"),
        ("http://p\r\nX: y", "no spaces"),
        ("", "no host"),
    ],
)
def test_what_is_no_proxy_is_told(text: str, words: str) -> None:
    """At the field."""
    with pytest.raises(UsageError, match=words) as caught:
        parse_proxy(text)
    assert caught.value.field == "proxy"


def test_a_proxys_password_is_not_shown() -> None:
    """Neither in its URL nor when it is printed."""
    proxy = parse_proxy("http://ann:hidden@p:1")
    assert proxy.url == "http://p:1"
    assert "hidden" not in repr(proxy) + proxy.place


ENVIRONMENT = {
    "ws_proxy": "http://1",
    "http_proxy": "http://2",
    "WSS_PROXY": "http://3",
    "https_proxy": "http://4",
    "HTTPS_PROXY": "http://5",
    "ALL_PROXY": "socks5://6",
    "HTTP_PROXY": "http://7",
}


@pytest.mark.parametrize(
    ("url", "without", "found"),
    [
        ("ws://a", "", "ws_proxy"),
        ("ws://a", "ws_proxy", "http_proxy"),
        ("ws://a", "ws_proxy http_proxy", "ALL_PROXY"),
        ("ws://a", "ws_proxy http_proxy ALL_PROXY", ""),
        ("wss://a", "", "WSS_PROXY"),
        ("wss://a", "WSS_PROXY", "https_proxy"),
        ("wss://a", "WSS_PROXY https_proxy", "HTTPS_PROXY"),
        ("wss://a", "WSS_PROXY https_proxy HTTPS_PROXY", "ALL_PROXY"),
    ],
)
def test_the_environments_proxy_is_the_one_curl_takes(url: str, without: str, found: str) -> None:
    """By the scheme, lower case first."""
    environ = {name: value for name, value in ENVIRONMENT.items() if name not in without.split()}
    proxy = environment_proxy(parse_url(url), environ)
    assert (proxy.source if proxy else "") == found
    if proxy is not None:
        assert proxy.host == parse_proxy(environ[found]).host


@pytest.mark.parametrize(
    ("host", "no_proxy", "is_used"),
    [
        ("feed.example", "", True),
        ("feed.example", "*", False),
        ("feed.example", "example", False),
        ("feed.example", ".example", False),
        ("feed.example", "other, FEED.example.", False),
        ("feed.example", "eed.example", True),
        ("feed.example", "feed.example.com", True),
        ("10.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3", False),
        ("11.1.2.3", "10.0.0.0/8", True),
        ("[fd00::1]", "fd00::/8", False),
        ("[fd00::1]", "[fd00::1]", False),
        ("localhost", "", False),
        ("127.0.0.9", "", False),
        ("[::1]", "", False),
    ],
)
def test_what_the_environments_proxy_is_not_for(host: str, no_proxy: str, is_used: bool) -> None:
    """What `no_proxy` lists, and this machine itself."""
    for name in ("no_proxy", "NO_PROXY"):
        environ = {"all_proxy": "http://p", name: no_proxy}
        proxy = environment_proxy(parse_url(f"ws://{host}/"), environ)
        assert (proxy is not None) == is_used


def test_a_wrong_proxy_in_the_environment_is_named() -> None:
    """By its variable."""
    with pytest.raises(UsageError, match="https_proxy in the environment: a proxy is"):
        environment_proxy(parse_url("wss://a"), {"https_proxy": "gopher://p"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Feed.example:443:127.0.0.1", ("feed.example", 443, ("127.0.0.1",))),
        ("*:80:127.0.0.1,[::1]", ("*", 80, ("127.0.0.1", "::1"))),
        ("[::2]:80:::1", ("::2", 80, ("::1",))),
    ],
)
def test_an_address_can_be_given(text: str, wanted: tuple[str, int, tuple[str, ...]]) -> None:
    """Several, and of both kinds."""
    assert parse_resolve(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a:1:b:2", ("a", 1, "b", 2)),
        ("::b:", ("", None, "b", None)),
        ("[::1]:1:[::2]:2", ("::1", 1, "::2", 2)),
        (":::", ("", None, "", None)),
    ],
)
def test_another_place_can_be_given(
    text: str, wanted: tuple[str, int | None, str, int | None]
) -> None:
    """What is left out stays as it is, or matches any."""
    assert parse_connect_to(text) == wanted


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"resolve": ("a:1",)}, "resolve"),
        ({"resolve": (":1:127.0.0.1",)}, "resolve"),
        ({"resolve": ("a:x:127.0.0.1",)}, "resolve"),
        ({"resolve": ("a:70000:127.0.0.1",)}, "resolve"),
        ({"resolve": ("a:1:127.0.0.1,",)}, "resolve"),
        ({"connect_to": ("a:1:b",)}, "connect-to"),
        ({"connect_to": ("a:1:b:0",)}, "connect-to"),
        ({"proxy": "gopher://p"}, "proxy"),
        ({"proxy": "http://p", "unix_socket": "/s"}, "unix-socket"),
    ],
)
def test_a_way_that_cannot_be_is_told(options: dict[str, object], field: str) -> None:
    """At its field."""
    given = ConnectOptions("ws://h/", **options)  # type: ignore[arg-type]
    with pytest.raises(UsageError) as caught:
        route_of(parse_url("ws://h/"), given, {})
    assert caught.value.field == field


def test_the_first_other_place_that_fits_is_taken() -> None:
    """Then the given address of that place."""
    options = ConnectOptions(
        "wss://h/", connect_to=("x:::9", "H::other:", "::last:1"), resolve=("other:443:127.0.0.1",)
    )
    route = route_of(parse_url("wss://h/"), options, {})
    assert (route.place, route.addresses(route.host, route.port)) == (
        "other:443",
        ("127.0.0.1",),
    )
    assert route.addresses("h", 443) == ()


def test_a_proxy_that_is_named_is_used_for_this_machine_too() -> None:
    """The environment's is not; nor is any with `no_proxy`, or to a unix socket."""
    target = parse_url("ws://127.0.0.1/")
    environ = {"all_proxy": "http://p"}
    named = ConnectOptions("", proxy="http://q")
    assert (way := route_of(target, named, environ).proxy) is not None
    assert way.host == "q"
    there = parse_url("ws://h/")
    assert route_of(there, ConnectOptions(""), environ).proxy is not None
    assert route_of(there, ConnectOptions("", no_proxy=True), environ).proxy is None
    assert route_of(there, ConnectOptions("", unix_socket="/s"), environ).proxy is None
