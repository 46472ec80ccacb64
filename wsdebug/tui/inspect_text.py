"""A payload as text: line numbers, long lines wrapped, nothing unprintable let through."""

from dataclasses import dataclass

from rich.cells import cell_len

from wsdebug.payload.escape import escape
from wsdebug.tui.inspect_lines import EDGE, Part, TextLine

__all__ = ["TextBody", "styled_text"]

TEXT = 7  # first cell of the text: the same as in the other views
NUMBER = 3  # digits of a line number; more push the text right


@dataclass(frozen=True, slots=True)
class TextBody:
    """Text laid out for a width; `start` is the line of the first wrong byte."""

    lines: tuple[TextLine, ...]
    start: int = 0

    def __len__(self) -> int:
        """Rows, wrapped ones counted."""
        return len(self.lines)

    def line(self, row: int) -> TextLine:
        """One row."""
        return self.lines[row]

    @classmethod
    def of(cls, data: bytes, width: int, *, cut_is_wrong: bool = True) -> "TextBody":
        """Bytes read as UTF-8; what is not is shown as `\\xff`.

        It is red, or muted where a character may be cut in two because this is not the whole.
        """
        text = data.decode("utf-8", "surrogateescape")
        sources = text.split("\n")
        digits = max(NUMBER, len(str(len(sources))))
        indent = TEXT + digits - NUMBER
        room = max(8, width - EDGE - indent)
        rows: list[TextLine] = []
        for number, source in enumerate(sources, 1):
            position = f"line {number:,}"
            parts = styled_text(source, wrong="error bold" if cut_is_wrong else "muted")
            first: Part = (f" {number:>{digits}}{' ' * (indent - digits - 1)}", "disabled")
            for wrapped in _wrapped(parts, room):
                rows.append(TextLine((first, *wrapped), position=position))
                first = (" " * indent, "")
        return cls(tuple(rows))


def styled_text(text: str, *, wrong: str = "error bold") -> list[Part]:
    """Text with what is unprintable escaped and muted; bytes that are not UTF-8 in `wrong`.

    Such bytes stand in `text` as `surrogateescape` leaves them.
    """
    shown = escape(text)
    if shown == text:
        return [(text, "fg")] if text else []
    parts: list[Part] = []
    for character in text:
        if "\udc80" <= character <= "\udcff":
            spelled, style = f"\\x{ord(character) - 0xDC00:02x}", wrong
        else:
            spelled = escape(character)
            style = "fg" if spelled == character else "muted"
        if parts and parts[-1][1] == style:
            parts[-1] = (parts[-1][0] + spelled, style)
        else:
            parts.append((spelled, style))
    return parts


def _wrapped(parts: list[Part], room: int) -> list[list[Part]]:
    """Parts in rows of `room` cells; data is never reflowed, only cut."""
    rows: list[list[Part]] = [[]]
    left = room
    for text, style in parts:
        rest = text
        while rest:
            taken = _fitting(rest, left)
            if not taken and left < room:
                rows.append([])
                left = room
                continue
            taken = max(1, taken)
            rows[-1].append((rest[:taken], style))
            left -= cell_len(rest[:taken])
            rest = rest[taken:]
    return rows


def _fitting(text: str, room: int) -> int:
    """How many characters fit in `room` cells."""
    if text[:room].isascii():
        return min(len(text), room)
    used = 0
    for index, character in enumerate(text[: room + 1]):
        used += cell_len(character)
        if used > room:
            return index
    return min(len(text), room)
