"""The last rows of a file whose lines are still being counted."""

from wsdebug.log.row import Row
from wsdebug.log.rows import row_of
from wsdebug.session.lines import Event, Header, Line
from wsdebug.session.parse import parse_line
from wsdebug.session.preview import LONG
from wsdebug.session.reader import Source

__all__ = ["tail_rows"]

MOST = 1 << 20  # bytes that are read
QUIET = frozenset(("end", "meta"))


def tail_rows(source: Source, count: int) -> list[Row]:
    """At most so many rows; their line numbers are not known yet, and 0. Of a last line over
    1 MiB there is none.
    """
    end, size = source.size, LONG
    while True:
        start = max(0, end - size)
        lines = source.pread(end - start, start).removesuffix(b"\n").split(b"\n")
        if start:
            del lines[0]  # part of a line
        if not start or len(lines) > count or size >= MOST:
            break
        size *= 4
    rows: list[Row] = []
    before: list[Line] = []
    for data in lines:
        line = parse_line(data, 0, first=not start and not before)
        if line is None or isinstance(line, Header):
            continue
        if not (isinstance(line, Event) and line.name in QUIET):
            rows.append(row_of(line, before))
        before.append(line)
    return rows[-count:]
