"""A row of the log as styled cells, columns as designed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.style import Style

from wsdebug.log.row import Row
from wsdebug.log.rows import close_words
from wsdebug.payload.escape import escape, escape_bytes
from wsdebug.payload.numbers import clock_time, short_size
from wsdebug.tui.glyphs import Glyphs
from wsdebug.wire.frame import opcode_name
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["ALL_COLUMNS", "Palette", "row_segments"]

ALL_COLUMNS = 84  # cells of the log from which bits and wire are shown
EDGE = 2  # cells free at the right
Part = tuple[str, Style]


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles of a theme, combined once."""

    plain: Style
    muted: Style
    faint: Style
    rule: Style
    you: Style
    you_bold: Style
    good: Style
    wrong: Style
    wrong_bold: Style
    bold: Style

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> "Palette":
        """From theme variables; the same theme gives the same palette."""
        names = ["foreground", "foreground-muted", "foreground-disabled", "border-blurred"]
        names += ["primary", "success", "error"]
        return _palette(*(variables[name].split()[0] for name in names))


@lru_cache(maxsize=8)
def _palette(
    plain: str, muted: str, faint: str, rule: str, you: str, good: str, wrong: str
) -> Palette:
    def style(colour: str, *, bold: bool = False) -> Style:
        return Style.parse(f"bold {colour}" if bold else colour)

    return Palette(
        plain=style(plain),
        muted=style(muted),
        faint=style(faint),
        rule=style(rule),
        you=style(you),
        you_bold=style(you, bold=True),
        good=style(good, bold=True),
        wrong=style(wrong),
        wrong_bold=style(wrong, bold=True),
        bold=style(plain, bold=True),
    )


def row_segments(
    row: Row,
    width: int,
    palette: Palette,
    glyphs: Glyphs,
    *,
    since_previous: bool,
    has_cursor: bool,
    is_focused: bool,
) -> list[Part]:
    """The cells of a row; together at most `width`."""
    cursor_style = palette.you if is_focused else palette.muted
    parts: list[Part] = [
        (glyphs.cursor if has_cursor else " ", cursor_style),
        (glyphs.violation if row.bad else " ", palette.wrong_bold),
        (f"{row.line:>4} ", palette.wrong if row.bad else palette.muted),
        (f"{_time(row, since_previous):>9}  ", palette.muted),
    ]
    if row.kind == "frame":
        parts += _frame(row, width, palette, glyphs)
    else:
        parts += _event(row, width, palette, glyphs)
    return _fit(parts, width - EDGE, glyphs)


def _time(row: Row, since_previous: bool) -> str:
    if row.time_us is None:
        return ""
    if since_previous:
        return "+" + clock_time(max(0, row.time_us - (row.previous_us or 0))).strip()
    return clock_time(row.time_us).strip()


def _frame(row: Row, width: int, palette: Palette, glyphs: Glyphs) -> list[Part]:
    is_control = row.opcode in (9, 10)
    if row.bad:
        arrow, word = palette.wrong, palette.wrong_bold
    elif row.sent:
        arrow, word = palette.you, palette.muted if is_control else palette.you
    else:
        arrow, word = palette.plain, palette.muted if is_control else palette.plain
    if row.opcode == 8 and not row.bad:
        word = palette.you_bold if row.sent else palette.bold
    arrows = f"{glyphs.sent}  " if row.sent else f" {glyphs.received} "
    parts = [
        (arrows, arrow),
        (f"{opcode_name(row.opcode):<6} ", word),
        (f"{_bracket(row, glyphs):<2} ", palette.muted),
    ]
    if width >= ALL_COLUMNS:
        parts += _bits(row, palette, glyphs)
        wire = short_size(row.wire_size) if row.wire_size is not None else ""
        parts.append((f" {wire:>5} ", palette.muted))
    else:
        parts.append((" ", palette.muted))
    size_style = palette.muted if is_control else palette.plain
    parts.append((f"{short_size(row.size):>5}  ", size_style))
    return parts + _payload(row, palette)


