"""A way in, step by step: verdicts, times, words, and what was not reached."""

from typing import Any

import pytest

from wsdebug.engine.diagnosis import diagnose, unreached
from wsdebug.engine.options import ConnectOptions
from wsdebug.session.lines import Event

REQUEST = {"headers": [["Sec-WebSocket-Key", "x"]]}
PROXY = {"url": "http://p:1", "to": "h:443"}
CERT = {"subject": "CN=h", "issuer": "O=Test, CN=Test CA", "not_after": "2026-12-01T00:00:00Z"}


def events(*given: tuple[str, dict[str, Any]]) -> list[Event]:
    """Events, a millisecond apart."""
    return [Event(n + 2, n * 1000, name, facts) for n, (name, facts) in enumerate(given)]


DNS = ("dns", {"addresses": ["10.0.0.1", "::1"]})
TCP = ("tcp", {"local": "10.0.0.9:5", "remote": "10.0.0.1:443"})
TLS = ("tls", {"version": "TLSv1.3", "cipher": "AES", "alpn": "http/1.1", "cert": CERT})


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            [("connecting", {}), DNS, TCP, TLS, ("request", REQUEST),
             ("response", {"status": 101})],
            [
                ("DNS", "right", "10.0.0.1, ::1"),
                ("TCP", "right", "10.0.0.1:443 from 10.0.0.9:5"),
                ("TLS 1.3", "right", "AES, http/1.1, certificate by Test CA"),
                ("upgrade", "wrong", "101"),  # without an accept key
            ],
        ),
        (
            [("connecting", {}), ("dns", {"addresses": ["1.1.1.1"], "by": "--resolve"}), TCP,
             ("error", {"kind": "TLS", "message": "certificate expired"})],
            [
                ("DNS", "right", "1.1.1.1 (--resolve)"),
                ("TCP", "right", "10.0.0.1:443 from 10.0.0.9:5"),
                ("TLS", "wrong", "certificate expired"),
            ],
        ),
        (
            [("connecting", {}), ("tcp", {"local": "", "remote": "unix:/s"}),
             ("error", {"kind": "upgrade", "message": "it broke"})],
            [("TCP", "right", "unix:/s"), ("upgrade", "wrong", "it broke")],
        ),
        (
            [("connecting", {}), DNS, TCP, ("proxy", {**PROXY, "status": 407, "reason": "Who?"}),
             ("error", {"kind": "proxy", "message": "the proxy p:1 refused: 407"})],
            [
                ("DNS", "right", "10.0.0.1, ::1"),
                ("TCP", "right", "10.0.0.1:443 from 10.0.0.9:5"),
                ("proxy", "wrong", "the proxy p:1 refused: 407"),
            ],
        ),
        (
            [("connecting", {}), ("proxy", PROXY), ("request", REQUEST),
             ("response", {"status": 302, "reason": "Found", "headers": [["Location", "/b"]]}),
             ("connecting", {}), TCP],
            [
                ("proxy", "right", "http://p:1 to h:443"),
                ("redirect", "right", "302 Found, on to /b"),
                ("TCP", "right", "10.0.0.1:443 from 10.0.0.9:5"),
            ],
        ),
        ([], []),
    ],
)  # fmt: skip
def test_each_step_has_its_verdict_and_words(
    given: list[tuple[str, dict[str, Any]]], wanted: list[tuple[str, str, str]]
) -> None:
    """The last has failed where an error follows; each takes the time since the one before."""
    found = diagnose(events(*given))
    assert [(each.step, each.verdict, each.words) for each in found] == wanted
    assert all(each.duration_us == 1000 for each in found)


def test_what_was_checked_stands_by_its_step() -> None:
    """The certificate by TLS, the rest by the upgrade; the facts of an event without its heads."""
    given = events(("connecting", {}), TLS, ("request", REQUEST), ("response", {"status": 101}))
    tls, upgrade = diagnose(given, started="2026-11-01T00:00:00Z")
    assert [(check.name, check.aside) for check in tls.checks] == [("certificate", "29 days left")]
    assert [(check.name, check.verdict) for check in upgrade.checks] == [("accept key", "wrong")]
    assert tls.facts["cert"] == CERT
    assert "headers" not in upgrade.facts


def test_a_certificate_that_nobody_looked_at_is_risky() -> None:
    """With `--insecure`."""
    given = events(("connecting", {}), TLS, ("request", {}), ("response", {"status": 101}))
    assert diagnose(given, insecure=True)[0].verdict == "risky"


@pytest.mark.parametrize(
    ("options", "last", "wanted"),
    [
        (ConnectOptions("wss://h"), ("error", {"kind": "DNS"}), "TCP TLS upgrade ping"),
        (ConnectOptions("ws://h"), ("error", {"kind": "TCP"}), "upgrade ping"),
        (
            ConnectOptions("wss://h", proxy="p:1"),
            ("error", {"kind": "TCP"}),
            "proxy TLS upgrade ping",
        ),
        (ConnectOptions("ws://h", unix_socket="/s"), ("error", {"kind": "TCP"}), "upgrade ping"),
        (ConnectOptions("wss://h"), TLS, "upgrade ping"),
        (ConnectOptions("wss://h"), ("response", {"status": 401}), "ping"),
    ],
)
def test_what_would_have_followed_was_not_reached(
    options: ConnectOptions, last: tuple[str, dict[str, Any]], wanted: str
) -> None:
    """By the way that the options have."""
    found = diagnose(events(("connecting", {}), last))
    assert list(unreached(options, found)) == wanted.split()
