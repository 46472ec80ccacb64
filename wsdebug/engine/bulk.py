"""The fast lane: plain frames of a flood, without an object for each."""

from wsdebug.session.lines import SEPARATOR, PlainRun

__all__ = ["held_size", "odd_end", "plain_run"]

TEXT, BINARY = 0x81, 0x82  # first byte: FIN, no reserved bit, opcode
SHORT = 125  # bytes of a payload that its second byte tells
HELD = 1 << 16  # bytes of an unfinished frame that are worth waiting for


def plain_run(data: bytes, start: int, limit: int) -> tuple[PlainRun | None, int]:
    """The plain frames of one kind from a place on, and where they end.

    Plain is a whole message of at most `limit` and 65,535 bytes, unmasked, neither compressed nor
    wrong in any way. What is not is left to others.
    """
    kind = data[start]
    if kind != TEXT and kind != BINARY:
        return None, start
    payloads: list[bytes] = []
    take = payloads.append
    before = position = start
    short = min(limit, SHORT)
    try:
        while data[position] == kind:
            length, first = data[position + 1], position + 2
            if length > short:
                if length != 126:
                    break
                length = data[first] << 8 | data[first + 1]
                first += 2
                if length <= SHORT or length > limit:  # 5.2: in its shortest form
                    break
            before, position = position, first + length
            take(data[first:position])
    except IndexError:
        pass
    if position > len(data):
        payloads.pop()
        position = before
    return _judged(payloads, kind == TEXT, start, position)


def _judged(
    payloads: list[bytes], is_text: bool, start: int, end: int
) -> tuple[PlainRun | None, int]:
    """The run, up to the first payload that is not UTF-8 where it must be."""
    joined = SEPARATOR.join(payloads) if is_text else b""
    if not joined.isascii():
        try:
            joined.decode()
        except UnicodeDecodeError:
            payloads = payloads[: _count_of_text(payloads)]
            joined = SEPARATOR.join(payloads)
            end = start + sum(len(each) + (2 if len(each) <= SHORT else 4) for each in payloads)
    if not payloads:
        return None, start
    size = len(joined) - len(payloads) + 1 if is_text else sum(map(len, payloads))
    return PlainRun(payloads, is_text, size, joined), end


def _count_of_text(payloads: list[bytes]) -> int:
    for count, payload in enumerate(payloads):
        try:
            payload.decode()
        except UnicodeDecodeError:
            return count
    return len(payloads)


def held_size(data: bytes, start: int, limit: int) -> int:
    """How many bytes from a place to the end are the beginning of one plain frame, 0 if none."""
    held = len(data) - start
    if not held or data[start] not in (TEXT, BINARY):
        return 0
    if held == 1:
        return 1
    length, head = data[start + 1], 2
    if length == 126:
        if held < 4:
            return held
        length, head = data[start + 2] << 8 | data[start + 3], 4
        if length <= SHORT:
            return 0
    elif length > SHORT:
        return 0
    return held if length <= min(limit, HELD) and held < head + length else 0


def odd_end(data: bytes, start: int) -> int:
    """Where the frames end that are not plain: that at a place, and those like it after it.

    The end of data where the last of them goes on behind it.
    """
    position, end = start, len(data)
    while position + 2 <= end:
        if position > start and data[position] in (TEXT, BINARY) and data[position + 1] <= 126:
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
