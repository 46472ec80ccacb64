"""The lines of a log backward, whole blocks of them at a time."""

from collections.abc import Callable, Iterator
from itertools import islice, takewhile

from wsdebug.log.index import STRIDE, LineIndex

__all__ = ["Blocks", "Lines", "blocks_before", "lines_before"]

Lines = Callable[[int], Iterator[tuple[int, bytes]]]  # numbered, from a line on
Blocks = Callable[[int], Iterator[tuple[int, bytes]]]  # before a line; see `blocks_before`
LARGEST = 4 * STRIDE  # bytes of a block without very long lines


def lines_before(index: LineIndex, number: int, lines_from: Lines) -> Iterator[tuple[int, bytes]]:
    """Numbered lines before one, the last of them first."""
    while number > 1:
        _, first = index.locate(number - 1)
        block = takewhile(lambda each: each[0] < number, lines_from(first))  # noqa: B023
        yield from reversed(list(block))
        number = first


def blocks_before(
    index: LineIndex, number: int, lines_from: Lines, pread: Callable[[int, int], bytes]
) -> Iterator[tuple[int, bytes]]:
    """The lines before one in blocks of about 64 KiB, the last block first: the number of its
    first line, and its bytes with all newlines.
    """
    while number > 1:
        offset, first = index.locate(number - 1)
        end, after = index.boundary(offset, 0)
        data = pread(end - offset, offset) if end - offset <= LARGEST else b""
        if after != number or len(data) < end - offset:
            lines = data.split(b"\n", number - first)[: number - first] if data else []
            if len(lines) < number - first:
                lines = [line for _, line in islice(lines_from(first), number - first)]
            data = b"".join([line + b"\n" for line in lines])
        yield first, data
        number = first
