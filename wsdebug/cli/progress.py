"""How far a long replay is, on one line of the terminal."""

import asyncio
import sys
from collections.abc import Callable

__all__ = ["Progress"]

AFTER = 1.0  # seconds: what is over sooner needs none
EACH = 0.25  # seconds between two looks
CLEAR = "\r\x1b[K"


class Progress:
    """Shown on stderr where that is a terminal; `words` say how far it is."""

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words
        self._is_shown = False

    async def run(self) -> None:
        """Show it until cancelled."""
        if not sys.stderr.isatty():
            return
        await asyncio.sleep(AFTER)
        while True:
            sys.stderr.write(f"{CLEAR}{self._words()}")
            sys.stderr.flush()
            self._is_shown = True
            await asyncio.sleep(EACH)

    def clear(self) -> None:
        """Take it away: something else is written."""
        if self._is_shown:
            self._is_shown = False
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
