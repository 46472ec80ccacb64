"""Servers that answer the request for an upgrade wrongly, oddly, or not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tests.hostile.misbehaviour import Misbehaviour
from tests.hostile.peer import Peer
from wsdebug.engine.options import DeflateOffer
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["HANDSHAKES"]

Plays = Callable[[Peer, Any], Awaitable[None]]

UPGRADE = "Upgrade: websocket"
CONNECTION = "Connection: Upgrade"
ACCEPT = "Sec-WebSocket-Accept: {accept}"
RIGHT = (UPGRADE, CONNECTION, ACCEPT)
OK = "HTTP/1.1 101 Switching Protocols"
RFC = "RFC 6455 §4.1"
HTTP = "RFC 9112 §2.1"
FIELDS = "RFC 9112 §5"
MIB = 1 << 20


def answers(*headers: str, status: str = OK, body: bytes = b"", stays: bool = False) -> Plays:
    """Answer with a head and a body, `{v}` in them replaced; what `stays` keeps the connection."""

    async def play(peer: Peer, variant: Any) -> None:
        await peer.read_request()
        lines = [line.format(accept=peer.accept, v=variant) for line in headers]
        await peer.send(peer.head(*lines, status=status.format(v=variant)) + body)
        if stays:
            await peer.stay()

    return play


def opens(*more: str) -> Plays:
    """Answer in the right way, with more headers, and send a message."""

    async def play(peer: Peer, variant: Any) -> None:
        await peer.open(*(line.format(v=variant) for line in more))
        await peer.go_on()

    return play


def writes(data: bytes, *, reads: bool = True, stays: bool = False) -> Plays:
    """Write bytes that are no answer."""

    async def play(peer: Peer, variant: Any) -> None:
        if reads:
            await peer.read_request()
        await peer.send(data or variant)
        if stays:
            await peer.stay()

    return play


def repeats(data: bytes, *, head: bytes = b"", pause: float | None = None) -> Plays:
    """Write the same again and again, until the client goes."""

    async def play(peer: Peer, _: Any) -> None:
        await peer.read_request()
        await peer.send(head)
        while True:
            await peer.send(data)
            if pause is not None:
                await asyncio.sleep(pause)

    return play


def redirects(location: str, *, opens_at: str = "") -> Plays:
    """Send on, `PORT` replaced; open where the path is another and nothing of the user's came."""

    async def play(peer: Peer, _: Any) -> None:
        request = await peer.read_request()
        port = peer.writer.get_extra_info("sockname")[1]
        if opens_at and request.split(b" ")[1] == opens_at.encode():
            own = (b"x-key", b"cookie", b"origin:", b"authorization: bearer")
            assert not any(name in request.lower() for name in own)
            lines = [line.format(accept=peer.accept) for line in RIGHT]
            await peer.send(peer.head(*lines))
            await peer.go_on()
        else:
            place = location.replace("PORT", str(port))
            head = peer.head(f"Location: {place}", "Content-Length: 0", status="HTTP/1.1 302 Found")
            await peer.send(head)

    return play


async def silence(peer: Peer, _: Any) -> None:
    """Say nothing."""
    await peer.stay()


async def hang_up(peer: Peer, _: Any) -> None:
    """Close once the request has come."""
    await peer.read_request()


async def reset(peer: Peer, _: Any) -> None:
    """Reset TCP once the request has come."""
    await peer.read_request()
    peer.reset()


async def reset_unread(peer: Peer, size: int) -> None:
    """Reset TCP before anything is read, or with most of the request unread."""
    if size:
        await peer.reader.readexactly(size)
    peer.reset()


async def in_bytes(peer: Peer, _: Any) -> None:
    """A right answer, every byte in a write of its own, and a message in the same way."""
    await peer.read_request()
    for byte in peer.head() + encode_frame(Frame(Opcode.TEXT, b"slow")):
        await peer.send(bytes((byte,)))
    await peer.go_on()


