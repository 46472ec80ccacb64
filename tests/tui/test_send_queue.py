"""What waits for a peer that does not read."""

from concurrent.futures import Future
from typing import Any

import pytest

from wsdebug.errors import UsageError
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.send_queue import LIMIT, SendQueue
from wsdebug.wire.frame import Frame


def test_no_more_waits_than_there_is_room_for() -> None:
    """A close is always taken; what was sent, or failed, makes room."""
    queue = SendQueue()
    taken: list[tuple[SendRequest, Future[Any]]] = []

    def submit(request: SendRequest) -> "Future[Any]":
        taken.append((request, Future()))
        return taken[-1][1]

    half = SendRequest("binary", bytes(LIMIT // 2))
    queue.take(half, submit)
    queue.take(SendRequest("raw", frame=Frame(3, bytes(LIMIT // 2))), submit)
    assert queue.size == LIMIT
    refused = queue.take(SendRequest("text", "x"), submit)
    with pytest.raises(UsageError, match="does not read: 64 MB wait already; nothing was sent"):
        refused.result(0)
    queue.take(SendRequest("close", code=1000), submit)
    assert [request.kind for request, _ in taken] == ["binary", "raw", "close"]
    taken[0][1].set_result(None)
    taken[1][1].set_exception(UsageError("gone"))
    assert queue.size == 0
    queue.take(half, submit)
    assert queue.size == LIMIT // 2
