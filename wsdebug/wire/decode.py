"""Bytes to frames, cut anywhere (RFC 6455 section 5.2)."""

from dataclasses import dataclass

from wsdebug.wire.encode import apply_mask, minimal_form
from wsdebug.wire.frame import Frame

__all__ = ["Decoded", "FrameDecoder"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A frame, and `cut`: its declared payload length in bytes where less was kept or came."""

    frame: Frame
    cut: int | None = None


@dataclass(slots=True)
class _Head:
    first: int
    length: int
    form: int
    mask: bytes | None
    keep: int  # bytes of the payload that are kept


class FrameDecoder:
    """Gathers frames from reads of any size, in time linear in the bytes.

    `limit` bounds what is kept of one payload, in bytes: of a longer one the beginning is kept,
    the rest is skipped without being stored, and the frame comes with `cut`.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._buffer = b""  # bytes of an unfinished head, or a whole small read
        self._head: _Head | None = None
        self._gathered = bytearray()
        self._missing = 0  # payload bytes still to come, kept or not

    @property
    def oversize(self) -> int | None:
        """The declared length of the frame under way, where it is over the limit."""
        head = self._head
        return head.length if head is not None and head.length > head.keep else None

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
        if self._head is None and self._buffer:
            data = self._buffer + data
            self._buffer = b""
        size = len(data)
        while True:
            if self._head is None:
                head, after = _read_head(data, position, self._limit)
                if head is None:
                    self._buffer = data[position:] if position < size else b""
                    return decoded
                position = after
                self._head = head
                self._missing = head.length
            head = self._head
            available = min(self._missing, size - position)
            wanted = min(available, head.keep - len(self._gathered))
            if wanted > 0:
                self._gathered += data[position : position + wanted]
            position += available
            self._missing -= available
            if self._missing:
                return decoded
            decoded.append(self._finish(head))

    def partial(self) -> Decoded | None:
        """At the end of the stream: the frame that was cut off, None between frames."""
        if self._head is None:
            return None
        return Decoded(self._frame(self._head), cut=self._head.length)

    def _finish(self, head: _Head) -> Decoded:
        decoded = Decoded(self._frame(head), head.length if head.length > head.keep else None)
        self._head = None
        self._gathered = bytearray()
        return decoded

    def _frame(self, head: _Head) -> Frame:
        payload = bytes(self._gathered)
        if head.mask is not None:
            payload = apply_mask(payload, head.mask)
        first = head.first
        minimal = head.form == minimal_form(head.length)
        return Frame(
            opcode=first & 0x0F,
            payload=payload,
            fin=bool(first & 0x80),
            rsv1=bool(first & 0x40),
            rsv2=bool(first & 0x20),
            rsv3=bool(first & 0x10),
            mask=head.mask,
            length_form=None if minimal else head.form,
        )


def _read_head(data: bytes, position: int, limit: int) -> tuple[_Head | None, int]:
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
    masked = bool(second & 0x80)
    if have < size + 4 * masked:
        return None, position
    if form != 7:
        length = int.from_bytes(data[position + 2 : position + size], "big")
    end = position + size
    mask = data[end : end + 4] if masked else None
    head = _Head(data[position], length, form, mask, min(length, limit))
    return head, end + 4 * masked
