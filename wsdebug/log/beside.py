"""The bytes that stand beside a fragment in its message, as far as they are asked for."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

__all__ = ["Beside", "Context"]

CHUNK = 64  # lines that are read together
KEPT = 64  # chunks
FAR = 4096  # lines that are looked at in each direction

# from a line on: number, offset, bytes (of a long line only the beginning) and size
Lines = Callable[[int], Iterator[tuple[int, int, bytes, int]]]


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after a fragment; `goes_on` and `began` where more of its message
    stands beyond what was looked at, or is yet to come.
    """

    before: bytes = b""
    after: bytes = b""
    began: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    key: tuple[int, bool]  # connection and direction
    begins: bool
    ends: bool
    head: bytes
    tail: bytes


class Beside:
    """Finds it. `lines` reads without whole long lines, `line` reads one wholly; `count` says how
    many lines there are.
    """

    def __init__(
        self, lines: Lines, line: Callable[[int], bytes | None], count: Callable[[], int]
    ) -> None:
        self._lines = lines
        self._line = line
        self._count = count
        self._chunks: OrderedDict[int, list[_Piece | int | None]] = OrderedDict()
        self._reach = 0
        self._lock = threading.Lock()  # rows are read by several threads

    def of(self, number: int, reach: int) -> Context:
        """What stands within `reach` bytes of the frame in a line; of one that is whole by
        itself nothing.
        """
        with self._lock:
            if reach != self._reach:
                self._chunks.clear()
                self._reach = reach
            piece = self._piece(number)
            if piece is None or (piece.begins and piece.ends):
                return Context()
            before, began = self._before(number, piece)
            after, goes_on = self._after(number, piece)
            return Context(before, after, began, goes_on)

    def _before(self, number: int, piece: _Piece) -> tuple[bytes, bool]:
        parts: list[bytes] = []
        size = 0
        begins = piece.begins
        for other in self._others(range(number - 1, max(0, number - 1 - FAR), -1), piece):
            if begins or size >= self._reach or other.ends:
                break
            parts.append(other.tail)
            size += len(other.tail)
            begins = other.begins
        else:
            return b"".join(reversed(parts)), not begins and number > FAR
        return b"".join(reversed(parts)), False

    def _after(self, number: int, piece: _Piece) -> tuple[bytes, bool]:
        parts: list[bytes] = []
        size = 0
        ends = piece.ends
        for other in self._others(range(number + 1, number + 1 + FAR), piece):
            if ends or size >= self._reach or other.begins:
                break
            parts.append(other.head)
            size += len(other.head)
            ends = other.ends
        else:
            return b"".join(parts), not ends
        return b"".join(parts), False

    def _others(self, numbers: range, piece: _Piece) -> Iterator[_Piece]:
        """The data frames of the same direction in some lines, as far as there are any."""
        count = self._count()
        for number in numbers:
            if number > count:
                return
            other = self._piece(number)
            if other is not None and other.key == piece.key:
                yield other

    def _piece(self, number: int) -> _Piece | None:
        at, place = divmod(number - 1, CHUNK)
        chunk = self._chunks.get(at)
        if chunk is None or place >= len(chunk):
            chunk = self._chunks[at] = self._read(at * CHUNK + 1)
            if len(self._chunks) > KEPT:
                self._chunks.popitem(last=False)
        self._chunks.move_to_end(at)
        if place >= len(chunk):
            return None
        piece = chunk[place]
        if isinstance(piece, int):  # the size of a long line
            data = self._line(number)
            piece = chunk[place] = self._made(data, number) if data is not None else None
        return piece

    def _read(self, first: int) -> list[_Piece | int | None]:
        chunk: list[_Piece | int | None] = []
        for number, _, data, size in self._lines(first):
            if number >= first + CHUNK:
                break
            is_whole = len(data) >= size - 1
            chunk.append(self._made(data, number) if is_whole else size)
        return chunk

    def _made(self, data: bytes, number: int) -> _Piece | None:
        line = parse_line(data, number)
        if not isinstance(line, FrameLine) or line.frame.is_control:
            return None
        payload = line.payload or b""
        return _Piece(
            (line.connection, line.sent),
            line.frame.opcode != 0,
            line.frame.fin,
            payload[: self._reach],
            payload[-self._reach :],
        )
