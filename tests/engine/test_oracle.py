"""The library as judge: the same bytes to both, cut anywhere; the same verdict, or a listed reason.

`websockets` leaves the UTF-8 of messages to its callers; here it is checked as its own client does.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Opcode
from websockets.protocol import CLIENT, SERVER, Protocol, State

from wsdebug.engine.conversation import Conversation, Deflate, Limits
from wsdebug.wire.deflate import Deflater
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame
from wsdebug.wire.violations import VIOLATIONS

KEY = b"\x01\x02\x03\x04"
LIMIT = 1000  # bytes of a message
NOTHING = zlib.decompressobj()
DEFLATE = Deflate()
INVALID = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xf0\x9f", b"\xf4\x90\x80\x80")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an endpoint makes of a stream; `sent` and `received` are close codes, 1005 for none."""

    messages: tuple[str | bytes, ...]
    failed: bool
    sent: int | None
    received: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Ours:
    """Our verdict; `bad` names what was wrong with the frame that it failed on."""

    verdict: Verdict
    bad: tuple[str, ...]
    is_inside: bool  # a frame had begun when the stream ended


@dataclass(frozen=True, slots=True)
class Difference:
    """Where both differ: the section that decides, and how; `holds` recognises it."""

    section: str
    words: str
    holds: Callable[[Ours, Verdict, "Judge"], bool]


def codes_of(names: tuple[str, ...]) -> set[int]:
    """The close codes of the rules that a frame broke."""
    return {VIOLATIONS[name].close_code for name in names}


def fails_alike(ours: Ours, theirs: Verdict) -> bool:
    """Both fail, after the same messages."""
    return ours.verdict.failed and theirs.failed and ours.verdict.messages == theirs.messages


def fails_first(ours: Ours, theirs: Verdict, violation: str) -> bool:
    """We fail on something; the library does not, or later."""
    mine = ours.verdict
    return (
        mine.failed
        and ours.bad[:1] == (violation,)
        and mine.sent == VIOLATIONS[violation].close_code
        and mine.messages == theirs.messages[: len(mine.messages)]
    )


DIFFERENCES = {
    "close inside a message": Difference(
        "RFC 6455 §5.4",
        "Control frames may stand between fragments, a close frame too: it is answered.",
        lambda ours, theirs, judge: (
            judge.why == "incomplete fragmented message"
            and not ours.verdict.failed
            and ours.verdict.messages == theirs.messages
        ),
    ),
    "longer form of a length": Difference(
        "RFC 6455 §5.2",
        "The minimal number of bytes must be used: failed with 1002. The library takes it.",
        lambda ours, theirs, judge: (
            "long-length" in ours.bad and fails_first(ours, theirs, ours.bad[0])
        ),
    ),
    "text that cannot become UTF-8": Difference(
        "RFC 6455 §8.1",
        "Failed with 1007 by the fragment that makes it certain; the library's at the end.",
        lambda ours, theirs, judge: fails_first(ours, theirs, "invalid-utf8"),
    ),
    "compression that cannot be undone": Difference(
        "RFC 6455 §7.4.1",
        "Data that is not what its type says is 1007; the library fails with 1002.",
        lambda ours, theirs, judge: (
            judge.why == "decompression failed"
            and fails_alike(ours, theirs)
            and 1007 in codes_of(ours.bad)
        ),
    ),
    "compression that is cut off": Difference(
        "RFC 7692 §7.2.2",
        "A message must end at the end of a block; the library takes what there is.",
        lambda ours, theirs, judge: fails_first(ours, theirs, "inflate-failed"),
    ),
    "a last block inside the stream": Difference(
        "RFC 7692 §7.2.3.4",
        "After a block with BFINAL set the stream goes on; the library makes nothing of it.",
        lambda ours, theirs, judge: (
            judge.is_at_a_last_block and len(ours.verdict.messages) <= len(theirs.messages)
        ),
    ),
    "a close reason that is not UTF-8": Difference(
        "RFC 6455 §5.5.1",
        "The close payload is malformed: 1002. The library has 1007, as for a message.",
        lambda ours, theirs, judge: (
            ours.bad == ("bad-close-payload",)
            and "codec can't decode" in judge.why
            and fails_alike(ours, theirs)
        ),
    ),
    "several rules broken by one frame": Difference(
        "RFC 6455 §7.1.7",
        "Which of them gives the code is open; here it is the most basic one.",
        lambda ours, theirs, judge: (
            fails_alike(ours, theirs) and len(ours.bad) > 1 and theirs.sent in codes_of(ours.bad)
        ),
    ),
    "a head that is wrong before its frame is whole": Difference(
        "RFC 6455 §5.2",
        "Frames are judged whole, so that they can be shown; the library fails by the head.",
        lambda ours, theirs, judge: (
            theirs.failed
            and not ours.verdict.failed
            and ours.is_inside
            and ours.verdict.messages == theirs.messages
        ),
    ),
    "compressed data longer than the limit": Difference(
        "RFC 6455 §7.4.1",
        "The limit holds for the message, inflated; the library holds it to the frame as well.",
        lambda ours, theirs, judge: (
            theirs.failed
            and theirs.sent == 1009
            and "too-big" not in ours.bad
            and ours.verdict.messages[: len(theirs.messages)] == theirs.messages
        ),
    ),
}


