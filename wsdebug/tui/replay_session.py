"""A replay on the screen: a session whose connection plays what another one did. No widgets."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.route import place_elsewhere
from wsdebug.engine.variables import variables_of
from wsdebug.errors import UsageError
from wsdebug.replay.marks import Marks, ReplayMarks
from wsdebug.replay.replay import Replay
from wsdebug.replay.report import Reporter
from wsdebug.replay.results import Result, Totals
from wsdebug.replay.script import Script, ScriptFrame
from wsdebug.replay.settings import Settings
from wsdebug.tui.open_session import OpenSession, ReplayProgress, ended

__all__ = ["ReplaySession", "Replayed"]

NOTES = 100  # answers that did not come, each noted in the recording


@dataclass(frozen=True, slots=True)
class Replayed:
    """What is played: the script of a session, which a person calls `name`.

    `is_own`: this user recorded it, so that nobody else chose what is sent. The lines of
    `session` are marked.
    """

    script: Script
    name: str
    is_own: bool
    session: OpenSession

    @property
    def messages(self) -> int:
        """How many there are to send."""
        items = (item for connection in self.script.connections for item in connection.items)
        lines = (item.line for item in items if isinstance(item, ScriptFrame))
        return sum(line.sent and line.frame.fin and not line.frame.is_control for line in lines)


class ReplaySession(OpenSession):
    """Each `connect` plays the script once more, into the same recording."""

    def __init__(
        self,
        engine: BackgroundEngine,
        replayed: Replayed,
        settings: Settings,
        options: ConnectOptions,
    ) -> None:
        super().__init__(engine, options=options)
        self.replayed = replayed
        self.settings = settings  # of the next replay
        self.marks = self._marks = Marks()
        self._replay: Replay | None = None
        self._stopped: ReplayProgress | None = None  # how far it was when it was broken off
        self._agreed: set[str] = set()

    @property
    def is_live(self) -> bool:
        """Whether it plays."""
        return self._is_playing or super().is_live

    @property
    def _is_playing(self) -> bool:
        return self._running is not None and not self._running.done()

    @property
    def replay(self) -> ReplayProgress:
        """How far it is."""
        replay, live, is_playing = self._replay, self._live, self._is_playing
        if self._stopped is not None:
            return replace(self._stopped, is_playing=is_playing)
        if replay is None or live is None:
            return ReplayProgress(self.replayed.name, 0, 0, Totals(), is_playing)
        done, most = replay.progress
        totals = replace(replay.totals, differing=set())
        waiting = replay.next_send if is_playing else None
        following = Reporter(live.redactor).message(waiting) if waiting is not None else ""
        return ReplayProgress(
            self.replayed.name,
            done,
            most,
            totals,
            is_playing,
            is_stepping=replay.is_stepping,
            next=following,
        )

    def step(self) -> None:
        """At pace `step`: send the next message."""
        self._tell(Replay.step)

    def run_on(self) -> None:
        """At pace `step`: send all others too, each after the answers before it."""
        self._tell(Replay.run_on)

    def _tell(self, act: Callable[[Replay], None]) -> None:
        async def tell(replay: Replay) -> None:
            act(replay)

        if self._replay is not None:
            self._engine.submit(tell(self._replay))

    # Whether to send what somebody else chose

    def stranger_to(self) -> str:
        """The place off this machine to which it would send what somebody else wrote, as long as
        nobody has agreed; empty for none. What cannot be dialled is no such place.
        """
        if self.replayed.is_own or self.options is None:
            return ""
        place = place_elsewhere(self.options)
        return "" if place in self._agreed else place

    def agree(self, place: str) -> None:
        """It may send there."""
        self._agreed.add(place)

    # In the engine

    async def _use(self, live: LiveSession) -> None:
        """Play. Raises UsageError, or SessionUnreadable, for what cannot be played."""
        self._stopped = None
        reporter = Reporter(live.redactor)
        marks = ReplayMarks(self.replayed.name, reporter, self._marks)
        missing = count(1)

        def take(result: Result) -> None:
            if self._stopped is not None:
                return
            marks.take(result)
            if result.verdict == "missing" and (number := next(missing)) <= NOTES:
                rest = "; what else lacks is not noted" if number == NOTES else ""
                words = reporter.words(result)[0]
                live.note(f"line {result.line:,} of {self.replayed.name}: {words}{rest}")

        make = partial(
            Replay,
            self.replayed.script,
            live,
            self.settings,
            variables=variables_of(live.options).values,
            on_result=take,
        )
        self._replay = replay = await asyncio.to_thread(make)  # a long script takes its time
        self.replayed.session.marks = marks.replayed
        if self._stopped is not None:
            return
        await replay.run()
        if isinstance(replay.failure, UsageError):  # the state says all others
            raise replay.failure

    async def _stop(self, live: LiveSession) -> None:
        if self._stopped is None and self._is_playing:
            self._stopped = replace(self.replay, is_stopped=True, next="")
        if self._replay is not None:
            self._replay.halt()
        await super()._stop(live)

    async def _finish(self, live: LiveSession) -> None:
        running = self._running
        await self._stop(live)
        if running is not None:
            await ended(running)
        await super()._finish(live)
