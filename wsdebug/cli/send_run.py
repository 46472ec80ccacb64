"""`send` at work: steps go out, messages are judged and printed, and one thing ends it all."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from wsdebug.cli.send_output import Stdout, formatter
from wsdebug.cli.send_plan import Plan
from wsdebug.cli.send_script import Script
from wsdebug.engine.live import LiveSession
from wsdebug.errors import CannotConnect, ConnectionClosed, RecordingFailed, WsdebugError
from wsdebug.replay.expectations import Expectations

if TYPE_CHECKING:
    from wsdebug.payload.redact import Redactor

__all__ = ["Ending", "Exchange"]

TICK = 0.05  # seconds between two looks for what -v is to tell
Message = str | bytes
Ending = Literal[
    "done", "closed", "failed", "timeout", "wait", "max-time", "interrupt", "hangup", "pipe",
    "input", "output",
]  # fmt: skip
AT_ONCE = frozenset(("max-time", "interrupt", "hangup", "pipe", "output"))  # nothing more printed


class Exchange:
    """Runs once; afterwards it says how it ended, and what went wrong with input or output."""

    def __init__(
        self,
        live: LiveSession,
        plan: Plan,
        *,
        redactor: "Redactor | None" = None,
        narrate: Callable[[], None] | None = None,
    ) -> None:
        """`redactor` masks what nobody may see, `narrate` tells what is new."""
        self.ending: Ending | None = None
        self.script = Script(live, plan)
        self.expectations = Expectations(plan.expected, next_only=plan.next_only)
        self.answers = plan.answers  # messages that end it; None where something else does
        self.received = 0
        self.was_open = False
        self.was_waiting = False  # it ended between two connections (`reconnect`)
        self.is_all_sent = False
        self.closed_with: int | None = None  # the code that we sent
        self.problems: list[WsdebugError] = []  # of input and output
        self._redactor = redactor
        self._live = live
        self._plan = plan
        self._narrate = narrate
        self._format = formatter(plan.format, is_terminal=sys.stdout.isatty())
        self._stdout = Stdout()
        self._start = time.monotonic_ns()
        self._over = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._left = plan.timeout  # seconds that may still pass without what is awaited
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._receiving: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Connect, send, receive, close."""
        self._loop = asyncio.get_running_loop()
        if self._plan.max_time is not None:
            self._loop.call_later(self._plan.max_time, self._end, "max-time")
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            running = tasks.create_task(self._live.run())
            sending = tasks.create_task(self._send())
            receiving = self._receiving = tasks.create_task(self._receive())
            telling = tasks.create_task(self._tell())
            await self._over.wait()
            sending.cancel()
            if self.ending in AT_ONCE:
                receiving.cancel()
                receiving = tasks.create_task(self._drop())
            await self._close()
            await running
            await asyncio.wait([receiving])  # which may be cancelled
            telling.cancel()
        await self._live.finish()
        if self._narrate is not None:
            self._narrate()

    def signalled(self, number: int, _frame: object = None) -> None:
        """Take a signal, at any time."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._signalled, number)
        else:
            self._signalled(number)

    @property
    def is_awaiting(self) -> bool:
        """Whether something was to come, or to be sent, that has not."""
        current = self.expectations.current
        if current is not None and current.kind != "none":
            return True
        return (
            self.script.has_unsent
            or (self.answers is not None and self.received < self.answers)
            or (self._awaits_pongs and not self.script.has_all_pongs)
        )

    @property
    def _ends_on_answer(self) -> bool:
        plan = self._plan
        return plan.answers is None and plan.wait is None and not plan.expected

    @property
    def _awaits_pongs(self) -> bool:
        return self._ends_on_answer and self.script.are_pings_alone

    # Out

    async def _send(self) -> None:
        try:
            await self._live.open()
            self.was_open = True
            await self.script.run()
        except (CannotConnect, ConnectionClosed):
            return  # the status of the connection says why
        except WsdebugError as error:
            self.problems.append(error)
            self._end("input")
        else:
            await self._sent()

    async def _sent(self) -> None:
        """Everything is on its way."""
        self.is_all_sent = True
        wait = self._plan.wait
        if wait is not None and wait != float("inf"):
            asyncio.get_running_loop().call_later(wait, self._end, "wait")
        if self._awaits_pongs:
            self._end("done" if await self.script.pongs() else "timeout")
            return
        if self._ends_on_answer:
            is_close_alone = self._plan.close is not None and not self.script.has_sent_data
            self.answers = 0 if is_close_alone else 1
        self._check()
        self._arm(is_new=True)

    # In

    async def _receive(self) -> None:
        try:
            while (messages := await self._live.receive_all()) is not None:
                if self.ending is None:
                    await self._take(messages)
        except BrokenPipeError:
            self._end("pipe")
        except RecordingFailed as error:
            self.problems.append(error)
            self._end("output")
        else:
            self._end("closed")

    async def _take(self, messages: list[Message]) -> None:
        """Judge messages and print those before the end."""
        self._disarm()
        now, number = (time.monotonic_ns() - self._start) // 1000, self._live.status.connection
        is_new = self._judge(messages)
        if self._narrate is not None:
            self._narrate()
        if self._redactor is not None:
            messages = [self._masked(one) for one in messages]
        await self._stdout.write(b"".join([self._format(one, now, number) for one in messages]))
        self._arm(is_new=is_new)

    def shown(self, text: str) -> str:
        """A text without what nobody may see."""
        return self._redactor.shown(text) if self._redactor is not None else text

    def _masked(self, message: Message) -> Message:
        assert self._redactor is not None
        if isinstance(message, str):
            return self._redactor.shown(message)
        return self._redactor.shown_bytes(message)

    def _judge(self, messages: list[Message]) -> bool:
        """Cut off what comes after the end; whether the wait for the next begins anew."""
        if not self._plan.expected:
            if self.is_all_sent and self.answers is not None:
                del messages[max(0, self.answers - self.received) :]
            self.received += len(messages)
            self._check()
            return True
        is_new = False
        for place, message in enumerate(messages, 1):
            self.received += 1
            is_new |= self.expectations.message(message)
            self._check()
            if self.ending is not None:
                del messages[place:]
        return is_new

    async def _drop(self) -> None:
        while await self._live.receive_all() is not None:
            pass

    async def _tell(self) -> None:
        while self._narrate is not None:
            self._narrate()
            await asyncio.sleep(TICK)

    # The end

    def _check(self) -> None:
        """End where what was to come has."""
        verdict, current = self.expectations.verdict, self.expectations.current
        if verdict == "failed":
            self._end("failed")
        elif not self.is_all_sent:
            return
        elif (self._plan.expected and verdict == "met") or (
            self.answers is not None and self.received >= self.answers
        ):
            self._end("done")
        elif current is not None and current.kind == "close" and self._plan.close is not None:
            self._end("done")  # it is the answer to ours

    def _arm(self, *, is_new: bool) -> None:
        """Bound the wait for what is awaited, from now where it is something new."""
        if self.ending is not None or not self.is_all_sent:
            return
        current, wait = self.expectations.current, self._plan.wait
        is_quiet = current is not None and current.kind == "none"
        if is_new:
            is_bounded_by_wait = is_quiet and wait is not None and wait != float("inf")
            self._left = wait if is_bounded_by_wait and wait else self._plan.timeout
        loop = asyncio.get_running_loop()
        if is_quiet:
            self._timer = loop.call_later(self._left, self._quiet)
        elif current is not None or self.answers is not None:
            self._timer = loop.call_later(self._left, self._end, "timeout")

    def _disarm(self) -> None:
        if self._timer is not None:
            self._left = max(0.0, self._timer.when() - asyncio.get_running_loop().time())
            self._timer.cancel()
            self._timer = None

    def _quiet(self) -> None:
        self.expectations.quiet()
        self._check()
        self._arm(is_new=True)

    def _end(self, why: Ending) -> None:
        if self.ending is None:
            self.ending = why
            self._disarm()
            self._over.set()

    def _signalled(self, number: int) -> None:
        if self.ending is None:
            self._end("interrupt" if number == signal.SIGINT else "hangup")
        elif self._tasks is not None and self._receiving is not None:
            # once more: wait neither for the server's close nor for who reads our output
            self._receiving.cancel()
            self._tasks.create_task(self._live.disconnect())

    async def _close(self) -> None:
        self.closed_with = self.script.closed_with
        if self._live.status.state not in ("open", "closing"):
            self.was_waiting = self._live.status.state == "waiting"
            await self._live.disconnect()
            return
        code, reason = self._plan.close or (1000, "")
        if self.closed_with is None and self._live.status.state == "open":
            self.closed_with = code
        with contextlib.suppress(ConnectionClosed):
            await self._live.close(code, reason)
