"""The command line that connects with the same options; secrets are masked."""

import shlex
from collections.abc import Iterable, Iterator

from wsdebug.engine.options import ConnectOptions
from wsdebug.payload.escape import escape
from wsdebug.payload.redact import MASK, Redactor, is_secret_header
from wsdebug.tui.settings_model import show_number

__all__ = ["command_line"]

CUT = "…"
URL_KEPT = 18  # cells of a URL that is cut


def command_line(options: ConnectOptions, width: int | None = None) -> str:
    """`wsdebug -k -u demo:*** 'wss://…'`, quoted for a shell.

    Where it would be longer than `width` cells, header values, then the URL, and then options are
    cut; such a line is to be looked at, not to be run.
    """
    url = Redactor().url(options.url)
    whole = _line([_quote(word) for word in _words(options, values=True)], url)
    if width is None or len(whole) <= width:
        return whole
    words = [_quote(word) for word in _words(options, values=False)]
    if len(line := _line(words, url)) <= width:
        return line
    url = url if len(url) <= URL_KEPT else url[: URL_KEPT - 1] + CUT
    if len(line := _line(words, url)) <= width:
        return line
    while words and len(_line([*words, CUT], url)) > width:
        words.pop()
    return _line([*words, CUT], url)


def _line(words: Iterable[str], url: str) -> str:
    return " ".join(["wsdebug", *words, _quote(url)])


def _words(options: ConnectOptions, *, values: bool) -> Iterator[str]:
    if options.insecure:
        yield "-k"
    if options.user:
        yield from ("-u", f"{options.user.partition(':')[0]}:{MASK}")
    if options.bearer:
        yield from ("--bearer", MASK)
    for protocol in options.subprotocol:
        yield from ("-s", protocol)
    if options.origin is not None:
        yield from ("--origin", options.origin if values else CUT)
    if options.cookie is not None:
        yield from ("--cookie", MASK)
    for name, value in options.header:
        yield from ("-H", _header(name, value, values=values))
    yield from _files(options)
    yield from _deflate(options)
    yield from _behaviour(options)


def _header(name: str, value: str | None, *, values: bool) -> str:
    if value is None:
        return f"{name}:"
    shown = MASK if is_secret_header(name) else Redactor().text(value)
    return f"{name}: {shown if values else CUT}"


def _files(options: ConnectOptions) -> Iterator[str]:
    named = (
        ("--cacert", options.cacert),
        ("-E", options.cert),
        ("--key", options.key),
        ("--passphrase", MASK if options.passphrase else None),
        ("--servername", options.servername),
    )
    for name, value in named:
        if value:
            yield from (name, value)


def _deflate(options: ConnectOptions) -> Iterator[str]:
    offer = options.compression
    if offer is None:
        yield "--no-compression"
        return
    if offer.server_no_context_takeover:
        yield "--server-no-context-takeover"
    if offer.client_no_context_takeover:
        yield "--client-no-context-takeover"
    if offer.server_max_window_bits:
        yield from ("--server-max-window-bits", str(offer.server_max_window_bits))
    if offer.client_max_window_bits:
        yield from ("--client-max-window-bits", str(offer.client_max_window_bits))


def _behaviour(options: ConnectOptions) -> Iterator[str]:
    default = ConnectOptions(options.url)
    if options.family:
        yield f"-{options.family}"
    for field in ("connect_timeout", "close_timeout", "ping_interval", "ping_timeout"):
        value = getattr(options, field)
        if value is not None and value != getattr(default, field):
            yield from (f"--{field.replace('_', '-')}", show_number(value))
    if not options.auto_pong:
        yield "--no-auto-pong"
    if options.max_size != default.max_size:
        yield from ("--max-size", str(options.max_size))
    if options.lenient:
        yield "--lenient"
    if options.reconnect:
        yield "--reconnect"


def _quote(word: str) -> str:
    """Quoted for a shell; our own mask stays bare in `demo:***`."""
    shown = escape(word)
    bare = shown.replace(MASK, "")
    return shown if shlex.quote(bare) == bare else shlex.quote(shown)
