"""Bytes that are searched, and gone to by their offset."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from wsdebug.errors import UsageError
from wsdebug.payload.byte_range import find_bytes, parse_needle, parse_offset
from wsdebug.tui.inspect_bytes import ByteView
from wsdebug.tui.line_dialog import LineDialog

__all__ = ["ByteFinder"]

NEEDLE = "hex such as 7b 22, or text; in quotes always text"


class ByteFinder(ByteView):
    """Asks what to find in a hex dump, picks it, and goes from one place to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "find_bytes", "find bytes", id="find_bytes"),
        Binding("n", "found(False)", "next place found", show=False, id="next_match"),
        Binding("N", "found(True)", "previous place found", show=False, id="previous_match"),
        Binding("ctrl+g", "go_to_byte", "go to an offset", id="go_to_byte"),
    ]
    OF_BYTES: ClassVar[frozenset[str]] = ByteView.OF_BYTES | {"find_bytes", "found", "go_to_byte"}

    class Said(Message):
        """Something to be told to the person."""

        def __init__(self, words: str, *, wrong: bool = False) -> None:
            super().__init__()
            self.words = words
            self.wrong = wrong

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._needle = b""
        self._typed = ""  # what the needle was typed as

    def action_go_to_byte(self) -> None:
        """Ask for an offset."""
        hint = "500, 0x1f4, or from here +16, -16"
        dialog = LineDialog(
            "Go to an offset", "offset", placeholder=hint, verb="go on", check=self._offset
        )
        self.app.push_screen(dialog, self._go_to)

    def action_find_bytes(self) -> None:
        """Ask what to find."""
        dialog = LineDialog(
            "Find bytes",
            "bytes",
            placeholder=NEEDLE,
            value=self._typed,
            verb="go on",
            check=parse_needle,
        )
        self.app.push_screen(dialog, self._find)

    def action_found(self, backward: bool) -> None:
        """Go to the next place of what was found, or the one before."""
        if not self._needle:
            self.action_find_bytes()
            return
        data = self.bytes_shown or b""
        start = self._picked.start
        found = find_bytes(data, self._needle, start, backward=backward)
        if found is None:
            self.post_message(self.Said("nowhere in this payload"))
            return
        self.pick(found, found + len(self._needle) - 1)
        is_around = found > start if backward else found <= start
        around = ", around the end" if is_around else ""
        self.post_message(self.Said(f"found at {found:,} (0x{found:x}){around}"))

    def _offset(self, text: str) -> int:
        return parse_offset(text, at=self._picked.head, size=len(self.bytes_shown or b""))

    def _go_to(self, text: str | None) -> None:
        if text is None:
            return
        try:
            offset = self._offset(text)
        except UsageError as error:  # another payload came meanwhile
            self.post_message(self.Said(str(error), wrong=True))
        else:
            self.pick(offset, offset)

    def _find(self, text: str | None) -> None:
        if text is None:
            return
        self._needle, self._typed = parse_needle(text), text
        data = self.bytes_shown or b""
        start = self._picked.start
        if data[start : start + len(self._needle)] == self._needle and len(self._picked) == 1:
            self.pick(start, start + len(self._needle) - 1)  # it stands under the cursor
            return
        self.action_found(False)
