"""Keys and the mouse from a terminal: sleeps until something comes, or it is told to end."""

import contextlib
import os
import selectors
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable

from textual._parser import ParseError
from textual.message import Message

from wsdebug.tui.drain import Drain
from wsdebug.tui.key_parser import KeyParser

__all__ = ["KeyReader"]

SLACK = 0.01  # seconds past the parser's delay, which Textual measures itself


class KeyReader:
    """Reads in one thread until another one says `stop`.

    A clock is needed only where an escape has come, which may be a key or the beginning of one.
    """

    def __init__(
        self,
        fd: int,
        drain: Drain,
        take: Callable[[Message], object],
        on_gone: Callable[[], None],
        *,
        debug: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`take` gets what was read, `on_gone` is called where the terminal has gone."""
        self._fd = fd
        self._drain = drain
        self._take = take
        self._on_gone = on_gone
        self._debug = debug
        self._parser = KeyParser(debug)
        self._clock = clock
        self._settled_at = 0.0  # seconds; then what has begun is a key
        self._told, self._tell = os.pipe()

    @property
    def patience(self) -> float | None:
        """Seconds that more is waited for; None: as long as it takes."""
        if self._drain.patience is not None:
            return self._drain.patience
        if not self._parser.is_waiting:
            return None
        return max(0.0, self._settled_at - self._clock())

    def run(self) -> None:
        """Read until told to end, or until the terminal has gone."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        # /dev/tty is nothing that kqueue of macOS takes
        with selectors.SelectSelector() as selector:
            selector.register(self._fd, selectors.EVENT_READ)
            selector.register(self._told, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select(self.patience)}
                if self._told in ready:
                    break
                if not ready:
                    data = self._drain.release()
                elif data := os.read(self._fd, 4096):
                    data = self._drain.take(data)
                else:
                    self._on_gone()
                    break
                if text := decode(data):  # an empty one would be the end for the parser
                    self._dispatch(self._parser.feed(text))
                    self._settled_at = self._clock() + self._parser.delay + SLACK
                if not ready:  # what has come meanwhile may be the rest of an escape
                    self._dispatch(self._parser.tick())
        with contextlib.suppress(EOFError, ParseError):
            self._dispatch(self._parser.feed(""))

    def stop(self) -> None:
        """Have it end; from another thread."""
        os.write(self._tell, b"\0")

    def close(self) -> None:
        """Let go of what wakes it, once it has ended."""
        os.close(self._told)
        os.close(self._tell)

    def _dispatch(self, messages: Iterable[Message]) -> None:
        try:
            for message in messages:
                self._take(message)
        except (ValueError, OverflowError):
            # Textual takes for a number what some terminal has written in its place: that is no
            # key, and those to come need a parser that has not stopped
            self._parser = KeyParser(self._debug)
