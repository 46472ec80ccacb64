"""Picks the command by the first word and imports only what it needs."""

import os
import sys
from importlib import import_module

from wsdebug import __version__

__all__ = ["main"]

COMMANDS = {
    "demo": "the terminal UI, connected to the built-in server; needs no network",
    "open": "the terminal UI on a saved session",
    "record": "capture without a screen",
    "show": "print a session as a table, as lines, or one frame",
    "serve": "the built-in playground server",
}
HELP = """wsdebug: see every frame of a WebSocket, send any frame

examples:
  wsdebug demo
  wsdebug wss://stream.example.com/feed
  wsdebug open ticker.ws.jsonl
  wsdebug serve --port 9911
  wsdebug record ws://127.0.0.1:9911/ticker --count 10 -o ticker.ws.jsonl
  wsdebug show ticker.ws.jsonl
  wsdebug show --frame 9 ticker.ws.jsonl

commands:
"""


def main() -> int:
    """The console script; gives the exit code of CLI.md's table."""
    from wsdebug.errors import WsdebugError

    try:
        return _run(sys.argv[1:])
    except WsdebugError as error:
        from wsdebug.payload.escape import escape

        advice = "; --insecure goes on regardless" if getattr(error, "not_trusted", False) else ""
        sys.stderr.write(f"wsdebug: {escape(str(error))}{advice}\n")
        return error.exit_code
    except BrokenPipeError:
        # the reader has gone; stdout must not complain again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    from wsdebug.errors import UsageError

    first = arguments[0] if arguments else ""
    if first in ("-h", "--help"):
        lines = [f"  {name:<8} {job}\n" for name, job in COMMANDS.items()]
        sys.stdout.write(HELP + "".join(lines))
        return 0
    if first in ("-V", "--version"):
        sys.stdout.write(f"wsdebug {__version__}\n")
        return 0
    is_screen = first in ("", "demo", "open") or first.startswith("-") or _is_url(first)
    if not is_screen and first not in COMMANDS:
        raise UsageError(_unknown(first))
    if is_screen:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            words = "no terminal here for the screen; for scripts there is wsdebug send, or record"
            raise UsageError(words)
        run_command = import_module("wsdebug.cli.screen").run
        return int(run_command(arguments))
    run = import_module(f"wsdebug.cli.{first}").run
    return int(run(arguments[1:]))


def _is_url(word: str) -> bool:
    """CLI.md: `://`, a dot or a colon in it, or `localhost`."""
    if word.startswith("-"):
        return False
    return "://" in word or "." in word or ":" in word or word == "localhost"


def _unknown(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=1)
    hint = f"did you mean {near[0]}?" if near else "see wsdebug --help"
    return f"{word!r} is no command; {hint}"


if __name__ == "__main__":
    sys.exit(main())
