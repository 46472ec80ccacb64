"""Our conversation and the library's, talking to each other: what one sends the other receives."""

import zlib
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from websockets.extensions.base import Extension
from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)
from websockets.frames import Frame as TheirFrame
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.protocol import CLIENT, SERVER, Protocol, State
from websockets.server import ServerProtocol
from websockets.utils import accept_key

from wsdebug.engine.conversation import Conversation, Deflate, Limits
from wsdebug.engine.handshake import Handshake
from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.engine.target import parse_url
from wsdebug.errors import HandshakeRefused
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

KEY = b"\x01\x02\x03\x04"
LIMIT = 1 << 20

windows = st.integers(9, 15)
deflates = st.none() | st.builds(Deflate, windows, st.booleans(), windows, st.booleans())
cuts = st.lists(st.integers(0, 2000), max_size=6)
messages = st.lists(
    st.tuples(
        st.text(max_size=60) | st.binary(max_size=60) | st.just("repeated " * 40),
        st.lists(st.integers(0, 60), max_size=3),  # where it is cut into fragments
        st.none() | st.binary(max_size=20),  # a ping between the fragments
    ),
    max_size=5,
)
Message = tuple[str | bytes, list[int], bytes | None]


def ours(role: Any, deflate: Deflate | None) -> Conversation:
    """Our side."""
    return Conversation(
        role=role,
        deflate=deflate,
        limits=Limits(LIMIT),
        random_mask=lambda: KEY,
        deliver=True,
    )


def theirs(side: Any, deflate: Deflate | None) -> Protocol:
    """The library's side, open, with the same agreement seen from there."""
    extensions: list[Extension] = []
    if deflate is not None:
        extensions.append(
            PerMessageDeflate(
                remote_no_context_takeover=not deflate.our_context_takeover,
                local_no_context_takeover=not deflate.peer_context_takeover,
                remote_max_window_bits=deflate.our_window_bits,
                local_max_window_bits=deflate.peer_window_bits,
            )
        )
    protocol = Protocol(side, state=State.OPEN, max_size=LIMIT)
    protocol.extensions = extensions
    return protocol


