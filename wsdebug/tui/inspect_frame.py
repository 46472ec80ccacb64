"""The tab Frame: the head bit by bit, the sizes, and what is wrong with this one frame."""

from wsdebug.session.lines import FrameLine
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_bits import bit_lines, wire_head
from wsdebug.tui.inspect_lines import (
    EDGE,
    Part,
    StaticDocument,
    TextLine,
    line,
    ruled,
)
from wsdebug.tui.inspect_rules import late_lines, verdict_lines

__all__ = ["frame_document", "size_lines"]

BAR = 20  # first cell of the bars
LABEL_WIDTH = 12


def frame_document(
    frame: FrameLine, width: int, glyphs: Glyphs, *, roomy: bool = True, is_late: bool = False
) -> StaticDocument:
    """All of the tab; without `roomy` only one blank row stands around the rule. `is_late`: the
    frame was not judged any more.
    """
    air = [TextLine()] if roomy else []
    lines = [
        *bit_lines(frame, width, glyphs),
        *air,
        ruled(width, glyphs),
        *air,
        *size_lines(frame, width, glyphs),
        TextLine(),
        *(late_lines() if is_late and not frame.bad else verdict_lines(frame.bad, width, glyphs)),
    ]
    return StaticDocument(lines)


def size_lines(frame: FrameLine, width: int, glyphs: Glyphs) -> list[TextLine]:
    """Sizes in bytes on the wire and inflated, as numbers and bars of one scale."""
    head = len(wire_head(frame))
    kept = frame.wire_size
    facts = f"{head} header + {kept:,}"
    inflated = None if frame.payload is None else len(frame.payload)
    is_compressed = frame.wire_length is not None or frame.payload != frame.frame.payload
    number = max(5, len(f"{max(head + kept, inflated or 0):,}"))
    if not is_compressed or inflated is None:
        rows = [_size_row("on the wire", f"{head + kept:,}", number, [(f" {facts}", "muted")])]
        if inflated is None:
            rows.append(_size_row("inflated", "?", number, [("could not be inflated", "error")]))
        return rows
    room = width - EDGE - BAR - (number - 5)
    longest = max(head + kept, inflated, 1)
    for full in range(max(1, room - 6), 0, -1):
        wire_bar = _cells(head + kept, longest, full)
        if wire_bar + 3 + len(facts) <= room:
            break
    rows = [
        _size_row(
            "on the wire",
            f"{head + kept:,}",
            number,
            [(glyphs.active * wire_bar, "fg"), (f"   {facts}", "muted")],
        ),
        _size_row(
            "inflated",
            f"{inflated:,}",
            number,
            [(glyphs.active * _cells(inflated, longest, full), "fg")],
        ),
    ]
    return [*rows, *_ratio_row(kept, inflated, number)]


def _cells(size: int, longest: int, full: int) -> int:
    return max(1, round(full * size / longest)) if size else 0


def _ratio_row(kept: int, inflated: int, number: int) -> list[TextLine]:
    if not kept or not inflated:
        return []
    if inflated >= kept:
        saved = 100 * (inflated - kept) // inflated
        ratio = f"{inflated / kept:,.1f} to 1"
        return [_size_row("saved", f"{saved}%", number, [(ratio, "muted")])]
    grown = -(-100 * (kept - inflated) // inflated)
    return [_size_row("grown by", f"{grown}%", number, [(f"1 to {kept / inflated:,.1f}", "muted")])]


def _size_row(label: str, value: str, number: int, rest: list[Part]) -> TextLine:
    return line((f"{label:<{LABEL_WIDTH}}", "muted"), (f"{value:>{number}}  ", "fg"), *rest)
