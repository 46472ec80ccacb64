"""Proxies: HTTP, HTTPS and SOCKS5, made by hand; each step recorded, each failure in words."""

import asyncio
import base64
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from wsdebug.engine.live import LiveSession
from wsdebug.engine.status import State
from wsdebug.errors import CannotConnect, HandshakeRefused
from wsdebug.session.lines import Event

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Upgrade = Callable[..., Awaitable[bytes]]
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Handler = Callable[[Reader, Writer], Awaitable[None]]

CA = trustme.CA()
BASIC = base64.b64encode("ann:p@ss wörd".encode()).decode()
USER = "ann:p%40ss%20w%C3%B6rd"


@pytest.fixture
def opens(upgrade: Upgrade) -> Handler:
    """A server that opens the connection and ends with the client's close frame."""

    async def handle(reader: Reader, writer: Writer) -> None:
        await upgrade(reader, writer)
        await reader.read(1)

    return handle


async def pipe(reader: Reader, writer: Writer) -> None:
    """Pass on until the end."""
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def relay(reader: Reader, writer: Writer, host: str, port: int) -> None:
    """Both ways to a place and back."""
    there = await asyncio.open_connection(host, port)
    await asyncio.gather(pipe(reader, there[1]), pipe(there[0], writer), return_exceptions=True)


def http_proxy(asked: list[bytes], answer: bytes = b"HTTP/1.1 200 Sure\r\n\r\n") -> Handler:
    """A proxy that notes what it is asked, and goes on where its answer is 2xx."""

    async def handle(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head)
        writer.write(answer)
        await writer.drain()
        if answer[9:10] == b"2":
            host, _, port = head.split()[1].decode().rpartition(":")
            await relay(reader, writer, host.strip("[]"), int(port))

    return handle


def socks_proxy(asked: list[tuple[int, str]], user: bytes = b"", reply: int = 0) -> Handler:
    """A SOCKS5 proxy (RFC 1928) that knows 127.0.0.1 as any name; with user and password
    (RFC 1929) where `user` is given as `name:password`.
    """

    async def handle(reader: Reader, writer: Writer) -> None:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        wanted = 2 if user else 0
        writer.write(bytes((5, wanted if wanted in methods else 255)))
        if wanted not in methods:
            return
        if user:
            name = await reader.readexactly((await reader.readexactly(2))[1])
            password = await reader.readexactly((await reader.readexactly(1))[0])
            is_right = name + b":" + password == user
            writer.write(bytes((1, not is_right)))
            if not is_right:
                return
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = str(ipaddress.ip_address(await reader.readexactly(4 if kind == 1 else 16)))
        port = int.from_bytes(await reader.readexactly(2), "big")
        asked.append((kind, host))
        writer.write(bytes((5, reply, 0, 1, 0, 0, 0, 0, 0, 0)))
        await writer.drain()
        if not reply:
            await relay(reader, writer, "127.0.0.1", port)

    return handle


def events(live: LiveSession) -> dict[str, Mapping[str, Any]]:
    """The facts of the events, by name, in order; of two of a name the later."""
    return {line.name: line.fields for line in live.log if isinstance(line, Event)}


def names(live: LiveSession) -> list[str]:
    """The names of the events in order, up to the opening or the failure."""
    found = [line.name for line in live.log if isinstance(line, Event)]
    return found[: next(i for i, name in enumerate(found, 1) if name in ("open", "error"))]


def place(url: str) -> str:
    """Host and port of a server."""
    return url.partition("://")[2].rstrip("/")


def secret_in(live: LiveSession) -> bool:
    """Whether the proxy's password stands anywhere in the record."""
    text = Path(live.path or "").read_text()
    return any(word in text for word in (BASIC, "p%40ss", "p@ss"))


@asynccontextmanager
async def through(
    server: Server,
    session: Session,
    proxy: Handler,
    url: str,
    *,
    scheme: str = "http",
    **options: Any,
) -> AsyncIterator[LiveSession]:
    """A session over a proxy of its own."""
    async with server(proxy, tls=options.pop("proxy_tls", None)) as there:
        user = options.pop("proxy_user", "")
        over = f"{scheme}://{user and user + '@'}{place(there)}"
        async with session(url, proxy=over, **options) as live:
            yield live


