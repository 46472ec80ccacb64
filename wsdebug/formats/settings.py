"""How a session was connected, as (name, value) pairs by the long names of the command line."""

import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wsdebug.payload.redact import MASK, Redactor
from wsdebug.payload.variables import expand, is_variable_name
from wsdebug.session.lines import Header

__all__ = [
    "Parted",
    "Setting",
    "as_headers",
    "expanded",
    "part_headers",
    "settings",
    "variables",
]

Setting = tuple[str, str | None]  # None for an option without a value
ORDER = ("insecure", "user", "bearer", "subprotocol", "origin", "cookie", "header")
# The options that a header's `connect` may name.
SWITCHES = frozenset(
    (
        "insecure",
        "no-proxy",
        "location",
        "4",
        "6",
        "no-compression",
        "server-no-context-takeover",
        "client-no-context-takeover",
        "no-auto-pong",
        "lenient",
        "reconnect",
    )
)
NUMBERS = frozenset(
    (
        "max-redirs",
        "server-max-window-bits",
        "client-max-window-bits",
        "connect-timeout",
        "close-timeout",
        "ping-interval",
        "ping-timeout",
        "max-size",
    )
)
TEXTS = frozenset(
    (
        "user",
        "bearer",
        "cookie",
        "origin",
        "cacert",
        "cert",
        "key",
        "passphrase",
        "servername",
        "proxy",
        "resolve",
        "connect-to",
        "unix-socket",
    )
)
CONTROL = re.compile(r"[\x00-\x08\n-\x1f\x7f]")  # no option and no header has them
# What the handshake makes by itself, for each connection anew.
NO_HANDSHAKE = frozenset(
    [
        "host",
        "connection",
        "upgrade",
        "content-length",
        "sec-websocket-key",
        "sec-websocket-version",
        "sec-websocket-extensions",
    ]
)


def settings(connection: Header, redactor: Redactor) -> list[Setting]:
    """Every option but the URL, in the order of a command line; secrets are masked.

    What no option can be is left out: foreign names, and values of a foreign type, out of all
    bounds, or with control characters in them.
    """
    given: dict[str, list[Setting]] = {}
    for name, value in connection.connect.items():
        given[name] = [(name, shown) for shown in _values(name, value, redactor)]
    given["subprotocol"] = [("subprotocol", name) for name in connection.subprotocols]
    given["header"] = [
        ("header", f"{name}: {redactor.header(name, value)}" if value else f"{name}:")
        for name, value in connection.headers
    ]
    first = [name for name in ORDER if name in given]
    rest = [name for name in given if name not in ORDER]
    pairs = [setting for name in (*first, *rest) for setting in given[name]]
    return [(name, value) for name, value in pairs if not CONTROL.search(value or "")]


def _values(name: str, value: Any, redactor: Redactor) -> Iterator[str | None]:
    match value:
        case True if name in SWITCHES:
            yield None
        case bool():
            return
        case int() | float() if name in NUMBERS and 0 <= value < 1 << 53:
            yield str(value).removesuffix(".0")
        case str() if name in TEXTS:
            shown = str(redactor.option(name, value))
            user, colon, _ = value.partition(":")
            is_user = name == "user" and shown != value and colon
            yield f"{user}:{MASK}" if is_user else shown
        case list() if name in TEXTS:
            for item in value:
                if isinstance(item, str):
                    yield from _values(name, item, redactor)


def expanded(connection: Header) -> Header:
    """The same with the values of its variables in place of their names."""
    values = variables(connection)
    if not values:
        return connection

    def text(given: Any) -> Any:
        if isinstance(given, list):
            return [text(item) for item in given]
        return expand(given, values) if isinstance(given, str) else given

    return replace(
        connection,
        url=text(connection.url),
        headers=tuple((name, text(value)) for name, value in connection.headers),
        subprotocols=tuple(text(name) for name in connection.subprotocols),
        connect={name: text(value) for name, value in connection.connect.items()},
    )


def variables(connection: Header) -> dict[str, str]:
    """The declared variables that have a value."""
    given = connection.raw.get("vars")
    pairs = given.items() if isinstance(given, dict) else ()
    return {
        name: value for name, value in pairs if isinstance(value, str) and is_variable_name(name)
    }


def as_headers(pairs: Iterable[Setting], *, but: Collection[str] = ()) -> Iterator[Setting]:
    """The same, with every option that is nothing but a header as one; those of `but` stay."""
    protocols: list[str] = []
    for name, value in pairs:
        match "" if name in but else name, value:
            case "subprotocol", str():
                protocols.append(value)
            case "origin", str():
                yield "header", f"Origin: {value}"
            case "cookie", str():
                yield "header", f"Cookie: {value}"
            case "bearer", str():
                yield "header", f"Authorization: Bearer {value}"
            case "user", str():
                hidden = value == MASK or value.endswith(f":{MASK}")
                pair = value if ":" in value else f"{value}:"  # RFC 7617 section 2
                token = MASK if hidden else b64encode(pair.encode()).decode()
                yield "header", f"Authorization: Basic {token}"
            case _:
                yield name, value
    if protocols:
        yield "header", f"Sec-WebSocket-Protocol: {', '.join(protocols)}"


@dataclass(frozen=True, slots=True)
class Parted:
    """Headers of a foreign request, as a session keeps them."""

    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    connect: Mapping[str, str] = field(default_factory=dict)


def part_headers(pairs: Iterable[tuple[str, str]]) -> Parted:
    """Take apart what options are made of, and leave out what every handshake makes anew."""
    headers: list[tuple[str, str]] = []
    protocols: list[str] = []
    connect: dict[str, str] = {}
    for name, value in pairs:
        lowered = name.lower()
        if lowered.startswith(":") or lowered in NO_HANDSHAKE:
            continue
        if lowered == "sec-websocket-protocol":
            protocols += [word for part in value.split(",") if (word := part.strip())]
        elif lowered == "origin" and value:
            connect["origin"] = value
        elif lowered == "cookie" and value:
            connect["cookie"] = f"{connect['cookie']}; {value}" if "cookie" in connect else value
        else:
            headers.append((name, value))
    return Parted(tuple(headers), tuple(protocols), connect)
