"""Keys from the text of a terminal, however that is cut: each is complete with its last character.

Textual waits 0.1 s for a sequence that `alt+l` might yet become; with another key, or a move of the
mouse, in that time it would be typed as `^l`. So would an answer that nobody waits for any more,
and a paste with an escape in it would be typed in part, before the rest.
"""

import re
from collections.abc import Generator, Iterable

from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.events import Paste
from textual.message import Message

from wsdebug.tui.drain import ANSWER

__all__ = ["KeyParser"]

# ECMA-48 5.4: a whole control sequence; not what a mouse of 1988 or the Linux console sends, where
# characters follow. Or an escape and what begins no CSI, SS3, DCS, SOS, OSC, PM or APC.
SEQUENCE = re.compile(r"\x1b(?:\[(?![\[M])[0-?]*[ -/]*[@-~]|[^\x00-\x1f\[OPX\]^_])")
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*)?\Z")
CSI = "\x1b["
SURE = len(CSI) + 1  # characters from which on nobody has typed it by hand
SURE_DELAY = 1.0  # seconds that its rest may take, as over a slow line
PASTE, PASTED = "\x1b[200~", "\x1b[201~"


class KeyParser(XTermParser):
    """Textual's parser, told where a sequence ends; pastes never get there."""

    _unfinished = ""  # what Textual has of a sequence
    _paste: list[str] | None = None  # so far; the last piece may end with a part of PASTED

    @property
    def is_waiting(self) -> bool:
        """Whether `tick` may have something to say."""
        return self._timeout_time is not None

    @property
    def delay(self) -> float:
        """Seconds from the last character until `tick` makes keys of what has begun."""
        return SURE_DELAY if len(self._unfinished) >= SURE else ESCAPE_DELAY

    def feed(self, data: str) -> Iterable[Message]:
        """Feed data, nothing at the end; yields what it amounts to."""
        if not data:
            yield from super().feed("")
        while data:
            data = yield from self._keys(data) if self._paste is None else self._pasted(data)

    def _keys(self, data: str) -> Generator[Message, None, str]:
        """Up to a paste; returns the rest."""
        before = self._unfinished if self.is_waiting else ""
        text, done = before + data, len(before)
        for found in SEQUENCE.finditer(text):
            is_paste = found[0] == PASTE
            yield from self._feed(text[done : found.end() - is_paste])
            done = found.end()
            if self.is_waiting:  # not one of Textual's own keys
                self._timeout_time = 0
                keys = list(self.tick())
                if not found[0].startswith(CSI):
                    yield from keys
            if is_paste:
                self._paste = [""]
                return text[done:]
        yield from self._feed(text[done:])
        unfinished = UNFINISHED.search(text)
        self._unfinished = unfinished[0] if unfinished else ""
        if self._timeout_time is not None:
            self._timeout_time += self.delay - ESCAPE_DELAY
        return ""

    def _pasted(self, data: str) -> Generator[Message, None, str]:
        """Up to the end of a paste; returns the rest."""
        assert self._paste is not None
        data = self._paste.pop() + data
        text, end, rest = data.partition(PASTED)
        if not end:
            keep = 1 - len(PASTED)
            self._paste += [data[:keep], data[keep:]]
            return ""
        pasted = "".join([*self._paste, text]).replace(ANSWER.decode(), "").replace("\0", "")
        self._paste = None
        yield Paste(pasted)
        return rest

    def _feed(self, data: str) -> Iterable[Message]:
        return super().feed(data) if data else ()  # nothing would be the end
