"""The tab Message: the frames that a message came in, above its joined payload."""

from collections.abc import Sequence

from wsdebug.payload.numbers import clock_time
from wsdebug.session.lines import FrameLine
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_bits import kept_length
from wsdebug.tui.inspect_lines import TextLine, line, ruled
from wsdebug.wire.frame import opcode_name

__all__ = ["frame_rows"]

FIRST, LAST = 6, 3  # frames listed of a message that has more than both together


def frame_rows(
    frames: Sequence[FrameLine], current: int, width: int, glyphs: Glyphs
) -> list[TextLine]:
    """A row a frame: line, opcode, time, bytes; the `current` line stands out.

    A message of one frame needs no list.
    """
    if len(frames) < 2:
        return []
    has_wire = any(_inflated(each) != kept_length(each) for each in frames)
    digits = max(4, len(str(frames[-1].number)))
    heading = f"{'line':>{digits}}  {'opcode':<9}{'time':>9}{'bytes':>10}"
    rows = [line((heading + (f"{'on the wire':>14}" if has_wire else ""), "muted"))]
    for index, each in enumerate(frames):
        if FIRST <= index < len(frames) - LAST and each.number != current:
            if index == FIRST:
                hidden = f"{len(frames) - FIRST - LAST:,} more frames"
                rows.append(line((f"{glyphs.cut:>{digits}}  {hidden}", "muted")))
            continue
        rows.append(_row(each, index, len(frames), current, digits, has_wire, glyphs))
    return [*rows, ruled(width, glyphs)]


def _inflated(frame: FrameLine) -> int:
    return len(frame.payload) if frame.payload is not None else 0


def _row(
    frame: FrameLine,
    index: int,
    count: int,
    current: int,
    digits: int,
    has_wire: bool,
    glyphs: Glyphs,
) -> TextLine:
    is_current = frame.number == current
    is_last = index == count - 1 and frame.frame.fin
    bracket = glyphs.first if index == 0 else glyphs.last if is_last else glyphs.middle
    time = clock_time(frame.time_us) if frame.time_us is not None else ""
    style = "error" if frame.bad else "fg"
    wire = f"{kept_length(frame):>14,}" if has_wire else ""
    return line(
        (f"{frame.number:>{digits}}  ", "fg bold" if is_current else "muted"),
        (bracket, "muted"),
        (f" {opcode_name(frame.frame.opcode):<7}", f"{style} bold" if is_current else style),
        (f"{time:>9}", "muted"),
        (f"{_inflated(frame):>10,}{wire}", "fg bold" if is_current else "fg"),
    )
