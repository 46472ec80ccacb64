"""The way to a server as the options have it: over which proxy, to which place, by what address."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import Target, is_loopback, parse_url
from wsdebug.engine.variables import expanded, variables_of
from wsdebug.errors import UsageError, WsdebugError
from wsdebug.payload.variables import placeholders

if TYPE_CHECKING:
    from wsdebug.engine.proxy import Proxy

__all__ = ["Route", "dialled", "parse_connect_to", "parse_resolve", "place_elsewhere", "route_of"]

HOST = r"(\[[^\]]*\]|[^:\[\]]*)"
RESOLVE = rf"{HOST}:(\d{{1,5}}):(.+)"
CONNECT_TO = rf"{HOST}:(\d{{0,5}}):{HOST}:(\d{{0,5}})"

Override = tuple[str, int | None, str, int | None]  # host and port, and those in their place


@dataclass(frozen=True, slots=True)
class Route:
    """`host` and `port` are the server's, after `--connect-to`; `known` has the addresses that
    `--resolve` gives, by host (`*` for any) and port.
    """

    host: str
    port: int
    proxy: "Proxy | None" = None
    unix_socket: str | None = None
    known: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Host and port, as a person writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """What `--resolve` gives, nothing where it says nothing of a host and port."""
        return self.known.get((host.lower(), port)) or self.known.get(("*", port)) or ()


def dialled(options: ConnectOptions) -> tuple[Target, ConnectOptions]:
    """The target, and the options with their variables replaced. Raises UsageError for whatever
    in them cannot be dialled.
    """
    variables = variables_of(options)
    options = expanded(options, variables)
    try:
        return _dialled(options)
    except UsageError as error:
        if variables.secrets:
            from wsdebug.engine.hidden import hide_in_error
            from wsdebug.payload.redact import Redactor

            hide_in_error(error, Redactor(variables.secrets))
        raise


def _dialled(options: ConnectOptions) -> tuple[Target, ConnectOptions]:
    target = parse_url(options.url)
    if unknown := tuple(dict.fromkeys(placeholders(options.url))):
        words = tuple(f"{{{{{name}}}}} is no declared variable: sent as it is" for name in unknown)
        target = replace(target, notices=(*target.notices, *words))
    route_of(target, options)
    return target, options


def route_of(
    target: Target, options: ConnectOptions, environ: Mapping[str, str] | None = None
) -> Route:
    """The way to a target. Raises UsageError naming the field."""
    host, port = target.host, target.port
    for from_host, from_port, to_host, to_port in map(parse_connect_to, options.connect_to):
        if from_host in ("", host.lower()) and from_port in (None, port):
            host, port = to_host or host, to_port or port
            break
    known = {(name, at): found for name, at, found in map(parse_resolve, options.resolve)}
    if options.unix_socket:
        if options.proxy:
            words = "a unix socket is not reached over a proxy; give one of them"
            raise UsageError(words, field="unix-socket")
        return Route(host, port, None, options.unix_socket, known)
    return Route(host, port, _proxy(target, options, environ), None, known)


def place_elsewhere(options: ConnectOptions) -> str:
    """The place off this machine that the options lead to, as a person writes it; empty where
    they lead to none. What cannot be dialled is no such place.
    """
    try:
        target, options = dialled(options)
        route = route_of(target, options)
    except WsdebugError:
        return ""
    is_direct = not (route.proxy or route.unix_socket or route.known)
    return "" if is_direct and is_loopback(route.host) else route.place


def _proxy(
    target: Target, options: ConnectOptions, environ: Mapping[str, str] | None
) -> "Proxy | None":
    environ = os.environ if environ is None else environ
    if options.no_proxy or not (
        options.proxy or any(name[-6:] in ("_proxy", "_PROXY") for name in environ)
    ):
        return None
    from wsdebug.engine.proxy import environment_proxy, parse_proxy

    return parse_proxy(options.proxy) if options.proxy else environment_proxy(target, environ)


def parse_resolve(text: str) -> tuple[str, int, tuple[str, ...]]:
    """`HOST:PORT:ADDRESS[,ADDRESS]`. Raises UsageError."""
    match = re.fullmatch(RESOLVE, text.strip())
    if match is None or not match[1]:
        raise UsageError(f"{text!r} is not HOST:PORT:ADDRESS", field="resolve")
    found = tuple(part.strip().strip("[]") for part in match[3].split(","))
    if not all(found):
        raise UsageError(f"{text!r}: an address is missing", field="resolve")
    port = _port(match[2], text, "resolve")
    assert port is not None
    return match[1].strip("[]").lower(), port, found


def parse_connect_to(text: str) -> Override:
    """`HOST:PORT:OTHER HOST:OTHER PORT`, each of them may be empty. Raises UsageError."""
    match = re.fullmatch(CONNECT_TO, text.strip())
    if match is None:
        words = f"{text!r} is not HOST:PORT:OTHER-HOST:OTHER-PORT"
        raise UsageError(words, field="connect-to")
    first, second = (_port(match[number], text, "connect-to") for number in (2, 4))
    return match[1].strip("[]").lower(), first, match[3].strip("[]"), second


def _port(digits: str, text: str, field: str) -> int | None:
    if not digits:
        return None
    if not 0 < int(digits) < 65536:
        raise UsageError(f"{text!r}: a port is a number from 1 to 65535", field=field)
    return int(digits)
