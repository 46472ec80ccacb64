"""Pings: how long each was under way, and the keepalive that sends them."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from wsdebug.session.frames import FrameLine
from wsdebug.wire.frame import Opcode

__all__ = ["Ping", "Pings", "keepalive"]

KEPT = 4096  # pings that wait for their pong


@dataclass(frozen=True, slots=True)
class Ping:
    """One that was sent, at a monotonic time."""

    data: bytes
    sent_ns: int
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class Pings:
    """The pings that no pong has answered yet, oldest first."""

    def __init__(self) -> None:
        self._waiting: deque[Ping] = deque(maxlen=KEPT)

    def sent(self, data: bytes, now_ns: int) -> None:
        """Note a ping."""
        self._waiting.append(Ping(data, now_ns))

    @property
    def latest(self) -> Ping:
        """The ping that was sent last; IndexError if none is waiting."""
        return self._waiting[-1]

    def take(self, line: FrameLine, now_ns: int) -> int | None:
        """Note a ping that was sent, or the pong to one: the round trip in ns."""
        if line.frame.opcode == Opcode.PING and line.sent:
            self.sent(line.frame.payload, now_ns)
        elif line.frame.opcode == Opcode.PONG and not line.sent:
            return self.answer(line.frame.payload, now_ns)
        return None

    def answer(self, data: bytes, now_ns: int) -> int | None:
        """Take a pong; the round trip in ns, None for a pong that nobody waits for."""
        if not any(ping.data == data for ping in self._waiting):
            return None
        while True:
            # 5.5.3: one pong may answer all pings up to its own
            ping = self._waiting.popleft()
            ping.answered.set()
            if ping.data == data:
                return now_ns - ping.sent_ns


async def keepalive(
    send: Callable[[bytes], Ping | None],
    *,
    interval: float,
    timeout: float | None,
    is_reading: Callable[[], bool],
) -> bool:
    """Send a ping each `interval` seconds until one has no pong in `timeout` seconds: true, or
    until `send` gives None: false.

    While `is_reading` is false a slow reader of ours holds the pong back, not the peer.
    """
    loop = asyncio.get_running_loop()
    count = 0
    due = loop.time()
    while True:
        due = max(due + interval, loop.time())
        await asyncio.sleep(due - loop.time())
        count += 1
        ping = send(f"{count:08x}".encode())
        if ping is None:
            return False
        if timeout is None:
            continue
        try:
            async with asyncio.timeout(timeout):
                await ping.answered.wait()
        except TimeoutError:
            if is_reading():
                return True
