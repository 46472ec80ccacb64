"""Keys from the bytes of a terminal: one with alt is complete as soon as its character is there."""

import re
from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.message import Message

__all__ = ["KeyParser"]

# An escape, and what begins no sequence of ECMA-48: no CSI, SS3, DCS, SOS, OSC, PM or APC.
ALT = re.compile(r"\x1b\[20[01]~|\x1b[^\x00-\x1f\[OPX\]^_]")
PASTE = {"\x1b[200~": True, "\x1b[201~": False}


class KeyParser(XTermParser):
    """Textual waits 0.1 s for a sequence that `alt+l` might yet become; with another key, or a
    move of the mouse, in that time it would be typed as `^l`.
    """

    _is_pasting = False

    def feed(self, data: str) -> Iterable[Message]:
        """Feed data; yields what it amounts to."""
        done = 0
        for found in ALT.finditer(data):
            is_paste = PASTE.get(found[0])
            if is_paste is None and not self._is_pasting:
                yield from super().feed(data[done : found.end()])
                done = found.end()
                if self._timeout_time is not None:  # not one of Textual's own keys
                    self._timeout_time = 0
                    yield from self.tick()
            elif is_paste is not None:
                self._is_pasting = is_paste
        if done < len(data) or not data:
            yield from super().feed(data[done:])