class Judge:
    """The library's client or server, and what its callers do with text."""

    def __init__(self, role: str, deflate: Deflate | None) -> None:
        side = CLIENT if role == "client" else SERVER
        self._protocol = Protocol(side, state=State.OPEN, max_size=LIMIT)
        if deflate is not None:
            self._protocol.extensions = [
                PerMessageDeflate(
                    remote_no_context_takeover=not deflate.peer_context_takeover,
                    local_no_context_takeover=not deflate.our_context_takeover,
                    remote_max_window_bits=deflate.peer_window_bits,
                    local_max_window_bits=deflate.our_window_bits,
                )
            ]
        self._messages: list[str | bytes] = []
        self._parts: list[bytes] = []
        self._is_text = self._is_bad_text = False

    def take(self, stream: bytes) -> Verdict:
        """Byte by byte, so that nothing after a failure is looked at."""
        for byte in stream:
            self._protocol.receive_data(bytes((byte,)))
            for frame in self._protocol.events_received():
                self._frame(frame)
        sent, received = self._protocol.close_sent, self._protocol.close_rcvd
        failed = bool(self.why)
        return Verdict(
            tuple(self._messages),
            failed,
            int(sent.code) if sent is not None else None,
            (int(received.code), received.reason) if received is not None and not failed else None,
        )

    @property
    def why(self) -> str:
        """What it failed on."""
        return "text" if self._is_bad_text else str(self._protocol.parser_exc or "")

    @property
    def is_at_a_last_block(self) -> bool:
        """Its inflater makes nothing of what follows."""
        return any(getattr(one, "decoder", NOTHING).eof for one in self._protocol.extensions)

    def _frame(self, frame: Any) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return
        if frame.opcode is not Opcode.CONT:
            self._is_text, self._parts = frame.opcode is Opcode.TEXT, []
        self._parts.append(bytes(frame.data))
        if frame.fin:
            data = b"".join(self._parts)
            try:
                self._messages.append(data.decode() if self._is_text else data)
            except UnicodeDecodeError:
                self._is_bad_text = True
                self._protocol.fail(1007)


