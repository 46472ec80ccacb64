"""Data frames within their messages: inflating, sizes and UTF-8 across fragments."""

import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from wsdebug.engine.bulk import count_of_text, joined_text
from wsdebug.session.frames import SEPARATOR, MessageRun
from wsdebug.wire.deflate import InflateFailed, Inflater, InflateTooBig
from wsdebug.wire.frame import Frame, Opcode
from wsdebug.wire.utf8 import Utf8Checker

__all__ = ["Incoming"]


@dataclass(slots=True)
class _Message:
    """A received message under way."""

    is_text: bool
    is_compressed: bool
    utf8: Utf8Checker | None = None  # once there is a frame that does not end the message
    data: bytearray = field(default_factory=bytearray)  # one piece: of empty ones there is no end
    size: int = 0
    is_lost: bool = False  # not inflatable or too big: the rest is only logged
    is_dropped: bool = False  # too big: the rest is inflated, and not kept
    is_bad_text: bool = False

    def lose(self) -> None:
        """Keep no more of it."""
        self.is_lost = True
        self.data.clear()

    def check_text(self, payload: bytes, bad: list[str], *, final: bool) -> None:
        """Judge the next frame's part of the text."""
        if self.utf8 is None:
            if final and payload.isascii():
                return
            self.utf8 = Utf8Checker()
        if self.utf8.feed(payload, final=final) is not None:
            self.is_bad_text = True
            bad.append("invalid-utf8")


class Incoming:
    """Takes the data frames of one direction in order; judges each within its message.

    `limit` bounds a message in bytes, inflated. With `deliver`, whole and valid messages are
    kept for `take`; with `lenient` also those whose last frame broke another rule.
    """

    def __init__(
        self, *, limit: int, lenient: bool, inflater: Inflater | None, deliver: bool
    ) -> None:
        self._limit = limit
        self._lenient = lenient
        self._inflater = inflater
        self._deliver = deliver
        self._message: _Message | None = None
        self._whole: list[str | bytes] = []
        self._ahead: deque[bytes | ValueError] = deque()  # what inflating the next frames gave

    @property
    def is_between_messages(self) -> bool:
        """Whether no message is unfinished."""
        return self._message is None

    def take(self) -> list[str | bytes]:
        """The messages completed since the last call."""
        messages, self._whole = self._whole, []
        return messages

    def run(
        self, wires: Sequence[bytes], *, is_text: bool, is_compressed: bool
    ) -> MessageRun | None:
        """Whole messages of one frame each: as many of them as are right, None without one.

        The others are to come again, or by `frame`.
        """
        payloads = self._inflate_ahead(wires) if is_compressed else wires
        joined = joined_text(payloads) if is_text else ""
        if joined is None:
            count = count_of_text(payloads)
            if is_compressed:
                self._ahead.extendleft(reversed(payloads[count:]))
            payloads = payloads[:count]
            joined = SEPARATOR.join(payloads).decode()
        if not payloads:
            return None
        run = MessageRun(payloads, is_text, joined, wires[: len(payloads)] if is_compressed else ())
        if self._deliver:
            self._whole += run.messages()
        return run

    def _inflate_ahead(self, wires: Sequence[bytes]) -> list[bytes]:
        """Payloads up to one that has not become another by inflating, or could not.

        That is known when it comes again.
        """
        assert self._inflater is not None
        payloads: list[bytes] = []
        inflate, limit, ahead = self._inflater.inflate, self._limit, self._ahead
        for wire in wires:
            try:
                payload = ahead.popleft() if ahead else inflate(wire, final=True, limit=limit)
            except (InflateFailed, InflateTooBig) as error:
                payload = error
            if isinstance(payload, ValueError) or payload == wire:
                ahead.appendleft(payload)
                break
            payloads.append(payload)
        return payloads

    def within_limit(self, frame: Frame, cut: int | None) -> tuple[Frame, int | None]:
        """A data frame less what of it is past the limit, and its declared length if that is
        something; of a compressed one nothing is left out here.
        """
        room = self._limit
        if frame.opcode == Opcode.CONT:
            if self._message is None or self._message.is_compressed:
                return frame, cut
            room = 0 if self._message.is_lost else room - self._message.size
        elif frame.rsv1 and self._inflater is not None:
            return frame, cut
        if len(frame.payload) <= room:
            return frame, cut
        return replace(frame, payload=frame.payload[:room]), cut or len(frame.payload)

    def is_late_text(self, frame: Frame) -> bool:
        """Whether a frame that is judged no more is of a text message."""
        if frame.opcode > Opcode.BINARY:
            return False
        if frame.opcode != Opcode.CONT:
            self._message = _Message(frame.opcode == Opcode.TEXT, is_compressed=False)
        is_text = self._message is not None and self._message.is_text
        if frame.fin:
            self._message = None
        return is_text

    def frame(self, frame: Frame, cut: int | None, bad: list[str]) -> tuple[bytes | None, bool]:
        """The inflated payload of a data frame, None where it cannot be, and whether it is text.

        `cut` is the declared length where less was kept; names of violations are added to `bad`.
        """
        if frame.opcode == Opcode.CONT:
            if self._message is None:
                bad.append("unexpected-cont")
                return frame.payload, False
        else:
            if self._message is not None:
                bad.append("missing-cont")
            compressed = frame.rsv1 and self._inflater is not None
            self._message = _Message(frame.opcode == Opcode.TEXT, compressed)
        message = self._message
        payload = self._inflate(message, frame, bad)
        if payload is not None and not message.is_lost:
            message.size += len(payload)
            if message.size > self._limit or cut is not None:
                bad.append("too-big")
                message.lose()
            elif message.is_text and not message.is_bad_text:
                message.check_text(payload, bad, final=frame.fin)
            if self._deliver and not message.is_lost and not frame.fin:
                message.data += payload
        if frame.fin:
            self._message = None
            if self._deliver and payload is not None and (self._lenient or not bad):
                self._complete(message, payload)
        return payload, message.is_text

    def _inflate(self, message: _Message, frame: Frame, bad: list[str]) -> bytes | None:
        if not message.is_compressed or self._inflater is None:
            return frame.payload
        if message.is_lost:
            if message.is_dropped:
                with contextlib.suppress(InflateFailed, InflateTooBig):
                    self._inflater.inflate(frame.payload, final=frame.fin, limit=0)
            return None
        room = self._limit - message.size
        try:
            if self._ahead:
                known = self._ahead.popleft()
                if isinstance(known, ValueError):
                    raise known
                return known
            return self._inflater.inflate(frame.payload, final=frame.fin, limit=room)
        except InflateTooBig as error:
            bad.append("too-big")
            message.is_dropped = True  # later ones may refer to it
            message.lose()
            return error.partial
        except InflateFailed:
            bad.append("inflate-failed")
            message.lose()
            self._inflater.reset()
            return None

    def _complete(self, message: _Message, last: bytes) -> None:
        if not message.is_lost and not message.is_bad_text:
            data = bytes(message.data) + last if message.data else last
            self._whole.append(data.decode() if message.is_text else data)
