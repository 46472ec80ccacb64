"""A session read for all of it to be right, without holding its plain lines in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO

from wsdebug.errors import SessionUnreadable
from wsdebug.session.checked import (
    Numbered,
    cannot_read,
    checked,
    unreadable,
)
from wsdebug.session.lines import LINE_LIMIT, FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.session.parse_many import PlainKind, PlainLines, plain_kind
from wsdebug.session.reader import FileSource, Source, open_source
from wsdebug.wire.frame import Opcode

__all__ = ["Stretch", "stretched_lines"]

BLOCK = 1 << 17  # bytes of lines that are read at a time
FEWEST = 32  # lines that are worth it, unless they are long
READ = 16  # stretches that are kept as they were read: answers come some time after the sends
LARGE = 1 << 16  # bytes of fewer lines that are


@dataclass(frozen=True, eq=False)
class Stretch:
    """Lines of a `plain_kind`, one after the other, kept as their place in the file.

    `number` is the line of the first.
    """

    path: str
    source: Source
    offset: int
    size: int  # bytes
    number: int
    kind: PlainKind

    @property
    def ways(self) -> bytes:
        """For each of them 1 where it was sent, 0 where it was received."""
        return self.kind.ways

    @cached_property
    def sent(self) -> int:
        """How many of them were sent."""
        return self.ways.count(1)

    @property
    def received(self) -> int:
        """How many of them were received."""
        return len(self.ways) - self.sent

    @property
    def opcode(self) -> int:
        """That of all of them."""
        return Opcode.TEXT if self.kind.is_text else Opcode.BINARY

    def read(self) -> PlainLines:
        """What stands in them. Raises SessionUnreadable where the file was changed."""
        return _read(self)

    def frame(self, place: int) -> FrameLine:
        """One of them, counted from 0. Raises SessionUnreadable as `read` does."""
        line = parse_line(self.read().data(place), self.number + place)
        if not isinstance(line, FrameLine):
            raise self.changed()
        return line

    def frames(self) -> Iterator[FrameLine]:
        """The same line by line. Raises SessionUnreadable as `read` does."""
        for number, data in enumerate(self.data().split(b"\n")[:-1], self.number):
            line = parse_line(data, number)
            if not isinstance(line, FrameLine):
                raise self.changed()
            yield line

    def data(self) -> bytes:
        """Their bytes. Raises SessionUnreadable as `read` does."""
        data = self.source.pread(self.size, self.offset)
        if len(data) != self.size:
            raise self.changed()
        return data

    def changed(self) -> SessionUnreadable:
        """What is said of a file in which something else stands by now."""
        return SessionUnreadable(f"{self.path} was changed meanwhile", path=self.path)


@lru_cache(READ)
def _read(stretch: Stretch) -> PlainLines:
    try:
        return PlainLines(stretch.data(), stretch.kind)
    except ValueError:
        raise stretch.changed() from None


def stretched_lines(path: str) -> Iterator[Numbered | Stretch]:
    """The same as `checked_lines`, with stretches in the place of many plain lines in a row.

    What cannot be read again, standard input or an archive, is taken into a temporary file.
    """
    source = open_source(path)
    try:
        yield from _stretched(source, path)
    except SessionUnreadable:
        source.close()
        raise


def _stretched(source: FileSource, path: str) -> Iterator[Numbered | Stretch]:
    number, offset, is_first = 1, 0, True
    try:
        for block in _blocks(source):
            for part, kind in _parts(block):
                if kind is not None:
                    yield Stretch(path, source, offset, len(part), number, kind)
                    number += len(kind.ways)
                    is_first = False
                else:
                    for each in checked(BytesIO(part), path, start=number, is_first=is_first):
                        is_first = is_first and each[2] is None
                        yield each
                    number += part.count(b"\n")
                offset += len(part)
    except MemoryError:
        raise unreadable(path, number, "too long for the memory there is") from None
    except OverflowError:
        raise unreadable(path, number, f"over {LINE_LIMIT:,} bytes") from None
    except OSError as error:
        raise cannot_read(path, error) from error


def _read_on(source: FileSource, offset: int) -> bytes:
    """The next bytes, waited for where more may come; none at the end."""
    while not (data := source.pread(BLOCK, offset)) and source.grow():
        pass
    return data


def _blocks(source: FileSource) -> Iterator[bytes]:
    """Whole lines, many at a time; what is after the last newline is the last. Raises
    OverflowError for a line that is too long, once those before it were given.
    """
    held, offset = b"", 0
    while data := _read_on(source, offset):
        offset += len(data)
        end = data.rfind(b"\n") + 1
        if end:
            yield held + data[:end]
            held = data[end:]
            continue
        line = bytearray(held + data)  # in one piece, where joining would have it twice
        while not end and (data := _read_on(source, offset)):
            offset += len(data)
            end = data.find(b"\n") + 1
            line += data[: end or len(data)]
            if len(line) >= LINE_LIMIT:
                raise OverflowError
        yield bytes(line)
        held = data[end:]
    if held:
        yield held


def _parts(block: bytes) -> Iterator[tuple[bytes, PlainKind | None]]:
    """A block in parts: those that are plain, and the others, as small as is worth it."""
    kind = None
    is_worth_it = len(block) >= LARGE or block.count(b"\n") >= FEWEST
    if is_worth_it and (kind := plain_kind(block)) is None:
        middle = block.rfind(b"\n", 0, len(block) // 2) + 1 or block.find(b"\n") + 1
        if 0 < middle < len(block):
            yield from _parts(block[:middle])
            yield from _parts(block[middle:])
            return
    yield block, kind
