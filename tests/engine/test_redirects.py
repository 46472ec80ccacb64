"""Redirects: followed when asked to, bounded, and without secrets to other servers."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from wsdebug.cli.options import Parser, add_connection, connect_options
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.redirect import next_hop
from wsdebug.engine.target import parse_url
from wsdebug.errors import HandshakeRefused, UsageError
from wsdebug.playground.server import Playground
from wsdebug.session.lines import Event

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Upgrade = Callable[..., Awaitable[bytes]]
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter

OWN = ConnectOptions(
    url="",
    header=(("X-Key", "s3cret"), ("User-Agent", None), ("Cookie", "own=1")),
    origin="https://app.example",
    user="ann:pw",
    cookie="c=1",
    cert="own.pem",
    servername="inner",
    location=True,
)


def refusal(status: int = 302, location: str | None = "/") -> HandshakeRefused:
    """A redirect as the handshake gives it."""
    headers = [("location", location)] if location is not None else []
    return HandshakeRefused(f"refused: {status}", status=status, headers=headers)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/feed?a=1", "wss://h.example:9/feed?a=1"),
        ("deeper", "wss://h.example:9/a/deeper"),
        ("../up", "wss://h.example:9/up"),
        ("?q", "wss://h.example:9/a/b?q"),
        ("//other.example/x", "wss://other.example/x"),
        ("https://h.example:9/x", "wss://h.example:9/x"),
        ("wss://other.example", "wss://other.example/"),
        ("/x#fragment", "wss://h.example:9/x"),
    ],
)
def test_a_location_is_resolved(location: str, expected: str) -> None:
    """Relative to what was asked for; http(s) is taken for ws(s)."""
    target, _ = next_hop(refusal(308, location), parse_url("wss://h.example:9/a/b"), OWN, 0)
    assert target.url == expected


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("ws://h.example/", "sends on to ws://h.example/, which is not encrypted"),
        ("http://h.example/", "which is not encrypted"),
        ("ftp://h.example/", "cannot be dialled: ftp:// is not a WebSocket"),
        ("javascript:alert(1)", "cannot be dialled: javascript: is not a WebSocket"),
        ("wss://[::1", "cannot be dialled: an IPv6 address stands in brackets"),
        ("wss://h.example:0/", "cannot be dialled: the port"),
        ("/a b", "cannot be dialled: a URL has no spaces"),
    ],
)
def test_some_redirects_are_not_followed(location: str, words: str) -> None:
    """In words, with the status."""
    with pytest.raises(HandshakeRefused, match="refused: 302, ") as caught:
        next_hop(refusal(302, location), parse_url("wss://h.example/"), OWN, 0)
    assert words in str(caught.value)
    assert caught.value.status == 302


@pytest.mark.parametrize(
    ("status", "location"), [(302, None), (404, "/x"), (300, "/x"), (304, "/")]
)
def test_what_is_no_redirect_stays_what_it_is(status: int, location: str | None) -> None:
    """The same refusal comes out."""
    before = refusal(status, location)
    with pytest.raises(HandshakeRefused) as caught:
        next_hop(before, parse_url("ws://h/"), OWN, 0)
    assert caught.value is before


@pytest.mark.parametrize(
    "elsewhere",
    ["wss://h.example/", "ws://h.example:81/", "ws://h.example.evil/", "//evil.example"],
)
def test_another_origin_gets_nothing_of_ones_own(elsewhere: str) -> None:
    """Scheme, host and port make the origin; removed default headers stay removed."""
    start = parse_url("ws://bob:pw@h.example/")
    target, options = next_hop(refusal(302, elsewhere), start, OWN, 0)
    assert options == ConnectOptions(url="", header=(("User-Agent", None),), location=True)
    assert target.user is None


def test_the_same_origin_gets_everything() -> None:
    """User info of the URL too."""
    start = parse_url("ws://bob:pw@h.example/")
    target, options = next_hop(refusal(302, "http://h.example:80/x"), start, OWN, 0)
    assert options is OWN
    assert (target.url, target.user) == ("ws://h.example/x", "bob:pw")


def redirecting(requests: list[bytes], answers: dict[bytes, str], upgrade: Upgrade) -> object:
    """A handler that sends each path of `answers` on, and opens every other."""

    async def handle(reader: Reader, writer: Writer) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        requests.append(request)
        location = answers.get(request.split(b" ")[1])
        if location is not None:
            head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
            writer.write(head.encode())
            return
        again = asyncio.StreamReader()
        again.feed_data(request)
        await upgrade(again, writer)
        await reader.read(1)

    return handle


def kinds(live: LiveSession) -> list[tuple[int, str]]:
    """Connection and name of each event."""
    return [(line.connection, line.name) for line in live.log if isinstance(line, Event)]


async def test_every_hop_stands_in_the_record(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """All its steps, one connection; in the log they are one row."""
    answers = {b"/": "/a", b"/a": "/b"}
    async with (
        server(redirecting([], answers, upgrade)) as url,
        session(url, location=True) as live,
    ):
        await live.open()
        assert f"redirected to {url}b" in live.status.notices
        await live.disconnect()
        hop = [(1, name) for name in ("connecting", "dns", "tcp", "request", "response")]
        assert kinds(live) == [*hop, *hop, *hop, (1, "open"), (1, "closed")]
        urls = [
            line.fields["url"]
            for line in live.log
            if isinstance(line, Event) and line.name == "connecting"
        ]
        assert urls == [url, url + "a", url + "b"]
        assert [row.event for row in live.log.rows(0, 99) if row.event] == ["open", "closed"]
        assert len(live.log.handshake(1)) == 16


async def test_without_l_the_refusal_says_where_it_points(session: Session) -> None:
    """And that -L follows."""
    async with Playground() as playground:
        async with session(playground.url + "redirect") as live:
            with pytest.raises(HandshakeRefused) as caught:
                await live.open()
        words = f"refused: 302, the server sends on to {playground.url}echo; -L follows"
        assert str(caught.value) == words
        async with session(playground.url + "redirect", location=True) as live:
            await live.open()
            await live.send("hello")
            assert await live.receive() == "hello"


@pytest.mark.parametrize("limit", [0, 3])
async def test_a_circle_ends(
    server: Server, session: Session, upgrade: Upgrade, limit: int
) -> None:
    """After so many redirects, in words."""
    requests: list[bytes] = []
    async with (
        server(redirecting(requests, {b"/": "/"}, upgrade)) as url,
        session(url, location=True, max_redirs=limit) as live,
    ):
        with pytest.raises(HandshakeRefused, match=f"302, more than {limit} redirects"):
            await live.open()
        assert len(requests) == limit + 1


async def test_secrets_do_not_go_to_another_server_nor_come_back(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """Here, there, and here again."""
    here: list[bytes] = []
    there: list[bytes] = []
    answers = {b"/": ""}
    async with (
        server(redirecting(here, answers, upgrade)) as url,
        server(redirecting(there, {b"/": f"{url}back"}, upgrade)) as other,
    ):
        answers[b"/"] = other
        own = {"user": "ann:pw", "cookie": "c=1", "header": (("X-Key", "s3cret"),)}
        async with session(url, location=True, **own) as live:
            await live.open()
    first, last = here
    assert all(word in first for word in (b"X-Key: s3cret", b"Cookie: c=1", b"Authorization: "))
    for request in (*there, last):
        assert not any(word in request for word in (b"X-Key", b"Cookie", b"Authorization"))


async def test_secrets_of_a_location_are_not_recorded(
    server: Server, session: Session, upgrade: Upgrade
) -> None:
    """Neither in the header, nor in the words, nor in the next hop."""
    answers = {b"/": "/x?token=tok-1"}
    async with server(redirecting([], answers, upgrade)) as url:
        for follow in (False, True):
            async with session(url, location=follow) as live:
                if follow:
                    await live.open()
                else:
                    with pytest.raises(HandshakeRefused, match="tok-1"):
                        await live.open()
                assert not any(b"tok-1" in data for _, data in live.log.raw_lines())


def test_the_options_of_the_command_line() -> None:
    """`-L`, `--location`, `--max-redirs`."""
    parser = Parser("test", usage="test")
    parser.add_argument("url")
    add_connection(parser)
    for arguments, expected in (
        ([], (False, 10)),
        (["-L"], (True, 10)),
        (["--location", "--max-redirs", "0"], (True, 0)),
    ):
        options = connect_options(parser.parse_args(["ws://h/", *arguments]))
        assert (options.location, options.max_redirs) == expected
    with pytest.raises(UsageError, match="ping-timeout needs --ping-interval"):
        connect_options(parser.parse_args(["ws://h/", "--ping-timeout", "3"]))
    for wrong in ("-1", "x", "1.5"):
        with pytest.raises(UsageError, match="max-redirs"):
            parser.parse_args(["ws://h/", f"--max-redirs={wrong}"])
