"""A session on the screen: a live one, or a file that can be connected again. No widgets."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.repeat import Repeat
from wsdebug.engine.saved_options import SavedOptions, saved_options
from wsdebug.engine.status import Counters, Status
from wsdebug.log.log import FrameLog
from wsdebug.session.annotate import add_note
from wsdebug.session.lines import Header
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.send_queue import SendQueue
from wsdebug.tui.sending import repeat_while_open, send_request
from wsdebug.workspace.own import is_own, kept_own
from wsdebug.workspace.save import save_file

if TYPE_CHECKING:
    from wsdebug.replay.marks import Marks
    from wsdebug.replay.results import Totals

__all__ = ["OpenSession", "ReplayProgress", "ended"]

BUSY = ("connecting", "open", "closing", "waiting")


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """How far a replay of what a person calls `name` is: answers found, expected in all, and how
    many of each kind.

    `next` says in words what the next step sends, empty where nothing waits for one;
    `is_stopped`: the person broke it off, and nothing after that is told.
    """

    name: str
    done: int
    most: int
    totals: "Totals"
    is_playing: bool
    is_stepping: bool = False
    is_stopped: bool = False
    next: str = ""


class OpenSession:
    """Options, log and state of what the screen shows; the screen only asks and tells.

    `engine` runs the connection in its own thread; `status` and `counters` are snapshots that
    may be read from the UI's thread at any time.
    """

    def __init__(
        self,
        engine: BackgroundEngine,
        *,
        options: ConnectOptions | None = None,
        file: Path | None = None,
    ) -> None:
        """A new connection with `options`, or the saved session in `file`.

        Raises SessionUnreadable for a file that cannot be read.
        """
        self._engine = engine
        self._live: LiveSession | None = None
        self._running: Future[Any] | None = None
        self.queue = SendQueue()
        self.stirred: Callable[[], object] = lambda: None  # from a thread: it is no longer at rest
        self.file = file
        self.options = options
        self.missing: SavedOptions | None = None  # what to ask before a file is connected again
        self.marks: Marks | None = None  # what a replay of it found
        if file is not None:
            self.log: FrameLog | None = FrameLog.open(str(file), counts=False)
            if options is None and isinstance(self.log.header, Header):
                self.missing = saved_options(self.log.header, is_allowed=is_own(file))
                self.options = self.missing.options
        else:
            self.log = None

    @property
    def status(self) -> Status:
        """The state of the connection, `idle` before the first."""
        return self._live.status if self._live is not None else Status()

    @property
    def options_used(self) -> ConnectOptions | None:
        """Those of the connection there is, whatever was changed for the next."""
        return self._live.options if self._live is not None else self.options

    @property
    def whole_log(self) -> FrameLog | None:
        """The log without a mask, for what is sent again; nobody is to see it."""
        return self._live.log if self._live is not None else self.log

    @property
    def counters(self) -> Counters:
        """Totals of this recording."""
        return self._live.counters if self._live is not None else Counters()

    @property
    def frames(self) -> int | None:
        """How many frames this recording has; None for a file, whose lines are not all read."""
        counters = self.counters
        return counters.frames_in + counters.frames_out if self._live is not None else None

    @property
    def replay(self) -> ReplayProgress | None:
        """How far a replay is that this session shows; None for any other."""
        return None

    @property
    def is_live(self) -> bool:
        """Whether a connection is open, being opened or about to be opened again."""
        return self._live is not None and self.status.state in BUSY

    @property
    def path(self) -> Path | None:
        """The file that holds the frames, if it has a name."""
        if self._live is not None:
            return Path(self._live.path) if self._live.path else None
        return self.file

    def connect(self, begin: Callable[[ConnectOptions], LiveSession]) -> "Future[Any]":
        """Connect with the options there are, closing what is open; the future is done when the
        connection, and those that follow it by themselves, have ended.

        Goes on in the running recording, or in the one that `begin` makes. Raises RecordingFailed
        where it cannot be written, UsageError for a wrong URL.
        """
        assert self.options is not None
        if self._live is None:
            self._live = begin(self.options)
            self._live.when_stirred(lambda: self.stirred())
            if self.log is not None:
                self.log.close()
            self.log = self._live.shown_log
            self.file = None
        self._running = self._engine.submit(self._run(self._live, self.options, self._running))
        return self._running

    def allow(self, *, everything: bool) -> None:
        """Take what the file asks for, or go without; not asked again."""
        if self.missing is not None and self.log is not None:
            assert isinstance(self.log.header, Header)
            if everything:
                self.options = saved_options(self.log.header, is_allowed=True).options
            self.missing = replace(self.missing, asked=())

    def supply(self, values: Mapping[str, str]) -> None:
        """Take the values of variables that a file only names; nobody is to see them."""
        assert self.options is not None
        variable = tuple(pair for pair in self.options.variable if pair[0] not in values)
        secret = (*self.options.secret, *values.items())
        self.options = replace(self.options, variable=variable, secret=secret)

    def change(self, options: ConnectOptions) -> None:
        """Take other options for the next connection; what a file asks for is settled."""
        self.missing = None
        self.options = options

    def disconnect(self) -> None:
        """Close the connection, break off an attempt, or give up waiting for the next."""
        if self._live is not None:
            self._engine.submit(self._stop(self._live))

    def submit(self, request: SendRequest) -> "Future[Any]":
        """Send a message or frame. The future may raise UsageError where too much waits."""
        return self.queue.take(request, lambda each: self._engine.submit(self.send(each)))

    def run_repeat(self, repeat: Repeat[SendRequest]) -> "Future[Any]":
        """Send again and again, as long as the connection of now is open."""
        assert self._live is not None
        return self._engine.submit(repeat_while_open(self._live, repeat))

    def stop_repeat(self, repeat: Repeat[SendRequest]) -> None:
        """Have it send no more."""
        self._engine.submit(self._stop_repeat(repeat))

    def note(self, text: str, on: int | None) -> "Future[Any]":
        """Write a remark on a line; a saved session is to be reloaded then.

        The future may raise RecordingFailed.
        """
        if self._live is not None:
            return self._engine.submit(self._note(self._live, text, on))
        assert self.file is not None
        return self._engine.submit(self._note_in_file(self.file, text, on))

    def reload(self) -> None:
        """Read a saved session anew, after something was written to it.

        Raises SessionUnreadable.
        """
        if self.file is not None and self.log is not None:
            before, self.log = self.log, FrameLog.open(str(self.file))
            before.close()

    def save(self, path: Path) -> "Future[Any]":
        """Give the session a name: a recording moves there, any other file is copied.

        `path` is free. The future may raise RecordingFailed.
        """
        if self._live is not None:
            return self._engine.submit(self._rename(self._live, path))
        assert self.file is not None
        return self._engine.submit(self._save_file(self.file, path))

    def finish(self, patience: float = 6.0) -> None:
        """Close the connection, complete the recording, close the log. Waits at most `patience`
        seconds.
        """
        if self._live is not None:
            future = self._engine.submit(self._finish(self._live))
            try:
                future.result(patience)
            except TimeoutError:
                future.cancel()
        if self.log is not None:
            self.log.close()

    async def _run(
        self, live: LiveSession, options: ConnectOptions, before: Future[Any] | None
    ) -> None:
        if before is not None and not before.done():
            await self._stop(live)
            await ended(before)
        live.options = options
        await self._use(live)

    async def _use(self, live: LiveSession) -> None:
        """What is done with the connection, until it has ended."""
        await live.run()

    async def _stop(self, live: LiveSession) -> None:
        """End that."""
        await live.disconnect()

    @staticmethod
    async def _note(live: LiveSession, text: str, on: int | None) -> None:
        live.note(text, on)

    async def _note_in_file(self, file: Path, text: str, on: int | None) -> None:
        assert self.log is not None
        log = self.log
        await asyncio.to_thread(log.complete.wait)
        times = (getattr(log.line(log.index.lines - back), "time_us", None) for back in range(8))
        last = max((time for time in times if time is not None), default=0)
        await asyncio.to_thread(add_note, str(file), text, on=on, time_us=last)

    async def send(self, request: SendRequest) -> None:
        """Send a message or frame; in the engine's loop. Raises ConnectionClosed."""
        assert self._live is not None
        await send_request(self._live, request)

    @staticmethod
    async def _stop_repeat(repeat: Repeat[SendRequest]) -> None:
        repeat.stop()

    @staticmethod
    async def _rename(live: LiveSession, path: Path) -> None:
        def rename() -> None:
            with kept_own(Path(live.path or ""), path):
                live.rename(str(path))

        await asyncio.to_thread(rename)  # a copy, on another file system

    async def _save_file(self, file: Path, path: Path) -> None:
        await asyncio.to_thread(save_file, file, path)
        self.file = path

    async def _finish(self, live: LiveSession) -> None:
        try:
            if live.status.state in BUSY:
                await self._stop(live)
        finally:
            await live.finish()


async def ended(running: "Future[Any]") -> None:
    """Wait for the end of something, whatever became of it."""
    await asyncio.gather(asyncio.wrap_future(running), return_exceptions=True)
