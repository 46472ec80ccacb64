"""One connection from its dial to its end: asyncio around the conversation."""

import asyncio
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

from wsdebug.engine.conversation import Conversation, Limits
from wsdebug.engine.dial import connect_tcp, resolve, tls_context, tls_facts, tls_failure
from wsdebug.engine.handshake import Agreed, Handshake
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.recorder import Recorder
from wsdebug.engine.status import Counters
from wsdebug.engine.target import Target
from wsdebug.engine.transport import Wire
from wsdebug.errors import CannotConnect, ConnectionClosed, HandshakeRefused, WsdebugError
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["Connection"]

SECOND = 1_000_000_000  # ns
QUEUE_LIMIT = 256  # delivered messages that wait for a slow reader before reading pauses


class Connection:
    """Runs once. Everything that happens is recorded; `on_status` gets each change of state."""

    def __init__(
        self,
        target: Target,
        options: ConnectOptions,
        recorder: Recorder,
        *,
        number: int,
        counters: Counters,
        on_status: Callable[..., None],
        random_mask: Callable[[], bytes],
        deliver: bool = False,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._target = target
        self._options = options
        self._recorder = recorder
        self._number = number
        self._counters = counters
        self._on_status = on_status
        self._random_mask = random_mask
        self._deliver = deliver
        self._clock = clock
        self._wire = Wire()
        self._conversation: Conversation | None = None
        self._closing = asyncio.Event()  # a close frame was sent, or the conversation failed
        self._over = asyncio.Event()  # nothing more will come
        self._done = asyncio.Event()  # and its end is recorded
        self._broken_off = False
        self._task: asyncio.Task[None] | None = None
        self._step = "DNS"
        self._messages: deque[str | bytes] = deque()
        self._arrived = asyncio.Event()
        self._pings: dict[bytes, int] = {}
        self._ping_count = 0

    async def run(self) -> None:
        """Dial, converse, end; never raises for what a peer does."""
        self._task = asyncio.current_task()
        try:
            async with asyncio.timeout(self._options.connect_timeout):
                agreed = await self._dial()
        except WsdebugError as error:
            self._failed(error)
        except TimeoutError:
            seconds = f"{self._options.connect_timeout:g}"
            words = f"{self._step}: no answer from {self._target.host} in {seconds} s"
            self._failed(CannotConnect(words, step=self._step, timed_out=True))
        except asyncio.CancelledError:
            if not self._broken_off:
                raise
            self._failed(CannotConnect("broken off by you", step=self._step))
        else:
            await self._converse(agreed)
        finally:
            if self._wire.transport is not None:
                self._wire.transport.abort()
            self._over.set()
            self._done.set()
            self._arrived.set()

    async def send(self, message: str | bytes) -> None:
        """Send a message, once there is room."""
        conversation = await self._room()
        if isinstance(message, str):
            self._sent(conversation.send_text(message))
        else:
            self._sent(conversation.send_binary(message))

    async def control(self, kind: Literal["ping", "pong"], data: bytes) -> None:
        """Send a ping or pong."""
        conversation = await self._room()
        if kind == "ping":
            self._pings[data] = self._clock()
            self._sent(conversation.send_ping(data))
        else:
            self._sent(conversation.send_pong(data))

    async def send_frame(self, frame: Frame) -> None:
        """Send a frame exactly as it is set."""
        self._sent((await self._room()).send_frame(frame))

    async def close(self, code: int | None, reason: str) -> None:
        """Start the closing handshake and wait for the end."""
        self.start_closing(code, reason)
        await self._done.wait()

    def start_closing(self, code: int | None = 1000, reason: str = "") -> None:
        """Send a close frame, unless one was sent."""
        if self._conversation is not None and self._conversation.state == "open":
            self._sent(self._conversation.send_close(code, reason))

    async def disconnect(self) -> None:
        """Close in order where it is open; break off where it is not, or already closing."""
        conversation = self._conversation
        if conversation is not None and conversation.state == "open":
            await self.close(1000, "")
        elif self._task is not None and not self._over.is_set():
            self._broken_off = True
            if conversation is None:
                self._task.cancel()
            else:
                self._over.set()

    async def receive(self) -> str | bytes | None:
        """The next message, None at the end."""
        while not self._messages:
            if self._done.is_set():
                return None
            self._arrived.clear()
            await self._arrived.wait()
        message = self._messages.popleft()
        if len(self._messages) < QUEUE_LIMIT // 2 and self._wire.transport is not None:
            self._wire.transport.resume_reading()
        return message

    # Getting in

    async def _dial(self) -> Agreed:
        target, options, event = self._target, self._options, self._event
        context = tls_context(options) if target.is_secure else None
        event("connecting", url=self._recorder.redactor.url(target.url))
        self._on_status(state="connecting", step="DNS")
        addresses = await resolve(target, options)
        event("dns", addresses=list(dict.fromkeys(info[4][0] for info in addresses)))
        self._enter("TCP")
        sock = await connect_tcp(target, addresses)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: self._wire, sock=sock)
        event("tcp", local=_address(sock.getsockname()), remote=_address(sock.getpeername()))
        if context is not None:
            self._enter("TLS")
            try:
                secure = await loop.start_tls(
                    transport,
                    self._wire,
                    context,
                    server_hostname=options.servername or target.host,
                )
            except (OSError, ConnectionError) as error:
                raise tls_failure(error, target) from error
            if secure is None:
                raise CannotConnect("the connection was closed during TLS", step="TLS")
            self._wire.transport = secure
            facts = tls_facts(secure.get_extra_info("ssl_object"))
            event("tls", **facts)
            self._on_status(tls=str(facts["version"]).replace("TLSv", "TLS "))
        self._enter("upgrade")
        return await self._upgrade()

    async def _upgrade(self) -> Agreed:
        handshake = Handshake(self._target, self._options)
        redactor = self._recorder.redactor
        line, pairs = _head(handshake.request)
        self._event(
            "request",
            line=redactor.url(line),
            headers=redactor.headers(pairs),
            raw=_base64(redactor.head(handshake.request)),
        )
        assert self._wire.transport is not None
        self._wire.transport.write(handshake.request)
        came = asyncio.Event()
        chunks: list[bytes] = []

        def on_data(data: bytes) -> None:
            chunks.append(data)
            came.set()

        self._wire.on_data = on_data
        self._wire.on_end = lambda _: came.set()
        if early := self._wire.take_early():
            on_data(early)
        try:
            while True:
                if not chunks and not self._wire.has_ended:
                    came.clear()
                    await came.wait()
                data = b"".join(chunks)
                chunks.clear()
                agreed = handshake.feed(data, eof=self._wire.has_ended)
                if agreed is not None:
                    self._response(handshake.head, b"")
                    return agreed
        except HandshakeRefused:
            self._response(handshake.head, handshake.body)
            raise
        finally:
            self._wire.on_data = self._received

    def _response(self, head: bytes, body: bytes) -> None:
        redactor = self._recorder.redactor
        line, pairs = _head(head)
        _, _, rest = line.partition(" ")
        status, _, reason = rest.partition(" ")
        fields: dict[str, Any] = {
            "status": int(status) if status.isdigit() else 0,
            "reason": reason,
            "headers": redactor.headers(pairs),
        }
        if body:
            try:
                fields["body"] = body.decode()
            except UnicodeDecodeError:
                fields["body"] = {"b64": _base64(body)}
        self._event("response", **fields, raw=_base64(redactor.head(head)))

    def _failed(self, error: WsdebugError) -> None:
        kind = getattr(error, "step", "usage")
        self._event("error", kind=kind, message=str(error))
        self._on_status(state="failed", failure=error, step=kind)

    # Being in

    async def _converse(self, agreed: Agreed) -> None:
        options = self._options
        self._conversation = Conversation(
            limits=Limits(options.max_size, options.lenient, options.auto_pong),
            deflate=agreed.deflate,
            random_mask=self._random_mask,
            deliver=self._deliver,
        )
        self._event("open", subprotocol=agreed.subprotocol, extensions=agreed.extensions)
        self._on_status(
            state="open", subprotocol=agreed.subprotocol, extensions=agreed.extensions, step=""
        )
        self._wire.on_end = self._ended
        if agreed.rest:
            self._received(agreed.rest)
        if self._wire.has_ended:
            self._ended(None)
        async with asyncio.TaskGroup() as tasks:
            keepalive = tasks.create_task(self._keepalive())
            closing = tasks.create_task(self._watch_closing())
            await self._over.wait()
            keepalive.cancel()
            closing.cancel()
        self._finished()

    def _received(self, data: bytes) -> None:
        conversation = self._conversation
        if conversation is None:
            return
        lines = conversation.receive(data)
        self._happened(lines)
        self._write(conversation)
        if self._deliver:
            self._messages.extend(conversation.take_messages())
            self._arrived.set()
            if len(self._messages) > QUEUE_LIMIT and self._wire.transport is not None:
                self._wire.transport.pause_reading()
        if conversation.close_received is not None or conversation.state == "failed":
            self._half_close()

    def _half_close(self) -> None:
        """7.1.1: the server closes TCP first; on ws:// we show that we are done by half-closing."""
        transport = self._wire.transport
        if transport is not None and transport.can_write_eof() and not transport.is_closing():
            transport.write_eof()

    def _ended(self, _: Exception | None) -> None:
        if self._conversation is not None and not self._over.is_set():
            stray = self._conversation.stray
            self._happened(self._conversation.receive_eof())
            if stray:
                self._event("bytes", b64=_base64(stray[: 1 << 16]))
            self._over.set()

    def _sent(self, lines: list[FrameLine]) -> None:
        assert self._conversation is not None
        self._happened(lines)
        self._write(self._conversation)

    def _write(self, conversation: Conversation) -> None:
        data = conversation.outgoing()
        transport = self._wire.transport
        if data and transport is not None and not transport.is_closing():
            transport.write(data)
            self._counters.buffered = transport.get_write_buffer_size()
        if conversation.close_sent is not None and not self._closing.is_set():
            self._closing.set()
            due = self._clock() + int(self._options.close_timeout * SECOND)
            self._on_status(state="closing", due_ns=due)

    def _happened(self, lines: list[FrameLine]) -> None:
        if not lines:
            return
        self._recorder.frames_happened(lines, self._number)
        counters = self._counters
        for line in lines:
            size = len(line.frame.payload)
            if line.sent:
                counters.frames_out += 1
                counters.bytes_out += size
            else:
                counters.frames_in += 1
                counters.bytes_in += size
                if line.frame.opcode == Opcode.PONG:
                    sent = self._pings.pop(line.frame.payload, None)
                    if sent is not None:
                        counters.round_trip_ns = self._clock() - sent

    async def _room(self) -> Conversation:
        await self._wire.drain()
        if self._conversation is None or self._conversation.state != "open":
            raise ConnectionClosed("the connection is closed; nothing was sent", code=1006)
        return self._conversation

    async def _keepalive(self) -> None:
        interval = self._options.ping_interval
        if interval is None:
            return
        while not self._over.is_set():
            await asyncio.sleep(interval)
            if self._conversation is None or self._conversation.state != "open":
                return
            self._ping_count += 1
            data = f"{self._ping_count:08x}".encode()
            await self.control("ping", data)
            timeout = self._options.ping_timeout
            if timeout is not None:
                await asyncio.sleep(timeout)
                if data in self._pings:
                    self._event("error", kind="keepalive", message=f"no pong in {timeout:g} s")
                    self._over.set()

    async def _watch_closing(self) -> None:
        """Bound the wait for the peer's close, and for its end of TCP after it."""
        await self._closing.wait()
        await asyncio.sleep(self._options.close_timeout)
        self._over.set()

    def _finished(self) -> None:
        conversation = self._conversation
        assert conversation is not None
        received = conversation.close_received
        code = 1006 if received is None else 1005 if received.code is None else received.code
        reason = received.reason if received is not None else ""
        clean = received is not None and conversation.close_sent is not None
        by = conversation.closed_by or "network"
        sent = conversation.close_sent
        fields: dict[str, Any] = {"by": by, "code": code, "reason": reason, "clean": clean}
        if sent is not None:
            fields["sent"] = sent.code
        self._event("closed", **fields)
        self._on_status(state="closed", code=code, reason=reason, by=by, clean=clean)

    def _enter(self, step: str) -> None:
        self._step = step
        self._on_status(step=step)

    def _event(self, name: str, **fields: Any) -> None:
        self._recorder.event(name, self._number, **fields)


def _head(raw: bytes) -> tuple[str, list[tuple[str, str]]]:
    first, *rest = raw.decode("latin-1").split("\r\n")
    pairs = []
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            pairs.append((name, value.strip()))
    return first, pairs


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _address(address: Any) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