async def early_frames(peer: Peer, _: Any) -> None:
    """Frames in the same write as the head."""
    await peer.open(then=encode_frame(Frame(Opcode.TEXT, b"early")))
    await peer.go_on()


async def interim(peer: Peer, status: int) -> None:
    """Another head before the one that counts."""
    head = b"HTTP/1.1 %d Wait\r\nLink: </style.css>\r\n\r\n" % status
    await peer.read_request()
    await peer.send(head * 3 + peer.head())
    await peer.go_on()


OWN = {
    "location": True,
    "header": (("X-Key", "k-1"),),
    "bearer": "b-1",
    "cookie": "c=1",
    "origin": "https://app.example",
}
REFUSED = "refused {v}"
WRONG = "refused 101"
SHORT = {"connect_timeout": 0.3}
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"
LONG_BODY = b"Content-Length: 999999999\r\n\r\n" + b"x" * MIB


def wrong(what: str, says: str, play: Plays, **more: Any) -> Misbehaviour:
    """A 101 that opens nothing."""
    section = more.pop("section", RFC)
    ending = "…" if says.endswith("…") else f" ({section})"
    says = f"refused: 101, {says}" if ending == "…" else f"refused: 101, {says}{ending}"
    return Misbehaviour(what, section, play, WRONG, says, **more)


