"""Both sides' rules of RFC 6455 and RFC 7692 over frames, without I/O."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from wsdebug.engine.deflate import Deflate
from wsdebug.engine.incoming import Incoming
from wsdebug.engine.outgoing import Outgoing, PlainSent
from wsdebug.session.frames import FrameLine
from wsdebug.wire.close import CloseBody, close_code_allowed, encode_close, parse_close
from wsdebug.wire.decode import Decoded, FrameDecoder
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame, Opcode
from wsdebug.wire.problems import problems
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
        self._decoder = FrameDecoder(limit=self.limits.max_size + SLACK)
        self._may_be_compressed = deflate is not None
        self._incoming = Incoming(
            limit=self.limits.max_size,
            lenient=self.limits.lenient,
            inflater=deflate.inflater() if deflate is not None else None,
            deliver=deliver,
        )
        # 5.1: a client masks, a server does not
        self._frames = Outgoing(
            random_mask=random_mask if self._is_client else None,
            deflater=deflate.deflater() if deflate is not None else None,
        )
        self.is_choked = False  # the peer does not read: it gets no pongs for now
        self._owed: bytes | None = None  # the last ping's payload, until it is answered
        self._sends_text = False  # our last data message is text
        self._outgoing: list[bytes] = []

    # What comes in

    def receive(self, data: bytes) -> list[FrameLine]:
        """Take bytes as read; give the frames that they complete, and our answers to them."""
        lines: list[FrameLine] = []
        for decoded in self._decoder.feed(data):
            self._received(decoded, lines)
        is_judged = self.limits.lenient or self.state in ("closed", "failed")
        if self._decoder.oversize is not None and not is_judged:
            partial = self._decoder.partial()
            assert partial is not None
            self._fail(self._judge_head(partial, is_too_big=True)[0], lines)
        return lines

    def _judge_head(self, decoded: Decoded, *, is_too_big: bool) -> tuple[str, ...]:
        """What is wrong with a frame that is not there whole, as far as its head tells."""
        names = [name for name in self._problems(decoded) if not name.startswith("bad-close")]
        return (*names, "too-big") if is_too_big else tuple(names)

    def _problems(self, decoded: Decoded) -> tuple[str, ...]:
        begins = decoded.frame.opcode in (Opcode.TEXT, Opcode.BINARY)
        return problems(
            decoded.frame,
            from_client=not self._is_client,
            rsv1_allowed=self._may_be_compressed and begins,
            length=decoded.cut,
        )

    def receive_eof(self) -> list[FrameLine]:
        """The peer sent its last byte; gives a frame that was cut off."""
        partial = self._decoder.partial()
        was_judged = self.state != "failed" and self.close_received is None
        if was_judged:
            self.state = "closed"
        if partial is None:
            return []
        frame = partial.frame
        payload: bytes | None = frame.payload
        is_text = frame.opcode == Opcode.TEXT
        if was_judged and frame.opcode <= Opcode.BINARY:
            payload, is_text = self._incoming.frame(replace(frame, fin=False), None, [])
        line = self._line(frame, payload, sent=False, cut=partial.cut)
        bad = self._judge_head(partial, is_too_big=self._decoder.oversize is not None)
        return [replace(line, bad=(*bad, "truncated"), is_text=is_text)]

    @property
    def stray(self) -> bytes:
        """Bytes that never made a frame head; known after `receive_eof`."""
        return self._decoder.stray

    @property
    def is_over(self) -> bool:
        """Whether both close frames have passed, or the conversation failed."""
        both = self.close_sent is not None and self.close_received is not None
        return both or self.state in ("closed", "failed")

    def take_messages(self) -> list[str | bytes]:
        """The messages completed since the last call, if they are to be delivered."""
        return self._incoming.take()

    def outgoing(self) -> bytes:
        """The bytes to write since the last call."""
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        return data

    # What goes out

    def send_text(self, text: str) -> list[FrameLine]:
        """Send a text message in one frame, compressed if that was agreed."""
        return self.send_message(Opcode.TEXT, text.encode())

    def send_binary(self, data: bytes) -> list[FrameLine]:
        """Send a binary message in one frame, compressed if that was agreed."""
        return self.send_message(Opcode.BINARY, data)

    def send_message(self, opcode: int, data: bytes) -> list[FrameLine]:
        """Send a message in one frame, compressed if that was agreed."""
        return list(self.send_fragments(opcode, data, len(data)))

    def send_fragments(self, opcode: int, data: bytes, size: int) -> Iterator[FrameLine]:
        """Send a message in frames of `size` bytes, each as it is asked for."""
        for frame, piece in self._frames.message(opcode, data, size):
            yield self._send(frame, piece)

    def send_plain(self, opcode: int, payloads: Sequence[bytes]) -> PlainSent | None:
        """Send many messages of one frame each; None, and nothing is sent, where one is long. They
        say the same as lines of `send_message`.
        """
        sent = self._frames.plain(opcode, payloads)
        if sent is not None:
            self._outgoing.append(sent.data)
            self._sends_text = opcode == Opcode.TEXT
        return sent

    def send_ping(self, data: bytes = b"") -> list[FrameLine]:
        """Send a ping; ValueError over 125 bytes (section 5.5)."""
        return [self._send(self._frames.frame(Opcode.PING, _control(data)), data)]

    def send_pong(self, data: bytes = b"") -> list[FrameLine]:
        """Send a pong by hand; ValueError over 125 bytes."""
        return [self._send(self._frames.frame(Opcode.PONG, _control(data)), data)]

    def pay_pong(self) -> list[FrameLine]:
        """Answer the last ping, if that is still to be done and the peer reads (section 5.5.3)."""
        if self._owed is None or self.is_choked or self.close_sent is not None:
            return []
        owed, self._owed = self._owed, None
        return self.send_pong(owed)

    def send_close(self, code: int | None = 1000, reason: str = "") -> list[FrameLine]:
        """Start or answer the closing handshake; nothing where our close frame was sent.

        ValueError for a code over 65535 and for a reason over 123 bytes or without a code.
        """
        if self.close_sent is not None:
            return []
        if code is not None and not 0 <= code <= 0xFFFF:
            raise ValueError(f"a close code is from 0 to 65535, not {code}")
        payload = _control(encode_close(code, reason))
        return [self._send(self._frames.frame(Opcode.CLOSE, payload), payload)]

    def send_frame(self, frame: Frame) -> list[FrameLine]:
        """Send a frame exactly as it is set, right or wrong."""
        return [self._send(frame, frame.payload)]

    # Receiving, frame by frame

    def _received(self, decoded: Decoded, lines: list[FrameLine]) -> None:
        frame = decoded.frame
        if self.state == "failed" or self.close_received is not None:
            line = self._line(frame, frame.payload, sent=False, cut=decoded.cut)
            after = self.close_received is not None
            is_text = self._incoming.is_late_text(frame)
            bad: tuple[str, ...] = ("data-after-close",) if after else ()
            if decoded.cut is not None and not after:
                bad = self._judge_head(decoded, is_too_big=True)  # it has failed the conversation
            lines.append(replace(line, bad=bad, is_text=is_text))
            if frame.opcode == Opcode.CLOSE and not after:
                self.close_received = parse_close(frame.payload)
            return
        found, cut = list(self._problems(decoded)), decoded.cut
        if frame.opcode <= Opcode.BINARY:
            if self.limits.lenient:
                frame, cut = self._incoming.within_limit(frame, cut)
            payload, is_text = self._incoming.frame(frame, cut, found)
        else:
            payload, is_text = frame.payload, False
        bad = tuple(found)
        lines.append(FrameLine(0, None, False, frame, payload, bad=bad, cut=cut, is_text=is_text))
        if found and not self.limits.lenient:
            self._fail(found[0], lines)
            if frame.opcode == Opcode.CLOSE:  # one came, whatever is wrong with it
                self.close_received = parse_close(frame.payload) or CloseBody(None)
        elif frame.opcode == Opcode.PING and self.limits.auto_pong:
            self._owed = frame.payload[:125]
            lines += self.pay_pong()
        elif frame.opcode == Opcode.CLOSE:
            self._closed(frame, lines)

    def _closed(self, frame: Frame, lines: list[FrameLine]) -> None:
        body = parse_close(frame.payload)
        self.close_received = body or CloseBody(None)
        if self.close_sent is None:
            self.closed_by = "server" if self._is_client else "client"
            code = body.code if body is not None else 1002
            # 5.5.1: the answer typically echoes the status code, unless it may not be sent
            is_wrong = code is not None and not close_code_allowed(code)
            lines += self.send_close(1002 if is_wrong else code)
        self.state = "closed"

    def _fail(self, violation: str, lines: list[FrameLine]) -> None:
        if self.state == "failed":
            return
        self.failure = violation
        if self.close_sent is None:
            lines += self.send_close(VIOLATIONS[violation].close_code)
        self.state = "failed"

    # Sending

    def _send(self, frame: Frame, payload: bytes) -> FrameLine:
        self._outgoing.append(encode_frame(frame))
        if frame.opcode == Opcode.CLOSE and self.close_sent is None:
            self.close_sent = parse_close(frame.payload) or CloseBody(None)
            if self.state == "open":
                self.state = "closing"
            if self.close_received is None and self.closed_by is None:
                self.closed_by = self._role
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._sends_text = frame.opcode == Opcode.TEXT
        line = self._line(frame, payload, sent=True)
        return replace(line, is_text=self._sends_text and not frame.is_control)

    @staticmethod
    def _line(
        frame: Frame, payload: bytes | None, *, sent: bool, cut: int | None = None
    ) -> FrameLine:
        return FrameLine(0, None, sent, frame, payload, cut=cut)


def _control(data: bytes) -> bytes:
    if len(data) > 125:
        raise ValueError(f"a control frame carries at most 125 bytes, not {len(data)}")
    return data
