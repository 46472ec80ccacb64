"""A replay: every connection of a script in turn, on a live session."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from wsdebug.engine.ending import error_of
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import WsdebugError
from wsdebug.log.joined import Message
from wsdebug.replay.came import Rules
from wsdebug.replay.correlation import Correlation
from wsdebug.replay.exact import check_exact
from wsdebug.replay.matcher import Matcher
from wsdebug.replay.plan import Plan, make_plans
from wsdebug.replay.player import Player
from wsdebug.replay.results import Result, ResultRun, Totals, Verdict
from wsdebug.replay.script import Script
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import Send
from wsdebug.replay.templates import expand_text
from wsdebug.replay.unordered import UnorderedMatcher
from wsdebug.wire.frame import Opcode

__all__ = ["Replay", "correlated"]


class Replay:
    """Plays a script once.

    `on_result` is called in the event loop with each result as it is found; one for a line that
    had another is in its place (an answer that differed turns out to be an extra message).
    `variables` are those of now, captured ones included. `failure` is what stopped the replay,
    or how a connection ended that should not have.
    """

    def __init__(
        self,
        script: Script,
        live: LiveSession,
        settings: Settings,
        *,
        variables: Mapping[str, str],
        on_result: Callable[[Result], None],
        plans: list[Plan] | None = None,
        on_run: Callable[[ResultRun], None] | None = None,
    ) -> None:
        """The live session is not running and its options are those of the connections; `plans`
        are those of the script with all this, where they were made before. `on_run` is called
        with many results at once, in the place of `on_result`.

        Raises UsageError for what a person has to give, SessionUnreadable for a wrong line.
        """
        self.totals = Totals()
        self.failure: WsdebugError | None = None
        self._live = live
        self._options = live.options
        self._settings = settings
        self._on_result = on_result
        self._on_run = on_run
        self._started_ns = time.monotonic_ns()
        given = {name: text for name, text in script.variables.items() if text is not None}
        self.variables: dict[str, Any] = {**given, **variables}
        auto_pong = live.options.auto_pong
        self.plans = plans or make_plans(script, settings, variables, auto_pong=auto_pong)
        if settings.exact_mask:
            check_exact(self.plans, script)
        allowed = settings.extra_allowed
        self._extra_allowed = _is_open(script, self.plans) if allowed is None else allowed
        self._rules = Rules.of(settings, script)
        self._steps = asyncio.Semaphore(0)
        self._player: Player | None = None
        self.is_stopped = False
        self._closes: dict[int, Verdict] = {}  # of the connections whose close was expected
        self._number = 0  # of the connection under way

    @property
    def has_other_close(self) -> bool:
        """Whether a connection ended by another close frame than the one that was expected."""
        return "differs" in self._closes.values()

    @property
    def progress(self) -> tuple[int, int]:
        """Results there are, and how many there will be if nothing extra comes."""
        most = sum(len(plan.expected) for plan in self.plans)
        return min(self.totals.settled, most), most  # a send may have one too

    async def run(self) -> None:
        """Play every connection. What a peer does wrong is in `failure` and the results."""
        for plan in self.plans:
            if self.is_stopped or self._live.status.state == "failed":
                return
            self._number = plan.number
            await self._play(plan)

    def step(self) -> None:
        """At pace `step`: let the next message be sent."""
        self._steps.release()
        if self._player is not None:
            self._player.released()

    @property
    def is_stepping(self) -> bool:
        """Whether each send waits for `step`."""
        return self._settings.pace == "step"

    @property
    def next_send(self) -> Message | None:
        """At pace `step`: what the next step sends; None while nothing waits for one."""
        waiting = self._player.next_send if self._player is not None else None
        return waiting.filled(self.variables) if waiting is not None else None

    def run_on(self) -> None:
        """At pace `step`: go on by the answers, without further steps."""
        if self.is_stepping:
            self._settings = replace(self._settings, pace="answers")
            if self._player is not None:
                self._player.run_on()

    def halt(self) -> None:
        """End it as soon as can be; what is open counts as missing."""
        self.is_stopped = True
        if self._player is not None:
            self._player.over()

    async def stop(self) -> None:
        """End it now, even while it connects; called again, without waiting for the server."""
        self.halt()
        await self._live.disconnect()

    async def _play(self, plan: Plan) -> None:
        live, settings = self._live, self._settings
        live.options = self._connection_options()
        correlation = correlated(plan) if settings.correlate else None
        make = UnorderedMatcher if settings.unordered else Matcher
        matcher = make(
            plan.expected,
            self._rules,
            self._emit,
            variables=self.variables,
            extra_allowed=self._extra_allowed,
            cut_at=plan.cut_at,
            correlation=correlation,
            line=self._line,
            emit_run=self._emit_run,
        )
        player = self._player = Player(
            plan,
            live,
            settings,
            matcher,
            variables=self.variables,
            correlation=correlation,
            emit=self._emit,
            emit_run=self._emit_run,
            steps=self._steps,
        )
        live.tap(player.take)
        try:
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(live.run())
                running.add_done_callback(lambda _: player.over())
                await self._converse(player)
        finally:
            live.tap(None)
        if self.failure is None:
            matcher.finish()
            self._judge_end(plan)

    async def _converse(self, player: Player) -> None:
        await asyncio.sleep(0)  # now it connects: the state is no longer that of the last one
        try:
            await self._live.open()
            await player.play()
        except WsdebugError as error:
            if not self.is_stopped:
                self.failure = error
        if self._live.status.state == "open":
            await self._live.disconnect()
        await self._live.until("closed", "failed")

    def _connection_options(self) -> ConnectOptions:
        """With the variables that have a value by now; each connection is one of the script."""
        secret = dict(self._options.secret)
        texts = {name: expand_text(f"{{{{{name}}}}}", self.variables) for name in self.variables}
        variable = tuple((name, text) for name, text in texts.items() if name not in secret)
        options = replace(self._options, variable=variable, reconnect=False)
        if self._settings.frames:
            # pongs and keepalive pings are frames of the script
            options = replace(options, auto_pong=False, ping_interval=None, ping_timeout=None)
        return options

    def _line(self) -> int:
        """The line of the script that was played last."""
        return self._player.line if self._player is not None else 0

    @property
    def _elapsed_us(self) -> int:
        return (time.monotonic_ns() - self._started_ns) // 1000

    def _emit_run(self, run: ResultRun) -> None:
        run = replace(run, time_us=self._elapsed_us)
        self.totals.add_run(run)
        if self._on_run is not None:
            self._on_run(run)
        else:
            for result in run.results():
                self._on_result(result)

    def _emit(self, result: Result) -> None:
        result = replace(result, time_us=self._elapsed_us)
        self.totals.add(result)
        if result.message is not None and result.message.opcode == Opcode.CLOSE:
            self._closes[self._number] = result.verdict
        self._on_result(result)

    def _judge_end(self, plan: Plan) -> None:
        """An abnormal end that nothing expected is a failure."""
        status = self._live.status
        is_expected = (
            status.violation in plan.bad
            if status.violation
            else self._closes.get(plan.number) == "ok"
            or status.code == plan.ended
            or (status.clean and status.by == "client" and status.code in plan.closes)
        )
        if not is_expected and not self.is_stopped:
            self.failure = error_of(status)


def _is_open(script: Script, plans: list[Plan]) -> bool:
    """By hand, who expects nothing leaves it open; that a peer was silent was recorded."""
    return not script.is_recorded and not any(len(plan.expected) for plan in plans)


def correlated(plan: Plan) -> Correlation:
    """Learns in the order of the script, and makes each send wait for the values it carries."""
    correlation = Correlation()
    learned = 0
    for at, step in enumerate(plan.steps):
        if not isinstance(step, Send):
            continue
        for expected in plan.expected[learned : step.before]:
            correlation.learn(expected)
        learned = max(learned, step.before)
        if step.message.opcode == Opcode.TEXT:
            needs = correlation.needs(step.payload({}))
            plan.steps[at] = replace(step, after=(*step.after, *sorted(needs)))
    return correlation
