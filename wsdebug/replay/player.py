"""One connection of a script, played: sends at their time, answers matched as they come."""

import asyncio
import contextlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from wsdebug.engine.happened import lines_of
from wsdebug.engine.live import LiveSession
from wsdebug.errors import ConnectionClosed, SessionUnreadable
from wsdebug.log.joined import Joiner
from wsdebug.replay.correlation import Correlation
from wsdebug.replay.matcher import Matcher
from wsdebug.replay.plan import Plan
from wsdebug.replay.results import Result, ResultRun
from wsdebug.replay.settings import Settings
from wsdebug.replay.step_sender import TURN, Batch, StepSender, batches, together
from wsdebug.replay.steps import Pause, Send, SendRun
from wsdebug.replay.unlocks import unlocks
from wsdebug.replay.waiting import Waiting
from wsdebug.session.lines import FrameLine, Happened, MessageRun
from wsdebug.wire.frame import Opcode

__all__ = ["Player"]

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
        emit_run: Callable[[ResultRun], None],
        steps: asyncio.Semaphore,
    ) -> None:
        self.line = 0  # of the script, played last
        self.next_send: Send | None = None  # at pace `step`: what the next step sends
        self._plan = plan
        self._live = live
        self._settings = settings
        self._matcher = matcher
        self._variables = variables
        self._correlation = correlation
        self._emit = emit
        self._emit_run = emit_run
        self._steps = steps
        self._joiner = Joiner(by_frame=settings.strict_frames)
        self._waiting = Waiting(matcher, settings)
        self._problem: SessionUnreadable | None = None
        self._sender: StepSender | None = None
        self._unlocks = unlocks(plan)
        self._unlock(0)  # an answer may come with the server's handshake

    def take(self, happened: Happened) -> None:
        """What happened on the live connection."""
        if isinstance(happened, FrameLine) and happened.sent:
            return
        before = self._matcher.latest
        try:
            if isinstance(happened, MessageRun) and self._joiner.is_between:
                self._matcher.feed_run(happened)
            else:
                for line in lines_of((happened,)):
                    for message in self._joiner.feed(line):
                        self._matcher.feed(message)
        except SessionUnreadable as error:  # there is nobody to catch it here
            self._problem = error
            self.over()
        latest = self._matcher.latest
        if latest is not None and latest is not before:
            self._waiting.went_on(latest.message.first.time_us)
        self._waiting.changed()

    def over(self) -> None:
        """The connection has ended, or is to."""
        self._waiting.over()

    async def play(self) -> None:
        """Do every step, then wait for what is expected after the last.

        Raises UsageError for what cannot be sent, SessionUnreadable where the script was changed.
        """
        plan = self._plan
        self._waiting.begin(plan.opened_us)
        self._sender = StepSender(
            plan,
            self._live,
            self._settings,
            variables=self._variables,
            correlation=self._correlation,
        )
        number = 0
        while number < len(plan.steps):
            step, together = plan.steps[number], self._together(number)
            if together:
                await self._send_together(together)
            elif isinstance(step, Pause):
                await self._pause(step)
            elif isinstance(step, SendRun):
                await self._send_run(step, number + 1)
            else:
                await self._send(step)
            number += len(together) or 1
            self._unlock(number)
            if number % TURN == 0:
                await asyncio.sleep(0)
        await self._waiting.answers(len(plan.expected))
        if self._problem is not None:
            raise self._problem

    def _unlock(self, number: int) -> None:
        """So many steps are done: what is expected after them may come."""
        self._matcher.unlock(self._unlocks[number])

    async def _pause(self, step: Pause) -> None:
        settings = self._settings
        if settings.pace == "none" or self._waiting.is_over:
            return
        if settings.awaits_answers:
            await self._waiting.answers(step.before)
        if settings.keeps_time:
            await self._waiting.time(step.at_us)
        else:
            most = settings.max_gap
            seconds = step.seconds if most is None else min(step.seconds, most)
            await self._waiting.seconds(seconds)
        self.line = step.line

    async def _send(self, step: Send) -> None:
        assert self._sender is not None
        if self._settings.pace == "step":
            await self._release(step)
        settings, is_close = self._settings, step.message.opcode == Opcode.CLOSE
        await self._waiting.until(
            lambda: all(map(self._matcher.is_settled, step.after)), step.before
        )
        if settings.awaits_answers or is_close:
            await self._waiting.answers(step.before)
        if settings.keeps_time:
            await self._waiting.time(step.at_us)
        missing = [name for name in step.names if name not in self._variables]
        note = f"not sent: there is no value for {', '.join(missing)}" if missing else NOT_SENT
        if not missing and not self._waiting.is_over:
            with contextlib.suppress(ConnectionClosed):
                await self._sender.send(step)
                note = ""
        if note and not is_close:
            self._emit(Result("missing", step.message, note=note))
        elif not note:
            self.line = step.message.number
            self._waiting.went_on(step.message.first.time_us)

    async def _send_run(self, run: SendRun, number: int) -> None:
        """The messages of a stretch; `number` is that of the steps that are done with them."""
        befores, sent = run.befores, 0
        if self._settings.pace == "none" and not self._waiting.is_over:
            for batch in batches(run):
                if not await self._send_batch(batch):
                    break
                sent = batch.end
                self._unlock_in(befores, sent, number)
                await asyncio.sleep(0)
        if sent == len(befores):
            return
        for done, send in islice(enumerate(run.sends(), 1), sent, None):
            if self._waiting.is_over:
                self._emit_run(run.unsent(done - 1, NOT_SENT))
                return
            await self._send(send)
            self._unlock_in(befores, done, number)
            if done % TURN == 0:
                await asyncio.sleep(0)

    def _unlock_in(self, befores: Sequence[int], sent: int, number: int) -> None:
        """As `_unlock` after some messages of a run."""
        following = bisect_right(befores, befores[sent - 1])
        if following < len(befores):
            self._matcher.unlock(befores[following])
        else:
            self._unlock(number)

    async def _send_batch(self, batch: Batch) -> bool:
        """Whether it was sent."""
        assert self._sender is not None
        if self._waiting.is_over:
            return False
        try:
            await self._sender.send_batch(batch)
        except ConnectionClosed:
            return False
        self.line = batch.number
        self._waiting.went_on(batch.time_us)
        return True

    def _together(self, number: int) -> list[Send]:
        settings = self._settings
        is_asked = settings.pace == "none" and not settings.frames and not self._waiting.is_over
        if not is_asked or self._correlation is not None:
            return []
        return together(self._plan.steps, number)

    async def _send_together(self, steps: list[Send]) -> None:
        first, last = steps[0].message, steps[-1].message
        payloads = [step.message.data for step in steps]
        batch = Batch(first.opcode, payloads, last.number, last.first.time_us, len(steps))
        if not await self._send_batch(batch):
            for step in steps:
                self._emit(Result("missing", step.message, note=NOT_SENT))

    # Pace `step`

    async def _release(self, step: Send) -> None:
        """Wait until one more send is asked for, or all."""
        self.next_send = step
        while not self._waiting.is_over and self._settings.pace == "step" and self._steps.locked():
            await self._waiting.change()
        self.next_send = None
        if not self._waiting.is_over and self._settings.pace == "step":
            await self._steps.acquire()

    def released(self) -> None:
        """One more send was asked for."""
        self._waiting.changed()

    def run_on(self) -> None:
        """From now on, sends wait for the answers before them only."""
        self._settings = replace(self._settings, pace="answers")
        self._waiting.changed()
