"""The fast lane: whole messages of a flood, without an object for each."""

from collections.abc import Collection, Sequence

from wsdebug.session.frames import SEPARATOR

__all__ = [
    "count_of_text",
    "frames_size",
    "held_size",
    "joined_text",
    "kinds",
    "odd_end",
    "plain_frames",
]

TEXT, BINARY = 0x81, 0x82  # first byte: FIN, no reserved bit, opcode
COMPRESSED = 0x40  # RSV1
SHORT, LONG = 125, 0xFFFF  # bytes of a payload that 7 and 16 bits tell
LONGEST = 1 << 17  # bytes; the beginning of a longer one is better gathered than joined


def kinds(*, compressed: bool) -> dict[int, tuple[bool, bool]]:
    """First bytes of the frames that are whole messages: whether it is text, and compressed."""
    found = {TEXT: (True, False), BINARY: (False, False)}
    if compressed:
        found |= {TEXT | COMPRESSED: (True, True), BINARY | COMPRESSED: (False, True)}
    return found


def plain_frames(data: bytes, start: int, limit: int) -> tuple[list[bytes], int]:
    """Payloads of the frames from a place on that begin with the same byte, and their end.

    Those of at most `limit` and 128 KiB, unmasked and with a length in its shortest form (5.2).
    What is not is left to others.
    """
    kind = data[start]
    payloads: list[bytes] = []
    take = payloads.append
    before = position = start
    limit = min(limit, LONGEST)
    short = min(limit, SHORT)
    try:
        while data[position] == kind:
            length, first = data[position + 1], position + 2
            if length > short:
                if length == 126:
                    length = data[first] << 8 | data[first + 1]
                    first += 2
                    shortest = SHORT
                elif length == 127:
                    length = int.from_bytes(data[first : first + 8])
                    first += 8
                    shortest = LONG
                else:
                    break
                if not shortest < length <= limit:
                    break
            before, position = position, first + length
            take(data[first:position])
    except IndexError:
        pass
    if position > len(data):
        payloads.pop()
        position = before
    return payloads, position


def joined_text(payloads: Sequence[bytes]) -> str | None:
    """Texts with SEPARATOR between; None where one is not UTF-8."""
    try:
        return SEPARATOR.join(payloads).decode()
    except UnicodeDecodeError:
        return None


def count_of_text(payloads: Sequence[bytes]) -> int:
    """How many of them are UTF-8 before one that is not."""
    for count, payload in enumerate(payloads):
        try:
            payload.decode()
        except UnicodeDecodeError:
            return count
    return len(payloads)


def frames_size(payloads: Sequence[bytes]) -> int:
    """Bytes of plain frames with these payloads."""
    sizes = [len(payload) for payload in payloads]
    return sum(size + (2 if size <= SHORT else 4 if size <= LONG else 10) for size in sizes)


def held_size(data: bytes, start: int, limit: int, firsts: Collection[int]) -> int:
    """How many bytes from a place to the end are the beginning of one frame as `plain_frames`
    takes it, with one of these first bytes; 0 if none.
    """
    held = len(data) - start
    if not held or data[start] not in firsts:
        return 0
    if held == 1:
        return 1
    length, head, shortest = data[start + 1], 2, -1
    if length > 127:
        return 0
    if length > SHORT:
        head, shortest = (4, SHORT) if length == 126 else (10, LONG)
        if held < head:
            return held
        length = int.from_bytes(data[start + 2 : start + head])
    is_taken = shortest < length <= min(limit, LONGEST)
    return held if is_taken and held < head + length else 0


def odd_end(data: bytes, start: int, firsts: Collection[int]) -> int:
    """Where the frame at a place ends, and those after it that have none of these first bytes.

    The end of data where the last of them goes on behind it.
    """
    position, end = start, len(data)
    while position + 2 <= end:
        if position > start and data[position] in firsts and data[position + 1] <= 127:
            return position
        second = data[position + 1]
        length, head = second & 0x7F, 2
        if length == 126:
            head = 4
        elif length == 127:
            head = 10
        if head > 2:
            length = int.from_bytes(data[position + 2 : position + head], "big")
        position += head + length + (4 if second & 0x80 else 0)
    return end
