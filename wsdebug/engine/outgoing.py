"""Messages on their way out: compression, fragments and masks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from wsdebug.wire.deflate import Deflater
from wsdebug.wire.encode import encode_head
from wsdebug.wire.frame import Frame

__all__ = ["Outgoing", "PlainSent"]

LONGEST = (1 << 16) - 1  # bytes of a payload in a plain frame
NO_KEY = bytes(4)
BATCH = 1 << 14  # bytes that are masked together; more leave the processor's cache


@dataclass(frozen=True, slots=True)
class PlainSent:
    """Messages of one masked, uncompressed frame each; `masks` has 4 bytes for each of them.

    `data` is what goes on the wire.
    """

    opcode: int
    payloads: Sequence[bytes]
    masks: bytes
    data: bytes


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
        """Many messages of at most 65,535 bytes at once; None where one is longer, and where they
        are to be compressed or not masked. Text must be UTF-8.
        """
        if self._deflater is not None or self._random_mask is None:
            return None
        if max(map(len, payloads), default=0) > LONGEST:
            return None
        random_mask = self._random_mask
        masks = b"".join([random_mask() for _ in payloads])
        return PlainSent(opcode, payloads, masks, _masked(opcode, payloads, masks))


def _masked(opcode: int, payloads: Sequence[bytes], masks: bytes) -> bytes:
    """The same bytes as `encode_frame` makes, by one XOR over many frames."""
    done: list[bytes] = []
    plain: list[bytes] = []
    keys: list[bytes] = []
    heads: dict[int, bytes] = {}
    size = 0
    for number, payload in enumerate(payloads):
        length = len(payload)
        head = heads.get(length)
        if head is None:
            frame = Frame(opcode, mask=NO_KEY, declared_length=length)
            head = heads[length] = encode_head(frame)[: -len(NO_KEY)]
        mask = masks[number * 4 : number * 4 + 4]
        plain += (head, mask, payload)
        keys += (bytes(len(head) + 4), (mask * (length // 4 + 1))[:length])
        size += length
        if size >= BATCH:
            done.append(_xor(plain, keys))
            size = 0
    if plain:
        done.append(_xor(plain, keys))
    return b"".join(done)


def _xor(plain: list[bytes], keys: list[bytes]) -> bytes:
    """Both lists joined and mixed, and emptied."""
    data = b"".join(plain)
    mixed = int.from_bytes(data, "little") ^ int.from_bytes(b"".join(keys), "little")
    plain.clear()
    keys.clear()
    return mixed.to_bytes(len(data), "little")
