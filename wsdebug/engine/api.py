"""The Python API: a connection as an async context manager over the same engine."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Any

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.log.log import FrameLog
from wsdebug.wire.frame import Frame

__all__ = ["Connection", "connect"]


class Connection:
    """An open connection; made by `connect`, used by one task at a time for reading.

    `async for message in connection` gives str or bytes; it ends at close codes 1000 and 1001
    and raises ConnectionClosed otherwise.
    """

    def __init__(self, live: LiveSession) -> None:
        self._live = live

    @property
    def log(self) -> FrameLog:
        """The frame log: iterate over it for lines, `rows` for previews."""
        return self._live.log

    async def send(self, message: str | bytes) -> None:
        """Send a text or binary message, once there is room in the send buffer.

        Raises ConnectionClosed.
        """
        await self._live.send(message)

    async def ping(self, data: bytes = b"") -> None:
        """Send a ping of at most 125 bytes."""
        await self._live.ping(data)

    async def pong(self, data: bytes = b"") -> None:
        """Send a pong that nobody asked for."""
        await self._live.pong(data)

    async def send_frame(self, frame: Frame) -> None:
        """Send one frame exactly as it is set, right or wrong."""
        await self._live.send_frame(frame)

    async def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Close, and wait until the closing handshake is done or timed out."""
        await self._live.close(code, reason)

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Messages until the end; a slow reader slows the peer and loses nothing."""
        while (message := await self._live.receive()) is not None:
            yield message
        self._live.raise_for_status()


class connect:
    """`async with connect(url) as connection:` dials, and closes at the end.

    `headers` are (name, value) pairs in order; a value of None removes a default header.
    `record` names the session file, without it the log lives in an unlinked temporary file.
    Other keywords are those of `ConnectOptions`. Entering raises UsageError, CannotConnect and
    HandshakeRefused.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Iterable[tuple[str, str | None]] = (),
        subprotocols: Iterable[str] = (),
        record: str | None = None,
        **options: Any,
    ) -> None:
        self._options = ConnectOptions(
            url=url, header=tuple(headers), subprotocol=tuple(subprotocols), **options
        )
        self._record = RecordOptions(path=record)
        self._tasks = asyncio.TaskGroup()
        self._live: LiveSession | None = None

    async def __aenter__(self) -> Connection:
        """Connect, or raise what kept it from being so."""
        live = self._live = LiveSession(self._options, self._record, deliver=True)
        await self._tasks.__aenter__()
        self._tasks.create_task(live.run())
        try:
            await live.open()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return Connection(live)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close with 1000 if it is still open, and complete the record."""
        live = self._live
        assert live is not None
        await live.disconnect()
        await self._tasks.__aexit__(None, None, None)
        await live.finish()
