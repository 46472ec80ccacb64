"""Shows the library over what there is."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from wsdebug.tui.desk import Desk
from wsdebug.tui.library import LibraryChoice, LibraryScreen

__all__ = ["show_library"]


def show_library(app: App[Any], desk: Desk, then: Callable[[LibraryChoice | None], None]) -> None:
    """Let the person choose a session; `then` gets it, or None."""

    def left(choice: LibraryChoice | None) -> None:
        desk.library.left()
        then(choice)

    app.push_screen(LibraryScreen(now=lambda: desk.now().astimezone(), work=desk.library), left)