async def test_a_tunnel_through_an_http_proxy(
    server: Server, session: Session, opens: Handler
) -> None:
    """Asked for with the user info, which stands nowhere in the record."""
    asked: list[bytes] = []
    async with (
        server(opens) as url,
        through(server, session, http_proxy(asked), url, proxy_user=USER) as live,
    ):
        await live.open()
        assert names(live) == ["connecting", "dns", "tcp", "proxy", "request", "response", "open"]
        found = events(live)
        assert found["proxy"]["to"] == place(url)
        assert (found["proxy"]["status"], found["proxy"]["reason"]) == (200, "Sure")
        assert (
            found["connecting"]["proxy"]
            == found["proxy"]["url"]
            == f"http://{found['tcp']['remote']}"
        )
        assert place(url) != found["tcp"]["remote"]
    line, *headers = asked[0].decode().split("\r\n")
    assert line == f"CONNECT {place(url)} HTTP/1.1"
    assert f"Host: {place(url)}" in headers
    assert f"Proxy-Authorization: Basic {BASIC}" in headers
    assert not secret_in(live)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_tls_goes_through_a_proxy_even_inside_tls(
    server: Server, session: Session, opens: Handler, tmp_path: Path, scheme: str
) -> None:
    """To an HTTPS proxy there are two layers, each an event of its own."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("127.0.0.1").configure_cert(tls)
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    proxy_tls = tls if scheme == "https" else None
    async with (
        server(opens, tls=tls) as url,
        through(
            server,
            session,
            http_proxy([]),
            url,
            scheme=scheme,
            proxy_tls=proxy_tls,
            cacert=str(tmp_path / "ca.pem"),
        ) as live,
    ):
        await live.open()
        before = ["tls"] if proxy_tls else []
        assert names(live) == [
            *("connecting", "dns", "tcp", *before, "proxy"),
            *("tls", "request", "response", "open"),
        ]
        found = [line for line in live.log if isinstance(line, Event)]
        of = [line.fields.get("of") for line in found if line.name == "tls"]
        assert of == (["proxy", None] if proxy_tls else [None])
        await live.send("x" * 100_000)


async def test_a_407_is_seen_whole(server: Server, session: Session) -> None:
    """Status, headers and body; nothing is asked of the server."""
    head = (
        b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n"
        b"Proxy-Authenticate: Digest y\r\nContent-Length: 5\r\n\r\n"
    )
    proxy = http_proxy([], head + b"no\xff\0!")
    async with through(server, session, proxy, "ws://feed.example/") as live:
        with pytest.raises(HandshakeRefused) as caught:
            await live.open()
        error = caught.value
        where = events(live)["tcp"]["remote"]
        wants = "wants Basic or Digest; --proxy takes name and password in its URL"
        assert str(error) == f"the proxy {where} refused: 407, {wants}"
        assert (error.step, error.status, error.body) == ("proxy", 407, b"no\xff\0!")
        assert ("Proxy-Authenticate", "Basic realm=x") in error.headers
        assert names(live) == ["connecting", "dns", "tcp", "proxy", "error"]
        found = events(live)
        assert (found["proxy"]["status"], found["error"]["kind"]) == (407, "proxy")
        assert found["proxy"]["body"] == {"b64": base64.b64encode(b"no\xff\0!").decode()}
        assert base64.b64decode(found["proxy"]["raw"]) == head


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", "refused: 407, does not take this user"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno", "refused: 502 Bad Gateway"),
        (b"HTTP/1.0 403 No\r\n\r\nbecause", "refused: 403 No"),
        (b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1/\r\n\r\n", "refused: 302 Found"),
        (b"HTTP/1.1 100 Wait\r\n\r\nHTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "refused: 403"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 200", "the answer ended before its head did"),
        (b"HTTP/1.1 200 Sure\r\n\r\nHTTP/1.1 101 Hi", "15 bytes came before anything was asked"),
    ],
    ids=range(8),
)
async def test_a_proxy_that_refuses_is_told_apart(
    server: Server, session: Session, answer: bytes, words: str
) -> None:
    """From a server that does; its redirects are not followed."""

    async def proxy(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    options: dict[str, Any] = {"proxy_user": USER, "location": True}
    async with through(server, session, proxy, "ws://feed.example/", **options) as live:
        with pytest.raises(HandshakeRefused) as caught:
            await live.open()
        assert words in str(caught.value)
        assert str(caught.value).startswith(f"the proxy {events(live)['tcp']['remote']}")
        assert caught.value.step == live.status.step == "proxy"
        assert not secret_in(live)


async def test_a_proxy_that_breaks_the_connection(server: Server, session: Session) -> None:
    """Without a word."""

    async def proxy(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    async with through(server, session, proxy, "ws://feed.example/") as live:
        with pytest.raises(CannotConnect, match=r"the proxy 127\.0\.0\.1:\d+") as caught:
            await live.open()
        assert caught.value.step == "proxy"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "proxy: no answer from 127.0.0.1 in 0.1 s"),
        (b"HTTP/1.1 407 No\r\nContent-Length: 9\r\n\r\nhalf", "refused: 407"),
    ],
)
async def test_a_proxy_that_takes_too_long(
    server: Server, session: Session, answer: bytes, words: str
) -> None:
    """A refusal whose head has come is one."""

    async def proxy(reader: Reader, writer: Writer) -> None:
        writer.write(answer)
        await reader.read()

    options: dict[str, Any] = {"connect_timeout": 0.1}
    async with through(server, session, proxy, "ws://feed.example/", **options) as live:
        with pytest.raises(CannotConnect) as caught:
            await live.open()
        assert words in str(caught.value)
        assert caught.value.step == "proxy"


async def test_nobody_at_the_proxys_place(session: Session) -> None:
    """It is named as the proxy."""
    async with session("ws://feed.example/", proxy="127.0.0.1:1") as live:
        with pytest.raises(CannotConnect) as caught:
            await live.open()
        assert str(caught.value) == "nobody listens on 127.0.0.1:1, the proxy"


async def test_an_https_proxy_that_speaks_no_tls(server: Server, session: Session) -> None:
    """No advice about the scheme of the WebSocket."""

    async def proxy(reader: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 400 Bad\r\n\r\n")
        await reader.read()

    async with through(server, session, proxy, "ws://feed.example/", scheme="https") as live:
        with pytest.raises(CannotConnect) as caught:
            await live.open()
        assert str(caught.value).endswith("does not speak TLS")
        assert caught.value.step == "proxy"


async def test_an_https_proxy_that_is_not_trusted(server: Server, session: Session) -> None:
    """The certificate is its own, not the server's."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("127.0.0.1").configure_cert(tls)
    options: dict[str, Any] = {"scheme": "https", "proxy_tls": tls}
    async with through(server, session, http_proxy([]), "ws://feed.example/", **options) as live:
        with pytest.raises(CannotConnect, match=r"the proxy .*certificate") as caught:
            await live.open()
        assert (caught.value.step, caught.value.not_trusted) == ("proxy", True)


