"""A live session: connections one after another into one record, for every face of wsdebug."""

import asyncio
import contextlib
import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wsdebug.engine.connection import Connection
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.recorder import Recorder
from wsdebug.engine.status import Counters, Status
from wsdebug.engine.target import parse_url
from wsdebug.errors import ConnectionClosed, HandshakeRefused, WsdebugError
from wsdebug.log.log import FrameLog
from wsdebug.wire.frame import Frame

__all__ = ["LiveSession"]

SECOND = 1_000_000_000  # ns
BACKOFF = (1.0, 30.0)  # seconds: first and longest upper bound of the jittered delay


class LiveSession:
    """Options, record and state. `run` connects, again and again with `reconnect`; each further
    `run` goes on in the same record with the next connection number.

    All coroutines belong to one event loop; `status`, `counters` and `log` may be read from any
    thread. With `deliver`, messages are kept for `receive`.
    """

    def __init__(
        self,
        options: ConnectOptions,
        record: RecordOptions | None = None,
        *,
        deliver: bool = False,
        clock: Callable[[], int] = time.monotonic_ns,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Raises UsageError for a wrong URL, RecordingFailed where the file cannot be written."""
        self.options = options
        self._target = parse_url(options.url)
        self._clock = clock
        self._jitter = jitter
        self._deliver = deliver
        self._recorder = Recorder(options, record or RecordOptions(), clock=clock)
        self._connection: Connection | None = None
        self._number = self._recorder.last_connection
        self._stopping = False
        self._wake: asyncio.Event | None = None
        self._opened: asyncio.Event | None = None
        self.counters = Counters()
        self._status = Status(notices=self._target.notices)

    @property
    def status(self) -> Status:
        """The state of now."""
        problem = self._recorder.writer.problem
        if problem != self._status.recording_problem:
            return replace(self._status, recording_problem=problem)
        return self._status

    @property
    def log(self) -> FrameLog:
        """The frame log, growing."""
        return self._recorder.log

    @property
    def path(self) -> str | None:
        """The record's file, None for a temporary one."""
        return self._recorder.writer.path

    @property
    def recorded_size(self) -> int:
        """Bytes of the record."""
        return self._recorder.writer.size

    async def run(self) -> None:
        """Connect and stay until the end; what a peer does wrong never raises."""
        self._stopping = False
        self._wake = asyncio.Event()
        attempt = 0
        while True:
            self._number += 1
            await self._once(attempt)
            if self._status.connection == self._number and self._was_open:
                attempt = 0
            if not self._goes_on():
                return
            attempt += 1
            await self._wait(attempt)
            if self._stopping:
                self._set(state="closed", code=1006, by="client", clean=False)
                return

    async def open(self) -> None:
        """Wait until the connection is open. Raises what kept it from being so."""
        while self._status.state in ("idle", "connecting", "waiting"):
            if self._opened is None:
                self._opened = asyncio.Event()
            await self._opened.wait()
            self._opened = None
        self.raise_for_status(opening=True)

    def raise_for_status(self, *, opening: bool = False) -> None:
        """Raise what the person must act on: no connection, or an end that was not 1000 or 1001."""
        status = self._status
        if status.state == "failed" and status.failure is not None:
            raise status.failure
        if status.state == "closed" and (opening or status.code not in (1000, 1001, 1005)):
            words = f"closed {status.code}" + (f": {status.reason}" if status.reason else "")
            raise ConnectionClosed(
                words, code=status.code or 1006, reason=status.reason, by=status.by
            )

    async def send(self, message: str | bytes) -> None:
        """Send a text or binary message, once there is room for it."""
        await self._live().send(message)

    async def ping(self, data: bytes = b"") -> None:
        """Send a ping of at most 125 bytes."""
        await self._live().control("ping", data)

    async def pong(self, data: bytes = b"") -> None:
        """Send a pong that nobody asked for."""
        await self._live().control("pong", data)

    async def send_frame(self, frame: Frame) -> None:
        """Send a frame exactly as it is set."""
        await self._live().send_frame(frame)

    async def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Send a close frame and wait until the connection has ended."""
        self._stopping = True
        if self._connection is not None:
            await self._connection.close(code, reason)

    async def receive(self) -> str | bytes | None:
        """The next message, None at the end; only with `deliver`."""
        return await self._connection.receive() if self._connection is not None else None

    async def disconnect(self) -> None:
        """Close an open connection with 1000, break off any other state."""
        self._stopping = True
        if self._wake is not None:
            self._wake.set()
        if self._connection is not None:
            await self._connection.disconnect()

    def note(self, text: str, on: int | None = None) -> None:
        """Record a remark."""
        self._recorder.note(text, on)

    def rename(self, path: str) -> None:
        """Give the record another name. Raises RecordingFailed."""
        self._recorder.writer.rename(path)

    async def finish(self) -> None:
        """Complete the record; the log can still be read until it is closed."""
        self._recorder.close()

    # The states between connections

    @property
    def _was_open(self) -> bool:
        return self._status.state == "closed"

    def _live(self) -> Connection:
        if self._connection is None or self._status.state not in ("open", "closing"):
            raise ConnectionClosed("not connected; nothing was sent", code=1006)
        return self._connection

    async def _once(self, attempt: int) -> None:
        try:
            target = parse_url(self.options.url)
        except WsdebugError as error:
            self._set(state="failed", failure=error)
            return
        self._status = Status(
            state="connecting",
            since_ns=self._clock(),
            connection=self._number,
            attempt=attempt,
            notices=target.notices,
        )
        self._connection = Connection(
            target,
            self.options,
            self._recorder,
            number=self._number,
            counters=self.counters,
            on_status=self._set,
            deliver=self._deliver,
            clock=self._clock,
            random_mask=lambda: os.urandom(4),
        )
        await self._connection.run()

    def _set(self, **changes: Any) -> None:
        """Take a change of state; `since_ns` is now where the state is another."""
        if changes.get("state", self._status.state) != self._status.state:
            changes.setdefault("since_ns", self._clock())
        self._status = replace(self._status, **changes)
        if self._opened is not None and self._status.state not in ("connecting", "waiting"):
            self._opened.set()

    def _goes_on(self) -> bool:
        status = self._status
        if self._stopping or not self.options.reconnect:
            return False
        if isinstance(status.failure, HandshakeRefused):
            return not 400 <= status.failure.status < 500  # 4xx will not get better
        return not (status.state == "closed" and status.clean and status.by == "client")

    async def _wait(self, attempt: int) -> None:
        first, longest = BACKOFF
        delay = self._retry_after() or self._jitter() * min(longest, first * 2 ** (attempt - 1))
        self._recorder.event(
            "reconnect",
            self._number + 1,
            attempt=attempt,
            delay=round(delay, 3),
        )
        self._set(state="waiting", attempt=attempt, due_ns=self._clock() + int(delay * SECOND))
        assert self._wake is not None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), delay)

    def _retry_after(self) -> float | None:
        failure = self._status.failure
        if isinstance(failure, HandshakeRefused):
            for name, value in failure.headers:
                if name.lower() == "retry-after" and value.strip().isdigit():
                    return float(value)
        return None
