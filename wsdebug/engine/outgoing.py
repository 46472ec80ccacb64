"""Messages on their way out: compression, fragments and masks."""

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from wsdebug.wire.deflate import Deflater
from wsdebug.wire.encode import encode_head
from wsdebug.wire.frame import Frame

try:  # compiled where there is a wheel for this machine
    from websockets.speedups import apply_mask
except ImportError:
    from wsdebug.wire.encode import apply_mask  # type: ignore[assignment]

__all__ = ["Outgoing", "PlainSent", "fresh_masks"]

LONGEST = (1 << 16) - 1  # bytes of a payload in a plain frame
NO_KEY = bytes(4)
DRAWN = 1 << 12  # bytes that are asked of the system at once: a call takes as long for 4 of them


@dataclass(frozen=True, slots=True)
class PlainSent:
    """Messages of one masked frame each, with the key of each.

    `data` is what goes on the wire; `wires` are the compressed payloads, if they are.
    """

    opcode: int
    payloads: Sequence[bytes]
    masks: Sequence[bytes]
    data: bytes
    wires: Sequence[bytes] = ()

    @property
    def wire_size(self) -> int:
        """Bytes of the payloads on the wire."""
        return sum(map(len, self.wires or self.payloads))


def fresh_masks() -> Iterator[bytes]:
    """Masking keys without end, each from the system's entropy (RFC 6455 section 5.3)."""
    while True:
        for (mask,) in struct.iter_unpack("4s", os.urandom(DRAWN)):
            yield mask


class Outgoing:
    """Makes the frames of one direction, in order. `random_mask` is None for a server (5.1)."""

    def __init__(
        self, *, random_mask: Callable[[], bytes] | None, deflater: Deflater | None
    ) -> None:
        self._random_mask = random_mask
        self._deflater = deflater

    def frame(self, opcode: int, payload: bytes, *, fin: bool = True, rsv1: bool = False) -> Frame:
        """One frame with a fresh mask."""
        mask = self._random_mask() if self._random_mask is not None else None
        return Frame(int(opcode), payload, fin=fin, rsv1=rsv1, mask=mask)

    def message(self, opcode: int, data: bytes, size: int) -> Iterator[tuple[Frame, bytes]]:
        """The frames of a message, each with what it carries before compression: `size` bytes."""
        size = max(1, size)
        for start in range(0, len(data) or 1, size):
            piece, is_last = data[start : start + size], start + size >= len(data)
            payload = piece
            if self._deflater is not None:
                payload = self._deflater.deflate(piece, final=is_last)
            is_first = start == 0
            rsv1 = is_first and self._deflater is not None  # RFC 7692 section 6.1
            yield self.frame(opcode if is_first else 0, payload, fin=is_last, rsv1=rsv1), piece

    def plain(self, opcode: int, payloads: Sequence[bytes]) -> PlainSent | None:
        """Many messages of at most 65,535 bytes at once, each compressed by itself if that was
        agreed; None where one is longer, and where they are not masked. Text must be UTF-8.
        """
        random_mask, deflater = self._random_mask, self._deflater
        if random_mask is None or max(map(len, payloads), default=0) > LONGEST:
            return None
        masks = [random_mask() for _ in payloads]
        if deflater is None:
            return PlainSent(opcode, payloads, masks, _masked(_Heads(opcode), payloads, masks))
        wires = [*map(deflater.deflate, payloads)]
        data = _masked(_Heads(opcode, rsv1=True), wires, masks)  # RFC 7692 section 6.1
        return PlainSent(opcode, payloads, masks, data, wires)


class _Heads(dict[int, bytes]):
    """Heads of the frames of one kind, without their keys, by the length of the payload."""

    def __init__(self, opcode: int, *, rsv1: bool = False) -> None:
        super().__init__()
        self._opcode = opcode
        self._rsv1 = rsv1

    def __missing__(self, length: int) -> bytes:
        frame = Frame(self._opcode, rsv1=self._rsv1, mask=NO_KEY, declared_length=length)
        head = self[length] = encode_head(frame)[: -len(NO_KEY)]
        return head


def _masked(heads: _Heads, payloads: Sequence[bytes], masks: Sequence[bytes]) -> bytes:
    """The same bytes as `encode_frame` makes, without a step of Python for each frame."""
    bodies = map(apply_mask, payloads, masks)
    parts = zip(map(heads.__getitem__, map(len, payloads)), masks, bodies, strict=True)
    return b"".join(chain.from_iterable(parts))
