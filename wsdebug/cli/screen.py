"""`wsdebug [URL]`, `wsdebug open FILE`, `wsdebug demo`: arguments for the terminal UI."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from wsdebug.cli.options import (
    Parser,
    add_connection,
    add_recording,
    connect_options,
    record_options,
)
from wsdebug.errors import UsageError

__all__ = ["run"]


def run(arguments: list[str]) -> int:
    """Start the UI; its exit code."""
    if not arguments:
        return _ui("start")
    if arguments[0] == "demo":
        Parser("wsdebug demo", usage="wsdebug demo").parse_args(arguments[1:])
        return _ui("demo")
    if arguments[0] == "open":
        parser = Parser("wsdebug open", usage="wsdebug open FILE")
        parser.add_argument("file", metavar="FILE")
        return _ui("open", path=Path(parser.parse_args(arguments[1:]).file))
    parser = Parser("wsdebug", usage="wsdebug [options] URL")
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--no-record", action="store_true", help="keep no file")
    add_connection(parser)
    add_recording(parser)
    parsed = parser.parse_intermixed_args(arguments)
    record = record_options(parsed, needs_file=parsed.no_record)
    if parsed.no_record and record.path is not None:
        raise UsageError("--record and --no-record exclude each other", field="record")
    # without a file of the user's the screen chooses one, unless it is to keep none
    asked_for = record.path is not None or parsed.no_record
    return _ui("url", options=connect_options(parsed), record=replace(record, asked_for=asked_for))


def _ui(mode: str, **arguments: object) -> int:
    """The screen is loaded by name: no other command may bring it in."""
    values = {"options": None, "record": None, "path": None} | arguments
    return int(import_module("wsdebug.tui.app").run_ui(mode, **values))
