"""Advice: what is said about each failure."""

import pytest

from wsdebug.engine.advice import AdviceText, advice_of
from wsdebug.engine.advice_challenges import challenges
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import CannotConnect, ConnectionClosed, HandshakeRefused, WsdebugError

URL = "wss://api.example.com/auth"
OPTIONS = ConnectOptions(URL)


def refusal(
    status: int, *headers: tuple[str, str], why: str = "", body: bytes = b""
) -> HandshakeRefused:
    """A refusal as the engine makes it."""
    return HandshakeRefused(
        "refused", status=status, reason="Reason", headers=headers, body=body, why=why
    )


def wants(*challenge: str) -> HandshakeRefused:
    """A 401 with these challenges."""
    return refusal(401, *(("WWW-Authenticate", value) for value in challenge))


BASIC = wants('Basic realm="orders", charset="UTF-8"')
BEARER = wants('Bearer realm="orders", error="invalid_token", error_description="it has expired."')
UNSENT = "None were sent. Nothing else went wrong on the way."

# failure, options, heading, words that are said, form
CASES: list[tuple[WsdebugError, ConnectOptions, str, str, str | None]] = [
    (
        HandshakeRefused(
            "the proxy p:1 refused: 407, wants Basic; --proxy takes name and password in its URL",
            status=407,
            step="proxy",
        ),
        OPTIONS,
        "No way through the proxy: 407",
        "The proxy p:1 refused: 407, wants Basic.",
        None,
    ),
    (
        HandshakeRefused("the proxy p:1 refused: 502 Bad", status=502, step="proxy"),
        OPTIONS,
        "No way through the proxy: 502",
        "could not reach the server",
        None,
    ),
    (
        CannotConnect("the proxy p:1: connection refused", step="proxy"),
        OPTIONS,
        "No way through the proxy",
        "The server itself was not reached.",
        None,
    ),
    (
        CannotConnect("the proxy p:1: certificate expired", step="proxy", not_trusted=True),
        OPTIONS,
        "The proxy is not trusted",
        "Nothing of yours was sent.",
        None,
    ),
    (
        CannotConnect("proxy: no answer from p in 1 s", step="proxy", timed_out=True),
        OPTIONS,
        "No answer in 10 s",
        "The proxy was asked for the way to api.example.com",
        None,
    ),
    (
        BASIC,
        OPTIONS,
        "Refused: 401, wants Basic",
        f"The server wants a user name and a password for “orders”.\n{UNSENT}",
        "basic",
    ),
    (
        BASIC,
        ConnectOptions(URL, user="demo:wrong"),
        "Refused: 401, wants Basic",
        "It did not take those that were sent.",
        "basic",
    ),
    (
        BASIC,
        ConnectOptions("wss://demo:wrong@api.example.com/"),
        "Refused: 401, wants Basic",
        "It did not take those that were sent.",
        "basic",
    ),
    (BASIC, ConnectOptions(URL, bearer="x"), "401", "A token was sent instead.", "basic"),
    (BASIC, ConnectOptions("ws://a.example/"), "401", "anyone on the way can read", "basic"),
    (
        BASIC,
        ConnectOptions(URL, header=(("authorization", "Basic eA=="),)),
        "Refused: 401, wants Basic",
        "did not take the Authorization header that was sent",
        None,
    ),
    (BEARER, OPTIONS, "wants Bearer", "The server wants a token for “orders”.", "bearer"),
    (
        BEARER,
        ConnectOptions(URL, bearer="old"),
        "wants Bearer",
        "It did not take the one that was sent: it has expired.",
        "bearer",
    ),
    (wants("Negotiate", "Basic realm=x"), OPTIONS, "wants Negotiate or Basic", UNSENT, "basic"),
    (wants('Digest realm="r", nonce="n"'), OPTIONS, "wants Digest", "does not make", None),
    (wants(), OPTIONS, "Refused: 401", "does not say how", None),
    (refusal(403), OPTIONS, "Refused: 403", "does not let you in", None),
    (
        refusal(404, why="nothing at /feed; check the path"),
        OPTIONS,
        "Refused: 404",
        "Nothing at /feed; check the path.",
        None,
    ),
    (refusal(404), OPTIONS, "Refused: 404", "Nothing at /auth; check the path.", None),
    (refusal(400), OPTIONS, "Refused: 400", "could not make sense", None),
    (
        refusal(400, body=b"The plain HTTP request was sent to HTTPS port"),
        OPTIONS,
        "this port wants TLS",
        "wss://",
        None,
    ),
    (refusal(405, ("Allow", "POST")), OPTIONS, "Refused: 405", "It takes POST.", None),
    (
        refusal(400, ("Content-Type", "text/plain"), body=b"no such \x1b[1mkind\n"),
        OPTIONS,
        "Refused: 400",
        "It says: no such \\x1b[1mkind",
        None,
    ),
    (refusal(407), OPTIONS, "Refused: 407", "A proxy on the way", None),
    (refusal(408), OPTIONS, "Refused: 408", "did not wait", None),
    (refusal(410), OPTIONS, "Refused: 410", "gone", None),
    (
        refusal(426, ("Sec-WebSocket-Version", "8")),
        OPTIONS,
        "Refused: 426, wants version 8",
        "speaks version 8 of the protocol; 13 was asked for.",
        None,
    ),
    (refusal(426, ("Upgrade", "h2c")), OPTIONS, "Refused: 426", "goes on with h2c only", None),
    (refusal(426), OPTIONS, "Refused: 426", "removed the Upgrade header", None),
    (refusal(429, ("Retry-After", "30")), OPTIONS, "Refused: 429", "to wait 30 s.", None),
    (refusal(503, ("Retry-After", "Fri")), OPTIONS, "Refused: 503", "to wait until Fri.", None),
    (refusal(500), OPTIONS, "Refused: 500", "failed on its own", None),
    (refusal(501), OPTIONS, "Refused: 501", "may not know WebSockets", None),
    (refusal(502), OPTIONS, "Refused: 502", "A gateway answered", None),
    (refusal(504), OPTIONS, "Refused: 504", "did not in time", None),
    (refusal(511), OPTIONS, "Refused: 511", "wants you to log in", None),
    (refusal(418), OPTIONS, "Refused: 418", "The server answered 418 Reason.", None),
    (refusal(200), OPTIONS, "Refused: 200", "an ordinary web page; check the path", None),
    (
        refusal(302, ("Location", "https://b.example/\x1b[2J")),
        OPTIONS,
        "Refused: 302, sends on",
        "The server sends on to https://b.example/\\x1b[2J\n",
        None,
    ),
    (
        refusal(302, ("Location", "/x"), why="more than 3 redirects; --max-redirs allows more"),
        ConnectOptions(URL, location=True),
        "Refused: 302, sends on",
        "More than 3 redirects.",
        None,
    ),
    (refusal(304), OPTIONS, "Refused: 304", "but not where to", None),
    (
        refusal(101, why="invalid Sec-WebSocket-Accept header: x"),
        OPTIONS,
        "Refused: wrong accept key",
        "RFC 6455 section 4.1",
        None,
    ),
    (refusal(101, why="unsupported subprotocol: x"), OPTIONS, "subprotocol", "offered", None),
    (refusal(101, why="Unsupported extension: x"), OPTIONS, "extension", "offered", None),
    (refusal(101, why="invalid Upgrade header: h2c"), OPTIONS, "101", "Upgrade header", None),
    (
        refusal(0, why="the answer is not HTTP", body=b"SSH-2.0"),
        OPTIONS,
        "no answer in HTTP",
        "another protocol",
        None,
    ),
    (refusal(0, why="x", body=b"\x15\x03\x01"), OPTIONS, "wants TLS", "wss://", None),
    (refusal(0, why="x"), ConnectOptions("ws://a/"), "no answer", "wss://", None),
    (refusal(0, why="x"), OPTIONS, "no answer", "restarting", None),
    (
        CannotConnect("example.test has no address; check the name", step="DNS"),
        OPTIONS,
        "No answer: the name has no address",
        "example.test has no address; check the name.",
        None,
    ),
    (
        CannotConnect("nobody listens on 127.0.0.1:9911", step="TCP"),
        OPTIONS,
        "No answer: nobody listens",
        "Nobody listens on 127.0.0.1:9911.",
        None,
    ),
    (CannotConnect("a:1: no route", step="TCP"), OPTIONS, "No answer", "a:1: no route.", None),
    (
        CannotConnect("TCP: no answer", step="TCP", timed_out=True),
        OPTIONS,
        "No answer in 10 s",
        "Nothing came back from api.example.com",
        None,
    ),
    (
        CannotConnect("upgrade: no answer", step="upgrade", timed_out=True),
        OPTIONS,
        "No answer in 10 s",
        "does not answer the request",
        None,
    ),
    (
        CannotConnect("certificate expired 3 days ago", step="TLS", not_trusted=True),
        OPTIONS,
        "Not trusted",
        "Certificate expired 3 days ago.",
        None,
    ),
    (
        CannotConnect("a:1 does not speak TLS; try ws://", step="TLS"),
        OPTIONS,
        "No answer: not TLS",
        "a:1 does not speak TLS.\n",
        None,
    ),
    (
        CannotConnect("a:1 wants a client certificate; --cert gives one", step="TLS"),
        OPTIONS,
        "No answer: TLS failed",
        "a:1 wants a client certificate.",
        None,
    ),
    (CannotConnect("TLS with a:1 failed: eof", step="TLS"), OPTIONS, "TLS failed", "eof.", None),
    (
        CannotConnect("a:1 broke the connection: reset", step="upgrade"),
        ConnectOptions("ws://a:1/"),
        "No answer: the connection broke",
        "the URL begins with wss://",
        None,
    ),
]


