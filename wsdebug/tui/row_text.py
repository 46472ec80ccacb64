"""A row of the log as cells with named styles, columns as designed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wsdebug.log.row import Row
from wsdebug.payload.numbers import clock_time, duration, short_size, wall_time
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import Part, TextLine, cut, merged, width_of
from wsdebug.tui.row_event import event_parts
from wsdebug.tui.row_payload import payload_parts
from wsdebug.tui.silence import SILENCE
from wsdebug.wire.frame import Opcode, opcode_name

if TYPE_CHECKING:
    from wsdebug.replay.marks import Found

__all__ = ["ALL_COLUMNS", "EDGE", "RowLayout", "TimeMode", "clock_of", "row_line"]

ALL_COLUMNS = 84  # cells of the log from which bits and wire are shown
EDGE = 2  # cells free at the right
TimeMode = Literal["start", "previous", "wall"]
LEAST = 16  # cells of the payload beside that
BLANK: Part = (" ", "muted")
TICK, TICKED = "*", "primary bold"
TITLES: dict[TimeMode, str] = {"start": "time", "previous": "delta", "wall": "wall clock"}


@dataclass(frozen=True, slots=True)
class RowLayout:
    """The columns of a log `width` cells wide; the same for all rows on the screen.

    `wall` gives the microseconds since 1970 of a time of the session, for the wall clock;
    `silence_us` how long nothing must have come or gone for that to be said, 0 for never.
    """

    width: int
    glyphs: Glyphs
    line_cells: int = 4
    time: TimeMode = "start"
    wall: Callable[[int], int] | None = None
    silence_us: int = SILENCE

    @property
    def has_all_columns(self) -> bool:
        """Whether there is room for `bits` and `wire`."""
        return self.width >= ALL_COLUMNS

    @property
    def time_cells(self) -> int:
        """Width of the time."""
        return 12 if self.time == "wall" else 9

    @property
    def before_direction(self) -> int:
        """Cells left of it."""
        return 3 + self.line_cells + self.time_cells + 2

    @property
    def titles(self) -> str:
        """The row above the columns."""
        start = f"  {'line':>{self.line_cells}} {TITLES[self.time]:>{self.time_cells}}  "
        rest = "bits wire  size  payload" if self.has_all_columns else "  size  payload"
        return f"{start}   opcode    {rest}"


def row_line(
    row: Row,
    layout: RowLayout,
    *,
    has_cursor: bool,
    is_focused: bool,
    is_ticked: bool = False,
    found: "Found | None" = None,
    is_unfolded: bool = False,
) -> TextLine:
    """A row in at most the width of the log; `ground` says whether something is wrong with it.
    `found` is what a replay says of it; `is_unfolded`, that it is the first of what was folded.
    """
    glyphs = layout.glyphs
    cursor = (glyphs.cursor, "primary" if is_focused else "muted") if has_cursor else BLANK
    parts: list[Part] = [
        cursor,
        *_mark(row, found, layout, is_ticked=is_ticked, is_unfolded=is_unfolded),
        (f"{_time(row, layout):>{layout.time_cells}}  ", "muted"),
    ]
    if row.kind == "frame":
        parts += _frame(row, layout)
    room = layout.width - EDGE - sum(len(text) for text, _ in parts)  # all of one cell
    if room > 0:
        silence = _silence(row, room, layout)
        room -= width_of(silence)
        if row.kind == "frame":
            own = payload_parts(row, room, glyphs, found.words if found is not None else None)
        elif row.kind == "fold":
            own = _fold(row, room, layout)
        else:
            own = list(event_parts(row, room, glyphs))
        parts += [*own, (" " * (room - width_of(own)), ""), *silence] if silence else own
    else:
        parts = list(cut(parts, max(1, layout.width - EDGE), glyphs.cut))
    is_wrong = bool(row.bad) or (found is not None and not found.is_right)
    return TextLine(merged(parts), ground="wrong" if is_wrong else "")


def _fold(row: Row, room: int, layout: RowLayout) -> list[Part]:
    """`▸  12 heartbeats, 01:10.000–03:05.120`, and a rule to the edge."""
    glyphs, clock = layout.glyphs, clock_of(layout)
    words = f"{row.folded:,} heartbeats"
    if row.time_us is not None and row.until_us is not None:
        words += f", {clock(row.time_us)}{glyphs.dash}{clock(row.until_us)}"
    parts = cut([(f"{glyphs.folded}  ", "fg"), (f"{words} ", "muted")], room, glyphs.cut)
    return [*parts, (glyphs.rule * (room - width_of(parts)), "rule")]


def _silence(row: Row, room: int, layout: RowLayout) -> list[Part]:
    """At the right edge of the row that ended a silence, how long that was."""
    if row.time_us is None or row.quiet_since_us is None or not layout.silence_us:
        return []
    silence = row.time_us - row.quiet_since_us
    words = f"silent {duration(silence)}"
    if silence < layout.silence_us or room < len(words) + LEAST:
        return []
    return [(f"  {layout.glyphs.rule * 2} ", "rule"), (words, "fg")]


def _mark(
    row: Row,
    found: "Found | None",
    layout: RowLayout,
    *,
    is_ticked: bool,
    is_unfolded: bool = False,
) -> list[Part]:
    """The mark and the line: what is wrong, that the disk did not take the row yet, that it is as
    a replay expects, or a tick.

    Where the row has a mark of its own, the tick stands behind the line number.
    """
    line = _line(row.line, layout)
    style = "muted"
    if row.bad or (found is not None and not found.is_right):
        mark, style = (layout.glyphs.violation, "error bold"), "error"
    elif not row.recorded:
        mark = (layout.glyphs.busy, "warning")
    elif found is not None:
        mark = (layout.glyphs.right, "success")
    else:
        blank = (layout.glyphs.unfolded, "muted") if is_unfolded else BLANK
        return [(TICK, TICKED) if is_ticked else blank, (f"{line} ", "muted")]
    after = [(line, style), (TICK, TICKED)] if is_ticked else [(f"{line} ", style)]
    return [mark, *after]


def _line(number: int, layout: RowLayout) -> str:
    text = str(number or "")  # none while lines are being counted
    if len(text) > layout.line_cells:
        text = layout.glyphs.cut + text[1 - layout.line_cells :]
    return text.rjust(layout.line_cells)


def _time(row: Row, layout: RowLayout) -> str:
    if row.time_us is None:
        return ""
    if layout.time == "previous":
        since = clock_time(max(0, row.time_us - (row.previous_us or 0)))
        is_full = len(since) == layout.time_cells and "." not in since
        return since if is_full else f"+{since}"[: layout.time_cells].rstrip(".")
    return clock_of(layout)(row.time_us)


def clock_of(layout: RowLayout) -> Callable[[int], str]:
    """How a time, in microseconds since the session's start, is written: by the wall clock where
    that is wanted and known.
    """

    def tell(time_us: int) -> str:
        if layout.time == "wall" and layout.wall is not None:
            try:
                return wall_time(layout.wall(time_us))
            except (OverflowError, OSError, ValueError):  # a time that no calendar has
                pass
        return clock_time(time_us)

    return tell


def _frame(row: Row, layout: RowLayout) -> list[Part]:
    """Direction to size."""
    glyphs = layout.glyphs
    arrow, word, size = _styles(row)
    parts = [
        (f"{glyphs.sent}  " if row.sent else f" {glyphs.received} ", arrow),
        (f"{opcode_name(row.opcode):<6} ", word),
        (f"{_bracket(row, glyphs):<2} ", "muted"),
    ]
    if layout.has_all_columns:
        parts += _bits(row, glyphs)
        wire = short_size(row.wire_size) if row.wire_size is not None else ""
        parts.append((f" {wire:>5}", "muted"))
    about = "" if row.is_exact else "~"
    return [*parts, (f" {about + short_size(row.size):>5}  ", size)]


def _styles(row: Row) -> tuple[str, str, str]:
    """Of the arrow, the opcode and the size."""
    is_quiet = row.opcode in (Opcode.PING, Opcode.PONG)
    if row.bad:
        return "error bold", "error bold", "fg"
    colour = "primary" if row.sent else "fg"
    if is_quiet:
        return colour if row.sent else "muted", "muted", "muted"
    if row.opcode == Opcode.CLOSE:
        return f"{colour} bold", f"{colour} bold", "fg"
    word = "muted" if row.opcode == Opcode.CONT and not row.sent else colour
    return f"{colour} bold", word, "fg"


def _bracket(row: Row, glyphs: Glyphs) -> str:
    if row.inside_fragments:
        return glyphs.beside
    if not row.fragment:
        return ""
    sign = glyphs.first if row.fragment == 1 else glyphs.last if row.fin else glyphs.middle
    return sign + (str(row.fragment) if row.fragment < 10 else "")


def _bits(row: Row, glyphs: Glyphs) -> list[Part]:
    """FIN, reserved bits and MASK; what is not as it must be stands out."""
    reserved = [str(i) for i, bit in enumerate((row.rsv1, row.rsv2, row.rsv3), 1) if bit]
    sign = "+" if len(reserved) > 1 else reserved[0] if reserved else glyphs.dot
    return [
        ("F" if row.fin else glyphs.dot, "disabled"),
        (sign, "fg" if reserved else "disabled"),
        ("M" if row.masked else glyphs.dot, "disabled" if row.masked == row.sent else "fg"),
    ]
