"""One connection from its dial to its end: asyncio around the conversation."""

import asyncio
import contextlib
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any

from wsdebug.engine.conversation import Conversation, Limits
from wsdebug.engine.ending import closed_facts, failure_facts, not_open
from wsdebug.engine.fast_lane import FastConversation
from wsdebug.engine.handshake import Agreed
from wsdebug.engine.inbox import Inbox
from wsdebug.engine.keepalive import Pings, keepalive
from wsdebug.engine.opening import Opening
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.outgoing import PlainSent
from wsdebug.engine.sender import Sender
from wsdebug.engine.status import Counters
from wsdebug.engine.target import Target
from wsdebug.engine.transport import Wire
from wsdebug.engine.unrecorded import Record
from wsdebug.errors import CannotConnect, WsdebugError
from wsdebug.session.frames import FrameLine, Happened

__all__ = ["Connection"]

SECOND = 1_000_000_000  # ns
STRAY_LIMIT = 1 << 16  # bytes
PONG_ROOM = 1 << 20  # bytes that may wait for the peer before its pings stay without an answer


class Connection:
    """Runs once. Everything that happens is recorded; `on_status` gets each change of state."""

    def __init__(
        self,
        target: Target,
        options: ConnectOptions,
        recorder: Record,
        *,
        number: int,
        counters: Counters,
        on_status: Callable[..., None],
        random_mask: Callable[[], bytes],
        deliver: bool = False,
    ) -> None:
        self._options = options
        self._recorder = recorder
        self._number = number
        self._counters = counters
        self._on_status = on_status
        self._random_mask = random_mask
        self._deliver = deliver
        self._opening = Opening(target, options, recorder, number=number, on_status=on_status)
        self._conversation: FastConversation | None = None
        self._sender: Sender | None = None
        self._inbox = Inbox(lambda is_held: self._wire.hold(is_held))
        self._pings = Pings()
        self._closing = asyncio.Event()  # a close frame was sent
        self._over = asyncio.Event()  # nothing more will come
        self._done = asyncio.Event()  # and its end is recorded
        self._broken_off = False
        self._is_silent = False  # a keepalive ping stayed without its pong
        self._is_read_out = False
        self._task: asyncio.Task[None] | None = None

    @property
    def _wire(self) -> Wire:
        return self._opening.wire

    async def run(self) -> None:
        """Dial, converse, end; never raises for what a peer does."""
        task = self._task = asyncio.current_task()
        assert task is not None
        try:
            async with asyncio.timeout(self._options.connect_timeout):
                agreed = await self._opening.run()
        except WsdebugError as error:
            self._failed(error)
        except TimeoutError:
            self._failed(self._opening.timed_out())
        except asyncio.CancelledError:
            if not self._broken_off:
                raise
            task.uncancel()
            self._failed(CannotConnect("broken off by you", step=self._opening.step))
        else:
            await self._converse(agreed)
        finally:
            self._wire.abort()
            self._over.set()
            self._done.set()
            self._inbox.close()

    @property
    def sender(self) -> Sender:
        """What sends while it is open. Raises ConnectionClosed before."""
        if self._sender is None:
            raise not_open(None)
        return self._sender

    async def close(self, code: int | None, reason: str) -> None:
        """Start the closing handshake and wait for the end."""
        self.start_closing(code, reason)
        await self._done.wait()

    def start_closing(self, code: int | None, reason: str) -> None:
        """Send a close frame, unless one was sent. Raises ValueError."""
        if self._conversation is not None and self._conversation.state == "open":
            self._sent(self._conversation.send_close(code, reason))

    async def disconnect(self) -> None:
        """Close in order where it is open; break off where it is not, or already closing."""
        conversation = self._conversation
        if conversation is not None and conversation.state == "open":
            await self.close(1000, "")
        elif self._task is not None and not self._done.is_set():
            self._broken_off = True
            if conversation is None:
                self._task.cancel()
            else:
                self._over.set()
                self._wire.abort()

    async def receive(self) -> str | bytes | None:
        """The next message, None at the end."""
        return await self._inbox.get()

    async def receive_all(self) -> list[str | bytes] | None:
        """The messages that have come since the last call, at least one; None at the end."""
        return await self._inbox.get_all()

    def _failed(self, error: WsdebugError) -> None:
        facts = failure_facts(error, self._recorder.redactor)
        self._event("error", **facts)
        self._on_status(state="failed", failure=error, step=facts["kind"])

    async def _converse(self, agreed: Agreed) -> None:
        options = self._options
        self._conversation = FastConversation(
            limits=Limits(options.max_size, options.lenient, options.auto_pong),
            deflate=agreed.deflate,
            random_mask=self._random_mask,
            deliver=self._deliver,
        )
        self._sender = Sender(
            self._conversation,
            self._wire,
            self._pings,
            on_sent=self._sent,
            on_plain=self._plain_sent if self._recorder.takes_plain else None,
        )
        self._event("open", subprotocol=agreed.subprotocol, extensions=agreed.extensions)
        self._on_status(
            state="open", subprotocol=agreed.subprotocol, extensions=agreed.extensions, step=""
        )
        if agreed.rest:
            self._received(agreed.rest)
        self._wire.watch(self._buffered)
        self._wire.listen(self._received, self._ended)
        async with asyncio.TaskGroup() as tasks:
            beside = [tasks.create_task(self._keep_alive()), tasks.create_task(self._bound())]
            await self._over.wait()
            for task in beside:
                task.cancel()
        await self._write_out()
        self._finished(self._conversation)

    def _received(self, data: bytes) -> None:
        conversation = self._conversation
        assert conversation is not None
        conversation.is_choked = self._wire.buffered > PONG_ROOM
        before = self._counters.frames_in
        self._happened(conversation.receive_runs(data))
        self._wire.adapt(len(data), self._counters.frames_in - before)
        self._write(conversation)
        if self._deliver:
            self._inbox.put(conversation.take_messages())
        if conversation.close_received is not None or conversation.state == "failed":
            # 7.1.1: the server closes TCP first; on ws:// we show that we are done
            self._wire.half_close()

    def _ended(self) -> None:
        """The peer's last byte has come."""
        self._read_out()
        error = self._wire.error
        if error is not None and not self._over.is_set():
            words = (getattr(error, "strerror", None) or str(error)).lower()
            self._event("error", kind="network", message=words)
        self._over.set()

    def _read_out(self) -> None:
        """Record a frame that was cut off, and bytes that made none."""
        if self._conversation is not None and not self._is_read_out:
            self._is_read_out = True
            self._happened(self._conversation.receive_eof())
            if stray := self._conversation.stray:
                self._event("bytes", b64=b64encode(stray[:STRAY_LIMIT]).decode())

    def _sent(self, lines: list[FrameLine]) -> None:
        assert self._conversation is not None
        self._happened(lines)
        self._write(self._conversation)

    def _plain_sent(self, sent: PlainSent) -> None:
        assert self._conversation is not None
        self._recorder.plain_sent(sent, self._number)
        self._counters.frames_out += len(sent.payloads)
        self._counters.bytes_out += sent.wire_size
        self._write(self._conversation)

    def _write(self, conversation: Conversation) -> None:
        if data := conversation.outgoing():
            self._wire.write(data)
        if conversation.close_sent is not None and not self._closing.is_set():
            self._closing.set()
            self._inbox.take_all()
            self._is_closing()

    def _buffered(self, size: int) -> None:
        self._counters.buffered = size
        if self._conversation is not None and not size:
            self._conversation.is_choked = False
            if owed := self._conversation.pay_pong():
                self._sent(owed)

    def _is_closing(self) -> None:
        due = time.monotonic_ns() + int(self._options.close_timeout * SECOND)
        self._on_status(state="closing", due_ns=due)

    def _happened(self, happened: Sequence[Happened]) -> None:
        if not happened:
            return
        self._recorder.frames_happened(happened, self._number)
        for each in happened:
            self._counters.count(each)
            if isinstance(each, FrameLine) and each.frame.is_control:
                took = self._pings.take(each, time.monotonic_ns())
                if took is not None:
                    self._counters.round_trip_ns = took

    async def _keep_alive(self) -> None:
        interval, timeout = self._options.ping_interval, self._options.ping_timeout
        if interval is not None and await keepalive(
            self.sender.ping_at_once,
            interval=interval,
            timeout=timeout,
            is_reading=lambda: not self._inbox.is_holding,
        ):
            self._event("error", kind="keepalive", message=f"no pong in {timeout:g} s")
            self._is_silent = True
            self.start_closing(1011, "keepalive ping timeout")

    async def _bound(self) -> None:
        """Bound the wait for the peer's close, and for its end of TCP after it."""
        await self._closing.wait()
        await asyncio.sleep(self._options.close_timeout)
        self._over.set()

    async def _write_out(self) -> None:
        """A peer that sends no more may still read: what waits is written first."""
        if self._wire.has_ended:
            if self._wire.buffered:
                self._is_closing()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._options.close_timeout):
                    await self._wire.lost.wait()

    def _finished(self, conversation: Conversation) -> None:
        self._read_out()
        facts = closed_facts(conversation, is_silent=self._is_silent)
        sent = conversation.close_sent
        self._event("closed", **facts, **({"sent": sent.code} if sent is not None else {}))
        self._on_status(state="closed", violation=conversation.failure, **facts)

    def _event(self, name: str, **fields: Any) -> None:
        self._recorder.event(name, self._number, **fields)
