"""A session file read in windows of whole lines, for whoever goes through all of it."""

from dataclasses import dataclass

from wsdebug.log.index import LineIndex
from wsdebug.session.lines import Damaged
from wsdebug.session.preview import HEAD, Preview, preview_line
from wsdebug.session.reader import Source

__all__ = ["WHOLE", "WINDOW", "Window", "read_window"]

WINDOW = 1 << 20  # bytes that are read at a time
WHOLE = 192 << 20  # bytes of a line that are read: what the default --max-size makes at most

NOTHING = Preview(Damaged(0, "a comment", b""))


@dataclass(frozen=True, slots=True)
class Window:
    """Whole lines one after another, or of a single line over 192 MiB a preview and no data.

    `after` is where the next window begins: an offset and the number of its first line.
    """

    first: int  # number of the first line
    lines: int
    data: bytes  # newlines included
    after: tuple[int, int]
    preview: Preview | None = None


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
            size = end - offset
            preview = preview_line(
                data[:HEAD], size, first, lambda count, start: source.pread(count, offset + start)
            )
            return Window(first, 1, b"", (end, first + 1), preview or NOTHING)
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
