"""The rules of RFC 6455 and RFC 7692 over bytes alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.engine.conversation import Conversation, Deflate, Limits
from wsdebug.session.lines import FrameLine
from wsdebug.wire.close import CloseBody, close_code_allowed
from wsdebug.wire.deflate import Deflater
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

KEY = b"\x01\x02\x03\x04"


def client(**options: object) -> Conversation:
    """A client's conversation with a fixed masking key that delivers messages."""
    return Conversation(random_mask=lambda: KEY, deliver=True, **options)  # type: ignore[arg-type]


def feed(conversation: Conversation, *frames: Frame) -> list[FrameLine]:
    """Receive frames in one read."""
    return conversation.receive(b"".join(encode_frame(frame) for frame in frames))


def shape(lines: list[FrameLine]) -> list[tuple[str, int, bytes | None, tuple[str, ...]]]:
    """Direction, opcode, payload and violations of each line."""
    return [
        ("out" if line.sent else "in", line.frame.opcode, line.payload, line.bad) for line in lines
    ]


def test_messages_come_whole_out_of_fragments_with_a_ping_between() -> None:
    """Section 5.4; the pong answers at once."""
    ours = client()
    lines = feed(
        ours,
        Frame(1, "Grü".encode()[:3], fin=False),
        Frame(9, b"p"),
        Frame(0, "Grüße".encode()[3:]),
        Frame(2, b"\x00"),
    )
    assert shape(lines) == [
        ("in", 1, b"Gr\xc3", ()),
        ("in", 9, b"p", ()),
        ("out", 10, b"p", ()),
        ("in", 0, b"\xbc\xc3\x9fe", ()),
        ("in", 2, b"\x00", ()),
    ]
    assert ours.take_messages() == ["Grüße", b"\x00"]
    assert ours.outgoing() == encode_frame(Frame(10, b"p", mask=KEY))


def test_pongs_can_be_left_to_the_person() -> None:
    """`--no-auto-pong`."""
    ours = client(limits=Limits(auto_pong=False))
    assert shape(feed(ours, Frame(9, b"p"))) == [("in", 9, b"p", ())]
    assert shape(ours.send_pong(b"p")) == [("out", 10, b"p", ())]


def test_a_close_from_the_server_is_answered_with_its_code() -> None:
    """Section 5.5.1."""
    ours = client()
    lines = feed(ours, Frame(8, b"\x03\xf4restart"))
    assert shape(lines)[1] == ("out", 8, b"\x03\xf4", ())
    assert (ours.state, ours.closed_by) == ("closed", "server")
    assert ours.close_received == CloseBody(1012, "restart")
    assert shape(feed(ours, Frame(1, b"late"))) == [("in", 1, b"late", ("data-after-close",))]


def test_our_close_waits_for_the_answer_and_still_takes_data() -> None:
    """Section 7.1.2; a second close is not sent."""
    ours = client()
    assert shape(ours.send_close(1000, "bye")) == [("out", 8, b"\x03\xe8bye", ())]
    assert ours.state == "closing"
    assert ours.send_close() == []
    feed(ours, Frame(1, b"still"))
    assert ours.take_messages() == ["still"]
    feed(ours, Frame(8, b"\x03\xe8"))
    assert (ours.state, ours.closed_by, ours.is_over) == ("closed", "client", True)


