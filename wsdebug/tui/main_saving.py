"""Where the session of the main screen is kept: its name, and another file if a disk is full."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from textual.screen import Screen

from wsdebug.errors import WsdebugError
from wsdebug.tui.desk import Desk
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.pictures import Format, picture
from wsdebug.tui.save_dialog import SaveChoice, SaveDialog
from wsdebug.tui.status_line import StatusLine
from wsdebug.workspace.folders import display_name
from wsdebug.workspace.save import beside, elsewhere, shown_path, write_new

__all__ = ["MainSaving"]


class MainSaving(Screen[None]):
    """A session, what is said about it, and where it is kept."""

    def __init__(self, session: OpenSession, desk: Desk) -> None:
        super().__init__()
        self.session = session
        self.desk = desk
        self._refused = ""  # why the disk did not take the recording when it was last looked at

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Tell the person, in place of the counters."""
        self.query_one(StatusLine).say(text, wrong=wrong)

    def when_done(self, future: "Future[Any]", then: Callable[[WsdebugError | None], None]) -> None:
        """Call `then` here, once the engine has done something, with why it could not; the engine
        does not wait.

        What went wrong there in a way that nobody foresaw is raised here.
        """
        app = self.app

        def take(done: "Future[Any]") -> None:
            error = done.exception()
            if error is not None and not isinstance(error, WsdebugError):
                raise error
            then(error)

        def tell(done: "Future[Any]") -> None:
            if done.cancelled():  # the engine has ended
                return
            with suppress(RuntimeError):  # so has the screen
                app.call_later(take, done)

        future.add_done_callback(tell)

    def watch_recording(self) -> None:
        """Say it when frames are no longer recorded, and when they are again."""
        before, self._refused = self._refused, self.session.status.recording_problem
        if self._refused and not before:
            self.say(f"not recorded: {self._refused}", wrong=True)
        elif before and not self._refused:
            self.say("the recording goes on")

    def save_picture(self, kind: Format) -> None:
        """Write what is on the screen to a file of a new name, and say where."""
        file = self.session.path
        stem = display_name(file) if file is not None else "wsdebug"
        try:
            data = picture(self.app, kind).encode()
            path = write_new(beside(file), stem, f".{kind}", data)
        except WsdebugError as error:
            self.say(str(error), wrong=True)
        else:
            self.say(f"the screen as {kind.upper()}: {shown_path(path)}")

    def action_save(self) -> None:
        """Give the session a name."""
        self._save()

    def _save(self, *, then_leave: bool = False) -> None:
        session = self.session
        if session.log is None:
            self.say("nothing to save yet")
            return
        path, size = session.path, session.log.index.size
        name = display_name(path or self.desk.name_for(session.options)).replace(":", "-")
        problem = session.status.recording_problem if path else ""
        dialog = SaveDialog(
            suggested=str(elsewhere(path, size) / name) if path and problem else name,
            where="path" if problem else "sessions",
            frames=session.frames,
            size=size,
            is_running=session.file is None,
            is_recorded=path is not None,
            problem=problem,
        )

        def save(choice: SaveChoice | None) -> None:
            if choice is not None:
                done = partial(self._was_saved, path=choice.path, then_leave=then_leave)
                self.when_done(session.save(choice.path), done)

        self.app.push_screen(dialog, save)

    def _was_saved(self, error: WsdebugError | None, path: Path, then_leave: bool) -> None:
        if error is not None:
            self.say(str(error), wrong=True)
        elif then_leave:
            self.app.exit(0)
        else:
            goes_on = "; the recording goes on there" if self.session.file is None else ""
            self.say(f"saved as {shown_path(path)}{goes_on}")
