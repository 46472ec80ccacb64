"""Rows that say what some bytes of a payload mean: as numbers, text and bits."""

from wsdebug.payload.byte_range import ByteRange
from wsdebug.payload.byte_readings import (
    Reading,
    ascii_words,
    bits,
    number_readings,
    utf8_words,
)
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, TextLine, columns, cut, line

__all__ = ["reading_lines"]

LEAST = 8  # rows of a dump that all readings leave to it; with fewer, only the fitting ones
NAME, LITTLE, BIG = 1, 10, 31  # first cells
LONGEST = 20  # characters of a number
READ = 64  # bytes that are read as text
NUMBERS = 8  # bytes of the longest number
LABELS = ("little-endian", "big-endian")


def reading_lines(
    data: bytes, picked: ByteRange, width: int, room: int, glyphs: Glyphs
) -> list[TextLine]:
    """The readings of the picked bytes; of a single one, also of those that follow it.

    `room` is how many rows there are for them and the dump: all of them where that is enough,
    else those that take exactly the picked bytes, else one row.
    """
    end = len(data) if len(picked) == 1 else picked.end
    numbers = data[picked.start : min(end, picked.start + NUMBERS)]
    fraction = max(14, min(24, width - EDGE - BIG))
    found = number_readings(numbers, room=min(fraction, LONGEST) if width < 60 else fraction)
    exact = [one for one in found if one.width == len(picked)]
    whole = _rows(data, picked, found, width, glyphs)
    if room >= len(whole) + LEAST:
        return whole
    some = _rows(data, picked, exact, width, glyphs)
    if room >= len(some) + LEAST // 2:
        return some
    return [_brief(data, picked, exact, width, glyphs)]


def _rows(
    data: bytes, picked: ByteRange, numbers: list[Reading], width: int, glyphs: Glyphs
) -> list[TextLine]:
    rule = glyphs.rule * max(0, width - NAME - 3 - len(_place(picked)))
    rows = [line((_place(picked), "fg bold"), ("  ", ""), (rule, "rule"))]
    if any(one.width > 1 for one in numbers):
        titles = ((LITTLE, LABELS[0], "muted"), (BIG, LABELS[1], "muted"))
        rows.append(TextLine(columns(*titles)))
    for one in numbers:
        cells = ((NAME, one.name, "muted"), (LITTLE, one.little, "fg"), (BIG, one.big, "fg"))
        rows.append(TextLine(columns(*cells)))
    for name, words in _as_text(data, picked, glyphs):
        parts = columns((NAME, name, "muted"), (LITTLE, words, "fg"))
        rows.append(TextLine(cut(parts, width - EDGE, glyphs.cut)))
    return rows


def _brief(
    data: bytes, picked: ByteRange, numbers: list[Reading], width: int, glyphs: Glyphs
) -> TextLine:
    """`0x0010  4 bytes  uint32 1819043176  big-endian 1751477356`, or what text it is."""
    texts = dict(_as_text(data, picked, glyphs))
    words = texts["UTF-8"]
    if numbers:
        first = numbers[0]
        after = f"{LABELS[1]} {first.big}" if first.big else texts["ASCII"]
        words = f"{first.name} {first.little}  {after}"
    parts = [(f"{_place(picked)}  ", "fg bold"), (words, "muted")]
    return line(*cut(parts, width - EDGE - NAME, glyphs.cut))


def _place(picked: ByteRange) -> str:
    count = len(picked)
    return f"0x{picked.start:x}" + (f"  {count:,} bytes" if count > 1 else "")


def _as_text(data: bytes, picked: ByteRange, glyphs: Glyphs) -> list[tuple[str, str]]:
    is_one = len(picked) == 1
    end = picked.start + 4 if is_one else min(picked.end, picked.start + READ)
    more = f" {glyphs.cut}" if end < picked.end else ""
    while more and end > picked.start + READ - 4 and 0x80 <= data[end] < 0xC0:
        end -= 1  # not within a character
    shown = data[picked.start : end]
    return [
        ("UTF-8", utf8_words(shown, is_one=is_one) + more),
        ("ASCII", ascii_words(shown[:1] if is_one else shown, dot=glyphs.dot) + more),
        ("bits", bits(shown[:1] if is_one else shown[:NUMBERS])),
    ]