@pytest.mark.parametrize(
    ("frames", "bad", "code"),
    [
        ([Frame(3)], ["reserved-opcode"], 1002),
        ([Frame(1, b"x", rsv1=True)], ["reserved-bit"], 1002),
        ([Frame(1, b"x", mask=KEY)], ["masked-by-server"], 1002),
        ([Frame(0, b"x")], ["unexpected-cont"], 1002),
        ([Frame(1, b"a", fin=False), Frame(1, b"b")], ["missing-cont"], 1002),
        ([Frame(1, b"\xff")], ["invalid-utf8"], 1007),
        ([Frame(1, b"\xc3", fin=False), Frame(0, b"(")], ["invalid-utf8"], 1007),
        ([Frame(9, b"", fin=False)], ["fragmented-control"], 1002),
        ([Frame(8, b"\x03\xed")], ["bad-close-code"], 1002),
        ([Frame(2, bytes(101))], ["too-big"], 1009),
        ([Frame(2, bytes(60), fin=False), Frame(0, bytes(60))], ["too-big"], 1009),
    ],
)
def test_a_broken_rule_fails_a_strict_conversation_and_marks_a_lenient_one(
    frames: list[Frame], bad: list[str], code: int
) -> None:
    """The name stands on the frame that made it certain."""
    strict = client(limits=Limits(max_size=100))
    lines = feed(strict, *frames)
    assert [name for line in lines for name in line.bad] == bad
    assert strict.state == "failed"
    assert strict.failure == bad[0]
    assert strict.close_sent == CloseBody(code)
    assert strict.take_messages() == []
    lenient = client(limits=Limits(max_size=100, lenient=True))
    lines = feed(lenient, *frames)
    assert [name for line in lines for name in line.bad] == bad
    if frames[-1].opcode == 8:
        assert lenient.state == "closed"
    else:
        assert shape(feed(lenient, Frame(9, b"on")))[-1] == ("out", 10, b"on", ())


def test_what_still_arrives_after_a_failure_is_logged_and_not_answered() -> None:
    """The record goes on."""
    ours = client()
    lines = feed(ours, Frame(3), Frame(9, b"p"), Frame(1, b"late"))
    assert [(line.sent, line.frame.opcode) for line in lines] == [
        (False, 3),
        (True, 8),
        (False, 9),
        (False, 1),
    ]
    assert ours.take_messages() == []


def test_a_late_fragment_of_a_text_is_text() -> None:
    """In the record it is a string; the end of its message is known too."""
    ours = client(limits=Limits(max_size=4))
    begun = Frame(1, b"begun", fin=False), Frame(0, b"ended")
    lines = feed(ours, *begun, Frame(0, b"?"), Frame(2, b"b", fin=False), Frame(0, b"c"))
    assert [(line.payload, line.is_text) for line in lines if not line.sent] == [
        (b"begun", True),
        (b"ended", True),
        (b"?", False),
        (b"b", False),
        (b"c", False),
    ]


@pytest.mark.parametrize(
    ("frames", "kept"),
    [
        ([Frame(2, b"12345678901")], [(b"1234567890", 11, ("too-big",))]),
        (
            [Frame(1, b"123456", fin=False), Frame(0, b"789012", fin=False), Frame(0, b"3")],
            [(b"123456", None, ()), (b"7890", 6, ("too-big",)), (b"", 1, ())],
        ),
        ([Frame(2, b"1234567890"), Frame(9, b"12345678901")], None),
    ],
)
def test_past_the_limit_the_rest_is_skipped_in_a_lenient_conversation(
    frames: list[Frame], kept: list[tuple[bytes, int | None, tuple[str, ...]]] | None
) -> None:
    """And marked; the length that was declared is kept. The next message comes."""
    ours = client(limits=Limits(max_size=10, lenient=True))
    lines = [line for line in feed(ours, *frames) if not line.sent]
    if kept is None:
        kept = [(frame.payload, None, ()) for frame in frames]
    assert [(line.payload, line.cut, line.bad) for line in lines] == kept
    assert all(line.frame.payload == line.payload for line in lines)
    (after,) = feed(ours, Frame(1, b"after"))
    assert (after.payload, after.cut) == (b"after", None)


def test_a_claim_over_the_limit_fails_before_it_is_stored() -> None:
    """Only the head has come."""
    ours = client(limits=Limits(max_size=100))
    lines = ours.receive(encode_frame(Frame(2, declared_length=1 << 17)))
    assert [line.frame.opcode for line in lines] == [8]
    assert ours.failure == "too-big"
    (line,) = ours.receive(bytes(1 << 17))
    assert (line.bad, line.cut, line.frame.opcode) == (("too-big",), 1 << 17, 2)


