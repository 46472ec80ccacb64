"""The connection options of every command that connects."""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any, NoReturn

from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.errors import UsageError
from wsdebug.payload.variables import is_variable_name

__all__ = [
    "Parser",
    "add_connection",
    "connect_options",
    "named_secret",
    "to_bytes",
    "to_count",
    "to_seconds",
]


# `--lenient`, and `--no-lenient` for what config.toml has switched on; the last one counts.
_SWITCH: dict[str, Any] = {"action": argparse.BooleanOptionalAction, "default": False}
_ON = _SWITCH | {"default": True}
_SEVERAL: dict[str, Any] = {"action": "append", "default": []}
WIDTH, NARROWEST = 80, 20  # columns of a help


class _Formatter(argparse.HelpFormatter):
    """As wide as the terminal, without what argparse loads to know it."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ["COLUMNS"])
        except (KeyError, ValueError):
            columns = 0
        if columns <= 0:
            columns = WIDTH
            if sys.stdout is not None and sys.stdout.isatty():
                with contextlib.suppress(OSError):  # what stands there under the screen is none
                    columns = os.get_terminal_size(sys.stdout.fileno()).columns
        super().__init__(prog, width=max(columns, NARROWEST) - 2)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError, so that a mistake is one line.

    `--log FILE` is taken before, for every command; here it is only named in the help.
    """

    def __init__(self, prog: str, *, usage: str) -> None:
        super().__init__(prog, usage=usage, allow_abbrev=False, formatter_class=_Formatter)
        self.add_argument("--log", metavar="FILE", help="wsdebug's own debug log")

    def error(self, message: str) -> NoReturn:
        """Raise it."""
        if message.endswith("expected one argument"):
            message += "; one that starts with - is joined to it by ="
        raise UsageError(f"{message}; see {self.prog} --help")


def add_connection(parser: argparse.ArgumentParser) -> None:
    """Add the options by the names of CLI.md."""
    add = parser.add_argument_group("connection").add_argument
    wait: dict[str, Any] = {"type": to_seconds, "metavar": "S"}
    add("-H", "--header", **_SEVERAL, metavar="'NAME: VALUE'", help="'NAME:' removes a default one")
    add("-s", "--subprotocol", "--protocol", **_SEVERAL, metavar="NAME", help="offer it")
    add("--origin", metavar="ORIGIN", help="the header Origin")
    add("-u", "--user", "--auth", metavar="NAME:PASS", help="or @FILE, or env:NAME")
    add("--bearer", metavar="TOKEN", help="or @FILE, or env:NAME")
    add("--cookie", metavar="'a=1; b=2'", help="the header Cookie")
    add("-k", "--insecure", **_SWITCH, help="take any certificate")
    add("--cacert", "--ca", metavar="FILE", help="certificates to trust, in PEM")
    add("-E", "--cert", metavar="FILE", help="a client certificate, perhaps with its key")
    add("--key", metavar="FILE", help="the key of the client certificate")
    add("--passphrase", metavar="P", help="or @FILE, or env:NAME")
    add("--servername", metavar="NAME", help="whose certificate TLS asks for")
    add("-x", "--proxy", metavar="URL", help="http, https, socks5 or socks5h; user info too")
    add("--no-proxy", action="store_true", help="not even the environment's")
    add("--resolve", **_SEVERAL, metavar="HOST:PORT:ADDR", help="use this address for a host")
    add("--connect-to", **_SEVERAL, metavar="HOST:PORT:HOST:PORT", help="dial another place")
    add("--unix-socket", metavar="PATH", help="dial a socket of this machine")
    add("-L", "--location", **_SWITCH, help="follow redirects")
    add("--max-redirs", type=_count, default=10, metavar="N", help="follow at most N (10)")
    add("-4", dest="family", action="store_const", const=4, default=0, help="IPv4 only")
    add("-6", dest="family", action="store_const", const=6, help="IPv6 only")
    _add_compression(add)
    add("--connect-timeout", **wait, default=10.0, help="until it is open (10)")
    add("--close-timeout", **wait, default=5.0, help="for the server's close (5)")
    add("--ping-interval", **wait, help="send a ping each S seconds")
    add("--ping-timeout", **wait, help="end it S seconds without a pong")
    add("--auto-pong", **_ON, help="answer pings (yes)")
    most = "of a message, inflated (64M)"
    add("--max-size", type=to_bytes, default=64 << 20, metavar="BYTES", help=most)
    add("--lenient", **_SWITCH, help="log a violation and go on")
    add("--reconnect", **_SWITCH, help="connect again after an end that is not ours")
    add("--variable", **_SEVERAL, metavar="N=V", help="for {{N}}")
    add("--secret", **_SEVERAL, metavar="N=V", help="masked; or @FILE, env:NAME")


