"""URLs as people give them, to what is dialled."""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from wsdebug.errors import UsageError

__all__ = ["Target", "is_loopback", "parse_url"]

SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
PORTS = {"ws": 80, "wss": 443}
NO_BRACKETS = "an IPv6 address stands in brackets: ws://[::1]:8080/"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to go. `url` has no user info; `notices` say in words what was assumed."""

    url: str
    is_secure: bool
    host: str  # as dialled: ASCII, no brackets
    port: int
    resource: str  # path and query
    user: str | None = field(default=None, repr=False)  # NAME:PASS from the URL, decoded
    notices: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Host and port, as a person writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def origin(self) -> tuple[bool, str, int]:
        """What two URLs must share to belong to the same server (RFC 6454 section 4)."""
        return self.is_secure, self.host, self.port


def parse_url(text: str) -> Target:
    """A URL with or without a scheme. Raises UsageError, field `url`, in words."""
    text, notices = _with_scheme(text.strip())
    parts, port = _split(text)
    scheme = SCHEMES.get(parts.scheme.lower(), "")
    if not scheme:
        raise _wrong(f"{parts.scheme}:// is not a WebSocket; use ws:// or wss://")
    if "#" in text:
        raise _wrong("a WebSocket URL has no fragment; write %23 for #")
    if not parts.hostname:
        raise _wrong("there is no host in the URL")
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


def _with_scheme(text: str) -> tuple[str, tuple[str, ...]]:
    """The URL with a scheme, and what was assumed for it."""
    if not text:
        raise _wrong("no URL given; try ws://127.0.0.1:8080/")
    if re.search(r"[\x00-\x20\x7f]", text):
        raise _wrong("a URL has no spaces or control characters; write %20")
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text):
        return text, ()
    if text.startswith("//"):
        text = text[2:]
    host = _split(f"//{text}")[0].hostname or ""
    scheme = "ws" if is_loopback(host) else "wss"
    return f"{scheme}://{text}", (f"no scheme given: took {scheme}://",)


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _wrong(NO_BRACKETS) from None
    if parts.netloc.rpartition("@")[2].count(":") > 1 and "[" not in parts.netloc:
        raise _wrong(NO_BRACKETS)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _wrong("the port is a number from 1 to 65535")
    return parts, port


def _wrong(words: str) -> UsageError:
    return UsageError(words, field="url")


def is_loopback(host: str) -> bool:
    """Whether a host, without brackets, is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ascii_host(host: str) -> str:
    """The name as DNS takes it. Raises UsageError."""
    if host.isascii():
        # the resolver looks at this too, and its failure is no OSError
        if not all(0 < len(part) < 64 for part in host.removesuffix(".").split(".")):
            raise _wrong(f"{host} is no host name: a part is empty or too long")
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise _wrong(f"{host} is no host name: {error}") from None