@pytest.mark.parametrize(
    ("frame", "bad", "code"),
    [
        (Frame(2, declared_length=1 << 40), ["too-big"], 1009),
        (Frame(2, declared_length=1 << 63), ["long-length", "too-big"], 1002),
        (Frame(3, declared_length=1 << 40), ["reserved-opcode", "too-big"], 1002),
        (Frame(9, declared_length=1 << 40), ["long-control", "too-big"], 1002),
        (Frame(1, mask=KEY, declared_length=1 << 40), ["masked-by-server", "too-big"], 1002),
    ],
)
def test_a_head_is_judged_whole_before_its_frame_is_there(
    frame: Frame, bad: list[str], code: int
) -> None:
    """The basic rule gives the close code; all stand on the frame, if it is cut off as well."""
    ours = client(limits=Limits(max_size=100))
    ours.receive(encode_frame(frame))
    assert (ours.failure, ours.close_sent) == (bad[0], CloseBody(code))
    (line,) = ours.receive_eof()
    assert list(line.bad) == [*bad, "truncated"]
    lenient = client(limits=Limits(max_size=100, lenient=True))
    assert lenient.receive(encode_frame(frame)) == []
    (line,) = lenient.receive_eof()
    assert list(line.bad) == [*bad, "truncated"]


def test_messages_after_one_that_is_too_big_still_inflate() -> None:
    """In lenient mode, though they refer to what nobody kept of it; in fragments too."""
    deflater = Deflater()
    texts = (b"all the same " * 30, b"all the same " * 30, b"the same ")
    whole, half, last = (deflater.deflate(text) for text in texts)
    ours = client(deflate=Deflate(), limits=Limits(max_size=100, lenient=True))
    lines = feed(
        ours,
        Frame(1, whole, rsv1=True),
        Frame(1, half[:1], rsv1=True, fin=False),
        Frame(0, half[1:], fin=False),
        Frame(0),
        Frame(1, last, rsv1=True),
    )
    assert [line.bad for line in lines] == [("too-big",), (), ("too-big",), (), ()]
    assert ours.take_messages() == ["the same "]


def test_every_close_code_from_0_to_5000() -> None:
    """Allowed ones are echoed; the others fail a strict conversation, and are never sent back."""
    for code in (*range(5001), 65535):
        is_allowed = close_code_allowed(code)
        for lenient in (False, True):
            ours = client(limits=Limits(lenient=lenient))
            line = feed(ours, Frame(8, code.to_bytes(2, "big") + b"why"))[0]
            assert line.bad == (() if is_allowed else ("bad-close-code",))
            assert ours.close_sent == CloseBody(code if is_allowed else 1002)
            has_failed = not is_allowed and not lenient
            assert ours.state == ("failed" if has_failed else "closed")
            assert has_failed or ours.close_received == CloseBody(code, "why")


def test_a_peer_that_does_not_read_gets_one_pong_for_its_pings() -> None:
    """Section 5.5.3: the last one is answered, once there is room."""
    ours = client()
    ours.is_choked = True
    assert all(not line.sent for line in feed(ours, Frame(9, b"one"), Frame(9, b"two")))
    assert ours.pay_pong() == []
    ours.is_choked = False
    assert shape(ours.pay_pong()) == [("out", 10, b"two", ())]
    assert ours.pay_pong() == []
    ours.is_choked = True
    feed(ours, Frame(9, b"three"))
    ours.send_close()
    ours.is_choked = False
    assert ours.pay_pong() == []


def test_a_long_frame_after_the_close_does_not_fail_what_is_over() -> None:
    """It is logged as such."""
    ours = client(limits=Limits(max_size=100))
    ours.receive(encode_frame(Frame(8, b"\x03\xe8")) + encode_frame(Frame(2, bytes(1 << 17))))
    assert (ours.state, ours.failure) == ("closed", "")


