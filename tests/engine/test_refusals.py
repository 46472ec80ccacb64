"""Refused handshakes: what is kept, and what is said."""

import asyncio
import base64
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from wsdebug.engine.body import read_body
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import CannotConnect, HandshakeRefused, UsageError
from wsdebug.session.lines import Event

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter


async def refused(
    server: Server, session: Session, answer: bytes, *, stays: bool = False, **options: object
) -> tuple[HandshakeRefused, Event]:
    """The refusal that an answer makes, and its `response` event; a server that `stays` keeps
    the connection after it.
    """

    async def handle(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if stays:
            await reader.read(1)

    async with server(handle) as url, session(f"{url}feed", **options) as live:
        with pytest.raises(HandshakeRefused) as caught:
            await live.open()
        events = [line for line in live.log if isinstance(line, Event)]
        assert [event.name for event in events[-2:]] == ["response", "error"]
        return caught.value, events[-2]


def body_of(event: Event) -> bytes:
    """The recorded body."""
    body = event.fields["body"]
    return body.encode() if isinstance(body, str) else base64.b64decode(body["b64"])


@pytest.mark.parametrize("headers", ["Content-Length: 1000000", "X-Length: none"])
async def test_of_a_megabyte_the_first_64_kib_are_kept(
    server: Server, session: Session, headers: str
) -> None:
    """Whether its length is said or not; the head is kept byte for byte."""
    head = f"HTTP/1.1 503 Busy\r\n{headers}\r\nX-Odd:  a  b\t\r\n\r\n".encode()
    body = bytes(range(256)) * 3907
    error, event = await refused(server, session, head + body)
    assert error.body == body_of(event) == body[:65536]
    assert base64.b64decode(event.fields["raw"]) == head
    assert event.fields["headers"][-1] == ["X-Odd", "a  b"]


@pytest.mark.parametrize(
    ("head", "body", "kept"),
    [
        (
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked",
            b"3\r\nno \r\n2;x=1\r\nin\r\n0\r\n\r\n",
            b"no in",
        ),
        (
            "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked",
            b"3\r\nno \r\nzz\r\nraw",
            b"no zz\r\nraw",
        ),
        ("HTTP/1.1 401 No\r\ncontent-length: 4", b"bodyextra", b"body"),
        ("HTTP/1.1 401 No\r\nContent-Length: 99", b"less", b"less"),
        ("HTTP/1.1 401 No\r\nContent-Length: " + "9" * 5000, b"less", b"less"),
        ("HTTP/1.1 401 No\r\nContent-Length: \u00b2", b"less", b"less"),
        ("HTTP/1.0 401 No", b"old", b"old"),
        ("HTTP/1.0 401", b"old", b"old"),
    ],
    ids=range(8),
)
async def test_bodies_end_as_their_heads_say(
    server: Server, session: Session, head: str, body: bytes, kept: bytes
) -> None:
    """Chunked, counted, cut short, HTTP/1.0."""
    error, event = await refused(server, session, head.encode("latin-1") + b"\r\n\r\n" + body)
    assert (error.status, error.body, body_of(event)) == (401, kept, kept)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 401 No\r\nContent-Length: 4\r\n\r\nbody",
        b"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
        b"HTTP/1.1 401 No\r\nContent-Length: 900000\r\n\r\n" + b"x" * 65536,
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
    ids=range(6),
)
async def test_a_whole_answer_is_not_waited_on(
    server: Server, session: Session, answer: bytes
) -> None:
    """Though the server keeps the connection."""
    await refused(server, session, answer, stays=True, connect_timeout=1000.0)


