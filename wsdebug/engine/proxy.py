"""Proxies: what a URL says of one, and which one the environment has for a target."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from wsdebug.engine.target import Target, is_loopback
from wsdebug.errors import UsageError

__all__ = ["Proxy", "environment_proxy", "parse_proxy"]

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
# As curl looks them up, each in lower and in upper case. HTTP_PROXY is left out: a CGI server
# makes it of a request's header `Proxy`.
NAMES = {
    False: ("ws_proxy", "http_proxy", "all_proxy"),
    True: ("wss_proxy", "https_proxy", "all_proxy"),
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """`scheme` is http, https, socks5 (names are resolved here) or socks5h (names are resolved
    there); `source` is the variable of the environment that it comes from.
    """

    scheme: str
    host: str  # without brackets
    port: int
    user: str | None = field(default=None, repr=False)  # NAME:PASS, decoded
    source: str = ""

    @property
    def place(self) -> str:
        """Host and port, as a person writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Without user info."""
        return f"{self.scheme}://{self.place}"

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS, else HTTP."""
        return self.scheme.startswith("socks")


def parse_proxy(text: str) -> Proxy:
    """A proxy's URL; without a scheme it is an HTTP proxy. Raises UsageError, field `proxy`."""
    text = text.strip()
    if "://" not in text:
        text = f"http://{text}"
    if re.search(r"[\x00-\x20\x7f]", text):
        raise _wrong("the URL of a proxy has no spaces or control characters")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise _wrong("the proxy is no URL; write http://NAME:PASS@HOST:PORT") from None
    if parts.scheme not in PORTS:
        known = "http, https, socks5 or socks5h"
        raise _wrong(f"a proxy is {known}, not {parts.scheme}")
    if not host or port == 0:
        raise _wrong("the URL of the proxy has no host, or no port that can be")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _wrong("the URL of a proxy ends after its host and port")
    user = None
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(parts.scheme, host, port or PORTS[parts.scheme], user)


def environment_proxy(target: Target, environ: Mapping[str, str] | None = None) -> Proxy | None:
    """The proxy that the environment has for a target, None without.

    `ws_proxy`, `http_proxy`, `all_proxy` for ws://, `wss_proxy`, `https_proxy`, `all_proxy` for
    wss://, less what `no_proxy` lists, and never for this machine itself. Raises UsageError.
    """
    environ = os.environ if environ is None else environ
    if is_loopback(target.host) or _is_excepted(target.host, environ):
        return None
    for name in NAMES[target.is_secure]:
        spellings = (name,) if name == "http_proxy" else (name, name.upper())
        for spelling in spellings:
            if value := environ.get(spelling):
                try:
                    return replace(parse_proxy(value), source=spelling)
                except UsageError as error:
                    raise _wrong(f"{spelling} in the environment: {error}") from None
    return None


def _is_excepted(host: str, environ: Mapping[str, str]) -> bool:
    """Whether `no_proxy` has the host: names with what stands below them, addresses, networks."""
    listed = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    host = host.lower().rstrip(".")
    if not listed:
        return False
    import ipaddress

    for entry in re.split(r"[,\s]+", listed.lower()):
        name = entry.strip("[]").lstrip(".").rstrip(".")
        if entry == "*" or (name and (host == name or host.endswith(f".{name}"))):
            return True
        try:
            if ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False):
                return True
        except ValueError:
            continue
    return False


def _wrong(words: str) -> UsageError:
    return UsageError(words, field="proxy")
