"""Both sides' rules of RFC 6455 and RFC 7692 over frames, without I/O."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from wsdebug.session.lines import FrameLine
from wsdebug.wire.close import CloseBody, encode_close, parse_close
from wsdebug.wire.decode import Decoded, FrameDecoder
from wsdebug.wire.deflate import Deflater, InflateFailed, Inflater, InflateTooBig
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame, Opcode
from wsdebug.wire.problems import problems
from wsdebug.wire.utf8 import Utf8Checker
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["Conversation", "Deflate", "Limits"]

Role = Literal["client", "server"]
SLACK = 1 << 16  # bytes of wire payload that a frame within the limit may take on top


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_size` bounds a message in bytes, inflated."""

    max_size: int = 64 << 20
    lenient: bool = False
    auto_pong: bool = True


@dataclass(frozen=True, slots=True)
class Deflate:
    """permessage-deflate as agreed, seen from our side (RFC 7692 section 7.1)."""

    our_window_bits: int = 15
    our_context_takeover: bool = True
    peer_window_bits: int = 15
    peer_context_takeover: bool = True


@dataclass(slots=True)
class _Message:
    """A received message under way."""

    is_text: bool
    is_compressed: bool
    utf8: Utf8Checker
    parts: list[bytes]
    size: int = 0
    is_lost: bool = False  # not inflatable or too big: the rest is only logged
    is_bad_text: bool = False


