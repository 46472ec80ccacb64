"""What stands around the inspector's view: heading, tabs, and the row of keys."""

from collections.abc import Sequence

from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import clock_time
from wsdebug.session.lines import Event, FrameLine, Line, Note
from wsdebug.tui.bars import Hint
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_handshake import outcome
from wsdebug.tui.inspect_lines import Part, TextLine, cut, spread, width_of
from wsdebug.tui.keymap import shown
from wsdebug.wire.frame import opcode_name

__all__ = [
    "TABS",
    "footer_row",
    "heading_row",
    "hint_at",
    "subject_words",
    "tab_at",
    "tab_rows",
]

TABS = ("Payload", "Frame", "Message", "Handshake")
TAB_GAP = 3
MARGIN = 1


def hint_parts(hints: Sequence[Hint]) -> list[Part]:
    """Bold keys and muted verbs, three cells apart."""
    parts: list[Part] = []
    for hint in hints:
        if parts:
            parts.append(("   ", ""))
        parts += [(shown(hint.key, hint.action), "fg bold"), (f" {hint.verb}", "muted")]
    return parts


def hint_at(cell: int, hints: Sequence[Hint], width: int) -> str:
    """The action of the hint at a cell of a row whose hints stand at the right, or `""`."""
    start = width - 2 - width_of(hint_parts(hints))
    for hint in hints:
        end = start + width_of(hint_parts([hint]))
        if start <= cell < end:
            return hint.action
        start = end + 3
    return ""


def subject_words(
    line: Line | None, handshake: Sequence[Event], glyphs: Glyphs, *, on_handshake: bool
) -> tuple[int | None, list[Part], int | None, bool]:
    """Line number, words, time and whether the words keep their colour when focused.

    On the tab Handshake the subject is the handshake's outcome, not the row.
    """
    if on_handshake and handshake:
        event, word, style = outcome(handshake)
        assert event is not None
        parts: list[Part] = [(word, style)]
        if event.connection > 1:
            parts.append((f"  connection {event.connection}", "muted"))
        return event.number, parts, event.time_us, True
    if isinstance(line, FrameLine):
        arrow = glyphs.sent if line.sent else glyphs.received
        style = "error" if line.bad else "primary" if line.sent else "fg"
        words = f"{arrow} {opcode_name(line.frame.opcode)}"
        return line.number, [(words, f"{style} bold")], line.time_us, bool(line.bad)
    if isinstance(line, Event):
        style = {"open": "success", "error": "error"}.get(line.name, "fg")
        return line.number, [(escape(line.name), f"{style} bold")], line.time_us, style != "fg"
    if isinstance(line, Note):
        return line.number, [("note", "fg bold")], line.time_us, False
    if line is None:
        return None, [("nothing selected", "muted")], None, False
    word = {"Header": "session", "Wait": "wait"}.get(type(line).__name__, "damaged line")
    return line.number, [(word, "fg bold")], None, False


def heading_row(
    subject: tuple[int | None, list[Part], int | None, bool],
    width: int,
    glyphs: Glyphs,
    *,
    focused: bool,
    hints: Sequence[Hint] = (),
) -> TextLine:
    """`▌42  → text   43.556`: the time at the right, or after the words where hints are."""
    number, words, time_us, keeps_colour = subject
    bar: Part = (glyphs.cursor, "primary") if focused else (" ", "")
    left: list[Part] = [bar]
    if number is not None:
        left.append((f"{number}  ", "muted"))
    for text, style in words:
        is_word = style.endswith("bold") and not keeps_colour
        left.append((text, "primary bold" if focused and is_word else style))
    time = clock_time(time_us) if time_us is not None else ""
    if not hints:
        return spread(left, [(time, "muted")], width, glyphs.cut)
    left.append((f"   {time}", "muted"))
    return spread(left, hint_parts(hints), width, glyphs.cut)


def tab_rows(
    active: int, width: int, glyphs: Glyphs, *, focused: bool
) -> tuple[TextLine, TextLine]:
    """The tabs (`active` counts from 1) and the rule below them."""
    parts: list[Part] = [(" " * MARGIN, "")]
    rule: list[Part] = [(" " * MARGIN, "")]
    for number, name in enumerate(TABS, 1):
        is_active = number == active
        strong = "primary" if focused else "fg"
        digit = strong if is_active else "disabled"
        word = f"{strong} bold" if is_active else "muted"
        parts += [(f"{number} ", digit), (name, word), (" " * TAB_GAP, "")]
        line = "primary" if focused else "muted"
        under = (glyphs.active, line) if is_active else (glyphs.rule, "rule")
        rule += [(under[0] * (2 + len(name)), under[1]), (glyphs.rule * TAB_GAP, "rule")]
    rest = width - MARGIN - width_of(rule)
    if rest > 0:
        rule.append((glyphs.rule * rest, "rule"))
    return TextLine(cut(parts, width, " ")), TextLine(cut(rule, width - 1, glyphs.rule))


def tab_at(cell: int) -> int:
    """The tab, from 1, whose name stands at a cell; 0 for none."""
    start = MARGIN
    for number, name in enumerate(TABS, 1):
        end = start + 2 + len(name)
        if start <= cell < end:
            return number
        start = end + TAB_GAP
    return 0


def footer_row(
    position: str, hints: Sequence[Hint], width: int, glyphs: Glyphs, *, strong: bool
) -> TextLine:
    """Where the cursor is, and the keys; a path (`strong`) is data, a count is a label."""
    words = escape(position)
    left: list[Part] = [(" " * MARGIN, ""), (words, "fg" if strong else "muted")]
    return spread(left, hint_parts(hints), width, glyphs.cut)
