"""Frames joined to messages, as they come."""

from dataclasses import dataclass

from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Opcode

__all__ = ["Joiner", "Message"]


@dataclass(frozen=True, slots=True)
class Message:
    """A whole data message (RFC 6455 section 5.4). `frames` are its lines, in order."""

    sent: bool
    is_text: bool
    data: bytes  # inflated
    connection: int
    frames: tuple[FrameLine, ...]

    @property
    def number(self) -> int:
        """The line of its first frame."""
        return self.frames[0].number

    def text(self) -> str | None:
        """The data as text; None for a binary message, and where it is not UTF-8."""
        if not self.is_text:
            return None
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            return None


class Joiner:
    """Joins the fragments of each direction of each connection.

    `unfinished` are the frames that can belong to no message any more: continuations of nothing,
    and the beginning of what another message cut off. After the last frame, `end` adds the rest.
    """

    def __init__(self) -> None:
        self.unfinished: list[FrameLine] = []
        self._open: dict[tuple[int, bool], list[FrameLine]] = {}

    def feed(self, line: FrameLine) -> Message | None:
        """Take the next frame; the message that it completes, None for control frames and where
        nothing is complete, or what is could not be inflated.
        """
        opcode, key = line.frame.opcode, (line.connection, line.sent)
        if opcode > Opcode.BINARY:
            return None
        if opcode == Opcode.CONT:
            frames = self._open.pop(key, [])
            if not frames:
                self.unfinished.append(line)
                return None
        else:
            self.unfinished += self._open.pop(key, [])
            frames = []
        frames.append(line)
        if not line.frame.fin:
            self._open[key] = frames
            return None
        parts = [frame.payload for frame in frames]
        data = b"".join(part for part in parts if part is not None)
        if None in parts:
            return None
        is_text = frames[0].frame.opcode == Opcode.TEXT
        return Message(line.sent, is_text, data, line.connection, tuple(frames))

    def end(self) -> None:
        """No more frames come."""
        for frames in self._open.values():
            self.unfinished += frames
        self._open.clear()
