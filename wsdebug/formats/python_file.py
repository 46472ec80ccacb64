"""A session's first connection as a Python script for the websockets library."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from wsdebug.formats.settings import Setting, as_headers, expanded, settings, variables
from wsdebug.formats.source import Source
from wsdebug.log.joined import Message
from wsdebug.payload.redact import Redactor
from wsdebug.payload.variables import expand
from wsdebug.session.lines import FrameLine
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["HOLDS", "write"]

HEADERS = ("user", "bearer", "cookie")
TLS = ("insecure", "cacert", "cert", "key", "passphrase")
# By option of ours: a parameter of the library's `connect`, and whether its value is a number.
PARAMETERS = {
    "origin": ("origin", False),
    "servername": ("server_hostname", False),
    "proxy": ("proxy", False),
    "connect-timeout": ("open_timeout", True),
    "close-timeout": ("close_timeout", True),
    "ping-interval": ("ping_interval", True),
    "ping-timeout": ("ping_timeout", True),
    "max-size": ("max_size", True),
}
SWITCHES = {"no-compression": "compression", "no-proxy": "proxy"}  # which is None then
MAX_SIZE = "max_size=67_108_864,  # bytes; without it 1 MiB"
NORMAL = (1000, "")
CLOSE = "websocket.close()"
HOLDS = frozenset(
    f"setting:{name}" for name in ("vars", *HEADERS, *TLS, *PARAMETERS, *SWITCHES)
) | {
    "event:connecting",
    "ping",
    "close",
}
OTHERS = ("line of another connection, left out", "lines of other connections, left out")
RECEIVED = ("received message, only waited for", "received messages, only waited for")


def write(source: Source, out: BinaryIO) -> None:
    """Write the script. Raises SessionUnreadable, and OSError."""
    header, values = expanded(source.header), variables(source.header)
    pairs = settings(header, Redactor(keep=True))  # masked already
    out.write("".join(f"{line}\n" for line in _start(header.url, pairs)).encode())
    is_empty, is_closed, waits, first = True, False, 0, None
    for line, _ in source.messages(HOLDS):
        if not isinstance(line, Message | FrameLine):
            continue
        first = line.connection if first is None else first
        if line.connection != first:
            source.losses.add(*OTHERS, line=line.number)
            continue
        if isinstance(line, Message) and not line.sent:
            source.losses.add(*RECEIVED, line=line.number)
            waits += not is_closed
            continue
        act = "" if is_closed else _act(line, values)
        # whoever closes first: the other's answer is the library's
        is_closed = is_closed or (isinstance(line, FrameLine) and line.frame.opcode == Opcode.CLOSE)
        if act:
            out.write((_receive(waits) + f"    {act}\n").encode("utf-8", "backslashreplace"))
            is_empty, waits = False, 0
    if waits or is_empty:
        out.write((_receive(waits) or "    pass\n").encode())


def _start(url: str, pairs: list[Setting]) -> Iterator[str]:
    given = dict(pairs)
    needs_tls = any(name in given for name in TLS)
    yield '"""Connects and sends what was recorded. Needs: pip install websockets"""'
    yield ""
    if needs_tls:
        yield "import ssl"
        yield ""
    yield "from websockets.sync.client import connect"
    yield ""
    if needs_tls:
        yield from _tls(given)
        yield ""
    yield "with connect("
    yield f"    {url!r},"
    for argument in _arguments(pairs, needs_tls=needs_tls):
        yield f"    {argument}" if argument == MAX_SIZE else f"    {argument},"
    yield ") as websocket:"


def _tls(given: dict[str, str | None]) -> Iterator[str]:
    where = f"cafile={given['cacert']!r}" if "cacert" in given else ""
    yield f"context = ssl.create_default_context({where})"
    if "insecure" in given:
        yield "context.check_hostname = False"
        yield "context.verify_mode = ssl.CERT_NONE"
    if "cert" in given:
        files = [repr(given["cert"])]
        files += [f"keyfile={given['key']!r}"] if "key" in given else []
        files += [f"password={given['passphrase']!r}"] if "passphrase" in given else []
        yield f"context.load_cert_chain({', '.join(files)})"


def _arguments(pairs: list[Setting], *, needs_tls: bool) -> Iterator[str]:
    headers: list[tuple[str, str]] = []
    given: dict[str, str] = {}  # by parameter
    protocols = [value for name, value in pairs if name == "subprotocol"]
    kept = {"origin", "subprotocol"}
    for name, value in as_headers(pairs, but=kept):
        if name == "header" and value is not None:
            header, _, text = value.partition(":")
            if text.strip():
                headers.append((header, text.strip()))
            elif header.lower() == "user-agent":
                given["user_agent_header"] = "None"
        elif name in PARAMETERS and value is not None:
            parameter, is_number = PARAMETERS[name]
            given[parameter] = value if is_number else repr(value)
        elif name in SWITCHES:
            given[SWITCHES[name]] = "None"
    if headers:
        given["additional_headers"] = repr(headers)
    if protocols:
        given["subprotocols"] = repr(protocols)
    if needs_tls:
        given["ssl"] = "context"
    yield from (f"{parameter}={value}" for parameter, value in given.items())
    if "max_size" not in given:
        yield MAX_SIZE


def _act(line: Message | FrameLine, values: Mapping[str, str]) -> str:
    """A statement for what was sent; nothing for a pong, which the library sends by itself."""
    if isinstance(line, Message):
        text = line.text()
        return f"websocket.send({line.data if text is None else expand(text, values)!r})"
    if not line.sent or line.payload is None:
        return ""
    if line.frame.opcode == Opcode.PING:
        return f"websocket.ping({line.payload!r})"
    body = parse_close(line.payload) if line.frame.opcode == Opcode.CLOSE else None
    if body is None:
        return ""
    code = body.code if body.code is not None else 1000
    return f"websocket.close({code}, {body.reason!r})" if (code, body.reason) != NORMAL else CLOSE


def _receive(count: int) -> str:
    if count == 0:
        return ""
    if count == 1:
        return "    print(websocket.recv())\n"
    return f"    for _ in range({count}):\n        print(websocket.recv())\n"
