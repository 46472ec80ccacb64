"""What outlasts one session: the engine, the demo's server, recordings, histories. No widgets."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.variables import variables_of
from wsdebug.errors import RecordingFailed, WsdebugError
from wsdebug.payload.redact import Redactor
from wsdebug.tui.open_session import OpenSession
from wsdebug.workspace.config import Config
from wsdebug.workspace.filters import Filters
from wsdebug.workspace.folders import (
    history_file,
    library_folder,
    recording_name,
    recording_path,
    recordings_folder,
    state_file,
)
from wsdebug.workspace.history import KeptMessages, MessageHistory, UrlHistory
from wsdebug.workspace.library import (
    RecordingInfo,
    count_saved,
    crashed_to_offer,
    discard,
    list_recordings,
    mark_offered,
    prune,
)
from wsdebug.workspace.library_files import LibraryFiles
from wsdebug.workspace.own import remember_own
from wsdebug.workspace.save import SESSIONS
from wsdebug.workspace.seen import Seen
from wsdebug.workspace.trash import sweep

if TYPE_CHECKING:
    from wsdebug.playground.server import Playground

__all__ = ["Desk", "ReadDefaults", "Recordings"]

ReadDefaults = Callable[[Config], ConnectOptions]
PLAYGROUND_SECONDS = 10.0  # to start and to stop


@dataclass(frozen=True, slots=True)
class Recordings:
    """What there is to open, newest first. `interrupted` was never offered before."""

    recent: Sequence[RecordingInfo] = ()
    interrupted: Sequence[RecordingInfo] = ()
    saved: int = 0  # how many have names

    @property
    def are_none(self) -> bool:
        """Whether there is nothing to open."""
        return not (self.recent or self.interrupted or self.saved)


class Desk:
    """Makes sessions and knows the earlier ones.

    `record` is what the command line asked for; its file is the first session's. Each other
    session gets a recording of its own, unless command line or configuration switch that off.
    """

    def __init__(
        self,
        engine: BackgroundEngine,
        *,
        config: Config | None = None,
        defaults: ConnectOptions | None = None,
        read_defaults: ReadDefaults | None = None,
        record: RecordOptions | None = None,
        now: Callable[[], datetime] = datetime.now,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """`now` is local time, `clock` monotonic nanoseconds. `defaults` but for their URL are
        what new connections begin with; `read_defaults` finds them in another configuration, or
        raises UsageError.
        """
        self.engine = engine
        self.config = config or Config()
        self._defaults = defaults or ConnectOptions(url="")
        self.read_defaults = read_defaults or (lambda _: self._defaults)
        self._redactor = Redactor()  # knows the secrets of all sessions
        self.urls = UrlHistory(history_file("urls"), self._redactor)
        self.messages = MessageHistory(history_file("messages"), self._redactor)
        self.kept = KeptMessages(state_file("messages.json"))
        used, names = history_file("filters"), state_file("filters.json")
        self.filters = Filters(used, names, self._redactor)
        self.seen = Seen(state_file("seen"))
        self.now = now
        self.clock = clock
        self.library = LibraryFiles()
        self._record = record
        self._playground: Playground | None = None
        self._is_tidy = threading.Event()

    def configure(self, config: Config, defaults: ConnectOptions) -> None:
        """Another configuration, and what it says of new connections, from now on."""
        self.config, self._defaults = config, defaults

    def options_for(self, url: str, options: ConnectOptions | None = None) -> ConnectOptions:
        """These options with another URL; without any, a new connection with the defaults."""
        return replace(options or self._defaults, url=url)

    def new_session(self, options: ConnectOptions) -> OpenSession:
        """A session that is not yet connected."""
        return OpenSession(self.engine, options=options)

    def open_file(self, path: Path) -> OpenSession:
        """A saved session. Raises SessionUnreadable."""
        return OpenSession(self.engine, file=path)

    def begin(self, options: ConnectOptions, complain: Callable[[str], object]) -> LiveSession:
        """A session that is about to connect, with its recording. Where there can be none, and
        nobody asked for it, it goes on without, and `complain` is told why.

        Raises RecordingFailed, UsageError for a wrong URL.
        """
        self._redactor.learn(variables_of(options).secrets)
        asked = self._record or RecordOptions(asked_for=False)
        if asked.asked_for or not self.config.record:
            live = LiveSession(options, asked)
            if asked.path is not None:  # is that of the first session
                later = replace(asked, path=None, append=False, force=False, asked_for=False)
                self._record = later
                if not asked.append:
                    remember_own(Path(asked.path))
            return live
        for is_last in (False, True):  # another wsdebug may take the free name in between
            try:
                path = recording_path(self._redactor.url(options.url), self.now())
                return LiveSession(options, replace(asked, path=str(path)))
            except RecordingFailed as error:
                if is_last:
                    complain(f"not recorded: {error}")
        return LiveSession(options, asked)

    def mask(self, text: str) -> str:
        """A message as it may be shown: without the secrets of any session."""
        return self._redactor.shown(text)

    def name_for(self, options: ConnectOptions | None) -> str:
        """What a recording that has no file would be called."""
        return recording_name(self._redactor.url(options.url if options else ""), self.now())

    def demo_url(self) -> str:
        """The playground's address; it starts with the first call."""
        if self._playground is None:
            from wsdebug.playground.server import Playground

            self._playground = Playground()
            self.engine.submit(self._playground.__aenter__()).result(PLAYGROUND_SECONDS)
        return self._playground.url

    def remember(self, url: str) -> None:
        """Keep a URL for completion, unless it is the demo's, whose port is never the same."""
        if self._playground is None or not url.startswith(self._playground.url):
            self.urls.add(url)

    def recordings(self) -> Recordings:
        """Read the folders; takes time in proportion to the number of files, not their size. Waits
        until they are tidy, so that nothing is offered and at once deleted.

        Raises RecordingFailed if there can be no folder.
        """
        self._is_tidy.wait()
        recent = list_recordings()
        return Recordings(recent, crashed_to_offer(recent), count_saved())

    def offered(self, infos: Sequence[RecordingInfo]) -> None:
        """These interrupted recordings have been shown: they are not offered again."""
        mark_offered(infos)

    def discard(self, path: Path) -> bool:
        """Delete a session file; false if it is being written or cannot be deleted."""
        return discard(path)

    def tidy(self) -> None:
        """Delete unnamed recordings past the retention, never one that was not yet offered, and
        what was deleted when wsdebug last ended out of order.
        """
        days, size = self.config.retention_days, self.config.retention_bytes
        try:
            sweep([recordings_folder(), library_folder(), SESSIONS])
            prune(now=datetime.now(UTC), days=days, max_bytes=size)
        except WsdebugError:  # no folder, nothing to tidy
            pass
        finally:
            self._is_tidy.set()

    def close(self) -> None:
        """Stop the demo's server; what was deleted is gone."""
        self.library.left()
        if self._playground is not None:
            stopping = self._playground.__aexit__(None, None, None)
            self.engine.submit(stopping).result(PLAYGROUND_SECONDS)
            self._playground = None
