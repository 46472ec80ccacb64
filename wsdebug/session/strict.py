"""A session from its first line to its last; the first damaged one stops it."""

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from wsdebug.errors import SessionUnreadable
from wsdebug.session.lines import Damaged, Line
from wsdebug.session.parse import parse_line

__all__ = ["STDIN", "file_lines", "open_input", "strict_lines"]

STDIN = "-"
LONGEST = 1 << 30  # bytes of a line


class _Input(io.RawIOBase):
    """A file, or an archive, whose errors are said in words."""

    def __init__(self, file: Any, path: str) -> None:
        self._file = file
        self._path = path

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer as far as it goes; 0 at the end. Raises SessionUnreadable."""
        try:
            data = self._file.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(self._path, error) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def open_input(path: str) -> io.BufferedReader:
    """A file to read from its beginning; `.gz` is inflated, `-` is stdin.

    Raises SessionUnreadable, as reading does.
    """
    if path == STDIN:
        return io.BufferedReader(_Input(io.FileIO(os.dup(0)), "standard input"))
    try:
        is_archive = path.lower().endswith(".gz")
        file: Any = gzip.GzipFile(path) if is_archive else io.FileIO(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    return io.BufferedReader(_Input(file, path))


def _unreadable(path: str, error: Exception) -> SessionUnreadable:
    why = getattr(error, "strerror", None) or str(error)
    return SessionUnreadable(f"cannot read {path}: {why.lower()}", path=path)


def file_lines(file: BinaryIO, path: str) -> Iterator[bytes]:
    """The lines of an open file, with their newlines.

    Raises SessionUnreadable for one over 1 GiB, and what the file raises.
    """
    number = 1
    while line := file.readline(LONGEST):
        if len(line) == LONGEST:
            words = f"{path}, line {number}: a line of over {LONGEST:,} bytes"
            raise SessionUnreadable(words, path=path, line=number)
        yield line
        number += 1


def strict_lines(
    lines: Iterable[bytes], path: str, on_torn: Callable[[int], None] | None = None
) -> Iterator[tuple[bytes, Line | None]]:
    """Each line as it stands, and its value; None for a blank line or a comment.

    A last line that was torn while it was written is no damage: the session ends before it, and
    `on_torn` gets its number. Raises SessionUnreadable at the first damaged line, with `path` and
    the line.
    """
    is_first = True
    for number, data in enumerate(lines, 1):
        line = parse_line(data.removesuffix(b"\n"), number, first=is_first)
        if isinstance(line, Damaged):
            if _is_torn(data) and not is_first:
                if on_torn is not None:
                    on_torn(number)
                return
            words = f"{path}, line {number}: {line.why}"
            raise SessionUnreadable(words, path=path, line=number)
        yield data, line
        is_first = is_first and line is None


def _is_torn(data: bytes) -> bool:
    """Whether it looks like the beginning of a line whose end was never written."""
    return not data.endswith(b"\n") and data.startswith(b"{") and not data.rstrip().endswith(b"}")
