"""The lines of a log as its rows show them: long ones by their beginning, and kept."""

from wsdebug.log.index import LineIndex
from wsdebug.session.parse import parse_line
from wsdebug.session.preview import HEAD, LONG, Preview, preview_line
from wsdebug.session.reader import Source

__all__ = ["Previews"]

KEPT = 512  # previews of long lines, of 16 KiB each


class Previews:
    """Previews of a source's lines; those of long lines are dear, and made once."""

    def __init__(self, source: Source, index: LineIndex) -> None:
        self._source = source
        self._index = index
        self._kept: dict[int, Preview] = {}

    def of(self, number: int, offset: int, data: bytes, size: int) -> Preview | None:
        """That of a line of `size` bytes, newline included, at an offset, of which `data` is all
        or the beginning; None where it has no meaning.
        """
        if size <= LONG:
            line = parse_line(data, number, first=number == self._index.first_line)
            return Preview(line) if line is not None else None
        preview = self._kept.get(number)
        if preview is not None:
            return preview

        def read(count: int, start: int) -> bytes:
            return self._source.pread(min(count, size - start), offset + start)

        preview = preview_line(data[:HEAD], size, number, read)
        if preview is not None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[number] = preview
        return preview
