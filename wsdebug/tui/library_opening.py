"""Shows the library at once; what is in it comes as soon as it has been read."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual.app import App

from wsdebug.errors import WsdebugError
from wsdebug.tui.desk import Desk
from wsdebug.tui.library import LibraryChoice, LibraryScreen

__all__ = ["show_library"]


def show_library(app: App[Any], desk: Desk, then: Callable[[LibraryChoice | None], None]) -> None:
    """Let the person choose a session; `then` gets it, or None."""
    library = LibraryScreen(
        saved=(), recordings=(), now=lambda: desk.now().astimezone(), work=desk.library
    )

    def fill() -> None:
        with suppress(WsdebugError):  # no folder, nothing in it
            found = desk.recordings()
            app.call_later(library.show_recordings, found.saved, found.recent)

    def left(choice: LibraryChoice | None) -> None:
        desk.library.left()
        then(choice)

    app.push_screen(library, left)
    app.run_worker(fill, thread=True)
