"""What may not stand in a record."""

import re
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from wsdebug.payload.redact import Redactor, is_secret_header, is_secret_name

SECRETS = st.text(min_size=1, max_size=12).filter(lambda secret: secret.strip("*") != "")


@pytest.mark.parametrize(
    ("url", "shown", "names"),
    [
        ("wss://a.example/x?symbols=ACME", "wss://a.example/x?symbols=ACME", []),
        ("wss://me:pw@a.example/", "wss://***@a.example/", ["user"]),
        ("wss://me:p@w@a.example/", "wss://***@a.example/", ["user"]),
        ("wss://me:p w@a.example/", "wss://***@a.example/", ["user"]),
        ("ws://a/?token=abc&x=1", "ws://a/?token=***&x=1", ["token"]),
        ("ws://a/?x=1;api_key=z", "ws://a/?x=1;api_key=***", ["api_key"]),
        ("ws://a/?accessToken=z#top", "ws://a/?accessToken=***#top", ["accessToken"]),
        ("ws://a/?X-Amz-Signature=9f", "ws://a/?X-Amz-Signature=***", ["X-Amz-Signature"]),
        ("ws://a/?t%6fken=z", "ws://a/?t%6fken=***", ["token"]),
        ("ws://a/?token=", "ws://a/?token=", []),
        ("ws://a/?next=%2Fb%3Ftoken%3Dq%26c%3D1", "ws://a/?next=%2Fb%3Ftoken%3D***%26c%3D1", None),
        ("ws://a/?next=/b?sig=q", "ws://a/?next=/b?sig=***", ["sig"]),
        ("ws://a/#access_token=q", "ws://a/#access_token=***", ["access_token"]),
        ("/path?pwd=1", "/path?pwd=***", ["pwd"]),
        ("ws://a/x@y", "ws://a/x@y", []),
    ],
)
def test_a_url_keeps_no_secret(url: str, shown: str, names: list[str] | None) -> None:
    """User info, and query values by a list of names."""
    redactor = Redactor()
    assert redactor.url(url) == shown
    if names is not None:
        assert redactor.names == names


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("token", True),
        ("refreshToken", True),
        ("idtoken", True),
        ("API-KEY", True),
        ("client_secret", True),
        ("passwd", True),
        ("keyword", False),
        ("monkey", False),
        ("symbols", False),
        ("signal", False),
        ("code", False),
        ("author", False),
    ],
)
def test_names_are_read_in_words(name: str, secret: bool) -> None:
    """`key` is one, `monkey` is none."""
    assert is_secret_name(name) == secret


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Authorization", True),
        ("proxy-authorization", True),
        ("Cookie", True),
        ("Set-Cookie", True),
        ("X-Api-Key", True),
        ("X-Auth-Token", True),
        ("Sec-WebSocket-Key", False),
        ("Sec-WebSocket-Accept", False),
        ("WWW-Authenticate", False),
        ("Host", False),
    ],
)
def test_secret_headers_are_known(name: str, secret: bool) -> None:
    """What the handshake itself needs is none."""
    assert is_secret_header(name) == secret


def test_headers_keep_their_order_and_names() -> None:
    """Only values are replaced, and what is in a URL of the others."""
    redactor = Redactor()
    pairs = [
        ("Host", "a.example"),
        ("authorization", "Basic eDp5"),
        ("Cookie", "a=1"),
        ("Location", "wss://u:p@b/?sig=1&x=2"),
        ("Cookie", "b=2"),
    ]
    assert redactor.headers(pairs) == [
        ["Host", "a.example"],
        ["authorization", "***"],
        ["Cookie", "***"],
        ["Location", "wss://***@b/?sig=***&x=2"],
        ["Cookie", "***"],
    ]
    assert redactor.names == ["authorization", "Cookie", "user", "sig"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (
            b"GET /x?access_token=1 HTTP/1.1\r\nHost: a\r\nAuthorization:  Basic abc\r\n\r\n",
            b"GET /x?access_token=*** HTTP/1.1\r\nHost: a\r\nAuthorization:  ***\r\n\r\n",
        ),
        (
            b"HTTP/1.1 101 ok\nset-cookie:a=b\n\n",
            b"HTTP/1.1 101 ok\nset-cookie:***\n\n",
        ),
        (
            b"GET / HTTP/1.1\r\nCookie: a=1;\r\n b=2\r\nX: 1\r\n 2\r\n\r\n",
            b"GET / HTTP/1.1\r\nCookie: ***\r\n ***\r\nX: 1\r\n 2\r\n\r\n",
        ),
        (
            b"HTTP/1.1 101 ok\r\nX: a\rSet-Cookie: b=1\r\n\r\n",
            b"HTTP/1.1 101 ok\r\nX: a\rSet-Cookie:***\r\n\r\n",
        ),
        (b"HTTP/1.1 200 \xff\xfe\r\nCookie : x", b"HTTP/1.1 200 \xff\xfe\r\nCookie : ***"),
        (b"\x15\x03\x01 no http", b"\x15\x03\x01 no http"),
        (b"", b""),
    ],
)
def test_a_raw_head_keeps_every_other_byte(raw: bytes, shown: bytes) -> None:
    """Line ends, case, spaces and bytes that are not text stay."""
    assert Redactor().head(raw) == shown


