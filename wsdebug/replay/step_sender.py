"""Steps of a script put on a live connection."""

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

from wsdebug.engine.live import LiveSession
from wsdebug.errors import UsageError
from wsdebug.replay.correlation import Correlation
from wsdebug.replay.exact import FrameMaker
from wsdebug.replay.plan import Plan
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import Pause, Send, SendRun
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["TURN", "Batch", "StepSender", "batches", "together"]

TURN = 64  # sends after which what came is read
MANY = 1 << 16  # bytes of messages of a stretch after which it is


class Batch:
    """Messages of one kind that go out in one write, up to the line `number`, of `time_us`;
    `end` counts them and those of the run before them.
    """

    __slots__ = ("end", "number", "opcode", "payloads", "time_us")

    def __init__(
        self, opcode: int, payloads: Sequence[bytes], number: int, time_us: int | None, end: int
    ) -> None:
        self.opcode = opcode
        self.payloads = payloads
        self.number = number
        self.time_us = time_us
        self.end = end


def batches(run: SendRun) -> "list[Batch]":
    """The messages of a run. Raises SessionUnreadable where the file is no longer the same."""
    stretch, lines = run.stretch, run.stretch.read()
    payloads = [*compress(lines.payloads, stretch.ways)]
    places = [*compress(range(len(stretch.ways)), stretch.ways)]
    step = max(1, MANY * len(payloads) // (sum(map(len, payloads)) + 1))
    found: list[Batch] = []
    for start in range(0, len(payloads), step):
        some = payloads[start : start + step]
        end = start + len(some)
        last = places[end - 1]
        number, time_us = stretch.number + last, lines.time_us(last)
        found.append(Batch(stretch.opcode, some, number, time_us, end))
    return found


def together(steps: Sequence[Send | SendRun | Pause], number: int) -> list[Send]:
    """The messages of one kind from a step on, to the end of a turn at most, that wait for
    nothing and are sent as they stand: one write takes them.
    """
    found: list[Send] = []
    for step in steps[number : (number // TURN + 1) * TURN]:
        if not isinstance(step, Send) or step.names or step.after or step.keys:
            break
        if not step.message.is_plain:
            break
        if found and step.message.opcode != found[0].message.opcode:
            break
        found.append(step)
    return found


class StepSender:
    """Knows how each step of a plan is sent, on a connection that is open."""

    def __init__(
        self,
        plan: Plan,
        live: LiveSession,
        settings: Settings,
        *,
        variables: Mapping[str, Any],
        correlation: Correlation | None,
    ) -> None:
        """Raises UsageError for a connection whose compression is not that of the recording."""
        self._live = live
        self._by_frame = settings.frames
        self._variables = variables
        self._correlation = correlation
        self._frames = FrameMaker(
            plan,
            live.status.extensions,
            exact=settings.exact_mask,
            may_change=settings.correlate,
        )

    async def send(self, step: Send) -> None:
        """Send it with its values. Raises ConnectionClosed, and UsageError for no frame."""
        live, payload = self._live, step.payload(self._variables)
        if self._correlation is not None:
            payload = self._correlation.apply(payload)
        if isinstance(payload, str):
            data = payload.encode("utf-8", "replace")  # a captured value may be half a character
            payload = data.decode()
        else:
            data = payload
        opcode = step.message.opcode
        if self._by_frame or not step.message.is_whole:
            await self._frame(step, data)
        elif opcode == Opcode.CLOSE:
            await self._close(step, data)
        elif opcode == Opcode.PING and len(data) <= 125:
            await live.ping(data)
        elif opcode == Opcode.PONG and len(data) <= 125:
            await live.pong(data)
        elif isinstance(payload, str) or opcode == Opcode.BINARY:
            await live.send(payload)
        else:
            # what no message is: text that is not UTF-8, a reserved opcode
            await self._frame(step, data)

    async def send_batch(self, batch: Batch) -> None:
        """Send them as they are. Raises ConnectionClosed."""
        await self._live.sender.messages(batch.opcode, batch.payloads)

    async def _frame(self, step: Send, data: bytes) -> None:
        try:
            await self._live.send_frame(self._frames.frame(step, data))
        except ValueError as error:
            raise UsageError(f"line {step.message.number} cannot be sent: {error}") from None

    async def _close(self, step: Send, data: bytes) -> None:
        body = parse_close(data)
        if body is None or len(data) > 125:
            await self._frame(step, data)
        else:
            await self._live.close(body.code, body.reason)
