"""Bytes to frames, cut anywhere (RFC 6455 section 5.2)."""

from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

from wsdebug.wire.encode import apply_mask, minimal_form
from wsdebug.wire.frame import Frame

__all__ = ["Decoded", "FrameDecoder"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A frame, and `cut`: its declared payload length in bytes where less was kept or came."""

    frame: Frame
    cut: int | None = None


class _Head(NamedTuple):
    first: int
    length: int
    form: int
    mask: bytes | None


class FrameDecoder:
    """Gathers frames from reads of any size, in time linear in the bytes.

    `limit` bounds what is kept of one payload, in bytes: of a longer one the beginning is kept,
    the rest is skipped without being stored, and the frame comes with `cut`.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._buffer = b""  # bytes of an unfinished head
        self._head: _Head | None = None  # of a frame that has not wholly come
        self._gathered = BytesIO()  # what is kept of its payload: without a copy at its end
        self._missing = 0  # payload bytes still to come, kept or not

    @property
    def oversize(self) -> int | None:
        """The declared length of the frame under way, where it is over the limit."""
        head = self._head
        return head.length if head is not None and head.length > self._limit else None

    @property
    def missing(self) -> int:
        """Bytes that the frame under way still lacks, 0 where its head is not known."""
        return self._missing

    @property
    def is_between_frames(self) -> bool:
        """Whether every byte so far belongs to a whole frame."""
        return self._head is None and not self._buffer

    @property
    def stray(self) -> bytes:
        """Bytes that have not made a frame head."""
        return self._buffer

    def feed(self, data: bytes) -> list[Decoded]:
        """Take bytes as they were read; give the frames that they complete, in order."""
        decoded: list[Decoded] = []
        position = 0
        if self._head is not None:
            position = self._gather(data, 0)
            if self._missing:
                return decoded
            decoded.append(self._finish(self._head))
        elif self._buffer:
            data, self._buffer = self._buffer + data, b""
        size, limit = len(data), self._limit
        while True:
            head, position = _read_head(data, position)
            if head is None:
                self._buffer = data[position:] if position < size else b""
                return decoded
            end = position + head.length
            if end <= size and head.length <= limit:
                decoded.append(Decoded(_frame(head, data[position:end])))
                position = end
                continue
            self._head, self._missing = head, head.length
            position = self._gather(data, position)
            if self._missing:
                return decoded
            decoded.append(self._finish(head))

    def partial(self) -> Decoded | None:
        """At the end of the stream: the frame that was cut off, None between frames."""
        if self._head is None:
            return None
        return Decoded(_frame(self._head, self._gathered.getvalue()), cut=self._head.length)

    def _gather(self, data: bytes, position: int) -> int:
        """Keep what belongs to the frame under way, up to the limit; where that ends."""
        available = min(self._missing, len(data) - position)
        self._missing -= available
        wanted = min(available, self._limit - self._gathered.tell())
        if wanted > 0:
            self._gathered.write(memoryview(data)[position : position + wanted])
        return position + available

    def _finish(self, head: _Head) -> Decoded:
        payload = self._gathered.getvalue()
        self._head, self._gathered = None, BytesIO()
        return Decoded(_frame(head, payload), head.length if head.length > len(payload) else None)


def _frame(head: _Head, payload: bytes) -> Frame:
    first, mask = head.first, head.mask
    is_minimal = head.form == 7 or head.form == minimal_form(head.length)
    return Frame(
        first & 0x0F,
        payload if mask is None else apply_mask(payload, mask),
        first & 0x80 != 0,
        first & 0x40 != 0,
        first & 0x20 != 0,
        first & 0x10 != 0,
        mask,
        None if is_minimal else head.form,
    )


def _read_head(data: bytes, position: int) -> tuple[_Head | None, int]:
    """The head at a position and where its payload begins; None if it is not yet whole."""
    have = len(data) - position
    if have < 2:
        return None, position
    second = data[position + 1]
    length, form, size = second & 0x7F, 7, 2
    if length == 126:
        form, size = 16, 4
    elif length == 127:
        form, size = 64, 10
    masked = second > 0x7F
    if have < size + 4 * masked:
        return None, position
    if form != 7:
        length = int.from_bytes(data[position + 2 : position + size], "big")
    end = position + size
    if not masked:
        return _Head(data[position], length, form, None), end
    return _Head(data[position], length, form, data[end : end + 4]), end + 4