def test_a_frame_cut_off_by_the_end_is_logged() -> None:
    """Truncated, with what came of it."""
    ours = client()
    ours.receive(encode_frame(Frame(1, b"hello"))[:4])
    (line,) = ours.receive_eof()
    assert (line.payload, line.cut, line.bad) == (b"he", 5, ("truncated",))


@pytest.mark.parametrize("opcode", [1, 2])
def test_of_a_compressed_frame_cut_off_by_the_end_what_inflates_is_shown(opcode: int) -> None:
    """Beside what came on the wire."""
    ours = client(deflate=Deflate())
    wire = Deflater().deflate(b"hello " * 40 + bytes(range(200)))
    ours.receive(encode_frame(Frame(opcode, wire, rsv1=True))[:-100])
    (line,) = ours.receive_eof()
    assert line.payload is not None
    assert line.payload.startswith(b"hello " * 40)
    assert (line.frame.payload, line.cut) == (wire[:-100], len(wire))


def test_a_message_of_just_the_limit_comes_whole() -> None:
    """Of one byte more, only the frames are shown."""
    for size in (10, 11):
        lenient = client(limits=Limits(max_size=10, lenient=True))
        parts = Frame(2, b"12345", fin=False), Frame(0, bytes(size - 5))
        bad = ("too-big",) if size > 10 else ()
        assert [line.bad for line in feed(lenient, *parts)] == [(), bad]
        assert lenient.take_messages() == ([b"12345" + bytes(5)] if size == 10 else [])


def test_a_compressed_message_is_shown_both_ways() -> None:
    """Wire payload and inflated payload, sent and received (RFC 7692 section 7.2.3.2)."""
    ours = client(deflate=Deflate())
    for wire in ("f248cdc9c90700", "f200110000"):
        (line,) = feed(ours, Frame(1, bytes.fromhex(wire), rsv1=True))
        assert (line.payload, line.frame.payload.hex()) == (b"Hello", wire)
    (line,) = ours.send_text("Hello")
    assert line.frame.rsv1
    assert (line.payload, line.frame.payload.hex()) == (b"Hello", "f248cdc9c90700")


def test_a_broken_deflate_stream_is_marked_until_the_message_ends() -> None:
    """Payload null; the next message inflates again."""
    ours = client(deflate=Deflate(), limits=Limits(lenient=True))
    lines = feed(
        ours,
        Frame(1, b"\xff\xff", fin=False, rsv1=True),
        Frame(0, b"\xff"),
        Frame(1, bytes.fromhex("f248cdc9c90700"), rsv1=True),
    )
    assert [(line.payload, line.bad) for line in lines] == [
        (None, ("inflate-failed",)),
        (None, ()),
        (b"Hello", ()),
    ]


messages = st.lists(st.text(max_size=40) | st.binary(max_size=40), max_size=6)


@given(messages, st.booleans(), st.lists(st.integers(0, 400), max_size=5))
def test_two_conversations_understand_each_other(
    sent: list[str | bytes], compressed: bool, cuts: list[int]
) -> None:
    """Client to server, cut anywhere, compressed or not."""
    deflate = Deflate() if compressed else None
    ours = client(deflate=deflate)
    theirs = Conversation(role="server", random_mask=lambda: KEY, deflate=deflate, deliver=True)
    for message in sent:
        if isinstance(message, str):
            ours.send_text(message)
        else:
            ours.send_binary(message)
    ours.send_close(1000, "done")
    stream = ours.outgoing()
    at = 0
    for cut in [*sorted(cuts), len(stream)]:
        assert not [line.bad for line in theirs.receive(stream[at:cut]) if line.bad]
        at = max(at, min(cut, len(stream)))
    assert theirs.take_messages() == sent
    assert theirs.closed_by == "client"
    ours.receive(theirs.outgoing())
    assert ours.is_over
