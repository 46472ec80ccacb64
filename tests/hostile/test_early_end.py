"""A server that has gone before the request is written: one clear sentence, whatever TCP says."""

import socket
from typing import Any

import pytest

from tests.hostile.peer import NO_LINGER
from wsdebug.engine.live import LiveSession
from wsdebug.engine.opening import Opening
from wsdebug.engine.options import ConnectOptions

ENDED = "refused: the answer ended before its head did (RFC 9112 §2.1)"
BROKEN = "127.0.0.1:PORT broke the connection: connection reset by peer"
TLS = "TLS with 127.0.0.1:PORT failed:"


@pytest.mark.parametrize(
    ("scheme", "step", "resets", "words"),
    [
        ("ws", "upgrade", True, BROKEN),
        ("ws", "upgrade", False, ENDED),
        ("wss", "TLS", True, f"{TLS} connection reset by peer"),
        ("wss", "TLS", False, f"{TLS} the connection was closed"),
    ],
)
async def test_what_is_said(
    monkeypatch: pytest.MonkeyPatch, scheme: str, step: str, resets: bool, words: str
) -> None:
    """The kernel connects by itself; the server ends it just before the first byte is written."""
    enter = Opening._enter
    with socket.create_server(("127.0.0.1", 0)) as server:

        def end(opening: Opening, entered: str) -> None:
            if entered == step:
                accepted, _ = server.accept()
                if resets:
                    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
                accepted.close()
            enter(opening, entered)

        monkeypatch.setattr(Opening, "_enter", end)
        port: Any = server.getsockname()[1]
        live = LiveSession(ConnectOptions(url=f"{scheme}://127.0.0.1:{port}/"))
        await live.run()
    assert str(live.status.failure).replace(str(port), "PORT") == words
    await live.finish()
