"""DNS and TCP, step by step."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from wsdebug.engine.live import LiveSession
from wsdebug.errors import CannotConnect
from wsdebug.session.lines import Event

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Upgrade = Callable[..., Awaitable[bytes]]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def opens(upgrade: Upgrade) -> Handler:
    """A handler that opens the connection and ends with the client's close frame."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await upgrade(reader, writer)
        await reader.read(1)

    return handle


def resolves(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name have these addresses, none for a failure."""

    def getaddrinfo(host: str, port: int, *_: Any, flags: int = 0) -> list[Any]:
        if not addresses or flags & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def facts(live: LiveSession, name: str) -> Mapping[str, Any]:
    """The facts of an event."""
    return next(e.fields for e in live.log if isinstance(e, Event) and e.name == name)


@pytest.mark.parametrize(
    ("family", "words"),
    [
        (0, "feed.example has no address; check the name"),
        (4, "feed.example has no IPv4 address; check the name"),
        (6, "feed.example has no IPv6 address; check the name"),
    ],
)
async def test_a_name_without_an_address(
    session: Session, monkeypatch: pytest.MonkeyPatch, family: int, words: str
) -> None:
    """The first step."""
    resolves(monkeypatch)
    async with session("ws://feed.example/", family=family) as live:
        with pytest.raises(CannotConnect) as caught:
            await live.open()
        assert (str(caught.value), caught.value.step) == (words, "DNS")
        assert facts(live, "error")["kind"] == "DNS"


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("127.0.0.1", "127.0.0.2")])
async def test_nobody_listens(
    session: Session, monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    """On any of the addresses."""
    resolves(monkeypatch, *addresses)
    async with session("ws://feed.example:1/") as live:
        with pytest.raises(CannotConnect) as caught:
            await live.open()
        assert str(caught.value) == "nobody listens on feed.example:1"
        assert caught.value.step == "TCP"
        assert facts(live, "dns")["addresses"] == list(addresses)


async def test_the_next_address_is_tried(
    server: Server, session: Session, opens: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was taken stands in the record."""
    async with server(opens) as url:
        resolves(monkeypatch, "127.0.0.2", "127.0.0.1", "127.0.0.1")
        async with session(url.replace("127.0.0.1", "feed.example")) as live:
            await live.open()
            assert facts(live, "dns")["addresses"] == ["127.0.0.2", "127.0.0.1"]
            assert facts(live, "tcp")["remote"] == url.removeprefix("ws://").rstrip("/")


async def test_another_failure_has_the_systems_words(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is ever connected to the broadcast address."""
    resolves(monkeypatch, "255.255.255.255")
    async with session("ws://feed.example:1/") as live:
        with pytest.raises(CannotConnect, match=r"feed\.example:1: ") as caught:
            await live.open()
        assert "Errno" not in str(caught.value)


def has_ipv6() -> bool:
    """Whether this machine can listen on ::1."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 on this machine")
async def test_an_ipv6_address(server: Server, session: Session, opens: Handler) -> None:
    """In brackets, from the URL to the record and the header Host."""
    async with server(opens, host="::1") as url, session(url) as live:
        await live.open()
        place = url.removeprefix("ws://").rstrip("/")
        assert facts(live, "tcp")["remote"] == place
        assert ["Host", place] in facts(live, "request")["headers"]


async def test_what_is_taken_for_a_missing_scheme_is_said(
    server: Server, session: Session, opens: Handler
) -> None:
    """In the state, for every face to show."""
    async with server(opens) as url, session(url.removeprefix("ws://")) as live:
        await live.open()
        assert live.status.notices == ("no scheme given: took ws://",)
        assert facts(live, "connecting")["url"] == url
