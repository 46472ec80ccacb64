"""A comparison of two messages in rows, with `-` for the first and `+` for the second."""

from collections.abc import Iterator

from wsdebug.log.joined import Message
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import clock_time
from wsdebug.replay.beside import Change, Comparison, Spelled
from wsdebug.tui.glyphs import Glyphs, duration_words
from wsdebug.tui.inspect_lines import Part, TextLine, cut
from wsdebug.wire.frame import opcode_name

__all__ = ["compare_rows"]

SIGNS = ("-", "+")
BEFORE = 4  # bytes shown before the first that differs
WIDE = 88  # cells from which 16 bytes stand in a row, else 8


def compare_rows(comparison: Comparison, width: int, glyphs: Glyphs) -> list[TextLine]:
    """Both messages, what is to be known of them, and what differs; each in `width` cells."""
    rows: list[tuple[Part, ...]] = [
        *_table(comparison, glyphs),
        (),
        *_remarks(comparison),
        ((_verdict(comparison), "fg bold"),),
    ]
    if comparison.changes:
        for change in comparison.changes:
            rows += [(), *_change(change, glyphs)]
    elif comparison.first_byte is not None:
        rows += [(), *_bytes(comparison, comparison.first_byte, width, glyphs)]
    return [TextLine(cut(row, width, glyphs.cut)) for row in rows]


def _table(comparison: Comparison, glyphs: Glyphs) -> Iterator[tuple[Part, ...]]:
    messages = (comparison.one, comparison.other)
    digits = max(4, *(len(f"{each.number:,}") for each in messages))
    yield ((f"  {'line':>{digits}}     {'opcode':<7}{'time':>9}{'bytes':>13}", "muted"),)
    for sign, message, payload in zip(SIGNS, messages, comparison.payloads, strict=True):
        yield _row(sign, message, len(payload), digits, glyphs)
    elapsed = comparison.elapsed_us
    if elapsed is not None:
        words = duration_words(abs(elapsed), glyphs)
        words += " later" if elapsed >= 0 else " earlier"
        more = len(comparison.payloads[1]) - len(comparison.payloads[0])
        size = f"{more:+,}" if more else "same"
        yield ((f"{words:>{digits + 23}}{size:>13}", "muted"),)


def _row(sign: str, message: Message, size: int, digits: int, glyphs: Glyphs) -> tuple[Part, ...]:
    style = "primary" if message.sent else "fg"
    arrow = f"{glyphs.sent} " if message.sent else f" {glyphs.received}"
    frames = len(message.frames)
    return (
        (f"{sign} ", "fg bold"),
        (f"{message.number:>{digits},}  ", "muted"),
        (f"{arrow} {opcode_name(message.opcode):<7}", style),
        (f"{clock_time(message.first.time_us):>9}", "muted"),
        (f"{size:>13,}", "fg"),
        (f"  in {frames:,} frames" if frames > 1 else "", "muted"),
        (f"  connection {message.first.connection}", "muted")
        if message.first.connection > 1
        else ("", ""),
    )


def _remarks(comparison: Comparison) -> Iterator[tuple[Part, ...]]:
    """What keeps the comparison from being one of whole payloads."""
    for message in (comparison.one, comparison.other):
        line = f"{message.number:,}"
        if message.payload is None:
            yield ((f"line {line} could not be inflated: its bytes on the wire", "warning"),)
        if message.kept is not None:
            yield ((f"of line {line} only the first {message.kept:,} bytes are known", "warning"),)
    if comparison.is_too_big:
        yield (("too large to be compared as JSON", "muted"),)


def _verdict(comparison: Comparison) -> str:
    if comparison.first_byte is None:
        return "the payloads are the same"
    changes = comparison.changes
    if changes is None:
        shorter = min(map(len, comparison.payloads))
        if comparison.first_byte < shorter:
            return f"they differ from byte {comparison.first_byte:,} on"
        sign = SIGNS[0 if len(comparison.payloads[0]) > shorter else 1]
        return f"the same up to byte {shorter:,}, where only {sign} goes on"
    if not changes:
        return "the same JSON, written differently"
    if comparison.has_more:
        return f"the first {len(changes)} differences"
    return "one difference" if len(changes) == 1 else f"{len(changes)} differences"


def _change(change: Change, glyphs: Glyphs) -> Iterator[tuple[Part, ...]]:
    path: Part = (escape(change.path), "secondary")
    yield (path,)
    for sign, value in zip(SIGNS, (change.was, change.now), strict=True):
        if value is not None:
            yield (f"{sign} ", "fg bold"), (_text(value, glyphs), "fg")


def _text(value: Spelled, glyphs: Glyphs) -> str:
    return (glyphs.cut if value.skipped else "") + escape(value.text)


def _bytes(
    comparison: Comparison, at: int, width: int, glyphs: Glyphs
) -> Iterator[tuple[Part, ...]]:
    """The bytes of each around the first that differs."""
    count = 16 if width >= WIDE else 8
    start = max(0, at - BEFORE)
    pieces = [payload[start : start + count] for payload in comparison.payloads]
    digits = max(4, len(str(start)))
    for index, sign in enumerate(SIGNS):
        mine, theirs = pieces[index], pieces[1 - index]
        spelled: list[Part] = []
        letters: list[Part] = []
        for place, byte in enumerate(mine):
            is_other = place >= len(theirs) or theirs[place] != byte
            style = "fg bold" if is_other else "muted"
            spelled.append((f"{byte:02x} ", style))
            letters.append((chr(byte) if 0x20 <= byte < 0x7F else glyphs.dot, style))
        gap = "   " * (count - len(mine)) + "  "
        yield (
            (f"{sign} ", "fg bold"),
            (f"{start:>{digits}}  ", "muted"),
            *spelled,
            (gap, ""),
            *letters,
        )
