"""One connection of a script, played: sends at their time, answers matched as they come."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

from wsdebug.engine.live import LiveSession
from wsdebug.errors import ConnectionClosed, UsageError
from wsdebug.log.joined import Joiner, Message
from wsdebug.replay.correlation import Correlation
from wsdebug.replay.exact import FrameMaker
from wsdebug.replay.expected import Expected
from wsdebug.replay.matcher import Matcher
from wsdebug.replay.plan import Plan
from wsdebug.replay.results import Result
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import SECOND, Pause, Send
from wsdebug.session.lines import FrameLine
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["Player", "unlocks"]

TURN = 64  # sends after which what came is read
NOT_SENT = "not sent: the connection was closed"


class Player:
    """Plays one plan on a live session that is open; `steps` releases sends at pace `step`."""

    def __init__(
        self,
        plan: Plan,
        live: LiveSession,
        settings: Settings,
        matcher: Matcher,
        *,
        variables: dict[str, object],
        correlation: Correlation | None,
        emit: Callable[[Result], None],
        steps: asyncio.Semaphore,
    ) -> None:
        self.line = 0  # of the script, played last
        self.waiting: Send | None = None  # at pace `step`: what the next step sends
        self._plan = plan
        self._live = live
        self._settings = settings
        self._matcher = matcher
        self._variables = variables
        self._correlation = correlation
        self._emit = emit
        self._steps = steps
        self._joiner = Joiner(by_frame=settings.strict_frames)
        self._changed = asyncio.Event()
        self._progress = 0.0  # loop time of the last send or match
        self._recorded_us: int | None = None  # when that was in the recording
        self._opened = 0.0
        self._is_over = False
        self._frames: FrameMaker | None = None
        self._unlocks = unlocks(plan)
        self._unlock(0)  # an answer may come with the server's handshake

    def take(self, line: FrameLine) -> None:
        """A frame of the live connection."""
        if line.sent:
            return
        before = self._matcher.latest
        for message in self._joiner.feed(line):
            self._matcher.feed(message)
        latest = self._matcher.latest
        if latest is not None and latest is not before:
            self._went_on(latest.message)
        self._changed.set()

    def over(self) -> None:
        """The connection has ended, or is to."""
        self._is_over = True
        self._changed.set()

    async def play(self) -> None:
        """Do every step, then wait for what is expected after the last."""
        loop = asyncio.get_running_loop()
        plan = self._plan
        self._opened = self._progress = loop.time()
        self._recorded_us = plan.opened_us
        self._frames = FrameMaker(
            plan,
            self._live.status.extensions,
            exact=self._settings.exact_mask,
            may_change=self._settings.correlate,
        )
        number = 0
        while number < len(plan.steps):
            step, together = plan.steps[number], self._together(number)
            if together:
                await self._send_together(together)
            elif isinstance(step, Pause):
                await self._pause(step)
            else:
                await self._send(step)
            number += len(together) or 1
            self._unlock(number)
            if number % TURN == 0:
                await asyncio.sleep(0)
        await self._answers(len(plan.expected))

    def _went_on(self, message: Message) -> None:
        """A message was sent or has come: from now on counts what the next may take."""
        self._progress = asyncio.get_running_loop().time()
        self._recorded_us = message.first.time_us

    def _unlock(self, number: int) -> None:
        """So many steps are done: what is expected after them may come."""
        self._matcher.unlock(self._unlocks[number])

    async def _pause(self, step: Pause) -> None:
        settings = self._settings
        if settings.pace == "none" or self._is_over:
            return
        if settings.awaits_answers:
            await self._answers(step.before)
        if settings.keeps_time:
            await self._time(step.at_us)
        else:
            most = settings.max_gap
            seconds = step.seconds if most is None else min(step.seconds, most)
            await self._sleep_until(asyncio.get_running_loop().time() + seconds / settings.speed)
        self.line = step.line

    async def _send(self, step: Send) -> None:
        if self._settings.pace == "step":
            await self._release(step)
        settings, is_close = self._settings, step.message.opcode == Opcode.CLOSE
        await self._wait(lambda: all(map(self._matcher.is_settled, step.after)), step.before)
        if settings.awaits_answers or is_close:
            await self._answers(step.before)
        if settings.keeps_time:
            await self._time(step.at_us)
        missing = [name for name in step.names if name not in self._variables]
        note = f"not sent: there is no value for {', '.join(missing)}" if missing else NOT_SENT
        if not missing and not self._is_over:
            with contextlib.suppress(ConnectionClosed):
                await self._put(step)
                note = ""
        if note and not is_close:
            self._emit(Result("missing", step.message, note=note))
        elif not note:
            self.line = step.message.number
            self._went_on(step.message)

    def _together(self, number: int) -> list[Send]:
        """The messages of one kind from a step on, to the end of a turn at most, that wait for
        nothing and are sent as they stand: one write takes them.
        """
        settings = self._settings
        is_asked = settings.pace == "none" and not settings.frames and not self._is_over
        if not is_asked or self._correlation is not None:
            return []
        found: list[Send] = []
        for step in self._plan.steps[number : (number // TURN + 1) * TURN]:
            if isinstance(step, Pause) or step.names or step.after or step.keys:
                break
            if not step.message.is_plain:
                break
            if found and step.message.opcode != found[0].message.opcode:
                break
            found.append(step)
        return found

    async def _send_together(self, steps: list[Send]) -> None:
        payloads = [step.message.payload or b"" for step in steps]
        try:
            await self._live.sender.messages(steps[0].message.opcode, payloads)
        except ConnectionClosed:
            for step in steps:
                self._emit(Result("missing", step.message, note=NOT_SENT))
        else:
            self.line = steps[-1].message.number
            self._went_on(steps[-1].message)

    async def _put(self, step: Send) -> None:
        live, payload = self._live, step.payload(self._variables)
        if self._correlation is not None:
            payload = self._correlation.apply(payload)
        if isinstance(payload, str):
            data = payload.encode("utf-8", "replace")  # a captured value may be half a character
            payload = data.decode()
        else:
            data = payload
        opcode = step.message.opcode
        if self._settings.frames or not step.message.is_whole:
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

    async def _frame(self, step: Send, data: bytes) -> None:
        assert self._frames is not None
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

    # What a step waits for

    async def _release(self, step: Send) -> None:
        """Wait until one more send is asked for, or all."""
        self.waiting = step
        while not self._is_over and self._settings.pace == "step" and self._steps.locked():
            self._changed.clear()
            await self._changed.wait()
        self.waiting = None
        if not self._is_over and self._settings.pace == "step":
            await self._steps.acquire()

    def released(self) -> None:
        """One more send was asked for."""
        self._changed.set()

    def run_on(self) -> None:
        """From now on, sends wait for the answers before them only."""
        self._settings = replace(self._settings, pace="answers")
        self._changed.set()

    async def _answers(self, before: int) -> None:
        """Wait for all that is expected before an index, each within its time."""
        await self._wait(lambda: self._matcher.are_settled(before), before)

    async def _wait(self, is_done: Callable[[], bool], before: int) -> None:
        while not self._is_over and not is_done():
            self._changed.clear()
            try:
                async with asyncio.timeout_at(self._deadline()):
                    await self._changed.wait()
            except TimeoutError:
                self._matcher.give_up(before, self._is_late)

    def _deadline(self) -> float:
        """When the one that is awaited must have come."""
        awaited = self._matcher.awaited
        return self._progress + self._timeout(awaited)

    def _timeout(self, expected: Expected | None) -> float:
        """Seconds that it may take from the last progress: its own, else those of the settings
        and as long as it took in the recording.
        """
        if expected is None:
            return self._settings.timeout
        if expected.timeout is not None:
            return expected.timeout
        then, last = expected.message.first.time_us, self._recorded_us
        took = max(0, then - last) / SECOND if then is not None and last is not None else 0.0
        return self._settings.timeout + took

    def _is_late(self, expected: Expected) -> bool:
        waited = asyncio.get_running_loop().time() - self._progress
        return waited >= self._timeout(expected)

    async def _time(self, at_us: int) -> None:
        """Wait for a place on the timeline; deadlines are absolute, so that nothing adds up."""
        await self._sleep_until(self._opened + at_us / SECOND / self._settings.speed)

    async def _sleep_until(self, due: float) -> None:
        while not self._is_over and due > asyncio.get_running_loop().time():
            self._changed.clear()
            try:
                async with asyncio.timeout_at(due):
                    await self._changed.wait()
            except TimeoutError:
                return


def unlocks(plan: Plan) -> list[int]:
    """By the number of steps that are done, the number of messages that may come by then: those
    before the next step. Of steps in a row the first may be answered before the others are done.
    """
    befores = [-1, *(step.before for step in plan.steps)]
    found = [len(plan.expected)]
    for before, following in zip(befores[-2::-1], befores[:0:-1], strict=True):
        found.append(found[-1] if following == before else following)
    return found[::-1]