def made(failure: WsdebugError, options: ConnectOptions = OPTIONS) -> AdviceText:
    """Its advice."""
    text = advice_of(failure, options)
    assert text is not None
    return text


@pytest.mark.parametrize(("failure", "options", "heading", "said", "form"), CASES)
def test_each_failure_has_its_advice(
    failure: WsdebugError, options: ConnectOptions, heading: str, said: str, form: str | None
) -> None:
    """Heading, sentences and form; never a command-line option, and always a key."""
    text = advice_of(failure, options)
    assert text is not None
    assert heading in text.heading
    lines = "\n".join(words for words, _ in text.lines)
    assert said in lines
    assert text.form == form
    assert "--" not in lines
    assert ("form" in dict(text.ways)) == (form is not None)
    assert text.ways
    assert "\x1b" not in lines


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<p>no</p>"),
        ("text/plain", b"x" * 121),
        ("text/plain", b"one\ntwo"),
        ("text/plain", b"\xff"),
        ("", b"no"),
    ],
)
def test_only_a_short_line_of_text_is_quoted(kind: str, body: bytes) -> None:
    """All of the body is in the inspector."""
    text = made(refusal(500, ("Content-Type", kind), body=body))
    assert [words for words, _ in text.lines] == [
        "The server failed on its own.",
        "Its log may say why.",
    ]


@pytest.mark.parametrize(
    "failure",
    [
        None,
        CannotConnect("broken off by you", step="DNS"),
        ConnectionClosed("closed", code=1006),
    ],
)
def test_nothing_is_said_where_nothing_failed(failure: WsdebugError | None) -> None:
    """Nor about what the person did."""
    assert advice_of(failure, OPTIONS) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Basic realm="a, b"', [("Basic", {"realm": "a, b"})]),
        (r'Basic realm="a\"b"', [("Basic", {"realm": 'a"b'})]),
        (
            'basic Realm=x, Bearer scope="y z"',
            [("basic", {"realm": "x"}), ("Bearer", {"scope": "y z"})],
        ),
        ("Negotiate, NTLM", [("Negotiate", {}), ("NTLM", {})]),
        ("Negotiate dG9rZW4==", [("Negotiate", {})]),
        ('Digest realm="r" , nonce = "n"', [("Digest", {"realm": "r", "nonce": "n"})]),
        ('Basic realm="cut off', [("Basic", {"realm": "cut off"})]),
        (", ,", []),
        ("realm=x", []),
    ],
)
def test_challenges(header: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    """RFC 9110 section 11.6.1, and what servers make of it."""
    assert challenges(wants(header)) == expected
