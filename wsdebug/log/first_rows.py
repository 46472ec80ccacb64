"""The first rows of a session, for a glance at it: nothing is counted, nothing stays open."""

from pathlib import Path

from wsdebug.log.row import Row
from wsdebug.log.rows import STEPS, row_of
from wsdebug.session.lines import Event, Header, Line
from wsdebug.session.parse import parse_line

__all__ = ["first_rows"]

HEAD = 1 << 17  # bytes that are looked at


def first_rows(path: Path, count: int) -> list[Row]:
    """At most `count` rows from the start, without header and handshake; of a `.gz` too.

    Only whole lines among the first 128 KiB; none of a file that cannot be read.
    """
    data = _head(path)
    lines = data.split(b"\n")
    if len(data) == HEAD:
        del lines[-1]  # goes on
    rows: list[Row] = []
    before: list[Line] = []
    for number, text in enumerate(lines, 1):
        line = parse_line(text, number, first=not before)
        if line is None:
            continue
        is_step = isinstance(line, Event) and line.name in STEPS
        if not is_step and not isinstance(line, Header):
            rows.append(row_of(line, before))
            if len(rows) == count:
                break
        before.append(line)
    return rows


def _head(path: Path) -> bytes:
    import gzip
    import zlib

    try:
        if path.name.endswith(".gz"):
            with gzip.open(path, "rb") as packed:
                return packed.read(HEAD)
        with path.open("rb") as file:
            return file.read(HEAD)
    except (OSError, EOFError, zlib.error):
        return b""
