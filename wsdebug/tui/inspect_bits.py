"""The head of a frame drawn bit by bit, byte for byte as on the wire (RFC 6455 section 5.2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wsdebug.session.lines import FrameLine
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, TextLine, columns
from wsdebug.wire.encode import FORM_LIMITS, apply_mask, encode_head
from wsdebug.wire.frame import Frame, opcode_name

__all__ = ["bit_lines", "declared_length", "wire_head"]

HEX = 6  # first cell of the hex bytes
BITS = 9  # first cell of the bits
END = 26  # cell after the connectors
LABEL = 27
VALUE = 35
NOTE = 40
SHOWN = 5  # payload bytes shown where there are more


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a header byte: its bits from `first` to `last` (0 is the highest)."""

    first: int
    last: int
    name: str
    value: str
    note: str
    is_wrong: bool = False


def declared_length(line: FrameLine) -> int:
    """The payload length in bytes that the head claims."""
    if line.frame.declared_length is not None:
        return line.frame.declared_length
    return line.cut if line.cut is not None else line.wire_size


def wire_head(line: FrameLine) -> bytes:
    """The 2 to 14 bytes of the head, rebuilt from the record; in the shortest form of its length,
    where the file says one that cannot hold it.
    """
    declared = declared_length(line)
    form = None if _impossible_form(line) else line.frame.length_form
    return encode_head(replace(line.frame, payload=b"", declared_length=declared, length_form=form))


def _impossible_form(line: FrameLine) -> int | None:
    """The length form that a file says where no head can have it."""
    form = line.frame.length_form
    return form if form is not None and declared_length(line) > FORM_LIMITS[form] else None


def bit_lines(line: FrameLine, width: int, glyphs: Glyphs) -> list[TextLine]:
    """The drawing: two header bytes bit by bit, then length, masking key and payload."""
    head = wire_head(line)
    rows = [TextLine(columns((1, "at", "muted"), (HEX, "hex", "muted"), (10, "bits", "muted")))]
    rows += _byte(0, head[0], _first_byte(line), glyphs)
    rows.append(TextLine())
    rows += _byte(1, head[1], _second_byte(line, head[1], glyphs), glyphs)
    rows.append(TextLine())
    rows += _rest(line, head, width, glyphs)
    if form := _impossible_form(line):
        rows.append(TextLine(columns((LABEL, f"{form}-bit form in the file", "error"))))
    return rows


def _first_byte(line: FrameLine) -> list[Field]:
    frame, bad = line.frame, line.bad
    reserved = "reserved" if "reserved-opcode" in bad else ""
    name = opcode_name(frame.opcode)
    note = "reserved" if name.startswith("0x") else name
    fields = [Field(4, 7, "opcode", str(frame.opcode), note, bool(reserved))]
    bits = (("RSV3", 3, frame.rsv3), ("RSV2", 2, frame.rsv2), ("RSV1", 1, frame.rsv1))
    for label, at, is_set in bits:
        note = _reserved_note(line, label) if is_set else ""
        fields.append(Field(at, at, label, str(int(is_set)), note, note == "reserved"))
    last = "last frame" if frame.fin else "more follow"
    fields.append(Field(0, 0, "FIN", str(int(frame.fin)), last, "fragmented-control" in bad))
    return fields


def _reserved_note(line: FrameLine, label: str) -> str:
    """RSV1 says compressed on the first frame of a message (RFC 7692 section 6)."""
    if label == "RSV1" and not line.frame.is_control and "reserved-bit" not in line.bad:
        return "compressed"
    return "reserved"


def _second_byte(line: FrameLine, byte: int, glyphs: Glyphs) -> list[Field]:
    length = byte & 0x7F
    note = {126: f"see 2{glyphs.dash}3", 127: f"see 2{glyphs.dash}9"}.get(length, "bytes")
    wrong_length = any(name in line.bad for name in ("long-control", "long-length", "truncated"))
    wrong_mask = any(name in line.bad for name in ("masked-by-server", "unmasked-by-client"))
    is_masked = byte & 0x80 != 0
    masked = "masked" if is_masked else "not masked"
    return [
        Field(1, 7, "length", str(length), note, wrong_length and length < 126),
        Field(0, 0, "MASK", str(int(is_masked)), masked, wrong_mask),
    ]


def _byte(at: int, byte: int, fields: Sequence[Field], glyphs: Glyphs) -> list[TextLine]:
    bits = " ".join(f"{byte:08b}")
    rows = [
        TextLine(
            columns((3, str(at), "muted"), (HEX, f"{byte:02X}", "fg"), (BITS, bits, "fg bold"))
        )
    ]
    waiting = sorted({field.first for field in fields})
    for field in fields:
        rows.append(_field_row(field, waiting, glyphs))
        waiting.remove(field.first)
    return rows


