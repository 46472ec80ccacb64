"""What the bar and the status line say of a session."""

import gzip
import json
from pathlib import Path

import pytest

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.status import Status
from wsdebug.tui.desk import Desk
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.session_words import state_words

LINES = b"".join(
    json.dumps(line, separators=(",", ":")).encode() + b"\n"
    for line in ({"url": "ws://a/"}, *({"t": t, "recv": f"message {t}" * 30} for t in range(9000)))
)


@pytest.mark.parametrize(
    ("options", "facts"),
    [
        (ConnectOptions("wss://a/"), "feed.v2 · permessage-deflate · TLS 1.3"),
        (
            ConnectOptions("wss://a/", header=(("A", "1"), ("User-Agent", None), ("B", "2"))),
            "feed.v2 · permessage-deflate · TLS 1.3 · 2 headers",
        ),
        (
            ConnectOptions("wss://a/", header=(("A", "1"),)),
            "feed.v2 · permessage-deflate · TLS 1.3 · 1 header",
        ),
        (
            ConnectOptions("wss://a/", reconnect=True, insecure=True),
            "feed.v2 · permessage-deflate · TLS 1.3 · certificate not checked · reconnects",
        ),
    ],
)
def test_what_an_open_connection_is_like(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, options: ConnectOptions, facts: str
) -> None:
    """What was agreed, and what was asked for."""
    status = Status(
        "open", subprotocol="feed.v2", extensions="permessage-deflate; a", tls="TLS 1.3"
    )
    monkeypatch.setattr(OpenSession, "status", status)
    session = desk.new_session(options)
    assert state_words(session, 0).reason == facts
    assert state_words(session, 0, dot=".").reason == facts.replace("·", ".")


def test_what_a_peer_chose_is_escaped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect may lead to a URL with a control character of C1, which some terminals obey."""
    status = Status("open", notices=("redirected to ws://a/\x9b2J",))
    monkeypatch.setattr(OpenSession, "status", status)
    session = desk.new_session(ConnectOptions("ws://a/"))
    assert state_words(session, 0).reason == r"redirected to ws://a/\x9b2J"


@pytest.mark.parametrize("is_cut", [False, True])
def test_an_archive_that_ends_early_is_damaged(desk: Desk, tmp_path: Path, is_cut: bool) -> None:
    """What there is can be read, and how far that goes is said."""
    archive = gzip.compress(LINES)
    path = tmp_path / "a.ws.jsonl.gz"
    path.write_bytes(archive[: len(archive) // 2] if is_cut else archive)
    session = desk.open_file(path)
    assert session.log is not None
    session.log.start_counting()  # as the screen does once it is there
    assert session.log.complete.wait(10)
    words = state_words(session, 0)
    if is_cut:
        assert (words.glyph, words.word, words.colour) == ("wrong", "damaged", "error")
        number = f"{session.log.index.lines:,}"
        assert words.reason.startswith(f"read up to line {number}; then: compressed file ended")
    else:
        assert (words.word, words.reason) == (
            "not connected",
            "a saved session; F5 connects again, r replays it",
        )
    session.finish()
