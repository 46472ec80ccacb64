"""`wsdebug web`: the terminal UI in a browser, served on loopback until Ctrl-C."""

import os
import sys
from importlib import import_module
from ipaddress import ip_address

from wsdebug.cli.debug_log import take_log
from wsdebug.cli.first_word import is_url
from wsdebug.cli.options import Parser
from wsdebug.cli.screen import add_screen, prepare
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError

__all__ = ["parser", "run"]

USAGE = "wsdebug web [--port N] [URL | demo | open FILE]"
EXAMPLES = """examples:
  wsdebug web
  wsdebug web demo
  wsdebug web --port 8400 -H 'X-Client: desk-4' wss://stream.example.com/feed
  wsdebug web open feed.ws.jsonl

Each page is a session of its own, and so is its recording. A page that is loaded
again within 20 seconds goes on with its session; one that is closed ends it.
"""
OWN = ("--host", "--port")  # the others are the screen's
LOOPBACK = "127.0.0.1"


def parser() -> Parser:
    """What this command takes: what the UI takes, and where to listen."""
    made = Parser("wsdebug web", usage=f"{USAGE}\n\n{EXAMPLES}")
    made.add_argument("words", nargs="*", metavar="URL", help="or demo, or open FILE")
    made.add_argument("--port", type=int, default=0, metavar="N", help="default: a free one")
    made.add_argument(
        "--host", default=LOOPBACK, metavar="ADDRESS", help=f"of loopback only ({LOOPBACK})"
    )
    add_screen(made)
    return made


def run(arguments: list[str]) -> int:
    """Serve on loopback; the URL is the first line on stdout."""
    parsed = parser().parse_intermixed_args(arguments)
    if not 0 <= parsed.port <= 65535:
        raise UsageError(f"--port: {parsed.port} is not from 1 to 65535", field="port")
    host = _loopback(parsed.host)
    screen = _without_own(arguments)
    _check(take_log(screen)[0])
    try:
        serve = import_module("wsdebug.tui.browser").serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("wsdebug"):
            raise
        raise UsageError("for a browser, more is needed: pip install 'wsdebug[web]'") from error
    try:
        serve([sys.executable, "-P", "-m", "wsdebug", *screen], host, parsed.port)
    except OSError as error:
        # asyncio's own words repeat the address as a tuple
        why = os.strerror(error.errno).lower() if error.errno else str(error)
        words = f"cannot listen on {host}, port {parsed.port}: {why}"
        raise UsageError(words, field="port") from error
    return 0


def _loopback(host: str) -> str:
    """The address to listen on. Raises UsageError for one that others can reach."""
    if host == "localhost":
        return LOOPBACK
    try:
        is_loopback = ip_address(host.strip("[]")).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        words = (
            f"--host: {host} is not loopback; from another machine use ssh -L PORT:localhost:PORT"
        )
        raise UsageError(words, field="host")
    return host.strip("[]")


def _without_own(arguments: list[str]) -> list[str]:
    """The arguments that the screen is started with."""
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word in OWN:
            next(words, None)
        elif not word.startswith(tuple(f"{name}=" for name in OWN)):
            rest.append(word)
    return rest


def _check(arguments: list[str]) -> None:
    """Raises UsageError for what the screen would refuse, before anything is served."""
    first = arguments[0] if arguments else "demo"
    if first not in ("demo", "open") and not first.startswith("-") and not is_url(first):
        raise UsageError(f"{first!r} is no URL, and neither demo nor open FILE; see --help")
    options = prepare(arguments)[1].get("options")
    if isinstance(options, ConnectOptions):
        parse_url(options.url)
