"""The lines before a row, read only where the row needs them."""

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from wsdebug.session.lines import Header, Line
from wsdebug.session.preview import Preview

__all__ = ["LinesBefore"]

Later = Callable[[], Preview | None]


class LinesBefore(Sequence[Line]):
    """Grows at its end. Going backward reads line after line, anything else all of them.

    Comments, blank lines and the header are left out.
    """

    def __init__(self) -> None:
        self._items: list[Line | Later | None] = []

    def add(self, item: Preview | Later) -> None:
        """Take the next line, or how to get it."""
        self._items.append(_line(item) if isinstance(item, Preview) else item)

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> list[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | list[Line]:
        return self._all()[place]

    def __reversed__(self) -> Iterator[Line]:
        for at in range(len(self._items) - 1, -1, -1):
            line = self._read(at)
            if line is not None:
                yield line

    def _all(self) -> list[Line]:
        lines = (self._read(at) for at in range(len(self._items)))
        return [line for line in lines if line is not None]

    def _read(self, at: int) -> Line | None:
        item = self._items[at]
        if callable(item):
            item = self._items[at] = _line(item())
        return item


def _line(preview: Preview | None) -> Line | None:
    if preview is None or isinstance(preview.line, Header):
        return None
    return preview.line
