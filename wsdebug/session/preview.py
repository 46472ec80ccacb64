"""A long line by its first bytes: the format's key order puts the payload behind all that
describes it.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from wsdebug.session.lines import Damaged, FrameLine, Line
from wsdebug.session.parse import parse_line
from wsdebug.wire.frame import Opcode

__all__ = ["HEAD", "LONG", "Preview", "preview_line"]

Read = Callable[[int, int], bytes]
LONG = 1 << 16  # bytes of a line from which on only a preview is parsed
HEAD = 1 << 14  # bytes of it that are
TAIL = 1 << 12  # bytes at its end that tell where the payload ends
WHOLE = 16 << 20  # bytes of a line in foreign key order that is parsed wholly all the same
WINDOW = 1 << 20  # bytes searched at a time for where the payload ends
PAYLOAD = re.compile(rb'[,{]"(?:send|recv)":')
WIRE = b'"wire":"'
ENDING = re.compile(rb',"wlen":([0-9]{1,18})\}\s*\Z')
LONGEST_CHARACTER = 12  # bytes: two escapes of a surrogate pair


@dataclass(frozen=True, slots=True)
class Preview:
    """A line whose payload is only its beginning; sizes are in bytes.

    `size` is that of the whole payload; where it has escapes in it, `is_exact` is false and the
    size is reckoned from the part that was read. `wire_size` is None where nothing was
    compressed.
    """

    line: Line
    size: int = 0
    wire_size: int | None = None
    is_exact: bool = True


def preview_line(head: bytes, size: int, number: int, read: Read) -> Preview | None:
    """A line of `size` bytes, newline included, by its first 16 KiB; None for a comment.

    `read` gives bytes of the line by size and offset. A line in another key order is parsed
    wholly up to 16 MiB, and is damaged beyond.
    """
    if head.startswith(b"#"):
        return None
    found = PAYLOAD.search(head)
    if found is not None:
        preview = _frame(head, found.end(), size, number, read)
        if preview is not None:
            return preview
    if size > WHOLE:
        words = f"a line of {size:,} bytes in an order that is not this format's"
        return Preview(Damaged(number, words, head))
    line = parse_line(read(size, 0).rstrip(b"\n"), number)
    if not isinstance(line, FrameLine):
        return Preview(line) if line is not None else None
    wire = line.wire_size
    return Preview(line, line.size, wire if wire != line.size else None)


def _frame(head: bytes, start: int, size: int, number: int, read: Read) -> Preview | None:
    """None where the first bytes are not as this program writes them."""
    is_text = head[start : start + 1] == b'"'
    opening = 1 if is_text else len(b'{"b64":"')
    if not is_text and head[start : start + opening] != b'{"b64":"':
        return None
    part = head[start + opening :]
    part = _whole_characters(part) if is_text else part[: len(part) // 4 * 4]
    closing = b'"' if is_text else b'"}'
    line = parse_line(head[: start + opening] + part + closing + b"}", number)
    if not isinstance(line, FrameLine) or line.payload is None or line.time_us is None:
        return None
    may_be_compressed = line.frame.rsv1 or line.frame.opcode == Opcode.CONT
    end, wire_size = _ends(size, read, may_be_compressed=may_be_compressed)
    if line.is_shortened and wire_size is None:
        return Preview(line, line.size)
    written = end - start - opening - len(closing)
    if not is_text:
        last = read(2, start + opening + written - 2)
        return Preview(line, written // 4 * 3 - last.count(b"="), wire_size)
    if b"\\" not in part:
        return Preview(line, written, wire_size)
    return Preview(line, round(written * len(line.payload) / len(part)), wire_size, False)


def _whole_characters(part: bytes) -> bytes:
    """Less an escape, a pair of them or a character that is cut off at the end."""
    for cut in range(LONGEST_CHARACTER):
        shorter = part[: len(part) - cut]
        try:
            json.loads(b'"%b"' % shorter).encode()
        except ValueError:
            continue
        return shorter
    return part


def _ends(size: int, read: Read, *, may_be_compressed: bool) -> tuple[int, int | None]:
    """Where the payload's JSON ends in the line, and the size on the wire if another."""
    tail = read(TAIL, max(0, size - TAIL))
    body = len(tail.rstrip())
    line_end = size - (len(tail) - body) - 1  # the closing brace
    ending = ENDING.search(tail)
    if ending is not None:
        return size - len(tail) + ending.start(), int(ending[1])
    at = _find_wire(size, read) if may_be_compressed else None
    if at is None:
        return line_end, None
    encoded = line_end - 1 - at - len(WIRE)
    padding = tail[: body - 2][-2:].count(b"=")
    return at - 1, encoded // 4 * 3 - padding


def _find_wire(size: int, read: Read) -> int | None:
    """Where the key `wire` stands: nothing but base64 follows it, so no quote but the last."""
    end, overlap = size, len(WIRE) + 1
    while end > 0:
        start = max(0, end - WINDOW)
        data = read(end - start + overlap, start)
        at = data.rfind(WIRE)
        if at > 0 and data[at - 1 : at] == b",":
            return start + at
        if b'"' in data[overlap : len(data) - overlap - 1]:
            return None
        end = start
    return None
