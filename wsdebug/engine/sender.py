"""Sending through an open connection: each call waits for room, then writes at once."""

from collections.abc import Callable, Sequence
from itertools import islice

from wsdebug.engine.conversation import Conversation
from wsdebug.engine.ending import not_open
from wsdebug.engine.keepalive import Ping, Pings
from wsdebug.engine.outgoing import PlainSent
from wsdebug.engine.transport import Wire
from wsdebug.session.frames import FrameLine
from wsdebug.wire.frame import Frame

__all__ = ["Sender"]

FRAMES = 256  # fragments that are written together


class Sender:
    """What a person sends. Every call but `ping_at_once` raises ConnectionClosed where
    nothing can be sent any more.

    `on_sent` takes the frames that were made, `on_plain` those of many messages at once; both
    have them recorded and written.
    """

    def __init__(
        self,
        conversation: Conversation,
        wire: Wire,
        pings: Pings,
        *,
        on_sent: Callable[[list[FrameLine]], None],
        on_plain: Callable[[PlainSent], None] | None,
    ) -> None:
        self._conversation = conversation
        self._wire = wire
        self._pings = pings
        self._on_sent = on_sent
        self._on_plain = on_plain

    async def message(self, message: str | bytes) -> None:
        """Send a message."""
        await self._room()
        if isinstance(message, str):
            self._on_sent(self._conversation.send_text(message))
        else:
            self._on_sent(self._conversation.send_binary(message))

    async def messages(self, opcode: int, payloads: Sequence[bytes]) -> None:
        """Send many short messages, or one, in one write; text is UTF-8."""
        await self._room()
        if self._on_plain is not None:
            sent = self._conversation.send_plain(opcode, payloads)
            if sent is not None:
                self._on_plain(sent)
                return
        send = self._conversation.send_message
        self._on_sent([line for payload in payloads for line in send(opcode, payload)])

    async def fragments(self, opcode: int, data: bytes, size: int) -> None:
        """Send a message in frames of `size` bytes."""
        frames = self._conversation.send_fragments(opcode, data, size)
        while True:
            await self._room()
            lines = list(islice(frames, FRAMES))
            self._on_sent(lines)
            if len(lines) < FRAMES:
                return

    async def ping(self, data: bytes) -> Ping:
        """Send a ping; its `answered` is set once a pong has come for it."""
        await self._room()
        self._on_sent(self._conversation.send_ping(data))
        return self._pings.latest

    def ping_at_once(self, data: bytes) -> Ping | None:
        """Send a ping past the queue of those who wait for room; None where it is not open."""
        if self._conversation.state != "open":
            return None
        self._on_sent(self._conversation.send_ping(data))
        return self._pings.latest

    async def pong(self, data: bytes) -> None:
        """Send a pong."""
        await self._room()
        self._on_sent(self._conversation.send_pong(data))

    async def frame(self, frame: Frame) -> None:
        """Send a frame exactly as it is set, even after our close frame."""
        await self._room("open", "closing")
        self._on_sent(self._conversation.send_frame(frame))

    async def _room(self, *states: str) -> None:
        await self._wire.drain()
        if self._conversation.state not in (states or ("open",)):
            raise not_open(self._conversation)
