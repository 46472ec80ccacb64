"""The steps of a `send`, one after the other, into a connection."""

import asyncio
import os
from collections import deque
from dataclasses import replace

from wsdebug.cli.send_input import TEXT, FrameStep, Messages, Pause, PingStep, Stdin, Step
from wsdebug.cli.send_plan import Plan
from wsdebug.engine.keepalive import Ping
from wsdebug.engine.live import LiveSession
from wsdebug.errors import ConnectionClosed
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["Script"]


class Script:
    """Runs once. `pings` are those that were sent, `has_sent_data` says whether data was.

    `closed_with` is the code of a close frame among the steps, as the peer will answer it.
    """

    def __init__(self, live: LiveSession, plan: Plan) -> None:
        self.pings: list[Ping] = []
        self.has_sent_data = False
        self.closed_with: int | None = None
        self._live = live
        self._plan = plan
        self._steps = deque(plan.steps)
        self._is_sending = False  # a step is under way

    @property
    def has_unsent(self) -> bool:
        """Whether there is more to send than what has been sent, as far as is known."""
        return self._is_sending or any(not isinstance(step, Stdin) for step in self._steps)

    @property
    def are_pings_alone(self) -> bool:
        """Whether nothing was sent but pings."""
        return bool(self.pings) and not self.has_sent_data

    @property
    def has_all_pongs(self) -> bool:
        """Whether every ping was answered."""
        return all(ping.answered.is_set() for ping in self.pings)

    async def run(self) -> None:
        """Send everything. Raises SessionUnreadable, and ConnectionClosed where it cannot be."""
        while self._steps:
            step = self._steps[0]
            if isinstance(step, Stdin):
                from wsdebug.cli.send_stdin import stdin_steps

                async for part in stdin_steps(step.mode, self._plan.encoding):
                    await self._take(part)
            else:
                await self._take(step)
            self._steps.popleft()

    async def pongs(self) -> bool:
        """Wait for the pongs; whether all came in time."""
        try:
            async with asyncio.timeout(self._plan.timeout):
                for ping in self.pings:
                    await ping.answered.wait()
        except TimeoutError:
            return False
        return True

    async def _take(self, step: Step) -> None:
        """One step; with `reconnect`, what found no connection goes out over the next one."""
        self._is_sending = True
        while True:
            try:
                await self._send(step)
                self._is_sending = False
                return
            except ConnectionClosed:
                is_partly_sent = isinstance(step, Messages) and self._plan.fragment is not None
                if is_partly_sent or not self._live.options.reconnect:
                    raise
                # its end may be known to the connection alone: it still counts as open
                await self._live.until("waiting", "connecting", "closed", "failed")
                if (await self._live.until("open", "closed", "failed")).state != "open":
                    raise

    async def _send(self, step: Step) -> None:
        match step:
            case Messages():
                self.has_sent_data = True
                await self._messages(step)
            case PingStep():
                self.pings.append(await self._live.ping(step.data))
            case FrameStep():
                self.has_sent_data |= not step.frame.is_control
                mask = None if step.is_unmasked else os.urandom(4)
                await self._live.send_frame(replace(step.frame, mask=mask))
                if step.frame.opcode == Opcode.CLOSE and self.closed_with is None:
                    body = parse_close(step.frame.payload)
                    self.closed_with = 1005 if body is None or body.code is None else body.code
            case Pause():
                await asyncio.sleep(step.seconds)

    async def _messages(self, step: Messages) -> None:
        sender, plan = self._live.sender, self._plan
        if self.closed_with is not None:  # against the rule, but it was asked for
            for payload in step.payloads:
                await sender.frame(Frame(step.opcode, payload, mask=os.urandom(4)))
            return
        is_unchecked = step.opcode == TEXT and bool(plan.encoding.digits)
        if plan.fragment is None and not is_unchecked:
            await sender.messages(step.opcode, step.payloads)
            return
        for payload in step.payloads:
            await sender.fragments(step.opcode, payload, plan.fragment or len(payload))
