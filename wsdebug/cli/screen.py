"""`wsdebug URL`, `wsdebug open FILE` and `wsdebug demo`: arguments for the terminal UI."""

from importlib import import_module
from pathlib import Path

from wsdebug.cli.options import (
    Parser,
    add_connection,
    add_recording,
    connect_options,
    record_options,
)

__all__ = ["run"]


def run(arguments: list[str]) -> int:
    """Start the UI; its exit code."""
    if arguments[0] == "demo":
        return _demo(arguments[1:])
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
    asked = parsed.output is not None or parsed.no_record
    record = record_options(parsed) if asked else None
    return _ui("url", options=connect_options(parsed), record=record)


def _demo(arguments: list[str]) -> int:
    from wsdebug.engine.background import BackgroundEngine
    from wsdebug.engine.options import ConnectOptions
    from wsdebug.playground.server import Playground

    Parser("wsdebug demo", usage="wsdebug demo").parse_args(arguments)
    engine = BackgroundEngine()
    playground = Playground()
    engine.submit(playground.__aenter__()).result(10)
    try:
        return _ui("demo", options=ConnectOptions(url=f"{playground.url}echo"))
    finally:
        engine.submit(playground.__aexit__(None, None, None)).result(10)
        engine.stop()


def _ui(mode: str, **arguments: object) -> int:
    """The screen is loaded by name: no other command may bring it in."""
    values = {"options": None, "record": None, "path": None} | arguments
    return int(import_module("wsdebug.tui.app").run_ui(mode, **values))