@pytest.mark.parametrize(
    ("scheme", "asked"), [("socks5h", (3, "feed.example")), ("socks5", (1, "127.0.0.1"))]
)
async def test_a_socks_proxy_resolves_names_or_does_not(
    server: Server, session: Session, opens: Handler, scheme: str, asked: tuple[int, str]
) -> None:
    """With its user info, which stands nowhere in the record."""
    seen: list[tuple[int, str]] = []
    proxy = socks_proxy(seen, user=b"ann:p@ss word")
    async with server(opens) as url:
        port = place(url).rpartition(":")[2]
        options: dict[str, Any] = {
            "scheme": scheme,
            "proxy_user": "ann:p%40ss%20word",
            "resolve": (f"feed.example:{port}:127.0.0.1",),
        }
        url = f"ws://feed.example:{port}/"
        async with through(server, session, proxy, url, **options) as live:
            await live.open()
            again = ["dns"] if scheme == "socks5" else []
            assert names(live) == [
                *("connecting", "dns", "tcp", *again, "proxy"),
                *("request", "response", "open"),
            ]
            assert events(live)["proxy"]["to"] == f"feed.example:{port}"
            assert ["Host", f"feed.example:{port}"] in events(live)["request"]["headers"]
            assert not secret_in(live)
    assert seen == [asked]


@pytest.mark.parametrize(
    ("user", "reply", "words"),
    [
        (b"ann:other", 0, "authentication"),
        (b"", 2, "not allowed by ruleset"),
        (b"", 5, "connection refused"),
    ],
)
async def test_a_socks_proxy_that_refuses(
    server: Server, session: Session, user: bytes, reply: int, words: str
) -> None:
    """In its words."""
    proxy = socks_proxy([], user, reply)
    options: dict[str, Any] = {"scheme": "socks5h", "proxy_user": "ann:pw" if user else ""}
    async with through(server, session, proxy, "ws://feed.example/", **options) as live:
        with pytest.raises(CannotConnect) as caught:
            await live.open()
        assert str(caught.value).startswith(f"the proxy {events(live)['tcp']['remote']}: ")
        assert words in str(caught.value).lower()
        assert caught.value.step == "proxy"
        assert names(live) == ["connecting", "dns", "tcp", "error"]


