"""Broken rules in words: the box above a payload, and the list below a frame's bits."""

from codecs import getincrementaldecoder
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wsdebug.session.lines import FrameLine
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, Part, TextLine, join, line, wrap
from wsdebug.wire.violations import VIOLATIONS, Violation

__all__ = [
    "InvalidUtf8",
    "box_lines",
    "first_invalid",
    "late_lines",
    "rule_words",
    "verdict_lines",
]

STEP = 1024 * 1024  # bytes decoded at once
KEPT_TOGETHER = "\u00a0"


@dataclass(frozen=True, slots=True)
class InvalidUtf8:
    """Where and why bytes stop being UTF-8: offsets from 0 of the first wrong bytes."""

    start: int
    end: int
    why: str  # one sentence


def first_invalid(data: bytes, *, final: bool = True) -> InvalidUtf8 | None:
    """The first bytes that are not UTF-8; without `final` a cut last character is fine."""
    decoder = getincrementaldecoder("utf-8")()
    for start in range(0, max(1, len(data)), STEP):
        held = len(decoder.getstate()[0])
        chunk = data[start : start + STEP]
        try:
            decoder.decode(chunk, final and start + STEP >= len(data))
        except UnicodeDecodeError as error:
            first = start - held + error.start
            last = start - held + error.end
            return InvalidUtf8(first, last, _why(data[first : first + 4], error.reason))
    return None


def _why(data: bytes, reason: str) -> str:
    lead = data[0]
    if reason == "unexpected end of data":
        return "The message ends inside a character."
    if 0x80 <= lead < 0xC0:
        return f"{lead:02X} continues a character, but none was begun."
    if lead in (0xC0, 0xC1) or lead > 0xF4:
        return f"{lead:02X} never starts or continues a character."
    following = data[1] if len(data) > 1 else 0
    if lead == 0xED and 0xA0 <= following < 0xC0:
        return f"{lead:02X} {following:02X} spells a surrogate, which is no character."
    if (lead == 0xE0 and 0x80 <= following < 0xA0) or (lead == 0xF0 and 0x80 <= following < 0x90):
        return f"{lead:02X} {following:02X} spells a character longer than needed."
    if lead == 0xF4 and 0x90 <= following < 0xC0:
        return f"{lead:02X} {following:02X} is past the last character, U+10FFFF."
    size = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    good = 1
    while good < len(data) and 0x80 <= data[good] < 0xC0:
        good += 1
    wrong = f"{data[good]:02X}" if good < len(data) else "another byte"
    return f"{lead:02X} begins a character of {size} bytes, but {wrong} follows."


def rule_words(violation: Violation, glyphs: Glyphs) -> str:
    """The rule and its section in one sentence without a full stop."""
    section = violation.section.replace(" ", KEPT_TOGETHER)
    if glyphs.is_ascii:
        section = section.replace("§", "")
    rule = violation.rule.rstrip(".")
    return f"{rule}{', ' if ':' in rule else ': '}{section}"


def verdict_lines(bad: Sequence[str], width: int, glyphs: Glyphs) -> list[TextLine]:
    """Each broken rule with its section, or that there is none."""
    if not bad:
        return [line((f"{glyphs.right} ", "success"), ("nothing wrong with this frame", "fg"))]
    rows: list[TextLine] = []
    for name in bad:
        if rows:
            rows.append(TextLine())
        rows.append(_title(name, glyphs, indent=""))
        violation = VIOLATIONS.get(name)
        if violation:
            rows += _wrapped(rule_words(violation, glyphs), width - EDGE - 3, "  ", "fg")
    return rows


def late_lines() -> list[TextLine]:
    """What is said of a frame that came after the connection had been failed."""
    return [line(("came after our close frame: not judged", "fg"))]


def box_lines(
    frame: FrameLine,
    width: int,
    glyphs: Glyphs,
    *,
    lenient: bool | None,
    invalid: InvalidUtf8 | None = None,
    of_message: bool = False,
    brief: bool = False,
) -> list[TextLine]:
    """What is wrong, on a tinted ground above the payload; empty if nothing is.

    `invalid` says where the UTF-8 breaks, counted in the message if `of_message`. `lenient` is
    how the connection was made, None if that is not known. `brief` keeps two rows.
    """
    rows: list[TextLine] = []
    room = width - EDGE - 4
    for name in frame.bad:
        is_utf8 = name == "invalid-utf8" and invalid is not None
        where = f" at byte {invalid.start:,}" if is_utf8 and invalid else ""
        if where and of_message:
            where += " of the message"
        rows.append(_title(name, glyphs, where, indent=" "))
        if is_utf8 and invalid and not brief:
            rows += _wrapped(invalid.why, room, "   ", "fg")
        violation = VIOLATIONS.get(name)
        if violation:
            rows += _wrapped(rule_words(violation, glyphs), room, "   ", "fg")
    if not rows:
        return []
    if brief:
        rows = rows[:2]
    else:
        rows += _wrapped(_outcome(frame, lenient), room, "   ", "muted")
    return join(rows, "box")


def _title(name: str, glyphs: Glyphs, where: str = "", *, indent: str) -> TextLine:
    violation = VIOLATIONS.get(name)
    title = violation.title if violation else name
    mark: Part = (f"{indent}{glyphs.violation} ", "error bold")
    return line(mark, (title + where, "error bold"))


def _wrapped(words: str, room: int, indent: str, style: str) -> Iterable[TextLine]:
    for row in wrap(words, room) if words else ():
        yield line((indent, ""), (row.replace(KEPT_TOGETHER, " "), style))


def _outcome(frame: FrameLine, lenient: bool | None) -> str:
    """What happened because of it."""
    if frame.sent:
        return "Sent as it was set."
    if "truncated" in frame.bad:
        return "The connection broke off here."
    if "data-after-close" in frame.bad:
        return "Noted; the connection was already ending."
    if lenient is None:
        return ""
    if lenient:
        return "Lenient: noted, and the connection went on."
    codes = [VIOLATIONS[name].close_code for name in frame.bad if name in VIOLATIONS]
    return f"Strict: the connection was closed with {codes[0]}." if codes else ""