async def test_an_answer_without_an_end_is_a_refusal_when_the_time_is_over(
    server: Server, session: Session
) -> None:
    """Not `no answer`: its head has come."""
    answer = b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\nhalf"
    error, event = await refused(server, session, answer, stays=True, connect_timeout=0.1)
    assert str(error) == "refused: 401, wants Basic"
    assert body_of(event) == b"half"


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("401 No\r\nWWW-Authenticate: Bearer realm=x", "refused: 401, wants Bearer"),
        ("401 No", "refused: 401"),
        ("403 No", "refused: 403"),
        ("404 No", "refused: 404, nothing at /feed; check the path"),
        ("426 No\r\nSec-WebSocket-Version: 8", "refused: 426, wants version 8 of the protocol"),
        ("429 No\r\nRetry-After: 7", "refused: 429, wants no more before 7 s"),
        ("200 OK", "refused: 200"),
    ],
)
async def test_a_status_in_words(server: Server, session: Session, head: str, words: str) -> None:
    """What it means, where that helps."""
    answer = f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode()
    error, event = await refused(server, session, answer)
    assert str(error) == words
    assert event.fields["status"] == error.status


ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
OPENING = f"HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{ACCEPT}\r\n"
KEY = ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("HTTP/1.1 101 Ok\r\n\r\n", "refused: 101, missing Connection header"),
        (OPENING.replace(ACCEPT, "X: y") + "\r\n", "missing Sec-WebSocket-Accept"),
        (OPENING.replace("s3pP", "xxxx") + "\r\n", "invalid Sec-WebSocket-Accept"),
        (OPENING + "Sec-WebSocket-Protocol: other\r\n\r\n", "refused: 101, "),
        (OPENING + "Sec-WebSocket-Extensions: x-other\r\n\r\n", "refused: 101, "),
        (OPENING.replace("HTTP/1.1", "HTTP/1.0") + "\r\n", "refused: 101"),
        (OPENING + "X: y\r\n" * 300 + "\r\n", "refused: 101, "),
        (OPENING + "X: " + "y" * 70000 + "\r\n\r\n", "refused: 101, "),
        (OPENING + "no colon\r\n\r\n", "refused: 101, "),
    ],
    ids=range(9),
)
async def test_a_101_that_opens_nothing(
    server: Server, session: Session, answer: str, words: str
) -> None:
    """Each rule of section 4.1; heads that the parser cannot take are kept whole."""
    error, event = await refused(server, session, answer.encode(), header=(KEY,))
    assert words in str(error)
    assert error.status == 101
    assert base64.b64decode(event.fields["raw"]) == answer.encode()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 401 No\r\nX-Cut: ", "the answer ended before its head did"),
        (b"SSH-2.0-x\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 \xb2\xb2\xb2 No\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/2 200\r\n\r\n", "the answer is not HTTP"),
        (b"x" * (1 << 20) + b"x", "the head of the answer is over 1 MiB"),
    ],
    ids=range(5),
)
async def test_an_answer_that_cannot_be_read(
    server: Server, session: Session, answer: bytes, words: str
) -> None:
    """It is in the record all the same."""
    error, event = await refused(server, session, answer)
    assert words in str(error)
    assert base64.b64decode(event.fields["raw"]).startswith(answer[:60].rstrip(b"\r\n"))


async def test_a_server_that_breaks_off(server: Server, session: Session) -> None:
    """A reset, and an end without a byte."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with server(handle) as url, session(url) as live:
        with pytest.raises(HandshakeRefused, match="ended before its head did"):
            await live.open()


async def test_no_answer_in_time(server: Server, session: Session) -> None:
    """The step that was waited for is named."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.read(1)

    async with server(handle) as url, session(url, connect_timeout=0.1) as live:
        with pytest.raises(CannotConnect, match="upgrade: no answer from 127") as e:
            await live.open()
        assert e.value.timed_out


async def test_a_dial_that_is_broken_off(server: Server, session: Session) -> None:
    """It ends at once, and says so."""
    asked = asyncio.Event()

    async def handle(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read(1)

    async with server(handle) as url, session(url, connect_timeout=1000.0) as live:
        await asked.wait()
        assert (live.status.state, live.status.step) == ("connecting", "upgrade")
        await live.disconnect()
        with pytest.raises(CannotConnect, match="broken off by you"):
            await live.open()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"header": (("X", "a\r\nEvil: 1"),)}, "header"),
        ({"header": (("X Y", "a"),)}, "header"),
        ({"header": (("", "a"),)}, "header"),
        ({"cookie": "a\nb"}, "cookie"),
        ({"origin": "a\nb"}, "origin"),
        ({"bearer": "a\nb"}, "bearer"),
        ({"subprotocol": ("a\r\nEvil: 1",)}, "subprotocol"),
        ({"header": (("X", "a\x00b"),)}, "header"),
        ({"bearer": "t", "user": "a:b"}, "bearer"),
    ],
)
async def test_what_cannot_be_sent_is_said_before_anything_is_dialled(
    session: Session, options: dict[str, object], field: str
) -> None:
    """Nothing is slipped into the request."""
    async with session("ws://127.0.0.1:1/", **options) as live:
        with pytest.raises(UsageError) as caught:
            await live.open()
        assert caught.value.field == field