def _field_row(field: Field, waiting: Sequence[int], glyphs: Glyphs) -> TextLine:
    cells = [" "] * (END - BITS)
    for bit in waiting:
        cells[2 * bit] = glyphs.beside
    corner = 2 * field.first
    cells[corner:] = glyphs.last + glyphs.rule * (len(cells) - corner - 1)
    if field.last != field.first:
        cells[2 * field.last] = "+" if glyphs.is_ascii else "┴"
    style = "error" if field.is_wrong else "muted"
    value = "error bold" if field.is_wrong else "fg bold"
    return TextLine(
        columns(
            (BITS, "".join(cells), "disabled"),
            (LABEL, field.name, "muted"),
            (VALUE, field.value, value),
            (NOTE, field.note, style),
        )
    )


def _rest(line: FrameLine, head: bytes, width: int, glyphs: Glyphs) -> Iterator[TextLine]:
    at = 2
    form = {126: 2, 127: 8}.get(head[1] & 0x7F, 0)
    if form:
        yield from _length_rows(line, head[2 : 2 + form], width, glyphs)
        at += form
    if line.frame.mask is not None:
        yield _bytes_row(f"{at}{glyphs.dash}{at + 3}", line.frame.mask, "mask", "", "the key")
        at += 4
    yield from _payload_rows(line, at, width, glyphs)


def _length_rows(line: FrameLine, data: bytes, width: int, glyphs: Glyphs) -> Iterator[TextLine]:
    offsets = f"2{glyphs.dash}{1 + len(data)}"
    value = f"{declared_length(line):,}"
    note = f"{8 * len(data)}-bit form"
    is_wrong = any(name in line.bad for name in ("long-control", "long-length", "truncated"))
    fits = VALUE + len(value) + 1 + len(note) <= width - EDGE
    yield _bytes_row(offsets, data[:4], "length", value if fits else "", note, is_wrong)
    if len(data) > 4 or not fits:
        second = " ".join(f"{byte:02X}" for byte in data[4:])
        if LABEL + len(value) > width - EDGE:
            value = value.replace(",", "")
        style = "error bold" if is_wrong else "fg bold"
        yield TextLine(columns((HEX, second, "fg"), (LABEL, "" if fits else value, style)))


def _payload_rows(line: FrameLine, at: int, width: int, glyphs: Glyphs) -> Iterator[TextLine]:
    size = line.wire_size
    if line.wire_length is not None:
        yield TextLine(
            columns(
                (HEX, "not kept", "muted"),
                (LABEL, "payload", "muted"),
                (VALUE, f"{size:,}", "fg bold"),
                (NOTE, "bytes", "muted"),
            )
        )
    elif size:
        start = on_the_wire(line.frame, SHOWN + 1)
        more = len(start) < size or size > SHOWN + 1
        shown = start[:SHOWN] if more else start
        offsets = f"{at}{glyphs.cut}" if size > 1 else str(at)
        tail = f" {glyphs.cut}" if more else ""
        yield _bytes_row(offsets, shown, "payload", f"{size:,}", "bytes", tail=tail)
    else:
        yield TextLine(
            columns((LABEL, "payload", "muted"), (VALUE, "0", "fg bold"), (NOTE, "bytes", "muted"))
        )
    declared = declared_length(line)
    if line.is_shortened and line.wire_length is None:
        note = f"the first {len(line.frame.payload):,} kept"
        yield TextLine(columns((LABEL, note, "warning")))
    elif declared != size:
        words = "came" if line.cut is not None and "truncated" in line.bad else "kept"
        note = f"{words}, {declared:,} declared"
        if line.cut is None:
            note = f"really, {declared:,} declared"
        at = LABEL if LABEL + len(note) <= width - EDGE else HEX
        yield TextLine(columns((at, note, "error" if line.bad else "warning")))


def on_the_wire(frame: Frame, count: int) -> bytes:
    """The first `count` payload bytes as they crossed the wire, masked if the frame was."""
    start = frame.payload[:count]
    return start if frame.mask is None else apply_mask(start, frame.mask)


def _bytes_row(
    offsets: str,
    data: bytes,
    name: str,
    value: str,
    note: str,
    is_wrong: bool = False,
    tail: str = "",
) -> TextLine:
    spelled = " ".join(f"{byte:02X}" for byte in data) + tail
    return TextLine(
        columns(
            (max(0, 4 - len(offsets)), offsets, "muted"),
            (HEX, spelled, "fg"),
            (LABEL, name, "muted"),
            (VALUE, value, "error bold" if is_wrong else "fg bold"),
            (NOTE, note, "error" if is_wrong else "muted"),
        )
    )
