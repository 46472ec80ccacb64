"""`wsdebug [URL]`, `wsdebug open FILE`, `wsdebug demo`: arguments for the terminal UI."""

from dataclasses import replace
from pathlib import Path

from wsdebug.cli.configured import default_options, parse_with_defaults
from wsdebug.cli.deferred import load
from wsdebug.cli.options import Parser, add_connection, connect_options
from wsdebug.cli.recording import add_recording, record_options
from wsdebug.errors import UsageError
from wsdebug.payload.redact import keep_secret
from wsdebug.workspace.config import Config, load_config
from wsdebug.workspace.folders import config_file

__all__ = ["add_screen", "demo_parser", "open_parser", "prepare", "run", "url_parser"]

DEMO = """examples:
  wsdebug demo
"""
OPEN = """examples:
  wsdebug open feed.ws.jsonl
"""
URL = """examples:
  wsdebug wss://stream.example.com/feed
  wsdebug -H 'X-Client: desk-4' -x socks5h://proxy.example:1080 wss://stream.example.com/feed
  wsdebug --record feed.ws.jsonl localhost:8080/feed
"""


def demo_parser() -> Parser:
    """What `wsdebug demo` takes."""
    return Parser("wsdebug demo", usage=f"wsdebug demo\n\n{DEMO}")


def open_parser() -> Parser:
    """What `wsdebug open` takes."""
    made = Parser("wsdebug open", usage=f"wsdebug open FILE\n\n{OPEN}")
    made.add_argument("file", metavar="FILE")
    return made


def url_parser() -> Parser:
    """What the terminal UI takes without a command."""
    made = Parser("wsdebug", usage=f"wsdebug [options] URL\n\n{URL}")
    made.add_argument("url", metavar="URL")
    add_screen(made)
    return made


def add_screen(parser: Parser) -> None:
    """Add what can be said of the UI's connection and of its recording."""
    parser.add_argument("--no-record", action="store_true", help="keep no file")
    add_connection(parser)
    add_recording(parser, has_usual=True)


def run(arguments: list[str]) -> int:
    """Start the UI; its exit code."""
    mode, values = prepare(arguments)
    return _ui(mode, **values)


def prepare(arguments: list[str]) -> tuple[str, dict[str, object]]:
    """How the UI is to start, and what it is given. Raises UsageError."""
    if arguments[:1] == ["demo"]:
        demo_parser().parse_args(arguments[1:])
        return _configured("demo")
    if arguments[:1] == ["open"]:
        return _configured("open", path=Path(open_parser().parse_args(arguments[1:]).file))
    return _url(arguments) if arguments else _configured("start")


def _url(arguments: list[str]) -> tuple[str, dict[str, object]]:
    config = load_config(config_file())
    default_options(config)  # a mistake in the file is not to be taken for one of the arguments
    if arguments == ["--no-record"]:  # the first screen, like no argument at all
        return _configured("start", replace(config, record=False))
    parsed = parse_with_defaults(url_parser(), arguments, config)
    if parsed.no_record and parsed.output is not None:
        raise UsageError("--record and --no-record exclude each other", field="record")
    if parsed.output is True:  # takes back `record = false`
        config, parsed.output = replace(config, record=True), None
    record = record_options(parsed, needs_file=parsed.no_record)
    # without a file of the user's the screen chooses one, unless it is to keep none
    asked_for = record.path is not None or parsed.no_record
    record = replace(record, asked_for=asked_for)
    return _configured("url", config, options=connect_options(parsed), record=record)


def _configured(
    mode: str, config: Config | None = None, **arguments: object
) -> tuple[str, dict[str, object]]:
    """With what the configuration says of secrets and of new connections."""
    config = config or load_config(config_file())
    keep_secret(headers=config.redaction.headers, query=config.redaction.query)
    given = {"config": config, "defaults": default_options(config)}
    return mode, {**given, "read_defaults": default_options, **arguments}


def _ui(mode: str, **arguments: object) -> int:
    """The screen is loaded by name: no other command may bring it in."""
    values = {"options": None, "record": None, "path": None} | arguments
    return int(load("wsdebug.tui.run").run_ui(mode, **values))
