"""URLs as people give them."""

import pytest

from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError


@pytest.mark.parametrize(
    ("text", "url", "host", "port"),
    [
        ("ws://h.example", "ws://h.example/", "h.example", 80),
        ("wss://h.example", "wss://h.example/", "h.example", 443),
        ("ws://h.example:8080/a?b=c", "ws://h.example:8080/a?b=c", "h.example", 8080),
        ("ws://h.example:80", "ws://h.example/", "h.example", 80),
        ("WSS://H.Example:443/Path", "wss://h.example/Path", "h.example", 443),
        ("http://h.example", "ws://h.example/", "h.example", 80),
        ("https://h.example", "wss://h.example/", "h.example", 443),
        ("ws://[::1]:9/x", "ws://[::1]:9/x", "::1", 9),
        ("wss://[2001:DB8::1]", "wss://[2001:db8::1]/", "2001:db8::1", 443),
        ("ws://münchen.example/", "ws://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example", 80),
        ("ws://ＥＸ.example/", "ws://ex.example/", "ex.example", 80),
        ("ws://h.example:/", "ws://h.example/", "h.example", 80),
        ("  ws://h.example/ ", "ws://h.example/", "h.example", 80),
    ],
)
def test_a_url_is_taken(text: str, url: str, host: str, port: int) -> None:
    """Default ports, IPv6, IDN, http(s)."""
    target = parse_url(text)
    assert (target.url, target.host, target.port) == (url, host, port)
    assert target.is_secure == url.startswith("wss:")
    assert target.notices == ()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("localhost:9911/echo", "ws://localhost:9911/echo"),
        ("127.0.0.1:9911", "ws://127.0.0.1:9911/"),
        ("127.9.9.9", "ws://127.9.9.9/"),
        ("[::1]:9911", "ws://[::1]:9911/"),
        ("app.localhost", "ws://app.localhost/"),
        ("api.example.com/feed", "wss://api.example.com/feed"),
        ("10.0.0.1:80", "wss://10.0.0.1:80/"),
        ("localhost.example.com", "wss://localhost.example.com/"),
        ("h.example/?next=http://x", "wss://h.example/?next=http://x"),
        ("//h.example/x", "wss://h.example/x"),
    ],
)
def test_a_missing_scheme_is_taken_and_said(text: str, url: str) -> None:
    """`ws://` on loopback, `wss://` elsewhere."""
    target = parse_url(text)
    assert target.url == url
    assert target.notices == (f"no scheme given: took {url.partition('//')[0]}//",)


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("ws://ann:pw@h/", "ann:pw"),
        ("ws://ann@h/", "ann:"),
        ("ws://a%40n:p%3Aw@h/", "a@n:p:w"),
        ("ann:pw@127.0.0.1/", "ann:pw"),
        ("ws://h/", None),
    ],
)
def test_user_info_is_kept_apart(text: str, user: str | None) -> None:
    """Decoded, and never in the URL nor in what is printed."""
    target = parse_url(text)
    assert target.user == user
    assert "@" not in target.url
    assert user is None or user not in repr(target)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no URL given"),
        ("ws://h/#top", "no fragment; write %23"),
        ("ws://h/a#", "no fragment"),
        ("ws://h:0/", "the port is a number from 1 to 65535"),
        ("ws://h:65536/", "the port is a number from 1 to 65535"),
        ("ws://h:http/", "the port is a number from 1 to 65535"),
        ("ws://h:-1/", "the port is a number from 1 to 65535"),
        ("ftp://h/", "ftp:// is not a WebSocket; use ws:// or wss://"),
        ("ws:///path", "there is no host"),
        ("ws://", "there is no host"),
        ("ws://::1/", "an IPv6 address stands in brackets"),
        ("::1", "an IPv6 address stands in brackets"),
        ("ws://[::1", "an IPv6 address stands in brackets"),
        ("[::1", "an IPv6 address stands in brackets"),
        ("ws://a b/", "no spaces or control characters"),
        ("ws://h/\x1b[2J", "no spaces or control characters"),
        ("ws://a..b/", "a..b is no host name"),
        (f"ws://{'a' * 64}.example/", "is no host name"),
        ("ws://\u2488.example/", "is no host name"),
    ],
)
def test_a_wrong_url_is_said_in_words(text: str, words: str) -> None:
    """At the field `url`."""
    with pytest.raises(UsageError) as caught:
        parse_url(text)
    assert words in str(caught.value)
    assert caught.value.field == "url"
