"""A session read line by line by those who need all of it to be right."""

import contextlib
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from wsdebug.errors import SessionUnreadable
from wsdebug.payload.json_scan import is_json
from wsdebug.session.lines import LINE_LIMIT, Damaged, Line
from wsdebug.session.parse import parse_line

__all__ = [
    "STDIN",
    "Numbered",
    "called",
    "cannot_read",
    "checked",
    "checked_lines",
    "file_lines",
    "file_text",
    "open_input",
    "unreadable",
]

STDIN = "-"
PIECE = 1 << 24  # bytes of a line that are read at a time
RECORDED = b'{"t":'  # how each line begins that a recorder writes, but the header

Numbered = tuple[int, bytes, Line | None]


def checked_lines(path: str) -> Iterator[Numbered]:
    """Number, bytes without the newline, and value of every line; None for a blank line or a
    comment. `-` is standard input, a `.gz` is inflated.

    A recorded last line that was cut off in the middle is left out: that recording was
    interrupted. Raises SessionUnreadable at the first damaged line, naming it, and for a file
    that cannot be read.
    """
    with open_input(path) as file:
        yield from checked(file_lines(file, path), path)


def checked(
    lines: Iterable[bytes],
    path: str,
    on_torn: Callable[[int], None] | None = None,
    *,
    start: int = 1,
    is_first: bool = True,
) -> Iterator[Numbered]:
    """The same of lines that come with their newlines; `on_torn` gets the number of a last line
    that was left out.

    `start` is the number of the first; `is_first` says whether nothing but comments is before it.
    """
    number = start - 1
    try:
        for number, data in enumerate(lines, start):
            is_last = not data.endswith(b"\n")
            data = data.removesuffix(b"\n")
            line = parse_line(data, number, first=is_first)
            if isinstance(line, Damaged):
                if is_last and _is_cut_off(data):
                    if on_torn is not None:
                        on_torn(number)
                    return
                raise unreadable(path, number, line.why)
            is_first = is_first and line is None
            yield number, data, line
    except MemoryError:
        raise unreadable(path, number + 1, "too long for the memory there is") from None


def called(path: str) -> str:
    """What a person calls a path."""
    return "standard input" if path == STDIN else path


def unreadable(path: str, number: int, why: str) -> SessionUnreadable:
    """What is wrong with a line, as an exception."""
    return SessionUnreadable(f"{called(path)}, line {number}: {why}", path=path, line=number)


class _Input(io.RawIOBase):
    """A file, or an archive, whose errors are said in words."""

    def __init__(self, file: Any, path: str) -> None:
        self._read = getattr(file, "read1", file.read)
        self._path = path

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer as far as it goes; 0 at the end. Raises SessionUnreadable."""
        try:
            data = self._read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise cannot_read(self._path, error) from error
        buffer[: len(data)] = data
        return len(data)


@contextlib.contextmanager
def open_input(path: str) -> Iterator[io.BufferedReader]:
    """A file to read from its beginning; `.gz` is inflated, `-` is standard input.

    Raises SessionUnreadable, as reading does.
    """
    if path == STDIN:
        yield io.BufferedReader(_Input(sys.stdin.buffer, path))
        return
    try:
        file: Any = gzip.GzipFile(path) if path.lower().endswith(".gz") else io.FileIO(path)
    except OSError as error:
        raise cannot_read(path, error) from error
    with file:
        yield io.BufferedReader(_Input(file, path))


def cannot_read(path: str, error: Exception) -> SessionUnreadable:
    """Why a file cannot be read, as an exception."""
    why = getattr(error, "strerror", None) or str(error)
    return SessionUnreadable(f"cannot read {called(path)}: {why.lower()}", path=path)


def file_text(data: bytes, path: str) -> str:
    """What a file of text has in it, less a byte order mark. Raises SessionUnreadable, naming the
    line, for what is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise unreadable(path, line, "not UTF-8") from error


def file_lines(file: BinaryIO, path: str) -> Iterator[bytes]:
    """The lines of an open file, with their newlines; only `\\n` ends one.

    Raises SessionUnreadable for one over 512 MiB, and what the file raises.
    """
    number = 1
    while line := file.readline(PIECE):
        if len(line) == PIECE and not line.endswith(b"\n"):
            line = _long_line(file, line, path, number)
        yield line
        number += 1


def _long_line(file: BinaryIO, begun: bytes, path: str, number: int) -> bytes:
    """The rest of a line too; in one piece, where `readline` would have it twice."""
    held = bytearray(begun)
    while not held.endswith(b"\n") and (piece := file.readline(PIECE)):
        held += piece
        if len(held) >= LINE_LIMIT:
            raise unreadable(path, number, f"over {LINE_LIMIT:,} bytes")
    return bytes(held)


def _is_cut_off(data: bytes) -> bool:
    """Whether these are the first bytes of what a recorder wrote."""
    return data.startswith(RECORDED) and not is_json(data.decode("utf-8", "replace"))
