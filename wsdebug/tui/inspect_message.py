"""The tab Message: the frames that a message came in, above its joined payload."""

from wsdebug.log.whole import FIRST, WholeMessage
from wsdebug.payload.numbers import clock_time
from wsdebug.session.lines import FrameLine
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import TextLine, line, ruled
from wsdebug.wire.frame import opcode_name

__all__ = ["frame_rows"]


def frame_rows(whole: WholeMessage, current: int, width: int, glyphs: Glyphs) -> list[TextLine]:
    """A row a frame: line, opcode, time, bytes; the `current` line stands out. Of very many only
    some are listed.

    A message of one frame needs no list.
    """
    frames = whole.frames
    if whole.count < 2:
        return []
    digits = max(4, len(str(frames[-1].number)))
    heading = f"{'line':>{digits}}  {'opcode':<9}{'time':>9}{'bytes':>10}"
    rows = [line((heading + (f"{'on the wire':>14}" if whole.has_wire else ""), "muted"))]
    rows += [_row(each, whole, current, digits, glyphs) for each in frames]
    if whole.count > len(frames):
        hidden = f"{whole.count - len(frames):,} more frames"
        rows.insert(1 + FIRST, line((f"{glyphs.cut:>{digits}}  {hidden}", "muted")))
    return [*rows, ruled(width, glyphs)]


def _inflated(frame: FrameLine) -> int:
    return len(frame.payload) if frame.payload is not None else 0


def _row(
    frame: FrameLine, whole: WholeMessage, current: int, digits: int, glyphs: Glyphs
) -> TextLine:
    is_current = frame.number == current
    is_last = frame is whole.frames[-1] and frame.frame.fin
    is_first = frame is whole.frames[0]
    bracket = glyphs.first if is_first else glyphs.last if is_last else glyphs.middle
    time = clock_time(frame.time_us) if frame.time_us is not None else ""
    style = "error" if frame.bad else "fg"
    wire = f"{frame.wire_size:>14,}" if whole.has_wire else ""
    return line(
        (f"{frame.number:>{digits}}  ", "fg bold" if is_current else "muted"),
        (bracket, "muted"),
        (f" {opcode_name(frame.frame.opcode):<7}", f"{style} bold" if is_current else style),
        (f"{time:>9}", "muted"),
        (f"{_inflated(frame):>10,}{wire}", "fg bold" if is_current else "fg"),
    )
