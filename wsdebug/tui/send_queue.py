"""Messages that wait for a peer that does not read: told, and no more than a bound of them."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from wsdebug.errors import UsageError
from wsdebug.payload.numbers import short_bytes
from wsdebug.tui.compose_model import SendRequest

__all__ = ["LIMIT", "SendQueue"]

LIMIT = 64 << 20  # bytes that may wait


class SendQueue:
    """What was handed to the engine and is not yet sent."""

    def __init__(self) -> None:
        self._sizes: dict[Future[Any], int] = {}

    @property
    def size(self) -> int:
        """Bytes that wait; any thread may ask."""
        return sum(list(self._sizes.values()))

    def take(
        self, request: SendRequest, submit: Callable[[SendRequest], "Future[Any]"]
    ) -> "Future[Any]":
        """Submit a request; one too many fails with UsageError. A close never is."""
        size = self.size
        if size >= LIMIT and request.kind != "close":
            future: Future[Any] = Future()
            words = f"the peer does not read: {short_bytes(size)} wait already; nothing was sent"
            future.set_exception(UsageError(words))
            return future
        future = submit(request)
        payload = request.payload if request.frame is None else request.frame.payload
        self._sizes[future] = len(payload)
        future.add_done_callback(lambda done: self._sizes.pop(done, None))
        return future
