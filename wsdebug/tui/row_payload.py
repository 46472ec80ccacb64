"""The payload column of a row: what is wrong with the frame, then the beginning of its payload."""

import re
from collections.abc import Iterable

from wsdebug.log.row import Row
from wsdebug.log.rows import close_words
from wsdebug.payload.escape import byte_segments, escape
from wsdebug.payload.json_layout import looks_like_json, tokens
from wsdebug.payload.kind import detect
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import Part, cut, width_of
from wsdebug.tui.inspect_rules import first_invalid
from wsdebug.wire.frame import Opcode
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["payload_parts"]

CELL_BYTES = 12  # bytes that one cell of text can take: a character and its marks
NAMED = 8  # bytes shown of a payload whose kind has a name
SAMPLE = 64  # bytes by which the kind of a longer payload is known
UNDECODED = "".join(map(chr, range(0xDC80, 0xDD00)))  # as `surrogateescape` leaves bytes
SHADES = {"name": "muted", "punctuation": "muted"}
LINE_BREAK = re.compile(r"\s*\n\s*")


def payload_parts(
    row: Row, room: int, glyphs: Glyphs, found: tuple[str, str] | None = None
) -> list[Part]:
    """The column in at most `room` cells, its end marked where something is left out. `found` are
    words of a replay: what is wrong, and where.
    """
    parts = [*_violations(row)]
    if row.late:
        parts.append(("after our close  ", "muted"))
    if found is not None and found[0]:
        parts += [(found[0], "error bold"), (f"{found[1]}  ", "fg")]
    quiet = row.opcode in (Opcode.PING, Opcode.PONG)
    style = "muted" if quiet or row.bad else "fg"
    left = max(1, room - width_of(parts))
    payload = row.preview
    if payload is None:
        parts.append(("could not be inflated", "muted"))
    elif row.text:
        parts.append((escape(row.text[:left]), "muted"))
    elif row.opcode == Opcode.CLOSE:
        parts += _close(row, payload)
    elif row.is_text or (quiet and _is_readable(payload)):
        parts += _text(row, payload, left, style, glyphs)
    elif quiet:
        parts.append((payload[:left].hex(" ", -2), style))
    else:
        parts += _binary(row, payload, left, style)
    if row.automatic:
        parts.append(("  automatic", "muted"))
    return list(cut(parts, room, glyphs.cut))


def _violations(row: Row) -> Iterable[Part]:
    for name in row.bad:
        violation = VIOLATIONS.get(name)
        yield (violation.title if violation else escape(name), "error bold")
        where = _where(row) if name == "invalid-utf8" else ""
        yield (f" {where}  " if where else "  ", "fg")


def _where(row: Row) -> str:
    """Where the UTF-8 breaks, if that can be seen in this frame."""
    if row.fragment or row.preview is None:
        return ""
    found = first_invalid(row.preview, final=row.size_shown == len(row.preview))
    return f"at byte {found.start:,}" if found is not None else ""


def _close(row: Row, payload: bytes) -> Iterable[Part]:
    code, reason = close_words(row)
    if code:
        yield (code, "fg bold")
        if reason:
            yield (f" {escape(reason)}", "muted")
    else:
        yield (payload.hex(" ") if payload else "no code", "fg" if payload else "muted")


def _is_readable(payload: bytes) -> bool:
    return payload.isascii() and payload.decode("ascii").isprintable()


def _text(row: Row, payload: bytes, room: int, style: str, glyphs: Glyphs) -> list[Part]:
    """Text, with JSON's names and punctuation muted and its line breaks left out."""
    text = payload[: room * CELL_BYTES].decode("utf-8", "surrogateescape")
    text = text[: room * (1 if text.isascii() and "\n" not in text else 4) + 1]
    shown = len(text.encode("utf-8", "surrogateescape"))
    if shown < row.size_shown:
        text = text.rstrip(UNDECODED)  # a character cut in two is not wrong
    is_json = style == "fg" and looks_like_json(text)
    parts: list[Part] = []
    last = ""
    for kind, piece in tokens(text) if is_json else (("text", text),):
        shade = SHADES.get(kind, style)
        if kind == "punctuation" and not piece.isprintable():
            piece = LINE_BREAK.sub(" ", piece)
        if escape(piece) != piece:
            parts += _escaped(piece, shade, bool(row.bad))
            last = ""
        elif shade == last:
            parts[-1] = (parts[-1][0] + piece, shade)
        else:
            parts.append((piece, shade))
            last = shade
    # Line breaks left out can make what was cut fit again.
    if shown < row.size_shown and parts and width_of(parts) <= room:
        parts.append((glyphs.cut, parts[-1][1]))
    return parts


def _escaped(text: str, style: str, is_bad: bool) -> Iterable[Part]:
    for part, escaped in byte_segments(text.encode("utf-8", "surrogateescape")):
        yield (part, ("error" if is_bad else "muted") if escaped else style)


def _binary(row: Row, payload: bytes, room: int, style: str) -> Iterable[Part]:
    is_whole = row.size_shown == len(payload)
    name = detect(payload if is_whole else payload[:SAMPLE], is_text=False).name if payload else ""
    if name.endswith("?") and not is_whole:
        name = ""  # a guess from a beginning is none
    if name:
        yield (payload[:NAMED].hex(" "), style)
        yield (f"  {name}", "muted")
    else:
        yield (payload[:room].hex(" "), style)
