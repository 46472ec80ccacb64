"""The Python API: a connection as an async context manager over the same engine."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.log.log import FrameLog
from wsdebug.wire.frame import Frame

__all__ = ["Connection", "connect"]


class Connection:
    """An open connection; made by `connect`, read by one task at a time.

    `async for message in connection` gives str for text and bytes for binary messages. It ends
    when the server closes with 1000 or 1001; at every other end it raises ConnectionClosed, with
    `code`, `reason` and `by`. With `reconnect=True` it goes on over the connections.

    Every frame in both directions is recorded, pings and pongs included, whether it is read here
    or not. At most 256 messages or 4 MiB wait for a slow reader; then TCP slows the server down.
    """

    def __init__(self, live: LiveSession) -> None:
        self._live = live

    @property
    def log(self) -> FrameLog:
        """The frame log: iterate over it for every line, `rows(0, n)` for previews.

        It grows while the connection is open, and can be read after it.
        """
        return self._live.log

    async def send(self, message: str | bytes) -> None:
        """Send a text or binary message, once there is room in the send buffer.

        Raises ConnectionClosed, with the code that was received, where it is no longer open.
        """
        await self._live.send(message)

    async def ping(self, data: bytes = b"") -> None:
        """Send a ping. Raises ValueError over 125 bytes, and ConnectionClosed."""
        await self._live.ping(data)

    async def pong(self, data: bytes = b"") -> None:
        """Send a pong by hand; pings are answered anyway unless `auto_pong=False`.

        Raises ValueError over 125 bytes, and ConnectionClosed.
        """
        await self._live.pong(data)

    async def send_frame(self, frame: Frame) -> None:
        """Send one frame exactly as it is set, right or wrong; nothing is masked or corrected.

        Raises ValueError for a frame that cannot be written, and ConnectionClosed.
        """
        await self._live.send_frame(frame)

    async def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Send a close frame and wait until the connection has ended, at most `close_timeout`.

        A code of None sends an empty one. Messages that came before can still be read. Raises
        ValueError for a reason over 123 bytes or a code over 65535.
        """
        await self._live.close(code, reason)

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """The messages until the end."""
        while (message := await self._live.receive()) is not None:
            yield message
        self._live.raise_for_status()


@asynccontextmanager
async def connect(
    url: str,
    *,
    headers: Iterable[tuple[str, str | None]] = (),
    subprotocols: Iterable[str] = (),
    record: str | None = None,
    **options: Any,
) -> AsyncIterator[Connection]:
    """`async with connect(url) as connection:` dials, and closes with 1000 when it is left.

    `headers` are (name, value) pairs, sent in their order, duplicates included; a value of None
    removes a default header. `record` names a session file that must not exist yet; without it
    the log lives in a temporary file that nobody else sees. `options` are the fields of
    `ConnectOptions` by their names: `user="ann:pw"`, `insecure=True`, `max_size=1 << 20`,
    `ping_interval=20.0`, `compression=None` …

    Entering raises UsageError for an option that cannot be taken, RecordingFailed where the
    record cannot be written, CannotConnect where there is no way in, and HandshakeRefused, which
    is one, where the server answered but did not open a WebSocket.
    """
    live = LiveSession(
        ConnectOptions(url=url, header=tuple(headers), subprotocol=tuple(subprotocols), **options),
        RecordOptions(path=record),
        deliver=True,
    )
    failure: BaseException | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(live.run())
            try:
                await live.open()
                yield Connection(live)
            except BaseException as error:
                failure = error  # raised in the group, it would come out as an ExceptionGroup
            await live.disconnect()
    finally:
        await live.finish()
    if failure is not None:
        raise failure