def our_verdict(role: Any, deflate: Deflate | None, pieces: list[bytes]) -> Ours:
    """What the conversation makes of it."""
    us = Conversation(
        role=role,
        deflate=deflate,
        limits=Limits(LIMIT),
        random_mask=lambda: KEY,
        deliver=True,
    )
    messages: list[str | bytes] = []
    bad: tuple[str, ...] = ()
    for piece in pieces:
        for line in us.receive(piece):
            bad = bad or (() if line.sent else line.bad)
        messages += us.take_messages()
    received, failed = us.close_received, us.state == "failed"
    verdict = Verdict(
        tuple(messages),
        failed,
        None if us.close_sent is None else us.close_sent.code or 1005,
        (received.code or 1005, received.reason) if received is not None and not failed else None,
    )
    return Ours(verdict, bad or (us.failure,) * failed, bool(us.receive_eof() or us.stray))


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    """A stream cut at any places."""
    ends = [*sorted(min(place, len(stream)) for place in places), len(stream)]
    return [stream[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def differences(role: str, deflate: Deflate | None, stream: bytes, places: list[int]) -> list[str]:
    """The names of those that explain why the verdicts are not the same; none where they are."""
    judge = Judge(role, deflate)
    theirs = judge.take(stream)
    ours = our_verdict(role, deflate, cut(stream, places))
    if ours.verdict == theirs:
        return []
    found = [name for name, one in DIFFERENCES.items() if one.holds(ours, theirs, judge)]
    assert found, (ours, theirs, judge.why)
    return found


rarely = st.sampled_from((False,) * 19 + (True,))
payloads = st.sampled_from((b"", b"a", b"caf\xc3\xa9", b"\xe2\x82\xac" * 5, b"x" * 200, *INVALID))
frames = st.builds(
    Frame,
    st.sampled_from((0, 0, 1, 1, 2, 2, 9, 10, 3, 11)),
    payloads,
    fin=st.booleans(),
    rsv1=rarely,
    rsv2=rarely,
    length_form=st.sampled_from((None,) * 19 + (16, 64)),
)
codes = st.sampled_from((999, 1000, 1001, 1004, 1005, 1006, 1011, 1014, 1015, 1016, 3000, 5000))
reasons = st.sampled_from((b"", b"bye", b"gr\xc3\xbcn", *INVALID))
bodies = st.builds(lambda code, reason: code.to_bytes(2, "big") + reason, codes, reasons)
closes = st.builds(Frame, st.just(8), st.sampled_from((b"", b"\x03")) | bodies)
wholes = st.builds(Frame, st.sampled_from((1, 2, 9)), payloads)
cuts = st.lists(st.integers(0, 1500), max_size=6)


@st.composite
def streams(draw: st.DrawFn, role: str) -> bytes:
    """Frames right and wrong, masked as the role's peer must, or not; sometimes cut off."""
    made = draw(st.lists(wholes | wholes | frames | closes, max_size=8))
    parts = []
    for frame in made:
        is_masked = (role == "server") != draw(rarely)
        parts.append(encode_frame(_with(frame, KEY if is_masked else None)))
    stream = b"".join(parts)
    return stream[: len(stream) - draw(st.sampled_from((0, 0, 0, 1, 3, 100)))]


def _with(frame: Frame, mask: bytes | None, **bits: Any) -> Frame:
    return Frame(
        frame.opcode,
        bits.get("payload", frame.payload),
        fin=bits.get("fin", frame.fin),
        rsv1=bits.get("rsv1", frame.rsv1),
        rsv2=frame.rsv2,
        mask=mask,
        length_form=frame.length_form,
    )


@pytest.mark.parametrize("role", ["client", "server"])
@settings(max_examples=400)
@given(data=st.data(), places=cuts)
def test_any_frames_get_the_same_verdict(role: str, data: st.DataObject, places: list[int]) -> None:
    """Messages, failure, and both close codes."""
    differences(role, None, data.draw(streams(role)), places)


@settings(max_examples=400)
@given(stream=st.binary(max_size=60), places=cuts)
@example(stream=b"\x82\xff" + b"\xff" * 8, places=[])
@example(stream=b"\x03\x7f\x00\x00\x00\x00\x00\x01\x04\x00", places=[])
def test_any_bytes_get_the_same_verdict(stream: bytes, places: list[int]) -> None:
    """Though no endpoint would send them."""
    differences("client", None, stream, places)


messages = st.lists(
    st.tuples(
        st.sampled_from((1, 2)),
        payloads,
        st.lists(st.integers(0, 40), max_size=2),  # where it is cut into fragments
        st.sampled_from(("", "", "", "", "flip", "cut", "last block", "plain", "bit")),
    ),
    max_size=5,
)
agreements = st.builds(Deflate, st.just(15), st.just(True), st.integers(9, 15), st.booleans())


@st.composite
def compressed_streams(draw: st.DrawFn, deflate: Deflate) -> bytes:
    """Compressed messages in fragments, some of them spoilt."""
    deflater = Deflater(
        window_bits=deflate.peer_window_bits, context_takeover=deflate.peer_context_takeover
    )
    parts = []
    for opcode, payload, places, fault in draw(messages):
        data = payload if fault == "plain" else deflater.deflate(payload)
        if fault == "flip" and data:
            at = draw(st.integers(0, len(data) - 1))
            data = data[:at] + bytes((data[at] ^ draw(st.integers(1, 255)),)) + data[at + 1 :]
        elif fault == "cut":
            data = data[: draw(st.integers(0, len(data)))]
        elif fault == "last block":
            last = zlib.compressobj(wbits=-15)
            data = last.compress(payload) + last.flush() + b"\0" * draw(st.integers(0, 1))
        pieces = cut(data, places)
        for number, piece in enumerate(pieces):
            rsv1 = (number == 0) != (fault == "bit" and number == len(pieces) - 1)
            frame = Frame(0 if number else opcode, piece, fin=number == len(pieces) - 1)
            parts.append(encode_frame(_with(frame, None, rsv1=rsv1 and fault != "plain")))
    return b"".join(parts)


@settings(max_examples=500)
@given(data=st.data(), deflate=agreements, places=cuts)
def test_any_compression_gets_the_same_verdict(
    data: st.DataObject, deflate: Deflate, places: list[int]
) -> None:
    """Right and spoilt, with every window and with and without context takeover."""
    differences("client", deflate, data.draw(compressed_streams(deflate)), places)


def frame_bytes(*made: Frame) -> bytes:
    """Their bytes."""
    return b"".join(map(encode_frame, made))


NOISE = bytes(zlib.crc32(bytes((n % 256, n // 256))) & 0xFF for n in range(990))
EXAMPLES = {
    "close inside a message": frame_bytes(Frame(1, b"a", fin=False), Frame(8, b"\x03\xe8")),
    "longer form of a length": frame_bytes(Frame(1, b"a", length_form=16)),
    "text that cannot become UTF-8": frame_bytes(Frame(1, b"\xff", fin=False)),
    "compression that cannot be undone": frame_bytes(Frame(1, b"\xff\xff\xff", rsv1=True)),
    "compression that is cut off": frame_bytes(Frame(1, bytes.fromhex("f248cdc9c907"), rsv1=True)),
    "a last block inside the stream": frame_bytes(
        *[Frame(1, bytes.fromhex("f348cdc9c9070000"), rsv1=True)] * 2
    ),
    "a close reason that is not UTF-8": frame_bytes(Frame(8, b"\x03\xe8\xff")),
    "several rules broken by one frame": frame_bytes(Frame(1, b"x" * 1001, rsv2=True)),
    "a head that is wrong before its frame is whole": frame_bytes(Frame(3, b"abc"))[:3],
    "compressed data longer than the limit": frame_bytes(
        Frame(2, Deflater().deflate(NOISE + b"x" * 10), rsv1=True)
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_each_listed_difference_is_one(name: str) -> None:
    """With a stream that shows it: the list is no excuse for others."""
    assert name in differences("client", DEFLATE, EXAMPLES[name], [])
    assert DIFFERENCES[name].section.startswith("RFC ")
    assert DIFFERENCES[name].words.endswith(".")