def _add_compression(add: Callable[..., argparse.Action]) -> None:
    add("--compression", **_ON, help="offer permessage-deflate (yes), as RFC 7692 has it:")
    add("--server-no-context-takeover", **_SWITCH, help="the server begins each message anew")
    add("--client-no-context-takeover", **_SWITCH, help="and so do we")
    add("--server-max-window-bits", type=int, metavar="BITS", help="8 to 15")
    add("--client-max-window-bits", type=int, default=0, metavar="BITS", help="9 to 15")


def connect_options(arguments: argparse.Namespace) -> ConnectOptions:
    """The value that the engine takes. Raises UsageError naming the field."""
    taken: dict[str, Any] = {"compression": _offer(arguments) if arguments.compression else None}
    if arguments.proxy is not None and arguments.no_proxy:
        raise UsageError("--proxy and --no-proxy exclude each other", field="proxy")
    if arguments.ping_timeout is not None and arguments.ping_interval is None:
        raise UsageError("--ping-timeout needs --ping-interval", field="ping-timeout")
    for field in fields(ConnectOptions):
        name = field.name
        if name in taken:
            continue
        value = getattr(arguments, name)
        if (read := READ.get(name)) is not None:
            value = [read(one) for one in value] if isinstance(value, list) else read(value)
        taken[name] = tuple(value) if isinstance(value, list) else value
    return ConnectOptions(**taken)


def _offer(arguments: argparse.Namespace) -> DeflateOffer:
    return DeflateOffer(
        arguments.server_no_context_takeover,
        arguments.client_no_context_takeover,
        _window(arguments.server_max_window_bits, "server-max-window-bits", 8),
        _window(arguments.client_max_window_bits, "client-max-window-bits", 9),
    )


def _header(text: str) -> tuple[str, str | None]:
    name, colon, value = text.partition(":")
    if not colon or not name or any(c in name for c in " \t"):
        words = f"{text!r} is no header; write 'Name: value', or 'Name:' to remove a default one"
        raise UsageError(words, field="header")
    if any(c in text for c in "\r\n\0"):
        raise UsageError(f"header {name!r} must be one line", field="header")
    return name, value.strip() or None


def _named(text: str, field: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not is_variable_name(name):
        given = "" if field == "secret" else f", not {text!r}"
        raise UsageError(f"--{field} takes NAME=VALUE{given}", field=field)
    return name, value


def named_secret(text: str) -> tuple[str, str]:
    """`NAME=VALUE`, the value in the open, as `@FILE` or as `env:NAME`. Raises UsageError."""
    name, value = _named(text, "secret")
    return name, _secret(value, "secret") or ""


def _secret(value: str | None, field: str) -> str | None:
    """A value given in the open, as `@FILE`, or as `env:NAME`."""
    if value is None:
        return None
    if value.startswith("@"):
        try:
            with open(value[1:], encoding="utf-8") as file:
                return file.read().rstrip("\r\n")
        except (OSError, ValueError) as error:  # no UTF-8, or a NUL in the name
            why = "not UTF-8"
            if isinstance(error, OSError):
                why = os.strerror(error.errno or 0).lower()
            words = f"--{field}: cannot read {value[1:] or value}: {why}"
            raise UsageError(words, field=field) from error
    if value.startswith("env:"):
        found = os.environ.get(value[4:])
        if found is None:
            words = f"--{field}: {value[4:] or value} is not set in the environment"
            raise UsageError(words, field=field)
        return found
    return value


def _window(bits: int | None, field: str, least: int) -> int | None:
    if bits and not least <= bits <= 15:
        raise UsageError(f"--{field}: {bits} is not from {least} to 15", field=field)
    return bits


# What is more than the text itself; of a list, each one.
READ: dict[str, Callable[[Any], Any]] = {
    "header": _header,
    "user": partial(_secret, field="user"),
    "bearer": partial(_secret, field="bearer"),
    "passphrase": partial(_secret, field="passphrase"),
    "variable": partial(_named, field="variable"),
    "secret": named_secret,
}


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text} is no number from 0 up")
    return int(text)


def to_seconds(text: str) -> float:
    """A number of seconds above 0. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds above 0")
    return value


def to_count(text: str) -> int:
    """A whole number above 0. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit()) or int(text[:18]) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no number above 0")
    return int(text)


def to_bytes(text: str) -> int:
    """A size above 0: `65536`, `64k`, `64M`, in powers of 1,024. Raises ArgumentTypeError."""
    units = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
    factor = units.get(text[-1:].lower(), 1)
    try:
        value = int(text[:-1] if factor > 1 else text) * factor
    except ValueError:
        value = 0
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is no size; write 65536, 64k, 64M")
    return value