def _bracket(row: Row, glyphs: Glyphs) -> str:
    if row.inside_fragments:
        return glyphs.beside
    if not row.fragment:
        return ""
    sign = glyphs.first if row.fragment == 1 else glyphs.last if row.fin else glyphs.middle
    return sign + (str(row.fragment) if row.fragment < 10 else "")


def _bits(row: Row, palette: Palette, glyphs: Glyphs) -> list[Part]:
    reserved = [str(i) for i, bit in enumerate((row.rsv1, row.rsv2, row.rsv3), 1) if bit]
    sign = "+" if len(reserved) > 1 else reserved[0] if reserved else glyphs.dot
    return [
        ("F" if row.fin else glyphs.dot, palette.faint),
        (sign, palette.plain if reserved else palette.faint),
        ("M" if row.masked else glyphs.dot, palette.faint),
    ]


def _payload(row: Row, palette: Palette) -> list[Part]:
    parts: list[Part] = []
    for name in row.bad:
        violation = VIOLATIONS.get(name)
        title = violation.title if violation else escape(name)
        parts.append((f"{title}  ", palette.wrong_bold))
    style = palette.muted if row.opcode in (9, 10) else palette.plain
    if row.preview is None:
        return [*parts, ("could not be inflated", palette.muted)]
    if row.opcode == 8 and not row.bad:
        code, reason = close_words(row)
        parts += [(f"{code} ", palette.bold), (escape(reason), palette.plain)]
    elif row.is_text or (row.preview.isascii() and row.opcode in (9, 10)):
        parts.append((escape_bytes(row.preview), style))
    else:
        parts.append((row.preview[:64].hex(" "), style))
    if row.automatic:
        parts.append(("  automatic", palette.muted))
    return parts


def _event(row: Row, width: int, palette: Palette, glyphs: Glyphs) -> list[Part]:
    name = row.event or row.kind
    words, style = event_words(row), palette.bold
    if name == "open":
        style = palette.good
    elif name == "error" or row.kind == "damaged":
        style = palette.wrong_bold
    elif name not in ("closed", "note"):
        style = palette.plain
    used = 18 + 3 + cell_len(name) + 2 + cell_len(words) + 1
    return [
        (glyphs.rule * 2 + " ", palette.rule),
        (f"{name}  ", style),
        (words + " ", palette.muted),
        (glyphs.rule * max(0, width - EDGE - used), palette.rule),
    ]


def event_words(row: Row) -> str:
    """What an event says, escaped, in a few words."""
    fields = row.fields
    if row.kind in ("note", "damaged"):
        return escape(row.text)
    match row.event:
        case "open":
            parts = [fields.get("subprotocol"), fields.get("extensions")]
        case "closed":
            by = {"client": "by you", "server": "by the server"}.get(
                str(fields.get("by")), "by the network"
            )
            how = "cleanly" if fields.get("clean") else "not cleanly"
            parts = [f"{by}, {how}", f"{fields.get('code')} {fields.get('reason') or ''}".strip()]
        case "request":
            parts = [fields.get("line")]
        case "response":
            parts = [f"{fields.get('status')} {fields.get('reason') or ''}".strip()]
        case "error":
            parts = [fields.get("message")]
        case "dns":
            parts = [", ".join(str(address) for address in fields.get("addresses") or ())]
        case "tcp":
            parts = [fields.get("remote")]
        case "connecting":
            parts = [fields.get("url")]
        case _:
            parts = [f"{key} {value}" for key, value in fields.items() if key != "raw"]
    return " · ".join(escape(str(part)) for part in parts if part)


def _fit(parts: list[Part], room: int, glyphs: Glyphs) -> list[Part]:
    fitted: list[Part] = []
    for text, style in parts:
        length = cell_len(text)
        if length > room:
            if room > 0:
                fitted.append((set_cell_size(text, room - 1) + glyphs.cut, style))
            return fitted
        fitted.append((text, style))
        room -= length
    return fitted