class Conversation:
    """Turns received bytes into lines of the record, and what is to be sent into bytes.

    Each call gives the frames that happened, ours included, in order, without time or line
    number; `outgoing` gives the bytes to write. A violation is a name on a line: in strict mode
    it also fails the connection with the close code of its rule.
    """

    def __init__(
        self,
        *,
        role: Role = "client",
        limits: Limits | None = None,
        deflate: Deflate | None = None,
        random_mask: Callable[[], bytes],
        deliver: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self.state: Literal["open", "closing", "closed", "failed"] = "open"
        self.close_sent: CloseBody | None = None
        self.close_received: CloseBody | None = None
        self.closed_by: Literal["client", "server"] | None = None
        self.failure = ""  # name of the violation that a strict conversation failed on
        self._is_client = role == "client"
        self._role: Role = role
        self._random_mask = random_mask
        self._decoder = FrameDecoder(limit=self.limits.max_size + SLACK)
        self._inflater: Inflater | None = None
        self._deflater: Deflater | None = None
        if deflate is not None:
            self._inflater = Inflater(
                window_bits=deflate.peer_window_bits,
                context_takeover=deflate.peer_context_takeover,
            )
            self._deflater = Deflater(
                window_bits=deflate.our_window_bits,
                context_takeover=deflate.our_context_takeover,
            )
        self._message: _Message | None = None
        self._deliver = deliver
        self._messages: list[str | bytes] = []
        self._outgoing: list[bytes] = []

    # What comes in

    def receive(self, data: bytes) -> list[FrameLine]:
        """Take bytes as read; give the frames that they complete, and our answers to them."""
        lines: list[FrameLine] = []
        for decoded in self._decoder.feed(data):
            self._received(decoded, lines)
        if self._decoder.oversize is not None and not self.limits.lenient:
            self._fail("too-big", lines)
        return lines

    def receive_eof(self) -> list[FrameLine]:
        """The peer sent its last byte; gives a frame that was cut off."""
        partial = self._decoder.partial()
        if self.state in ("open", "closing") and self.close_received is None:
            self.state = "closed"
        if partial is None:
            return []
        line = self._line(partial.frame, partial.frame.payload, sent=False, cut=partial.cut)
        return [replace(line, bad=("truncated",))]

    @property
    def stray(self) -> bytes:
        """Bytes at the end that never made a frame head."""
        return self._decoder.stray

    @property
    def is_over(self) -> bool:
        """Whether both close frames have passed, or the conversation failed."""
        both = self.close_sent is not None and self.close_received is not None
        return both or self.state in ("closed", "failed")

    def take_messages(self) -> list[str | bytes]:
        """The messages completed since the last call, if they are to be delivered."""
        messages, self._messages = self._messages, []
        return messages

    def outgoing(self) -> bytes:
        """The bytes to write since the last call."""
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        return data

    # What goes out

    def send_text(self, text: str) -> list[FrameLine]:
        """Send a text message in one frame, compressed if that was agreed."""
        return self._send_message(Opcode.TEXT, text.encode())

    def send_binary(self, data: bytes) -> list[FrameLine]:
        """Send a binary message in one frame, compressed if that was agreed."""
        return self._send_message(Opcode.BINARY, data)

    def send_ping(self, data: bytes = b"") -> list[FrameLine]:
        """Send a ping; ValueError over 125 bytes (section 5.5)."""
        return [self._send(self._frame(Opcode.PING, _control(data)), data)]

    def send_pong(self, data: bytes = b"") -> list[FrameLine]:
        """Send a pong by hand; ValueError over 125 bytes."""
        return [self._send(self._frame(Opcode.PONG, _control(data)), data)]

    def send_close(self, code: int | None = 1000, reason: str = "") -> list[FrameLine]:
        """Start or answer the closing handshake; nothing where our close frame was sent."""
        if self.close_sent is not None:
            return []
        payload = _control(encode_close(code, reason))
        return [self._send(self._frame(Opcode.CLOSE, payload), payload)]

    def send_frame(self, frame: Frame) -> list[FrameLine]:
        """Send a frame exactly as it is set, right or wrong."""
        return [self._send(frame, frame.payload)]

    # Receiving, frame by frame

    def _received(self, decoded: Decoded, lines: list[FrameLine]) -> None:
        frame = decoded.frame
        if self.state == "failed" or self.close_received is not None:
            line = self._line(frame, frame.payload, sent=False, cut=decoded.cut)
            after = self.close_received is not None
            lines.append(replace(line, bad=("data-after-close",) if after else ()))
            return
        begins = frame.opcode in (Opcode.TEXT, Opcode.BINARY)
        bad = list(
            problems(
                frame,
                from_client=not self._is_client,
                rsv1_allowed=self._inflater is not None and begins,
                length=decoded.cut,
            )
        )
        if frame.opcode <= Opcode.BINARY:
            payload, is_text = self._data(frame, decoded.cut, bad)
        else:
            payload, is_text = frame.payload, False
        line = self._line(frame, payload, sent=False, cut=decoded.cut)
        lines.append(replace(line, bad=tuple(bad), is_text=is_text))
        if bad and not self.limits.lenient:
            self._fail(bad[0], lines)
        elif frame.opcode == Opcode.PING and self.limits.auto_pong and self.close_sent is None:
            lines += self.send_pong(frame.payload[:125])
        elif frame.opcode == Opcode.CLOSE:
            self._closed(frame, lines)

    def _data(self, frame: Frame, cut: int | None, bad: list[str]) -> tuple[bytes | None, bool]:
        """Judge a data frame within its message; the inflated payload, and if it is text."""
        if frame.opcode == Opcode.CONT:
            if self._message is None:
                bad.append("unexpected-cont")
                return frame.payload, False
        else:
            if self._message is not None:
                bad.append("missing-cont")
            compressed = frame.rsv1 and self._inflater is not None
            is_text = frame.opcode == Opcode.TEXT
            self._message = _Message(is_text, compressed, Utf8Checker(), [])
        message = self._message
        payload = self._inflate(message, frame, bad)
        if payload is not None and not message.is_lost:
            message.size += len(payload)
            if message.size > self.limits.max_size or cut is not None:
                bad.append("too-big")
                message.is_lost = True
                message.parts.clear()
            self._check_text(message, frame, payload, bad)
        if frame.fin:
            self._message = None
            self._complete(message)
        return payload, message.is_text

    def _inflate(self, message: _Message, frame: Frame, bad: list[str]) -> bytes | None:
        if not message.is_compressed or self._inflater is None:
            return frame.payload
        if message.is_lost:
            return None
        room = self.limits.max_size - message.size
        try:
            return self._inflater.inflate(frame.payload, final=frame.fin, limit=room)
        except InflateTooBig as error:
            bad.append("too-big")
            payload: bytes | None = error.partial
        except InflateFailed:
            bad.append("inflate-failed")
            payload = None
        message.is_lost = True
        message.parts.clear()
        self._inflater.reset()
        return payload

    def _check_text(self, message: _Message, frame: Frame, payload: bytes, bad: list[str]) -> None:
        is_checked = message.is_text and not message.is_bad_text and not message.is_lost
        if is_checked and message.utf8.feed(payload, final=frame.fin) is not None:
            message.is_bad_text = True
            bad.append("invalid-utf8")
        if self._deliver and not message.is_lost:
            message.parts.append(payload)

    def _complete(self, message: _Message) -> None:
        if self._deliver and not message.is_lost and not message.is_bad_text:
            data = b"".join(message.parts)
            self._messages.append(data.decode() if message.is_text else data)

    def _closed(self, frame: Frame, lines: list[FrameLine]) -> None:
        body = parse_close(frame.payload)
        self.close_received = body or CloseBody(None)
        if self.close_sent is None:
            self.closed_by = "server" if self._is_client else "client"
            # 5.5.1: the answer typically echoes the status code
            lines += self.send_close(body.code if body is not None else 1002)
        self.state = "closed"

    def _fail(self, violation: str, lines: list[FrameLine]) -> None:
        if self.state == "failed":
            return
        self.failure = violation
        if self.close_sent is None:
            lines += self.send_close(VIOLATIONS[violation].close_code)
        self.state = "failed"

    # Sending

    def _send_message(self, opcode: Opcode, data: bytes) -> list[FrameLine]:
        if self._deflater is None:
            return [self._send(self._frame(opcode, data), data)]
        frame = replace(self._frame(opcode, self._deflater.deflate(data)), rsv1=True)
        return [self._send(frame, data)]

    def _frame(self, opcode: Opcode, payload: bytes) -> Frame:
        mask = self._random_mask() if self._is_client else None  # 5.1
        return Frame(int(opcode), payload, mask=mask)

    def _send(self, frame: Frame, payload: bytes) -> FrameLine:
        self._outgoing.append(encode_frame(frame))
        if frame.opcode == Opcode.CLOSE and self.close_sent is None:
            self.close_sent = parse_close(frame.payload) or CloseBody(None)
            if self.state == "open":
                self.state = "closing"
            if self.close_received is None and self.closed_by is None:
                self.closed_by = self._role
        line = self._line(frame, payload, sent=True)
        return replace(line, is_text=frame.opcode == Opcode.TEXT)

    @staticmethod
    def _line(
        frame: Frame, payload: bytes | None, *, sent: bool, cut: int | None = None
    ) -> FrameLine:
        return FrameLine(0, None, sent, frame, payload, cut=cut)


def _control(data: bytes) -> bytes:
    if len(data) > 125:
        raise ValueError(f"a control frame carries at most 125 bytes, not {len(data)}")
    return data