async def test_a_socks_proxy_that_hangs_up(server: Server, session: Session) -> None:
    """Before it has said anything."""

    async def proxy(reader: Reader, writer: Writer) -> None:
        await reader.read(3)

    async with through(server, session, proxy, "ws://feed.example/", scheme="socks5h") as live:
        with pytest.raises(CannotConnect, match=r"the proxy .*: ") as caught:
            await live.open()
        assert caught.value.step == "proxy"


async def test_the_environments_proxy_is_told_and_can_be_left_out(
    server: Server, session: Session, opens: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the state, for every face to show."""
    async with server(opens) as url, server(http_proxy([])) as proxy:
        port = place(url).rpartition(":")[2]
        monkeypatch.setenv("http_proxy", f"http://me:hidden@{place(proxy)}")
        options: dict[str, Any] = {"connect_to": (f"::127.0.0.1:{port}",)}
        async with session("ws://feed.example/", **options) as live:
            await live.open()
            words = f"over the proxy http://{place(proxy)} of the environment (http_proxy)"
            assert live.status.notices == (words,)
            assert events(live)["proxy"]["to"] == f"127.0.0.1:{port}"
        async with session("ws://feed.example/", no_proxy=True, **options) as live:
            await live.open()
            assert "proxy" not in events(live)
            assert ["Host", "feed.example"] in events(live)["request"]["headers"]
        async with session(url) as live:  # this machine itself
            await live.open()
            assert "proxy" not in events(live)


async def test_a_unix_socket(session: Session, opens: Handler, tmp_path: Path) -> None:
    """In place of DNS and TCP; what is not there, or not listened on, is told."""
    path = tmp_path / "s"

    async def handle(reader: Reader, writer: Writer) -> None:
        await opens(reader, writer)
        writer.close()

    async with (
        await asyncio.start_unix_server(handle, path),
        session("ws://feed.example/", unix_socket=str(path)) as live,
    ):
        await live.open()
        assert names(live) == ["connecting", "tcp", "request", "response", "open"]
        assert events(live)["tcp"]["remote"] == f"unix:{path}"
        assert events(live)["connecting"]["unix-socket"] == str(path)
        await live.disconnect()
    left = tmp_path / "left"
    with socket.socket(socket.AF_UNIX) as once:
        once.bind(str(left))
    for wanted, words in ((left, f"nobody listens on {left}"), (tmp_path / "no", "no such file")):
        async with session("ws://feed.example/", unix_socket=str(wanted)) as live:
            with pytest.raises(CannotConnect, match=words) as caught:
                await live.open()
            assert caught.value.step == "TCP"


async def test_given_addresses_are_used_and_told(
    server: Server, session: Session, opens: Handler
) -> None:
    """Those of the wanted kind alone."""
    async with server(opens) as url:
        port = place(url).rpartition(":")[2]
        options: dict[str, Any] = {"resolve": (f"Feed.Example:{port}:[::1],127.0.0.1",)}
        async with session(f"ws://feed.example:{port}/", family=4, **options) as live:
            await live.open()
            assert events(live)["dns"] == {"addresses": ["127.0.0.1"], "by": "--resolve"}
        options = {"resolve": (f"*:{port}:127.0.0.1",)}
        async with session(f"ws://feed.example:{port}/", family=6, **options) as live:
            with pytest.raises(
                CannotConnect, match=r"gives feed\.example no IPv6 address"
            ) as caught:
                await live.open()
            assert caught.value.step == "DNS"


@pytest.mark.parametrize(("status", "state"), [(407, "failed"), (403, "failed"), (502, "waiting")])
async def test_a_proxy_that_may_get_better_is_asked_again(
    server: Server, session: Session, status: int, state: State
) -> None:
    """With `reconnect`; one that says no is not."""
    proxy = http_proxy([], f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())
    options: dict[str, Any] = {"reconnect": True, "jitter": lambda: 1.0}
    async with through(server, session, proxy, "ws://feed.example/", **options) as live:
        assert (await live.until("failed", "waiting", "open")).state == state
