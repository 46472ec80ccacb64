"""The tab Handshake: verdict, step bars, checks and heads."""

import base64
import hashlib
from typing import Any

import pytest

from wsdebug.log.handshake import steps
from wsdebug.log.handshake_checks import checks
from wsdebug.session.lines import Event
from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.inspect_handshake import handshake_document, outcome
from wsdebug.tui.inspect_lines import plain, width_of

STARTED = "2026-08-03T12:00:00.000000Z"
KEY = "q4xkcO32u266gldTuKaSOw=="
ACCEPT = base64.b64encode(
    hashlib.sha1((KEY + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
).decode()
REQUEST = f"""\
GET /v2/feed?symbols=ACME HTTP/1.1
Host: stream.example.com
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Version: 13
Sec-WebSocket-Key: {KEY}
Sec-WebSocket-Protocol: feed.v2, feed.v1
Sec-WebSocket-Extensions: permessage-deflate
Authorization: ***"""
RESPONSE = f"""\
HTTP/1.1 101 Switching Protocols
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Protocol: feed.v2
Sec-WebSocket-Accept: {ACCEPT}
Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover"""
REFUSED = """\
HTTP/1.1 401 Unauthorized
WWW-Authenticate: Basic realm="orders"
Content-Type: application/json
Content-Length: 40"""

PICTURE = f"""\
 ✓ 101 Switching Protocols                   64 ms

 DNS        2 ms   ━─────────────────────────────
 TCP       17 ms   ─━━━━━━━━─────────────────────
 TLS 1.3   26 ms   ─────────━━━━━━━━━━━━─────────
 upgrade   19 ms   ─────────────────────━━━━━━━━━

 ✓ accept key   answers the key we sent
 ✓ subprotocol  feed.v2  offered feed.v2, feed.v1
 ✓ compression  permessage-deflate
                server_no_context_takeover
 ✓ certificate  stream.example.com  61 days left

 → GET /v2/feed?symbols=ACME HTTP/1.1
   Host: stream.example.com
   Upgrade: websocket
   Connection: Upgrade
   Sec-WebSocket-Version: 13
   Sec-WebSocket-Key: {KEY}
   Sec-WebSocket-Protocol: feed.v2, feed.v1
   Sec-WebSocket-Extensions: permessage-deflate
   Authorization: ***  not kept

 ← HTTP/1.1 101 Switching Protocols
   Upgrade: websocket
   Connection: Upgrade
   Sec-WebSocket-Protocol: feed.v2
   Sec-WebSocket-Accept:
     {ACCEPT}
   Sec-WebSocket-Extensions:
     permessage-deflate;
     server_no_context_takeover"""
REFUSED_PICTURE = """\
 ✗ 401 Unauthorized                          74 ms

 DNS        3 ms   ━─────────────────────────────
 TCP       18 ms   ─━━━━━━━──────────────────────
 TLS 1.3   28 ms   ─────────━━━━━━━━━━━──────────
 upgrade   24 ms   ────────────────────━━━━━━━━━━

 ✗ status       401, not 101
 · accept key   not checked, the answer ended here
"""


def head(text: str) -> dict[str, Any]:
    """A head as both of its forms in a record."""
    lines = text.split("\n")
    raw = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return {
        "line": lines[0],
        "headers": [line.split(": ", 1) for line in lines[1:]],
        "raw": base64.b64encode(raw).decode(),
    }


def event(ms: float, name: str, **fields: Any) -> Event:
    """An event of the first connection."""
    return Event(round(ms) + 2, round(ms * 1000), name, fields)


def opened() -> list[Event]:
    """A handshake that succeeds over TLS."""
    certificate = {
        "subject": "countryName=DE, commonName=stream.example.com",
        "not_after": "Oct  3 13:00:00 2026 GMT",
    }
    return [
        event(0, "connecting", url="wss://stream.example.com/v2/feed"),
        event(2, "dns", addresses=["203.0.113.7"]),
        event(19, "tcp", local="", remote="203.0.113.7:443"),
        event(45, "tls", version="TLSv1.3", cert=certificate),
        event(45, "request", **head(REQUEST)),
        event(64, "response", status=101, reason="Switching Protocols", **head(RESPONSE)),
        event(64, "open", subprotocol="feed.v2", extensions="permessage-deflate"),
    ]


def refused(body: Any = '{"error": "login first", "code": "E401"}') -> list[Event]:
    """One that ends with 401."""
    events = opened()[:1]
    events += [
        event(3, "dns", addresses=["203.0.113.7"]),
        event(21, "tcp", remote="203.0.113.7:443"),
        event(49, "tls", version="TLSv1.3", cert={"subject": "commonName=*.example.com"}),
        event(50, "request", **head(REQUEST)),
        event(74, "response", status=401, reason="Unauthorized", body=body, **head(REFUSED)),
        event(74, "error", kind="upgrade", message="refused: 401, wants Basic"),
    ]
    return events


def shown(events: list[Event], width: int = 52, **facts: Any) -> str:
    """The tab as text."""
    return "\n".join(plain(handshake_document(events, width, UNICODE, **facts).lines))


def test_the_picture_of_an_open_handshake() -> None:
    """Verdict, bars, checks and heads stand as designed; nothing of a value is cut."""
    assert shown(opened(), started=STARTED) == PICTURE


REDIRECT = """\
HTTP/1.1 302 Found
Location: /v2/feed"""
REDIRECTED_PICTURE = """\
 ✓ 101 Switching Protocols                   80 ms

 DNS        2 ms   ━─────────────────────────────
 TCP        3 ms   ─━────────────────────────────
 redirect  10 ms   ──━━━━────────────────────────
 DNS        2 ms   ──────━───────────────────────
 TCP       17 ms   ───────━━━━━━─────────────────
 TLS 1.3   26 ms   ─────────────━━━━━━━━━━───────
 upgrade   19 ms   ───────────────────────━━━━━━━

 ✓ accept key   answers the key we sent
"""


def sent_on() -> list[Event]:
    """To a connection that opens, from one with a redirect."""
    return [
        event(-1217, "reconnect", attempt=1, delay=1.2),
        event(-16, "connecting", url="ws://example.com/feed"),
        event(-14, "dns", addresses=["203.0.113.7"]),
        event(-11, "tcp", local="", remote="203.0.113.7:80"),
        event(-10, "request", **head(REQUEST)),
        event(0, "response", status=302, reason="Found", **head(REDIRECT)),
        *opened(),
    ]


def test_a_redirect_that_was_followed_is_no_failure() -> None:
    """Its steps stand before the others, and both of its heads; waiting before is no step."""
    text = shown(sent_on(), started=STARTED)
    assert text.startswith(REDIRECTED_PICTURE)
    assert " ← HTTP/1.1 302 Found\n   Location: /v2/feed\n\n → GET /v2/feed" in text
    assert [step.failed for step in steps(sent_on())] == [False] * 7


@pytest.mark.parametrize(
    ("upto", "word", "found"),
    [(7, "connecting", {}), (9, "connecting", {}), (11, "connecting", {"accept key": "open"})],
)
def test_after_a_redirect_the_next_hop_is_judged(
    upto: int, word: str, found: dict[str, str]
) -> None:
    """Not the answer that sent it on."""
    events = sent_on()[:upto]
    assert outcome(events)[1] == word
    assert {name: verdict for name, (verdict, _) in verdicts(events).items()} == found
    failed = [*events, event(99, "error", kind="", message="no way")]
    assert outcome(failed)[1] == "no answer"
    assert [step.failed for step in steps(failed)][-1:] == [True]
    assert not any(step.failed for step in steps(failed)[:-1])


def test_the_picture_of_a_refusal() -> None:
    """The step that failed, what was not checked, and the body."""
    text = shown(refused(), started=STARTED)
    assert text.startswith(REFUSED_PICTURE)
    assert text.endswith('\n\n   {"error": "login first", "code": "E401"}')
    assert handshake_document(refused(), 52, UNICODE).footer == "body 40 bytes, all kept"
    number, word, _ = outcome(refused())
    assert number is not None
    assert (number.name, word) == ("response", "refused")


def test_the_failed_step_is_red() -> None:
    """Red marks the bar of the step that ended it, and no other."""
    document = handshake_document(refused(), 52, UNICODE)
    bars = [row for row in document.lines if any("━" in text for text, _ in row.parts)]
    styles = [[style for text, style in row.parts if "━" in text] for row in bars]
    assert styles == [["fg bold"], ["fg bold"], ["fg bold"], ["error bold"]]


@pytest.mark.parametrize(
    ("upto", "kind", "message", "step", "word"),
    [
        (1, "DNS", "example.test has no address; check the name", "DNS", "no answer"),
        (2, "TCP", "nobody listens on 127.0.0.1:9911", "TCP", "no answer"),
        (3, "TLS", "certificate expired 3 days ago", "TLS", "not trusted"),
        (3, "TLS", "it does not speak TLS", "TLS", "no TLS"),
        (5, "upgrade", "no answer in 10 s", "upgrade", "no answer"),
        (6, "upgrade", "the accept key is wrong", "upgrade", "refused"),
    ],
)
def test_every_way_to_fail_has_its_step_and_word(
    upto: int, kind: str, message: str, step: str, word: str
) -> None:
    """The step under way is shown as failed, with the message."""
    events = [*opened()[:upto], event(99, "error", kind=kind, message=message)]
    last = steps(events)[-1]
    assert (last.name, last.failed) == (step, True)
    assert outcome(events)[1] == word
    assert message in shown(events)


def test_a_proxy_that_refuses_is_the_failed_step() -> None:
    """Its head and body are shown; a proxy that opens the way is a step like any other."""
    answer = {
        "status": 407,
        "reason": "Who?",
        "headers": [["Proxy-Authenticate", "Basic"]],
        "body": "ask",
    }
    events = [
        event(0, "connecting", url="ws://h/", proxy="http://p:3128"),
        event(2, "dns", addresses=["10.0.0.1"]),
        event(3, "tcp", remote="10.0.0.1:3128"),
        event(9, "proxy", url="http://p:3128", to="h:80", **answer),
        event(9, "error", kind="proxy", message="the proxy p:3128 refused: 407"),
    ]
    found = steps(events)
    assert [(step.name, step.failed) for step in found] == [
        ("DNS", False),
        ("TCP", False),
        ("proxy", True),
    ]
    text = shown(events)
    for words in ("the proxy p:3128 refused: 407", "407 Who?", "Proxy-Authenticate: Basic", "ask"):
        assert words in text
    opened = [*events[:3], event(9, "proxy", url="http://p:3128", status=200)]
    assert not steps(opened)[-1].failed


def verdicts(events: list[Event], **facts: Any) -> dict[str, tuple[str, str]]:
    """The checks by name: verdict and words."""
    return {
        check.name: (check.verdict, " ".join(filter(None, (check.words, check.aside))))
        for check in checks(events, started=STARTED, **facts)
    }


def changed(request: str, response: str) -> list[Event]:
    """An open handshake with other heads."""
    events = opened()
    events[4] = event(45, "request", **head(request))
    events[5] = event(64, "response", status=101, reason="", **head(response))
    events[6] = event(64, "open", subprotocol=None, extensions="")
    return events


@pytest.mark.parametrize(
    ("request_head", "response_head", "name", "expected"),
    [
        (REQUEST, RESPONSE.replace(ACCEPT, "AAAA"), "accept key",
         ("wrong", "does not answer the key we sent")),
        (REQUEST, RESPONSE.replace("Sec-WebSocket-Accept", "X"), "accept key",
         ("wrong", "missing from the answer")),
        (REQUEST.replace("Sec-WebSocket-Key", "X"), RESPONSE, "accept key",
         ("open", "not checked, no key was sent")),
        (REQUEST.replace("feed.v2, feed.v1", "chat"), RESPONSE, "subprotocol",
         ("wrong", "feed.v2 offered chat")),
        (REQUEST, RESPONSE.replace("Sec-WebSocket-Protocol", "X"), "subprotocol",
         ("open", "none agreed offered feed.v2, feed.v1")),
        (REQUEST, RESPONSE.replace("Sec-WebSocket-Extensions", "X"), "compression",
         ("open", "none agreed offered permessage-deflate")),
        (REQUEST.replace("Sec-WebSocket-Extensions", "X"), RESPONSE, "compression",
         ("wrong", "permessage-deflate was not offered")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_found(
    request_head: str, response_head: str, name: str, expected: tuple[str, str]
) -> None:
    """Each check has a wrong and an open form."""
    assert verdicts(changed(request_head, response_head))[name] == expected


@pytest.mark.parametrize(
    ("not_after", "insecure", "expected"),
    [
        ("Oct  3 13:00:00 2026 GMT", False, ("right", "stream.example.com 61 days left")),
        ("2026-08-04T13:00:00Z", False, ("right", "stream.example.com 1 day left")),
        ("Aug  1 12:00:00 2026 GMT", False, ("wrong", "stream.example.com expired")),
        ("whenever", False, ("right", "stream.example.com")),
        (None, False, ("right", "stream.example.com")),
        (None, True, ("risky", "stream.example.com not checked")),
    ],
)
def test_certificates_count_from_the_handshake(
    not_after: str | None, insecure: bool, expected: tuple[str, str]
) -> None:
    """An old recording says what was true when it was made."""
    events = opened()
    cert = {"subject": "CN=stream.example.com", "not_after": not_after}
    events[3] = event(45, "tls", version="TLSv1.3", cert=cert)
    assert verdicts(events, insecure=insecure)["certificate"] == expected


@pytest.mark.parametrize(
    ("body", "length", "footer"),
    [
        ("x" * 40, 40, "body 40 bytes, all kept"),
        ("x" * 40, 90_000, "body 90,000 bytes, the first 40 kept"),
        ({"b64": base64.b64encode(b"\0\xff").decode()}, 2, "body 2 bytes, all kept"),
        pytest.param("x" * 40, "9" * 5000, "body 40 bytes, all kept", id="a number too long"),
    ],
)
def test_the_last_row_says_what_was_kept_of_the_body(
    body: Any, length: int | str, footer: str
) -> None:
    """A body that was cut says so."""
    events = refused(body)
    text = REFUSED.replace("Content-Length: 40", f"Content-Length: {length}")
    events[5] = event(74, "response", status=401, reason="", body=body, **head(text))
    assert handshake_document(events, 52, UNICODE).footer == footer


def test_peer_text_is_escaped_everywhere() -> None:
    """Reason phrases, header values and bodies cannot reach the terminal."""
    events = refused("\x1b]0;title\x07")
    evil = "HTTP/1.1 401 \x1b[2J\nX-Evil: \x1b[31m\x85"
    events[5] = event(74, "response", status=401, reason="\x1b[2J", body="\x1b]0;", **head(evil))
    assert shown(events).replace("\n", "").isprintable()


def test_a_head_without_its_raw_form_is_made_of_the_parsed_one() -> None:
    """Hand-written sessions need no base64."""
    events = [
        event(0, "request", line="GET / HTTP/1.1", headers=[["Host", "a"]]),
        event(1, "response", status=101, reason="Fine", headers=[["Upgrade", "websocket"]]),
    ]
    text = shown(events)
    assert " → GET / HTTP/1.1\n   Host: a" in text
    assert " ← HTTP/1.1 101 Fine\n   Upgrade: websocket" in text


@pytest.mark.parametrize("fields", [{}, {"headers": 3}, {"raw": "%%"}, {"headers": [[1], 2]}])
def test_foreign_events_do_no_harm(fields: dict[str, Any]) -> None:
    """A file may say anything."""
    events = [event(0, "request", **fields), event(1, "response", **fields)]
    assert "request" in shown(events)


def test_no_handshake_is_said() -> None:
    """A hand-written session has none."""
    assert shown([]) == " no handshake was recorded"


@pytest.mark.parametrize("width", [52, 84, 120])
@pytest.mark.parametrize("events", [opened(), refused(), opened()[:3]], ids=["open", "no", "half"])
def test_nothing_is_wider_than_the_inspector(width: int, events: list[Event]) -> None:
    """Also in ASCII, where all of it is ASCII."""
    document = handshake_document(events, width, ASCII, started=STARTED)
    assert all(width_of(row.parts) <= width - 1 for row in document.lines)
    assert "\n".join(plain(document.lines)).isascii()
