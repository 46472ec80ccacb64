"""The command line that connects with the same options, cut to the room there is."""

from dataclasses import replace
from typing import Any

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.saved_options import connect_settings
from wsdebug.formats.commands import connect_words
from wsdebug.formats.shell import command
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import Header

__all__ = ["command_line"]

CUT = "…"
URL_KEPT = 18  # cells of a URL that is cut


def command_line(options: ConnectOptions, width: int | None = None) -> str:
    """`wsdebug -k -u 'demo:***' 'wss://…'`, quoted for a shell, with secrets masked.

    Where it would be longer than `width` cells, header values, then the URL, and then options are
    cut; such a line is to be looked at, not to be run.
    """
    connection = _header(options)
    url = Redactor().url(options.url)
    whole = _line(connect_words(connection, Redactor()), url)
    if width is None or len(whole) <= width:
        return whole
    words = connect_words(_without_values(connection), Redactor())
    if len(line := _line(words, url)) <= width:
        return line
    url = url if len(url) <= URL_KEPT else url[: URL_KEPT - 1] + CUT
    if len(line := _line(words, url)) <= width:
        return line
    while words and len(_line([*words, CUT], url)) > width:
        words.pop()
    return _line([*words, CUT], url)


def _line(words: list[str], url: str) -> str:
    return command(["wsdebug", *words, url])


def _header(options: ConnectOptions) -> Header:
    """The options as a session's header, secrets included."""
    return Header(
        0,
        options.url,
        headers=tuple((name, value or "") for name, value in options.header),
        subprotocols=options.subprotocol,
        connect=connect_settings(options, Redactor(keep=True)),
    )


def _without_values(connection: Header) -> Header:
    connect: dict[str, Any] = dict(connection.connect)
    if "origin" in connect:
        connect["origin"] = CUT
    headers = tuple((name, CUT if value else "") for name, value in connection.headers)
    return replace(connection, headers=headers, connect=connect)