def pieces(stream: bytes, places: list[int]) -> list[bytes]:
    """A stream cut at any places."""
    ends = [*sorted(min(place, len(stream)) for place in places), len(stream)]
    return [stream[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def joined(events: list[Any]) -> list[str | bytes]:
    """The messages in the library's frames, whole and as they were sent."""
    found: list[str | bytes] = []
    parts: list[bytes] = []
    is_text = False
    for frame in events:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            is_text, parts = frame.opcode is Opcode.TEXT, []
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            parts.append(bytes(frame.data))
            if frame.fin:
                data = b"".join(parts)
                found.append(data.decode() if is_text else data)
    return found


@pytest.mark.parametrize("role", ["client", "server"])
@given(sent=messages, deflate=deflates, places=cuts)
def test_the_library_receives_what_we_send(
    role: str, sent: list[Message], deflate: Deflate | None, places: list[int]
) -> None:
    """Messages, pings and the close, in any cut of the stream; and its answer closes ours."""
    us = ours(role, deflate)
    them = theirs(SERVER if role == "client" else CLIENT, deflate)
    pings = []
    for message, _, ping in sent:
        if isinstance(message, str):
            us.send_text(message)
        else:
            us.send_binary(message)
        if ping is not None:
            us.send_ping(ping)
            pings.append(ping)
    us.send_close(1000, "done")
    events: list[Any] = []
    for data in pieces(us.outgoing(), places):
        them.receive_data(data)
        events += them.events_received()
    assert joined(events) == [message for message, _, _ in sent]
    assert [bytes(f.data) for f in events if f.opcode is Opcode.PING] == pings
    assert them.close_rcvd is not None
    assert (them.close_rcvd.code, them.close_rcvd.reason) == (1000, "done")
    answers = us.receive(b"".join(them.data_to_send()))
    assert [line.payload for line in answers if line.frame.opcode == 10] == pings
    assert not [line.bad for line in answers if line.bad]
    assert (us.is_over, us.closed_by) == (True, role)


def fragments(message: str | bytes, places: list[int]) -> list[TheirFrame]:
    """A message as frames, cut at places."""
    data = message.encode() if isinstance(message, str) else message
    parts = pieces(data, places)
    first = Opcode.TEXT if isinstance(message, str) else Opcode.BINARY
    return [
        TheirFrame(Opcode.CONT if number else first, part, fin=number == len(parts) - 1)
        for number, part in enumerate(parts)
    ]


@pytest.mark.parametrize("role", ["client", "server"])
@given(sent=messages, deflate=deflates, places=cuts)
def test_we_receive_what_the_library_sends(
    role: str, sent: list[Message], deflate: Deflate | None, places: list[int]
) -> None:
    """Fragmented, with pings between the fragments; what we answer satisfies it."""
    us = ours(role, deflate)
    them = theirs(SERVER if role == "client" else CLIENT, deflate)
    pings = []
    for message, at, ping in sent:
        for frame in fragments(message, at):
            them.send_frame(frame)
            if ping is not None:
                them.send_ping(ping)
                pings.append(ping)
    them.send_close(1001, "gone")
    lines = []
    for data in pieces(b"".join(them.data_to_send()), places):
        lines += us.receive(data)
    assert us.take_messages() == [message for message, _, _ in sent]
    assert not [line.bad for line in lines if line.bad]
    assert [line.payload for line in lines if line.sent and line.frame.opcode == 10] == pings
    them.receive_data(us.outgoing())
    assert them.close_rcvd is not None
    assert them.close_rcvd.code == 1001
    assert (us.is_over, us.closed_by) == (True, "server" if role == "client" else "client")


ascii_bytes = st.text(st.characters(max_codepoint=127), max_size=20).map(str.encode)
closes = st.sampled_from((b"", b"\x03", b"\x03\xe8", b"\x03\xedno", b"\x0f\xa0why", b"\x00\x00"))
flags = st.sampled_from((False, False, False, True))
data_frames = st.builds(
    Frame,
    st.sampled_from((0, 1, 2, 9, 10, 3, 11)),
    ascii_bytes,
    fin=st.booleans(),
    rsv1=flags,
    rsv2=flags,
    mask=st.sampled_from((None, None, None, KEY)),
)
frames = st.lists(data_frames | st.builds(Frame, st.just(8), closes), max_size=6)


@settings(max_examples=300)
@given(sent=frames, places=cuts)
@example(sent=[Frame(1, b"", rsv2=True)], places=[])
def test_we_fail_where_the_library_fails(sent: list[Frame], places: list[int]) -> None:
    """Any frames at all, right or wrong: with the same close code, after the same messages."""
    stream = b"".join(encode_frame(frame) for frame in sent)
    us, them = ours("client", None), theirs(CLIENT, None)
    for piece in pieces(stream, places):
        us.receive(piece)
    them.receive_data(stream)
    # section 5.4 lets a close frame stand between fragments, the library does not
    assume(str(them.parser_exc) != "incomplete fragmented message")
    assert us.take_messages() == joined(them.events_received())
    assert (us.state == "failed") == (them.parser_exc is not None)
    if them.close_sent is None:
        assert us.close_sent is None
    else:
        code = them.close_sent.code if them.close_sent.code != 1005 else None
        assert us.close_sent is not None
        assert us.close_sent.code == code


bits = st.none() | windows
offers = st.builds(DeflateOffer, st.booleans(), st.booleans(), bits, bits | st.just(0))


@given(offer=st.none() | offers, sent=messages)
def test_what_a_handshake_agrees_on_is_what_both_sides_do(
    offer: DeflateOffer | None, sent: list[Message]
) -> None:
    """All four parameters, negotiated by the library's server, then talked over both ways."""
    handshake = Handshake(parse_url("ws://h/"), ConnectOptions(url="", compression=offer))
    server = ServerProtocol(extensions=[ServerPerMessageDeflateFactory()], max_size=LIMIT)
    server.receive_data(handshake.request)
    (request,) = server.events_received()
    assert isinstance(request, Request)
    server.send_response(server.accept(request))
    agreed = handshake.feed(b"".join(server.data_to_send()))
    assert agreed is not None
    assert (agreed.deflate is None) == (offer is None)
    us = ours("client", agreed.deflate)
    for message, _, _ in sent:
        if isinstance(message, str):
            us.send_text(message)
            server.send_text(message.encode())
        else:
            us.send_binary(message)
            server.send_binary(message)
    us.receive(b"".join(server.data_to_send()))
    server.receive_data(us.outgoing())
    assert us.take_messages() == joined(server.events_received())
    assert us.state == "open"


def answer(handshake: Handshake, parameters: str) -> bytes:
    """The head of a 101 that agrees to compression in some way."""
    key = handshake.request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0].decode()
    return (
        "HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_key(key)}\r\n"
        f"Sec-WebSocket-Extensions: permessage-deflate{parameters}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", Deflate()),
        ("; server_no_context_takeover", Deflate(peer_context_takeover=False)),
        ("; client_no_context_takeover", Deflate(our_context_takeover=False)),
        ("; server_max_window_bits=10", Deflate(peer_window_bits=10)),
        ("; client_max_window_bits=9", Deflate(our_window_bits=9)),
        ('; server_max_window_bits="8"', Deflate(peer_window_bits=8)),
    ],
)
def test_each_parameter_as_a_server_answers_it(parameters: str, expected: Deflate) -> None:
    """RFC 7692 section 7.1, seen from our side."""
    handshake = Handshake(parse_url("ws://h/"), ConnectOptions(url=""))
    agreed = handshake.feed(answer(handshake, parameters) + b"rest")
    assert agreed is not None
    assert (agreed.deflate, agreed.rest) == (expected, b"rest")


@pytest.mark.parametrize(
    "parameters", ["client_max_window_bits=8", "server_max_window_bits=16", "foo", "foo; foo"]
)
def test_an_agreement_that_cannot_be_kept_is_refused(parameters: str) -> None:
    """zlib compresses with no window of 8 bits; others are no values at all."""
    handshake = Handshake(parse_url("ws://h/"), ConnectOptions(url=""))
    with pytest.raises(HandshakeRefused, match="refused: 101, "):
        handshake.feed(answer(handshake, f"; {parameters}"))


@pytest.mark.parametrize("bits", range(9, 16))
def test_a_window_is_kept_to(bits: int) -> None:
    """A peer with a window of just that size can inflate what we send."""
    us = ours("client", Deflate(our_window_bits=bits))
    text = "".join(chr(65 + i * i % 57) for i in range(3000)) * 12
    (line,) = us.send_text(text)
    inflater = zlib.decompressobj(-bits)
    assert inflater.decompress(line.frame.payload + b"\x00\x00\xff\xff").decode() == text