@pytest.mark.parametrize(
    ("options", "authorization"),
    [
        ({"bearer": "t"}, "Bearer t"),
        ({"user": "ann:grün"}, "Basic YW5uOmdyw7xu"),
        ({"user": "ann:"}, "Basic YW5uOg=="),
        ({"user": "ann"}, "Basic YW5uOg=="),
    ],
)
async def test_headers_go_out_as_they_were_given(
    server: Server, session: Session, options: dict[str, str], authorization: str
) -> None:
    """In order, duplicates and UTF-8 included; a default removed, another given anew."""
    heads: list[bytes] = []

    async def handle(reader: Reader, writer: Writer) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))

    header = (("X-B", "1"), ("X-A", "grün"), ("X-B", "2"), ("User-Agent", None), ("Host", "h"))
    async with (
        server(handle) as url,
        session(url, header=header, origin="https://o", cookie="a=1; b=2", **options) as live,
    ):
        with pytest.raises(HandshakeRefused):
            await live.open()
    lines = heads[0].decode().split("\r\n")
    assert [line for line in lines if line.startswith(("X-", "Host", "User-Agent"))] == [
        "X-B: 1",
        "X-A: grün",
        "X-B: 2",
        "Host: h",
    ]
    assert [line for line in lines if line.startswith(("Auth", "Cook", "Orig"))] == [
        "Origin: https://o",
        f"Authorization: {authorization}",
        "Cookie: a=1; b=2",
    ]


def test_a_chunk_larger_than_what_is_kept() -> None:
    """Only the beginning of it is waited for."""
    head = b"HTTP/1.1 500 No\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    body, is_whole = read_body(500, head, b"fffffff\r\n" + b"x" * 70000)
    assert (len(body), is_whole) == (65536, True)
    assert read_body(500, head, b"5\r\nab") == (b"ab", False)
    assert read_body(500, head, b"5") == (b"", False)


def test_tiny_chunks_cannot_make_an_answer_without_an_end() -> None:
    """What is taken for the part that is kept has a bound too."""
    head = b"HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"1;" + b"x" * 1000 + b"\r\na\r\n"
    assert read_body(404, head, chunk * 10) == (b"a" * 10, False)
    assert read_body(404, head, chunk * 1100) == (b"a" * 1100, True)


def test_options_never_print_their_secrets() -> None:
    """In a traceback or a log."""
    options = ConnectOptions(url="", user="u:1", bearer="2b", cookie="c=3", passphrase="p4")
    assert not any(secret in repr(options) for secret in ("u:1", "2b", "c=3", "p4"))


async def test_interim_answers_are_recorded_and_passed_over(
    server: Server, session: Session
) -> None:
    """RFC 9110 section 15.2: before a refusal as before a 101; the answer is the last one."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    answer = hints * 2 + b"HTTP/1.1 401 No\r\nContent-Length: 4\r\n\r\nbody"

    async def handle(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    async with server(handle) as url, session(url) as live:
        with pytest.raises(HandshakeRefused, match="refused: 401") as caught:
            await live.open()
        assert caught.value.body == b"body"
        answers = [e for e in live.log if isinstance(e, Event) and e.name == "response"]
    assert [event.fields["status"] for event in answers] == [103, 103, 401]
    assert base64.b64decode(answers[0].fields["raw"]) == hints


async def test_half_a_head_is_recorded_when_the_time_is_over(
    server: Server, session: Session
) -> None:
    """With what came of it."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 Ok\r\nUpgr")
        await reader.read(1)

    async with server(handle) as url, session(url, connect_timeout=0.2) as live:
        with pytest.raises(CannotConnect, match=r"had no end in 0\.2 s"):
            await live.open()
        event = next(e for e in live.log if isinstance(e, Event) and e.name == "response")
    assert base64.b64decode(event.fields["raw"]) == b"HTTP/1.1 101 Ok\r\nUpgr"
