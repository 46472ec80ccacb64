"""A log as it may be shown: without the values of secrets in payloads.

The record has payloads as they are; header and events were masked while recording. A secret that
lies across fragments is not found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wsdebug.log.index import LineIndex
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.payload.redact import Redactor
from wsdebug.session.encode import encode_frame_line, encode_note
from wsdebug.session.lines import FrameLine, Note
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

    def raw_lines(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        """Numbered lines from one on, whole, without newlines."""
        for number, data in super().raw_lines(first):
            yield number, self._masked(number, data) if self._redactor.has_secrets else data

    def _rows(self, wanted: Sequence[int]) -> list[Row]:
        rows = super()._rows(wanted)
        if not self._redactor.has_secrets:
            return rows
        return [self._masked_row(row) for row in rows]

    def _masked_row(self, row: Row) -> Row:
        text = self._redactor.shown(row.text)
        preview = row.preview and self._redactor.shown_bytes(row.preview)
        if (text, preview) == (row.text, row.preview):
            return row
        return replace(row, text=text, preview=preview)

    def _masked(self, number: int, data: bytes) -> bytes:
        line = parse_line(data, number, first=number == self.index.first_line)
        match line:
            case FrameLine(payload=bytes(payload)):
                shown = self._redactor.shown_bytes(payload)
                if shown != payload:
                    return _encoded(line, shown)
            case Note(text=text, time_us=time_us):
                if (shown_text := self._redactor.shown(text)) != text:
                    return encode_note(time_us or 0, shown_text, line.on).removesuffix(b"\n")
        return data


def _encoded(line: FrameLine, payload: bytes) -> bytes:
    """A frame with another payload; of the one on the wire only its length is told."""
    wire = line.frame.payload
    length = line.wire_length if line.wire_length is not None else len(wire)
    frame = replace(line.frame, payload=b"")
    shown = replace(line, payload=payload, frame=frame, wire_length=length)
    return encode_frame_line(shown).removesuffix(b"\n")
