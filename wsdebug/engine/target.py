"""URLs as people give them, to what is dialled."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from wsdebug.errors import UsageError

__all__ = ["Target", "parse_url"]

SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
PORTS = {"ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to go. `url` has no user info; `notices` say in words what was assumed."""

    url: str
    is_secure: bool
    host: str  # as dialled: ASCII, no brackets
    port: int
    resource: str  # path and query
    user: str | None = None  # NAME:PASS from the URL, decoded
    notices: tuple[str, ...] = ()


def parse_url(text: str) -> Target:
    """A URL with or without a scheme. Raises UsageError, field `url`, in words."""
    text = text.strip()
    if not text:
        raise UsageError("no URL given; try ws://127.0.0.1:8080/", field="url")
    if re.search(r"[\x00-\x20\x7f]", text):
        raise UsageError("a URL has no spaces or control characters; write %20", field="url")
    notices: tuple[str, ...] = ()
    if "://" not in text:
        scheme = "ws" if _is_loopback(urlsplit(f"//{text}").hostname or "") else "wss"
        text = f"{scheme}://{text}"
        notices = (f"no scheme given: took {scheme}://",)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UsageError(f"{text}: the port is a number from 1 to 65535", field="url") from None
    scheme = SCHEMES.get(parts.scheme.lower(), "")
    if not scheme:
        raise UsageError(f"{parts.scheme}:// is not a WebSocket; use ws:// or wss://", field="url")
    if "#" in text:
        raise UsageError("a WebSocket URL has no fragment; write %23 for #", field="url")
    if port == 0:
        raise UsageError(f"{text}: the port is a number from 1 to 65535", field="url")
    if not parts.hostname:
        raise UsageError(f"{text}: there is no host in it", field="url")
    host = _ascii_host(parts.hostname)
    shown = f"[{host}]" if ":" in host else host
    netloc = f"{shown}:{port}" if port is not None and port != PORTS[scheme] else shown
    resource = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    user = None
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Target(
        url=f"{scheme}://{netloc}{resource}",
        is_secure=scheme == "wss",
        host=host,
        port=port or PORTS[scheme],
        resource=resource,
        user=user,
        notices=notices,
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise UsageError(f"{host} is no host name: {error}", field="url") from None
