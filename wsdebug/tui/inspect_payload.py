"""The tabs Payload and Message: one payload, as JSON, text, hex or a close code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from wsdebug.payload.byte_range import ByteRange
from wsdebug.payload.kind import Kind, detect
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_close import close_lines
from wsdebug.tui.inspect_hex import HexBody
from wsdebug.tui.inspect_json import JsonBody
from wsdebug.tui.inspect_lines import (
    EDGE,
    LEFT,
    Part,
    StaticDocument,
    TextLine,
    cut,
    line,
    ruled,
    spread,
)
from wsdebug.tui.inspect_rules import InvalidUtf8
from wsdebug.tui.inspect_text import TextBody, styled_text
from wsdebug.tui.keymap import shown
from wsdebug.wire.close import parse_close

__all__ = ["PREVIEW", "Payload", "PayloadDocument", "payload_document", "views_of"]

PREVIEW = 1024 * 1024  # bytes laid out as text or JSON; hex always reaches the end
AS_TEXT = 256  # bytes read in other ways below a hex dump
NARROW = 18  # cells that a view's name, its key and the gaps take
READING = 13  # first cell of a reading
BEFORE = 24  # bytes of them before the first wrong one


@dataclass(frozen=True)
class Payload:
    """Bytes to show, and what is known of them.

    `wire_length` is their size in bytes on the wire where it differs, `frames` how many frames
    they came in, `is_part` true for one frame of several, `is_inflated` false where they are the
    compressed bytes because inflating failed, `is_shortened` true where more came than was kept
    (`--max-payload`).
    """

    data: bytes
    is_text: bool = False
    is_close: bool = False
    wire_length: int | None = None
    frames: int = 1
    is_complete: bool = True
    is_part: bool = False
    is_inflated: bool = True
    is_shortened: bool = False
    invalid: InvalidUtf8 | None = None

    @cached_property
    def kind(self) -> Kind:
        """What the bytes are, guessed; takes its time for many."""
        return detect(self.data, is_text=self.is_text)


class Body(Protocol):
    """The rows of one view."""

    @property
    def start(self) -> int:
        """Row on which the cursor begins."""

    def __len__(self) -> int:
        """How many rows there are."""

    def line(self, row: int) -> TextLine:
        """One row."""


@dataclass(frozen=True)
class PayloadDocument:
    """Rows before, the view itself, and rows after it, below a row that names the view."""

    body: Body
    head: Sequence[TextLine] = ()
    prefix: Sequence[TextLine] = ()
    suffix: Sequence[TextLine] = ()
    footer: str = ""
    folds: bool = False

    @cached_property
    def start(self) -> int:
        """Row on which the cursor begins; -1 if there is nothing to walk through."""
        return len(self.prefix) + self.body.start if len(self.body) else -1

    @cached_property
    def _rows(self) -> int:
        return len(self.body)

    def __len__(self) -> int:
        """Rows, all parts counted."""
        return len(self.prefix) + self._rows + len(self.suffix)

    def line(self, row: int) -> TextLine:
        """One row."""
        if row < len(self.prefix):
            return self.prefix[row]
        row -= len(self.prefix)
        return self.body.line(row) if row < self._rows else self.suffix[row - self._rows]

    @property
    def hex(self) -> HexBody | None:
        """The view, if it is one of bytes."""
        return self.body if isinstance(self.body, HexBody) else None

    def with_picked(self, picked: ByteRange | None) -> "PayloadDocument":
        """The same with a range of its bytes picked."""
        assert isinstance(self.body, HexBody)
        return replace(self, body=replace(self.body, picked=picked))

    def foot(self, room: int) -> Sequence[TextLine]:
        """What the picked bytes mean."""
        return self.hex.foot(room) if self.hex is not None else ()

    def toggle(self, row: int) -> tuple["PayloadDocument", int]:
        """The same with what is around a row folded or unfolded, and the row of that."""
        inner = row - len(self.prefix)
        if not isinstance(self.body, JsonBody) or not 0 <= inner < self._rows:
            return self, row
        body, inner = self.body.toggle(inner)
        return replace(self, body=body), inner + len(self.prefix)


def views_of(payload: Payload) -> tuple[str, ...]:
    """The views that `v` cycles through; the first is what the payload is."""
    if payload.is_close and parse_close(payload.data) is not None:
        return ("close", "hex")
    if not payload.data:
        return ("text",) if payload.is_text else ("hex",)
    if not payload.is_inflated:
        return ("hex",)
    if payload.invalid is not None:
        return ("hex", "text")
    first, views = payload.kind.first, payload.kind.views
    at = views.index(first)
    return views[at:] + views[:at]


def payload_document(
    payload: Payload,
    view: str,
    width: int,
    glyphs: Glyphs,
    *,
    box: Sequence[TextLine] = (),
    prefix: Sequence[TextLine] = (),
    roomy: bool = True,
    fitting: int | None = None,
) -> PayloadDocument | StaticDocument:
    """A payload in one of its views; another view's name means the first.

    JSON of more than `fitting` rows begins with the later items of its arrays folded.
    """
    views = views_of(payload)
    view = view if view in views else views[0]
    air = [TextLine()] if roomy else []
    title = _title(payload, view, views, width, glyphs)
    head = [*box, *(air if box else []), title, *air]
    if not payload.data and view != "close":
        return StaticDocument([*prefix, line(("nothing in it", "muted"))], head)
    body = _body(payload, view, width, glyphs, fitting)
    folds = isinstance(body, JsonBody) and body.folds
    suffix = _other_readings(payload, width, glyphs, air) if view == "hex" else []
    return PayloadDocument(body, head, prefix, suffix, folds=folds)


def _body(payload: Payload, view: str, width: int, glyphs: Glyphs, fitting: int | None) -> Body:
    is_cut = len(payload.data) > PREVIEW
    if view == "JSON":
        text = payload.data[:PREVIEW].decode("utf-8", "ignore")
        return JsonBody.of(text, width, glyphs, fitting=fitting, is_cut=is_cut)
    if view == "text":
        whole = payload.is_complete and not is_cut
        return TextBody.of(payload.data[:PREVIEW], width, cut_is_wrong=whole)
    if view == "close":
        close = parse_close(payload.data)
        assert close is not None
        return _Rows(close_lines(close, width))
    return HexBody(payload.data, width, glyphs, payload.invalid)


@dataclass(frozen=True, slots=True)
class _Rows:
    lines: Sequence[TextLine]
    start: int = 0

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, row: int) -> TextLine:
        return self.lines[row]


def _title(
    payload: Payload, view: str, views: Sequence[str], width: int, glyphs: Glyphs
) -> TextLine:
    """`JSON  2,104 bytes, 412 on the wire`, and the key that changes the view."""
    size = len(payload.data)
    count = f"{size:,} byte{'' if size == 1 else 's'}"
    if payload.is_shortened:
        count = f"the first {size:,} kept" if payload.frames == 1 else f"{count} kept"
    facts = [count]
    if payload.frames > 1:
        facts[0] += f" in {payload.frames:,} frames"
    if payload.is_part:
        facts.append(f"a part; {shown('3', 'tab_3')} shows all")
    elif not payload.is_complete:
        facts.append("unfinished")
    if payload.wire_length is not None and payload.wire_length != size:
        facts.append(f"{payload.wire_length:,} on the wire")
    if not payload.is_inflated:
        facts.append("still compressed")
    elif view == "hex" and payload.data and not payload.is_close and payload.invalid is None:
        kind = payload.kind.name
        facts += [kind] if kind not in ("text", "JSON", "") else []
    if view != "hex" and size > PREVIEW:
        facts.append("the first MiB shown")
    if len(", ".join(facts)) > width - NARROW:
        if payload.frames > 1:
            facts = [fact for fact in facts if "on the wire" not in fact]  # the list has it
        else:
            facts = [fact.replace(" on the wire", " wire") for fact in facts]
    left: list[Part] = [(f" {view:<4}", "fg bold"), (f"  {', '.join(facts)}", "muted")]
    key = shown("v", "view")
    right: list[Part] = [(key, "fg bold"), (" view", "muted")] if len(views) > 1 else []
    return spread(left, right, width, glyphs.cut)


def _other_readings(
    payload: Payload, width: int, glyphs: Glyphs, air: Sequence[TextLine]
) -> list[TextLine]:
    """What a text that is not UTF-8 reads like: with escapes, and as Latin-1."""
    if payload.invalid is None:
        return []
    start = max(0, payload.invalid.start - BEFORE)
    while 0 < start < payload.invalid.start and 0x80 <= payload.data[start] < 0xC0:
        start += 1
    data = payload.data[start : start + AS_TEXT]
    before: list[Part] = [(glyphs.cut, "muted")] if start else []
    rows = [*air, ruled(width, glyphs), *air]
    for label, text in (
        ("as text", data.decode("utf-8", "surrogateescape")),
        ("as Latin-1", data.decode("latin-1")),
    ):
        parts = [*before, *styled_text(text)]
        read = cut(parts, width - EDGE - READING, glyphs.cut)
        rows.append(line((f"{label:<{READING - LEFT}}", "muted"), *read))
    return rows