def test_given_secrets_are_found_in_every_spelling() -> None:
    """Plain, percent-encoded in either case, with a plus, and in UTF-8 or Latin-1 bytes."""
    redactor = Redactor({"API": "s3cr tü/"})
    for spelled in ("s3cr tü/", "s3cr%20t%C3%BC%2F", "s3cr+t%c3%bc%2f", "%733cr tü/"):
        assert redactor.url(f"ws://a/p/{spelled}/q") == "ws://a/p/***/q"
    assert redactor.head("GET /s3cr tü/ HTTP/1.1\r\n".encode()) == b"GET /*** HTTP/1.1\r\n"
    assert redactor.head(b"X: s3cr t\xfc/\r\n") == b"X: ***\r\n"
    assert redactor.names == ["API"]


def test_options_that_are_secrets_are_masked_whole() -> None:
    """The header of a session file names them, without their values."""
    redactor = Redactor(["tap"])
    assert redactor.option("bearer", "abc") == "***"
    assert redactor.option("user", "me:pw") == "***"
    assert redactor.option("origin", "https://tap.example") == "https://***.example"
    assert redactor.option("max-size", 5) == 5
    assert redactor.names == ["bearer", "user"]


def test_payloads_are_masked_for_screens_only_by_value() -> None:
    """Nothing but the given secrets is touched."""
    redactor = Redactor(["hunter2"])
    assert redactor.shown('{"token":"hunter2","url":"ws://a:b@c"}') == (
        '{"token":"***","url":"ws://a:b@c"}'
    )
    assert redactor.names == []


def test_everything_is_kept_on_request() -> None:
    """`--keep-secrets`."""
    redactor = Redactor(["x"], keep=True)
    url = "ws://x:y@a/?token=x"
    assert redactor.url(url) == redactor.text(url) == redactor.shown(url) == url
    assert redactor.headers([("Cookie", "x")]) == [["Cookie", "x"]]
    assert redactor.head(b"GET /\r\nCookie: x\r\n") == b"GET /\r\nCookie: x\r\n"
    assert redactor.option("user", "x") == "x"
    assert redactor.names == []


@given(SECRETS, st.text(), st.text(), st.sampled_from([str, quote, quote_plus]))
@example(secret="**a", before="a", after="aa", spell=str)
def test_a_secret_never_comes_through(
    secret: str, before: str, after: str, spell: type[str]
) -> None:
    """Wherever it stands, however it is spelled, in text, header and head."""
    redactor = Redactor([secret])
    text = before + spell(secret) + after
    for shown in (redactor.url(text), redactor.text(text), redactor.header("X", text)):
        assert secret not in shown
        assert spell(secret) not in shown
    assert secret not in redactor.shown(text)
    head = redactor.head(f"GET / HTTP/1.1\r\nX: {text}\r\n\r\n".encode())
    assert secret.encode() not in head


@given(st.from_regex(r"[A-Za-z0-9+/=._~!$'()*,-]{4,20}", fullmatch=True), st.booleans())
def test_no_value_of_a_secret_parameter_comes_through(value: str, encoded: bool) -> None:
    """Whatever characters it is made of."""
    assume(value.strip("*") and value not in "wss://user:***@host.example/p?a=1&token=***&b=2")
    shown = Redactor().url(
        f"wss://user:{value.replace('/', '')}@host.example/p?a=1&token="
        f"{quote(value) if encoded else value}&b=2"
    )
    assert shown == "wss://***@host.example/p?a=1&token=***&b=2"


@given(st.binary())
def test_a_head_without_secrets_is_unchanged(data: bytes) -> None:
    """Redacting is not rewriting."""
    assume(not re.search(rb"[@=:\r]", data))
    assert Redactor().head(data) == data
