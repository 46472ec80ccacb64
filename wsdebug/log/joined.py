"""Frames joined to messages, as they come: the unit of conversions, replays and comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Opcode
from wsdebug.wire.utf8 import Utf8Checker

__all__ = ["Joiner", "Message"]

PLAIN = (1 << 16) - 1  # bytes


@dataclass(frozen=True)
class Message:
    """The frames of one message in order, at least one; other than data, each is one of its own
    (RFC 6455 section 5.4).
    """

    frames: tuple[FrameLine, ...]

    @property
    def first(self) -> FrameLine:
        """The frame that begins it."""
        return self.frames[0]

    @property
    def number(self) -> int:
        """The line of its first frame."""
        return self.frames[0].number

    @property
    def connection(self) -> int:
        """The number of its connection."""
        return self.frames[0].connection

    @property
    def sent(self) -> bool:
        """Whether it is the client's."""
        return self.frames[0].sent

    @property
    def opcode(self) -> int:
        """That of the first frame."""
        return self.frames[0].frame.opcode

    @property
    def is_control(self) -> bool:
        """Close, ping or pong."""
        return self.frames[0].frame.is_control

    @property
    def is_text(self) -> bool:
        """Whether it should be UTF-8."""
        return self.opcode == Opcode.TEXT

    @property
    def is_whole(self) -> bool:
        """Whether the last frame has ended it, and none is missing before the first."""
        return self.frames[-1].frame.fin and self.opcode != Opcode.CONT

    @property
    def is_plain(self) -> bool:
        """Whether it is a whole message of at most 65,535 bytes, binary or text in UTF-8."""
        data = self.payload
        if data is None or len(data) > PLAIN or not self.is_whole:
            return False
        if self.opcode != Opcode.TEXT or data.isascii():
            return self.opcode in (Opcode.TEXT, Opcode.BINARY)
        return Utf8Checker().feed(data, final=True) is None

    @property
    def kept(self) -> int | None:
        """Bytes from the start that are known, where it was cut; None if all of them are."""
        size = 0
        for frame in self.frames:
            size += len(frame.payload or b"")
            if frame.cut is not None:
                return size
        return None

    @cached_property
    def payload(self) -> bytes | None:
        """The payloads joined, inflated; None where a part could not be inflated."""
        if len(self.frames) == 1:
            return self.frames[0].payload
        parts = [frame.payload for frame in self.frames]
        return None if None in parts else b"".join(part for part in parts if part is not None)

    @property
    def data(self) -> bytes:
        """The same; nothing where a part could not be inflated."""
        return self.payload or b""

    def text(self) -> str | None:
        """The payload as text; None for a binary message, and where it is not UTF-8."""
        if not self.is_text or self.payload is None:
            return None
        try:
            return self.payload.decode()
        except UnicodeDecodeError:
            return None


class Joiner:
    """Joins the fragments of each direction of each connection.

    With `by_frame` every frame is a message of its own.
    """

    def __init__(self, *, by_frame: bool = False) -> None:
        self._by_frame = by_frame
        self._open: dict[tuple[int, bool], list[FrameLine]] = {}

    @property
    def is_between(self) -> bool:
        """Whether messages of one frame each are taken as they come: none is under way."""
        return not self._by_frame and not self._open

    def feed(self, line: FrameLine) -> Sequence[Message]:
        """Take a frame; gives the message that it completes, and before it one that it broke
        off.
        """
        frame = line.frame
        if self._by_frame or frame.opcode > Opcode.BINARY:
            return [Message((line,))]
        key = (line.connection, line.sent)
        found: list[Message] = []
        if frame.opcode != Opcode.CONT and key in self._open:
            found.append(Message(tuple(self._open.pop(key))))
        if not frame.fin:
            self._open.setdefault(key, []).append(line)
        else:
            found.append(Message((*self._open.pop(key, ()), line)))
        return found

    def rest(self) -> list[Message]:
        """The messages that were never finished, in the order of their lines."""
        found = [Message(tuple(frames)) for frames in self._open.values()]
        self._open.clear()
        return sorted(found, key=lambda message: message.number)
