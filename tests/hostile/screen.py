"""The program's screen, driven key by key."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.terminal import Terminal

__all__ = ["Screen", "look_at_every_row", "screen"]


class Screen(Terminal):
    """The program's screen, every key of which has been handled and painted."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self._trace = home / "trace"
        super().__init__(home, *arguments)

    def press(self, *keys: str) -> None:
        """Press keys one by one, each after the last one was handled and painted."""
        for key in keys:
            before = len(self._keys())
            self.type(key)
            self.until(lambda before=before: self._is_done(before))  # type: ignore[misc]

    def _keys(self) -> list[str]:
        """What was traced, from each key that was read to the next."""
        text = self._trace.read_text() if self._trace.exists() else ""
        return text.split('"what":"read"')[1:]

    def _is_done(self, number: int) -> bool:
        found = "".join(self._keys()[number:])
        return '"handled"' in found and '"repaint"' in found


@contextmanager
def screen(home: Path, *arguments: str) -> Iterator[Screen]:
    """The program, and an end of it."""
    terminal = Screen(home, *arguments)
    with contextlib.closing(terminal):
        yield terminal


def look_at_every_row(terminal: Screen, rows: int) -> None:
    """From the last to the first, in each tab of the inspector."""
    terminal.press("\x1b")
    for tab in ("2", "3", "4", "1"):
        terminal.press("\r", tab, "\x1b", *["k"] * (rows - 1), "G")