HANDSHAKES = (
    Misbehaviour(
        "every status from 300 to 599, without a body",
        RFC,
        answers("Content-Length: 0", status="HTTP/1.1 {v} Why"),
        REFUSED,
        "refused: {v}…",
        variants=tuple(range(300, 600)),
    ),
    Misbehaviour(
        "every status from 300 to 599, with a body",
        RFC,
        answers("Content-Length: 4", status="HTTP/1.1 {v} Why", body=b"\x1b[2J"),
        REFUSED,
        "refused: {v}…",
        variants=tuple(range(300, 600)),
    ),
    Misbehaviour(
        "200 and 204: no upgrade at all",
        RFC,
        answers("Content-Length: 0", status="HTTP/1.1 {v} Fine"),
        REFUSED,
        "refused: {v}",
        variants=(200, 204),
    ),
    wrong("101 without Upgrade", "missing Upgrade header", answers(CONNECTION, ACCEPT)),
    wrong("101 without Connection", "missing Connection header", answers(UPGRADE, ACCEPT)),
    wrong(
        "101 without Sec-WebSocket-Accept",
        "missing Sec-WebSocket-Accept header",
        answers(UPGRADE, CONNECTION),
    ),
    wrong(
        "101 with another Upgrade",
        "invalid Upgrade header: {v}",
        answers("Upgrade: {v}", CONNECTION, ACCEPT),
        variants=("h2c", "websocket, h2c"),
    ),
    wrong(
        "101 with another Connection",
        "invalid Connection header: close",
        answers(UPGRADE, "Connection: close", ACCEPT),
    ),
    wrong(
        "101 with an accept key for another request",
        "invalid Sec-WebSocket-Accept header: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        answers(UPGRADE, CONNECTION, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    ),
    wrong(
        "101 with two accept keys",
        "invalid Sec-WebSocket-Accept header: multiple values",
        answers(*RIGHT, ACCEPT),
    ),
    wrong(
        "101 with Upgrade twice",
        "invalid Upgrade header: websocket, websocket",
        answers(*RIGHT, UPGRADE),
    ),
    Misbehaviour(
        "101 with other headers twice",
        "RFC 9110 §5.3",
        opens("{v}", "{v}"),
        "goes on, closed 1000",
        variants=("Connection: Upgrade", "Server: a", "Set-Cookie: a=1", "Date: today"),
    ),
    wrong(
        "a subprotocol that nobody asked for",
        "no subprotocols supported",
        opens("Sec-WebSocket-Protocol: chat"),
    ),
    wrong(
        "another subprotocol than those asked for",
        "unsupported subprotocol: chat",
        opens("Sec-WebSocket-Protocol: chat"),
        options={"subprotocol": ("mqtt", "stomp")},
    ),
    wrong(
        "two subprotocols at once",
        "invalid Sec-WebSocket-Protocol header: multiple values: mqtt, stomp",
        opens("Sec-WebSocket-Protocol: mqtt, stomp"),
        options={"subprotocol": ("mqtt", "stomp")},
    ),
    wrong(
        "an extension that nobody asked for",
        "Unsupported extension: name = x-odd, params = []",
        opens("Sec-WebSocket-Extensions: x-odd"),
    ),
    wrong(
        "compression that nobody asked for",
        "no extensions supported",
        opens(DEFLATE),
        options={"compression": None},
    ),
    wrong(
        "compression with parameters that are wrong or unasked",
        "Unsupported extension: name = permessage-deflate, …",
        opens(DEFLATE + "; {v}"),
        variants=(
            "server_max_window_bits=7",
            "server_max_window_bits=16",
            "server_max_window_bits",
            "client_max_window_bits=a",
            "server_no_context_takeover=1",
            "x",
            "server_no_context_takeover; server_no_context_takeover",
        ),
    ),
    wrong(
        "compression twice",
        "Unsupported extension: name = permessage-deflate, …",
        opens(f"{DEFLATE}, permessage-deflate"),
    ),
    wrong(
        "a client window that was not offered",
        "Unsupported extension: name = permessage-deflate, …",
        opens(DEFLATE + "; client_max_window_bits=10"),
        options={"compression": DeflateOffer(client_max_window_bits=None)},
    ),
    wrong(
        "extensions that are no list of them",
        "invalid Sec-WebSocket-Extensions header: …",
        opens("Sec-WebSocket-Extensions: {v}"),
        variants=(";;", "a b", 'x="', "=1"),
    ),
    wrong(
        "101 of HTTP/1.0",
        "the answer is HTTP/1.0, which knows no upgrade",
        answers(*RIGHT, status="HTTP/1.0 101 Switching Protocols"),
    ),
    Misbehaviour(
        "interim answers before the 101 (100, 102, 103)",
        "RFC 9110 §15.2",
        interim,
        "goes on, closed 1000",
        variants=(100, 102, 103),
    ),
    Misbehaviour(
        "interim answers without end",
        "RFC 9110 §15.2",
        repeats(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000),
        "refused 103",
        "refused: 103, more than 100 interim answers came (RFC 9110 §15.2)",
    ),
    wrong(
        "thousands of headers on a 101",
        "expected no more than 128 headers",
        answers(*RIGHT, *["X-More: again"] * 5000),
        section=FIELDS,
    ),
    Misbehaviour(
        "thousands of headers on a 404",
        RFC,
        answers(*["X-More: again"] * 5000, "Content-Length: 0", status="HTTP/1.1 404 No"),
        "refused 404",
        "refused: 404, nothing at /; check the path",
    ),
    wrong(
        "a header line without end",
        "the head of the answer is over 1 MiB",
        repeats(b"x" * 65536, head=b"HTTP/1.1 101 Ok\r\nX-Long: "),
        section="RFC 9110 §5.4",
    ),
    wrong(
        "a header line of 64 KiB",
        "read 65546 bytes, expected no more than 8192 bytes",
        opens("X-Long: " + "x" * 65536),
        section=FIELDS,
    ),
    wrong(
        "headers that are none: no colon, spaces, controls, folded lines",
        "invalid HTTP header …",
        opens("{v}"),
        section=FIELDS,
        variants=("no colon", "A B: c", "X: a\x01b", "X: a\x00", "X: a\r\n folded", ": empty"),
    ),
    Misbehaviour(
        "chunks without end",
        "RFC 9112 §7.1",
        repeats(
            b"4\r\nabcd\r\n" * 1000,
            head=b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        "refused 503",
        "refused: 503",
    ),
    Misbehaviour(
        "broken chunks",
        "RFC 9112 §7.1",
        answers(
            "Transfer-Encoding: chunked", status="HTTP/1.1 503 Busy", body=b"zz\r\n\x1b]0;x\x07"
        ),
        "refused 503",
        "refused: 503",
    ),
    Misbehaviour(
        "a chunk's extension without end",
        "RFC 9112 §7.1.1",
        repeats(b"x" * 65536, head=b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n1;"),
        "refused 503",
        "refused: 503",
    ),
    Misbehaviour(
        "a body without end",
        "RFC 9112 §6.3",
        repeats(b"<p>" * 20000, head=b"HTTP/1.1 500 Oh\r\n\r\n"),
        "refused 500",
        "refused: 500",
    ),
    Misbehaviour(
        "a body of another length than it says",
        "RFC 9112 §6.3",
        writes(b"HTTP/1.1 500 Oh\r\n" + LONG_BODY),
        "refused 500",
        "refused: 500",
    ),
    Misbehaviour(
        "a body whose end does not come",
        "RFC 9112 §6.3",
        answers("Content-Length: 10", status="HTTP/1.1 500 Oh", body=b"half", stays=True),
        "refused 500",
        "refused: 500",
        options=SHORT,
    ),
    Misbehaviour(
        "what is no HTTP",
        HTTP,
        writes(b""),
        "refused",
        "refused: the answer is not HTTP (RFC 9112 §2.1)",
        variants=(
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
            b"\x00\x01\x02\r\n\r\n",
            b"<html>\r\n\r\n",
            b"HTTP/2 101\r\n\r\n",
            b"http/1.1 101 Ok\r\n\r\n",
            b"\r\n\r\n",
            b"ICY 200 OK\r\n\r\n",
        ),
    ),
    Misbehaviour(
        "half an answer, then the end",
        HTTP,
        writes(b""),
        "refused",
        "refused: the answer ended before its head did (RFC 9112 §2.1)",
        variants=(b"\xff" * 70, b"HTT", b"HTTP/1.1\r\n"),
    ),
    wrong(
        "half a 101, then the end",
        "the answer ended before its head did",
        writes(b"HTTP/1.1 101 Ok\r\nUpgrade: webso"),
        section=HTTP,
    ),
    Misbehaviour(
        "frames instead of an answer",
        HTTP,
        writes(encode_frame(Frame(Opcode.TEXT, b"hello\r\n\r\n"))),
        "refused",
        "refused: the answer is not HTTP (RFC 9112 §2.1)",
    ),
    Misbehaviour(
        "lines that end without a carriage return",
        "RFC 9112 §2.2",
        writes(b"HTTP/1.1 101 Ok\nUpgrade: websocket\n\n", stays=True),
        "no connection: upgrade",
        "upgrade: the head of the answer had no end in 0.3 s",
        options=SHORT,
    ),
    Misbehaviour(
        "the end of TCP before an answer",
        HTTP,
        hang_up,
        "refused",
        "refused: the answer ended before its head did (RFC 9112 §2.1)",
    ),
    Misbehaviour(
        "a reset before an answer",
        "RFC 9293 §3.10.7",
        reset,
        "no connection: upgrade",
        "127.0.0.1:PORT broke the connection: connection reset by peer",
    ),
    Misbehaviour(
        "a reset before the request is read, or after its first byte",
        "RFC 9293 §3.10.7",
        reset_unread,
        "no connection: upgrade",
        "127.0.0.1:PORT broke the connection: connection reset by peer",
        variants=(0, 1),
    ),
    Misbehaviour(
        "silence",
        RFC,
        silence,
        "no connection: upgrade",
        "upgrade: no answer from 127.0.0.1 in 0.3 s",
        options=SHORT,
    ),
    Misbehaviour(
        "a byte now and then",
        RFC,
        repeats(b"x", head=b"HTTP/1.1 101 Ok\r\nX: ", pause=0.02),
        "no connection: upgrade",
        "upgrade: the head of the answer had no end in 0.3 s",
        options=SHORT,
    ),
    Misbehaviour(
        "a right answer in segments of one byte",
        RFC,
        in_bytes,
        "goes on, closed 1000",
    ),
    Misbehaviour(
        "frames in the same segment as the 101",
        RFC,
        early_frames,
        "goes on, closed 1000",
    ),
    Misbehaviour(
        "no TLS where wss:// wants it",
        "RFC 8446 §5.1",
        writes(b"HTTP/1.1 400 Bad Request\r\n\r\n", reads=False),
        "no connection: TLS",
        "127.0.0.1:PORT does not speak TLS; try ws://",
        scheme="wss",
    ),
    Misbehaviour(
        "an end, or noise, in the middle of TLS",
        "RFC 8446 §5.1",
        writes(b"", reads=False),
        "no connection: TLS",
        "TLS with 127.0.0.1:PORT failed: …",
        scheme="wss",
        variants=(b"\x16\x03\x03\x00\x04\x02\x00\x00\x00", b"\x15\x03\x03\x00\x02\x02\x50"),
    ),
    Misbehaviour(
        "TLS where ws:// does not",
        "RFC 8446 §5.1",
        writes(b"", stays=False),
        "refused",
        "refused: the server speaks TLS; try wss://",
        variants=(b"\x15\x03\x01\x00\x02\x02\x46", b"\x16\x03\x03\x00\x7a\x02\x00\r\n\r\n"),
    ),
    Misbehaviour(
        "a certificate that nobody signed",
        "RFC 5280 §6.1",
        silence,
        "no connection: TLS",
        "the certificate…",
        scheme="wss",
        tls=True,
    ),
    Misbehaviour(
        "a redirect, not asked to be followed",
        "RFC 9110 §15.4",
        redirects("/next"),
        "refused 302",
        "refused: 302, the server sends on to ws://127.0.0.1:PORT/next; -L follows",
    ),
    Misbehaviour(
        "a relative redirect",
        "RFC 9110 §15.4",
        redirects("next?a=1", opens_at="/next?a=1"),
        "goes on, closed 1000",
        options={"location": True},
    ),
    Misbehaviour(
        "redirects in a circle",
        "RFC 9110 §15.4",
        redirects("/"),
        "refused 302",
        "refused: 302, more than 10 redirects; --max-redirs allows more",
        options={"location": True},
    ),
    Misbehaviour(
        "a redirect to another origin: nothing of the user's goes there",
        "RFC 9110 §15.4",
        redirects("ws://localhost:PORT/in", opens_at="/in"),
        "goes on, closed 1000",
        options=OWN,
    ),
    Misbehaviour(
        "a redirect with user info of its own",
        "RFC 9110 §4.2.4",
        redirects("ws://eve:pw@localhost:PORT/in", opens_at="/in"),
        "goes on, closed 1000",
        options=OWN,
    ),
    Misbehaviour(
        "a redirect to a port that is none",
        "RFC 9110 §15.4",
        redirects("ws://127.0.0.1:99999/"),
        "refused 302",
        "refused: 302, sends on to what cannot be dialled: the port is a number from 1 to 65535",
        options={"location": True},
    ),
    Misbehaviour(
        "a redirect to another protocol",
        "RFC 9110 §15.4",
        redirects("file:///etc/passwd"),
        "refused 302",
        "refused: 302, sends on to what cannot be dialled: "
        "file:// is not a WebSocket; use ws:// or wss://",
        options={"location": True},
    ),
    Misbehaviour(
        "a redirect whose body has no end",
        "RFC 9110 §15.4",
        answers("Location: /next", status="HTTP/1.1 302 Found", body=b"half", stays=True),
        "no connection: upgrade",
        "upgrade: sent on to ws://127.0.0.1:PORT/next, but the answer had no end in 0.3 s",
        options={**SHORT, "location": True},
    ),
)
