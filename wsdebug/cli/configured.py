"""What `config.toml` says of new connections, in terms of the command line."""

import argparse
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

from wsdebug.cli.options import Parser, add_connection, connect_options
from wsdebug.engine.option_names import FLAGS, LISTS, NAMES
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import UsageError
from wsdebug.workspace.config import Config
from wsdebug.workspace.config_file import nearest

__all__ = ["default_options", "parse_with_defaults"]

NOWHERE = "ws://localhost/"  # stands where a default has no URL
# One of these on the command line takes the place of the other in the file.
RIVALS = {"user": "bearer", "bearer": "user", "proxy": "no-proxy", "no-proxy": "proxy"}
ADDED = ("header", "resolve", "connect-to", "variable", "secret")  # both are taken


class _OptionParser(Parser):
    """Says what is wrong with an option, without its name and without pointing to a help."""

    def error(self, message: str) -> NoReturn:
        """Raise it."""
        raise UsageError(message.partition(": ")[2] or message)


def default_options(config: Config) -> ConnectOptions:
    """What a new connection has of which nothing else is said; its URL stands for none.

    Raises UsageError, with the line, for what is not understood.
    """
    parser = _OptionParser("wsdebug", usage="wsdebug [options] URL")
    parser.add_argument("url")
    add_connection(parser)
    for key, value in config.connection.items():
        if key not in NAMES:
            raise config.mistake(nearest(key, NAMES, "connection"), "connection", key)
        try:
            parser.parse_args([*_words(key, value), NOWHERE])
        except UsageError as error:
            words = f"connection.{key}: {error}"
            raise config.mistake(words, "connection", key) from error
    try:
        return connect_options(parser.parse_args([*_all_words(config), NOWHERE]))
    except UsageError as error:
        field = error.field if error.field in config.connection else ""
        raise config.mistake(str(error), "connection", *filter(None, [field])) from error


def parse_with_defaults(
    parser: argparse.ArgumentParser, arguments: Sequence[str], config: Config
) -> argparse.Namespace:
    """The arguments with the file's defaults for what is not among them.

    Headers, variables and what else there may be more of are added to those of the file; a
    header takes the place of one of the same name.
    """
    given = parser.parse_intermixed_args(arguments)
    if not config.connection:
        return given
    bare = parser.parse_args([NOWHERE])
    chosen = {key for key in NAMES if _value(given, key) != _value(bare, key)}
    left_out = {RIVALS[key] for key in chosen if key in RIVALS} | chosen.difference(ADDED)
    words = _all_words(config, left_out)
    parsed = parser.parse_intermixed_args([*words, *arguments])
    names = {_name(text) for text in given.header}
    count = len(parsed.header) - len(given.header)
    kept = [text for text in parsed.header[:count] if _name(text) not in names]
    parsed.header = [*kept, *given.header]
    return parsed


def _all_words(config: Config, left_out: Collection[str] = ()) -> list[str]:
    found = [_words(key, value) for key, value in config.connection.items() if key not in left_out]
    return [word for words in found for word in words]


def _words(key: str, value: Any) -> list[str]:
    """A key as the command line would say it. Raises UsageError where it could not."""
    if key in FLAGS:
        if not isinstance(value, bool):
            raise UsageError("write true or false")
        return [] if value is FLAGS[key] else [f"--{key}" if value else f"--no-{key}"]
    if key in LISTS:
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in values):
            raise UsageError('write a list of texts, such as ["a", "b"]')
        return [f"--{key}={one}" for one in values]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UsageError("write a text in quotes, or a number")
    if key == "family":
        if value not in (4, 6):
            raise UsageError("write 4 or 6")
        return [f"-{value}"]
    return [f"--{key}={value}"]


def _value(parsed: argparse.Namespace, key: str) -> Any:
    return getattr(parsed, key.replace("-", "_"))


def _name(header: str) -> str:
    return header.partition(":")[0].strip().lower()
