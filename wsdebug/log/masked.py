"""A log as it may be shown: without the values of secrets in payloads.

The record has payloads as they are; header and events were masked while recording. A secret that
lies across fragments is masked in each of them.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wsdebug.log.beside import Beside, Context
from wsdebug.log.index import LineIndex
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.payload.redact import Redactor, masked
from wsdebug.session.encode import encode_event, encode_frame_line, encode_note
from wsdebug.session.lines import Event, FrameLine, Note
from wsdebug.session.parse import parse_line
from wsdebug.session.reader import Source

__all__ = ["MaskedLog"]


class MaskedLog(FrameLog):
    """The rows and lines of a live session, masked; sizes are those of what is recorded.

    What the redactor learns later is masked from then on.
    """

    def __init__(
        self, source: Source, index: LineIndex, redactor: Redactor, *, path: str | None = None
    ) -> None:
        super().__init__(source, index, path=path)
        self._redactor = redactor
        self._beside = Beside(
            lambda first: self._lines(first, whole=False),
            lambda number: next(self._stored(number), (0, None))[1],
            lambda: self.index.lines,
        )

    def raw_lines(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        """Numbered lines from one on, whole, without newlines."""
        for number, data in self._stored(first):
            yield number, self._masked(number, data) if self._redactor.has_secrets else data

    @property
    def is_shown_as_stored(self) -> bool:
        """Not where there are secrets."""
        return not self._redactor.has_secrets

    def _rows(self, wanted: Sequence[int]) -> list[Row]:
        rows = super()._rows(wanted)
        if not self._redactor.has_secrets:
            return rows
        return [self._masked_row(row) for row in rows]

    def _masked_row(self, row: Row) -> Row:
        text = self._redactor.shown(row.text)
        preview, hidden = row.preview, 0
        if row.kind == "event":
            steps = tuple(self._masked_event(step) for step in row.steps)
            row = replace(row, fields=_facts(row.fields, self._redactor), steps=steps)
        if preview:
            is_part = not row.fin or row.opcode == 0
            context = self._context(row.line) if row.kind == "frame" and is_part else Context()
            if row.size > len(preview):
                context = replace(context, after=b"", goes_on=True)
            preview = self._shown(preview, context)
            hidden = len(row.preview or b"") - len(preview)
        if (text, preview) == (row.text, row.preview):
            return row
        return replace(row, text=text, preview=preview, hidden=hidden)

    def _masked(self, number: int, data: bytes) -> bytes:
        line = parse_line(data, number, first=number == self.index.first_line)
        match line:
            case FrameLine(payload=bytes(payload)):
                is_part = not (line.frame.is_control or (line.frame.opcode and line.frame.fin))
                context = self._context(number) if is_part else Context()
                shown = self._shown(payload, context)
                if shown != payload or (line.frame.payload != payload and self._has_any(context)):
                    return _encoded(line, shown)
            case Event():
                if (event := self._masked_event(line)) is not line:
                    fields = event.fields
                    data = encode_event(line.time_us or 0, line.connection, line.name, fields)
                    return data.removesuffix(b"\n")
            case Note(text=text, time_us=time_us):
                if (shown_text := self._redactor.shown(text)) != text:
                    return encode_note(time_us or 0, shown_text, line.on).removesuffix(b"\n")
        return data

    def _masked_event(self, event: Event) -> Event:
        fields = _facts(event.fields, self._redactor)
        return event if fields == event.fields else replace(event, fields=fields)

    def _context(self, number: int) -> Context:
        spellings = self._redactor.spellings
        return self._beside.of(number, spellings.reach) if spellings is not None else Context()

    def _has_any(self, context: Context) -> bool:
        """Whether a secret stands beside a fragment, whose compressed bytes may tell of it."""
        beside = context.before + context.after
        return self._redactor.shown_bytes(beside) != beside

    def _shown(self, payload: bytes, context: Context) -> bytes:
        """A payload without what it has of a secret, of one that lies across its ends too."""
        spellings = self._redactor.spellings
        if spellings is None or context == Context():
            return self._redactor.shown_bytes(payload)
        before, whole = len(context.before), context.before + payload + context.after
        spans = list(spellings.find(whole))
        if context.goes_on and (size := spellings.begun(whole)):
            spans.append((len(whole) - size, len(whole)))
        if context.began and (size := spellings.going_on(whole)):
            spans.insert(0, (0, size))
        inner = ((max(0, start - before), end - before) for start, end in spans)
        return masked(payload, (span for span in inner if span[1] > 0))


def _facts(fields: Mapping[str, Any], redactor: Redactor) -> dict[str, Any]:
    """What is recorded of an event as it came: a refusal's body, and bytes that are no frame."""
    shown = dict(fields)
    if "body" in shown:
        shown["body"] = _body(shown["body"], redactor)
    if "b64" in shown:
        shown |= _body({"b64": shown["b64"]}, redactor)
    return shown


def _body(body: Any, redactor: Redactor) -> Any:
    if isinstance(body, str):
        return redactor.shown(body)
    try:
        return {"b64": b64encode(redactor.shown_bytes(b64decode(body["b64"]))).decode()}
    except (TypeError, KeyError, ValueError):
        return body


def _encoded(line: FrameLine, payload: bytes) -> bytes:
    """A frame with another payload; of the one on the wire only its length is told."""
    wire = line.frame.payload
    length = line.wire_length if line.wire_length is not None else len(wire)
    frame = replace(line.frame, payload=b"")
    shown = replace(line, payload=payload, frame=frame, wire_length=length)
    return encode_frame_line(shown).removesuffix(b"\n")
