"""A session read line by line by those who need all of it to be right."""

import sys
from collections.abc import Iterator
from typing import BinaryIO

from wsdebug.errors import SessionUnreadable
from wsdebug.payload.json_scan import is_json
from wsdebug.session.lines import Damaged, Line
from wsdebug.session.parse import parse_line
from wsdebug.session.reader import FileSource, open_source

__all__ = ["STDIN", "checked_lines", "unreadable"]

STDIN = "-"
WINDOW = 1 << 20  # bytes read at a time
RECORDED = b'{"t":'  # how each line begins that a recorder writes, but the header


def checked_lines(path: str) -> Iterator[tuple[int, bytes, Line | None]]:
    """Number, bytes without the newline, and value of every line; None for a blank line or a
    comment. `-` is standard input, a `.gz` is inflated.

    A recorded last line that was cut off in the middle is left out: that recording was
    interrupted. Raises SessionUnreadable at the first damaged line, naming it, and for a file
    that cannot be read.
    """
    is_first = True
    for number, data in enumerate(_raw_lines(path), 1):
        is_last = not data.endswith(b"\n")
        data = data.removesuffix(b"\n")
        line = parse_line(data, number, first=is_first)
        if isinstance(line, Damaged):
            if is_last and _is_cut_off(data):
                return
            raise unreadable(path, number, line.why)
        is_first = is_first and line is None
        yield number, data, line


def unreadable(path: str, number: int, why: str) -> SessionUnreadable:
    """What is wrong with a line, as an exception."""
    name = "standard input" if path == STDIN else path
    return SessionUnreadable(f"{name}, line {number}: {why}", path=path, line=number)


def _raw_lines(path: str) -> Iterator[bytes]:
    """Lines with their newlines; only `\\n` ends one."""
    if path == STDIN:
        yield from _of_stream(sys.stdin.buffer)
        return
    source = open_source(path)
    try:
        yield from _of_source(source)
    finally:
        source.close()


def _of_stream(stream: BinaryIO) -> Iterator[bytes]:
    yield from stream


def _of_source(source: FileSource) -> Iterator[bytes]:
    while source.grow():
        pass
    offset = 0
    parts: list[bytes] = []
    while data := source.pread(WINDOW, offset):
        offset += len(data)
        *whole, rest = data.split(b"\n")
        for line in whole:
            yield b"".join((*parts, line, b"\n"))
            parts.clear()
        if rest:
            parts.append(rest)
    if parts:
        yield b"".join(parts)


def _is_cut_off(data: bytes) -> bool:
    """Whether these are the first bytes of what a recorder wrote."""
    return data.startswith(RECORDED) and not is_json(data.decode("utf-8", "replace"))
