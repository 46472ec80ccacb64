"""TLS against real servers, with certificates made for the test."""

import asyncio
import hashlib
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.tls import TlsFailed, tls_context
from wsdebug.errors import CannotConnect, UsageError
from wsdebug.session.lines import Event

Server = Callable[..., AbstractAsyncContextManager[str]]
Session = Callable[..., AbstractAsyncContextManager[LiveSession]]
Upgrade = Callable[..., Awaitable[bytes]]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

CA = trustme.CA(organization_name="Test, Inc", organization_unit_name="CA of the tests")
DAYS = timedelta(days=1)


def server_context(
    *names: str, not_after: datetime | None = None, common_name: str | None = None
) -> ssl.SSLContext:
    """A server whose certificate is for these names."""
    begin = datetime(2020, 1, 1) if not_after is not None else None
    certificate = CA.issue_cert(
        *names, common_name=common_name, not_before=begin, not_after=not_after
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["h2", "http/1.1"])
    certificate.configure_cert(context)
    return context


@pytest.fixture
def cacert(tmp_path: Path) -> str:
    """The file of the tests' own authority."""
    path = tmp_path / "ca.pem"
    CA.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def opens(upgrade: Upgrade) -> Handler:
    """A handler that opens the connection and ends with the client's close frame."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await upgrade(reader, writer)
        await reader.read(1)

    return handle


def tls_event(live: LiveSession) -> Event:
    """The record of the TLS step."""
    return next(line for line in live.log if isinstance(line, Event) and line.name == "tls")


async def test_the_facts_of_a_trusted_connection(
    server: Server, session: Session, opens: Handler, cacert: str
) -> None:
    """Version, cipher, protocol and certificate, in the record and in the state."""
    end = datetime.now(UTC).replace(microsecond=0) + 30 * DAYS
    tls = server_context("127.0.0.1", not_after=end, common_name="stream.example")
    async with server(opens, tls=tls) as url, session(url, cacert=cacert) as live:
        await live.open()
        assert live.status.tls == "TLS 1.3"
        facts = tls_event(live).fields
        assert facts["version"] == "TLSv1.3"
        assert facts["cipher"].startswith("TLS_")
        assert facts["alpn"] == "http/1.1"
        cert = facts["cert"]
        assert "CN=stream.example" in cert["subject"].split(", ")
        assert cert["issuer"] == "O=Test, Inc, OU=CA of the tests"
        assert cert["not_after"] == end.strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_insecure_takes_any_certificate_and_tells_it_all_the_same(
    server: Server, session: Session, opens: Handler
) -> None:
    """Expired, for another host, from nobody known: digest and names stand in the record."""
    tls = server_context("elsewhere.example", not_after=datetime.now(UTC) - DAYS)
    seen: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await opens(reader, writer)

    async with server(handle, tls=tls) as url, session(url, insecure=True) as live:
        await live.open()
        host, port = url.removeprefix("wss://").rstrip("/").split(":")
        pem = await asyncio.to_thread(ssl.get_server_certificate, (host, int(port)))
        seen.append(ssl.PEM_cert_to_DER_cert(pem))
        cert = tls_event(live).fields["cert"]
        assert cert["sha256"] == hashlib.sha256(seen[0]).hexdigest()
        assert cert["issuer"] == "O=Test, Inc, OU=CA of the tests"
        assert "OU=" in cert["subject"]
        assert cert["not_after"].endswith("Z")


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(days=3, hours=2), "certificate expired 3 days ago"),
        (timedelta(days=1, minutes=1), "certificate expired 1 day ago"),
        (timedelta(hours=5, minutes=1), "certificate expired 5 hours ago"),
        (timedelta(minutes=7, seconds=5), "certificate expired 7 minutes ago"),
    ],
)
async def test_an_expired_certificate_says_since_when(
    server: Server, session: Session, opens: Handler, cacert: str, age: timedelta, words: str
) -> None:
    """UI.md's words; the certificate stands in the record."""
    tls = server_context("127.0.0.1", not_after=datetime.now(UTC) - age)
    async with server(opens, tls=tls) as url, session(url, cacert=cacert) as live:
        with pytest.raises(CannotConnect) as caught:
            await live.open()
        assert (str(caught.value), caught.value.step) == (words, "TLS")
        assert caught.value.not_trusted
        (error,) = (e for e in live.log if isinstance(e, Event) and e.name == "error")
        assert (error.fields["kind"], error.fields["message"]) == ("TLS", words)
        assert error.fields["cert"]["issuer"] == "O=Test, Inc, OU=CA of the tests"


@pytest.mark.parametrize(
    ("names", "options", "words"),
    [
        (("other.example",), {}, "the certificate is not for 127.0.0.1"),
        (("127.0.0.1",), {"servername": "a.example"}, "the certificate is not for a.example"),
        (
            ("127.0.0.1",),
            {"cacert": None},
            "the certificate's issuer is not known here: O=Test, Inc, OU=CA of the tests",
        ),
    ],
)
async def test_why_a_certificate_is_not_trusted(
    server: Server,
    session: Session,
    opens: Handler,
    cacert: str,
    names: tuple[str, ...],
    options: dict[str, Any],
    words: str,
) -> None:
    """Wrong host, wrong server name, unknown issuer (with the system's trust)."""
    async with (
        server(opens, tls=server_context(*names)) as url,
        session(url, **{"cacert": cacert, **options}) as live,
    ):
        with pytest.raises(TlsFailed) as caught:
            await live.open()
        assert str(caught.value) == words
        assert caught.value.not_trusted


