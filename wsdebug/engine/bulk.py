"""The fast lane: plain frames of a flood, without an object for each."""

from dataclasses import dataclass, field

__all__ = ["Plain", "plain_frames"]

TEXT, BINARY = 0x81, 0x82  # first byte: FIN, no reserved bit, opcode
HELD = 1 << 12  # bytes of an unfinished frame that are worth waiting for


@dataclass(frozen=True, slots=True)
class Plain:
    """Payloads of plain frames in order, str for text; `size` is theirs in bytes.

    `end` is where they end, `is_cut` whether the beginning of another follows as the last bytes.
    """

    payloads: list[str | bytes] = field(default_factory=list)
    size: int = 0
    end: int = 0
    is_cut: bool = False


def plain_frames(data: bytes, limit: int) -> Plain:
    """The plain frames at the start of data: whole messages of at most `limit` and 65,535 bytes,
    unmasked, neither compressed nor wrong in any way. What is not is left to others.
    """
    payloads: list[str | bytes] = []
    size, position, end = 0, 0, len(data)
    while position < end:
        first = data[position]
        if first != TEXT and first != BINARY:
            break
        if position + 2 > end:
            return Plain(payloads, size, position, is_cut=True)
        length, start = data[position + 1], position + 2
        if length > 125:
            if length != 126:
                break
            start += 2
            if start > end:
                return Plain(payloads, size, position, is_cut=True)
            length = data[position + 2] << 8 | data[position + 3]
            if length < 126:  # 5.2: not in its shortest form
                break
        if length > limit:
            break
        if start + length > end:
            return Plain(payloads, size, position, is_cut=length <= HELD)
        payload = data[start : start + length]
        if first == TEXT:
            try:
                payloads.append(payload.decode())
            except UnicodeDecodeError:
                break
        else:
            payloads.append(payload)
        size += length
        position = start + length
    return Plain(payloads, size, position)
