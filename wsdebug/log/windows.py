"""A session file read in windows of whole lines, for whoever goes through all of it."""

from dataclasses import dataclass

from wsdebug.log.index import LineIndex
from wsdebug.session.reader import Source

__all__ = ["WHOLE", "WINDOW", "Window", "read_window"]

WINDOW = 1 << 20  # bytes that are read at a time
WHOLE = 256 << 20  # bytes of a line that are read at most


@dataclass(frozen=True, slots=True)
class Window:
    """Whole lines one after another; of a single line over 256 MiB only the beginning.

    `after` is where the next window begins: an offset and the number of its first line.
    """

    first: int  # number of the first line
    lines: int
    data: bytes  # newlines included
    after: tuple[int, int]
    is_cut: bool = False


def read_window(source: Source, index: LineIndex, at: tuple[int, int]) -> Window | None:
    """The lines from a place on, up to about 1 MiB; None where nothing more is there yet.

    The place is an offset and the number of the line that begins there.
    """
    offset, first = at
    end, after = index.boundary(offset, WINDOW)
    wanted = min(end - offset, WHOLE)
    data = _read(source, wanted, offset)
    if not data or len(data) < wanted:
        return None
    if end - offset > WHOLE:
        whole_lines = data.rfind(b"\n") + 1
        if not whole_lines:
            return Window(first, 1, data, (end, first + 1), is_cut=True)
        data, end, after = data[:whole_lines], offset + whole_lines, None
    if after is None:
        after = first + data.count(b"\n") + (not data.endswith(b"\n"))
    return Window(first, after - first, data, (end, after))


def _read(source: Source, size: int, offset: int) -> bytes:
    """All of it, though a source may give it in pieces."""
    data = source.pread(size, offset)
    if len(data) == size:
        return data
    parts = [data]
    while data and size > (got := sum(map(len, parts))):
        data = source.pread(size - got, offset + got)
        parts.append(data)
    return b"".join(parts)