async def test_the_server_name_is_sent_and_checked(
    server: Server, session: Session, opens: Handler, cacert: str
) -> None:
    """`--servername`: the certificate is for that name, the dial goes to the URL's host."""
    asked: list[str | None] = []
    tls = server_context("inner.example")
    tls.sni_callback = lambda _, name, __: asked.append(name)
    async with (
        server(opens, tls=tls) as url,
        session(url, cacert=cacert, servername="inner.example") as live,
    ):
        await live.open()
        assert asked == ["inner.example"]


@pytest.mark.parametrize("name", [".inner.example", "é..example", "a" * 300])
async def test_a_name_that_tls_cannot_ask_for_is_said_at_its_field(
    server: Server, session: Session, opens: Handler, name: str
) -> None:
    """Whatever the library does with it."""
    async with (
        server(opens, tls=server_context("inner.example")) as url,
        session(url, insecure=True, servername=name) as live,
    ):
        with pytest.raises(UsageError, match="no name of a server") as caught:
            await live.open()
        assert caught.value.field == "servername"


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """A client certificate, as options."""
    certificate = CA.issue_cert("ann@example.com")
    certificate.private_key_pem.write_to_path(str(tmp_path / "own.key"))
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "own.pem"))
    return {"cert": str(tmp_path / "own.pem"), "key": str(tmp_path / "own.key")}


async def test_a_client_certificate_is_shown(
    server: Server, session: Session, upgrade: Upgrade, cacert: str, own: dict[str, str]
) -> None:
    """`--cert` and `--key`."""
    tls = server_context("127.0.0.1")
    tls.verify_mode = ssl.CERT_REQUIRED
    CA.configure_trust(tls)
    shown: list[Any] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        shown.append(writer.get_extra_info("peercert"))
        await upgrade(reader, writer)
        await reader.read(1)

    async with server(handle, tls=tls) as url, session(url, cacert=cacert, **own) as live:
        await live.open()
    assert ("email", "ann@example.com") in shown[0]["subjectAltName"]


async def test_the_wish_for_a_client_certificate_is_said_in_words(
    session: Session, cacert: str
) -> None:
    """With TLS 1.3 the server's alert comes after our side of the handshake is done."""
    tls = server_context("127.0.0.1")
    tls.verify_mode = ssl.CERT_REQUIRED
    CA.configure_trust(tls)

    def refuse(listener: socket.socket) -> None:
        plain, _ = listener.accept()
        with tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False) as secure:
            with pytest.raises(ssl.SSLError):
                secure.do_handshake()
            while socket.socket.recv(secure, 4096):  # or TCP drops the alert
                continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.to_thread(refuse, listener))
            url = f"wss://127.0.0.1:{listener.getsockname()[1]}/"
            async with session(url, cacert=cacert) as live:
                with pytest.raises(CannotConnect, match="wants a client certificate; --cert") as e:
                    await live.open()
                assert (e.value.step, e.value.not_trusted) == ("TLS", False)


async def test_a_server_without_tls_is_told_by_what_it_says(
    server: Server, session: Session
) -> None:
    """`wss://` on a plain port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with server(handle) as url:
        place = url.removeprefix("ws://").rstrip("/")
        async with session(f"wss://{place}/") as live:
            with pytest.raises(CannotConnect, match=f"{place} does not speak TLS; try ws://"):
                await live.open()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"cacert": "/nowhere/ca.pem"}, "cacert"),
        ({"cacert": __file__}, "cacert"),
        ({"cert": "/nowhere/own.pem"}, "cert"),
        ({"cert": __file__}, "cert"),
        ({"key": "own.key"}, "cert"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_at_its_field(
    options: dict[str, str], field: str
) -> None:
    """Before anything is dialled."""
    with pytest.raises(UsageError) as caught:
        tls_context(ConnectOptions(url="wss://h/", **options))  # type: ignore[arg-type]
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("passphrase", "words"),
    [(None, "the key has a passphrase"), ("wrong", "does not fit"), ("right", "")],
)
def test_a_key_with_a_passphrase_never_asks_on_the_terminal(
    tmp_path: Path, own: dict[str, str], passphrase: str | None, words: str
) -> None:
    """Without one, and with a wrong one, the field is named."""
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(Path(own["key"]).read_bytes(), None)
    path = tmp_path / "secret.key"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"right"),
        )
    )
    options = ConnectOptions(url="", cert=own["cert"], key=str(path), passphrase=passphrase)
    if words:
        with pytest.raises(UsageError, match=words) as caught:
            tls_context(options)
        assert caught.value.field == "passphrase"
    else:
        assert tls_context(options).verify_mode == ssl.CERT_REQUIRED


def test_a_key_log_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment asks for it, as other tools take it; the fidelity tests read one."""
    monkeypatch.setenv("SSLKEYLOGFILE", "/no/such/folder/keys")
    with pytest.raises(UsageError, match="SSLKEYLOGFILE: cannot write /no/such/folder/keys"):
        tls_context(ConnectOptions(url=""))
