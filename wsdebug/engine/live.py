"""A live session: connections one after another into one record, for every face of wsdebug."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from wsdebug.engine.connection import Connection
from wsdebug.engine.ending import goes_on
from wsdebug.engine.hidden import without_secrets
from wsdebug.engine.keepalive import Ping
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.outgoing import fresh_masks
from wsdebug.engine.recorded import Recorded
from wsdebug.engine.route import dialled
from wsdebug.engine.sender import Sender
from wsdebug.engine.status import Counters, Status
from wsdebug.engine.variables import variables_of
from wsdebug.engine.watched import Watched
from wsdebug.errors import ConnectionClosed, WsdebugError
from wsdebug.wire.frame import Frame

__all__ = ["LiveSession"]

SECOND = 1_000_000_000  # ns
# seconds that a connection stays open for the delays to begin anew: who takes us and lets us go
# at once is to have its rest too
STEADY = 5.0
T = TypeVar("T")


class LiveSession(Watched, Recorded):
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
        jitter: Callable[[], float] | None = None,
    ) -> None:
        """`jitter` gives parts of a delay, from 0 to 1, at random unless given.

        Raises UsageError for a wrong URL, RecordingFailed where the file cannot be written.
        """
        self.options = options
        target, _ = dialled(options)
        Watched.__init__(self, Status(notices=target.notices))
        Recorded.__init__(self, options, record or RecordOptions())
        self._jitter = jitter
        self._deliver = deliver
        self._connection: Connection | None = None
        self._number = self._recorder.last_connection if self._recorder is not None else 0
        self._stopping = False
        self._is_running = False
        self._hides = False  # whether there are secrets that may stand in what is told
        self._opened = 0  # number of the connection that was open last
        self._wake = asyncio.Event()  # ends the wait for the next attempt
        self.counters = Counters()

    @property
    def status(self) -> Status:
        """The state of now."""
        problem = self._recorder.writer.problem if self._recorder is not None else ""
        if problem != self._status.recording_problem:
            return replace(self._status, recording_problem=problem)
        return self._status

    async def run(self) -> None:
        """Connect and stay until the end; what a peer does wrong never raises."""
        self._stopping = False
        self._wake.clear()
        self._is_running = True
        try:
            await self._attempts()
        finally:
            self._is_running = False
            self._changed()

    async def open(self) -> None:
        """Wait until the connection is open, or was. Raises what kept it from being so."""
        await self.until("open", "closing", "closed", "failed")
        if self._opened != self._status.connection:
            self.raise_for_status()

    @property
    def sender(self) -> Sender:
        """What sends through the connection. Raises ConnectionClosed where it is not open."""
        if self._connection is None or self._status.state not in ("open", "closing"):
            code, by = self._status.code or 1006, self._status.by or "network"
            words = "not connected; nothing was sent"
            raise ConnectionClosed(words, code=code, reason=self._status.reason, by=by)
        return self._connection.sender

    async def send(self, message: str | bytes) -> None:
        """Send a text or binary message, once there is room for it."""
        await self.sender.message(message)

    async def ping(self, data: bytes = b"") -> Ping:
        """Send a ping of at most 125 bytes; its `answered` is set once a pong has come for it."""
        return await self.sender.ping(data)

    async def pong(self, data: bytes = b"") -> None:
        """Send a pong that nobody asked for."""
        await self.sender.pong(data)

    async def send_frame(self, frame: Frame) -> None:
        """Send a frame exactly as it is set."""
        await self.sender.frame(frame)

    async def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Send a close frame and wait until the connection has ended. Raises ValueError."""
        if self._connection is not None:
            self._connection.start_closing(code, reason)
        self._stop()
        if self._connection is not None:
            await self._connection.close(code, reason)

    async def receive(self) -> str | bytes | None:
        """The next message, None at the end; only with `deliver`.

        With `reconnect` the messages of the next connection follow those of the last.
        """
        return await self._from_each(Connection.receive)

    async def receive_all(self) -> list[str | bytes] | None:
        """The messages that have come since the last call, at least one; None at the end."""
        return await self._from_each(Connection.receive_all)

    async def disconnect(self) -> None:
        """Close an open connection with 1000, break off any other state."""
        self._stop()
        if self._connection is not None:
            await self._connection.disconnect()

    async def _from_each(self, take: "Callable[[Connection], Awaitable[T | None]]") -> "T | None":
        """What one connection after the other gives, as long as there is another."""
        while True:
            connection = self._connection
            if connection is not None:
                taken = await take(connection)
                if taken is not None:
                    return taken
            while self._connection is connection:
                if not self._is_running and self._status.state != "idle":
                    return None
                await self._next_change()

    # The states between connections

    async def _attempts(self) -> None:
        attempt = 0
        while True:
            self._number += 1
            began = time.monotonic()
            await self._once(attempt)
            if self._opened == self._number and time.monotonic() - began >= STEADY:
                attempt = 0
            if self._stopping or not (self.options.reconnect and goes_on(self._status)):
                return
            attempt += 1
            await self._wait(attempt)
            if self._stopping:
                self._set(state="closed", code=1006, by="client", clean=False)
                return

    def _stop(self) -> None:
        self._stopping = True
        self._wake.set()

    async def _once(self, attempt: int) -> None:
        if secrets := variables_of(self.options).secrets:
            self._record.redactor.learn(secrets)
            self._hides = self._record.redactor.has_secrets
        try:
            target, options = dialled(self.options)
        except WsdebugError as error:
            self._set(state="failed", failure=error)
            return
        self._status = Status(
            state="connecting",
            since_ns=time.monotonic_ns(),
            connection=self._number,
            attempt=attempt,
            notices=target.notices,
        )
        self._connection = Connection(
            target,
            options,
            self._record,
            number=self._number,
            counters=self.counters,
            on_status=self._set,
            deliver=self._deliver,
            random_mask=fresh_masks().__next__,
        )
        await self._connection.run()

    def _set(self, **changes: Any) -> None:
        """Take a change of state; `since_ns` is now where the state is another."""
        if self._hides:
            changes = without_secrets(changes, self._record.redactor)
        if changes.get("state", self._status.state) != self._status.state:
            changes.setdefault("since_ns", time.monotonic_ns())
        self._status = replace(self._status, **changes)
        if self._status.state == "open":
            self._opened = self._number
        self._changed()

    async def _wait(self, attempt: int) -> None:
        from wsdebug.engine.backoff import next_delay

        delay = next_delay(attempt, self._status.failure, self._jitter)
        self._record.event("reconnect", self._number + 1, attempt=attempt, delay=round(delay, 3))
        self._set(
            state="waiting", attempt=attempt, due_ns=time.monotonic_ns() + int(delay * SECOND)
        )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), delay)
