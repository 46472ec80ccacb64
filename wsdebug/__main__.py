"""Picks the command by the first word and imports only what it needs."""

import errno
import io
import os
import sys

from wsdebug import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main", "program"]

COMMANDS = {
    "demo": "the terminal UI, connected to the built-in server; needs no network",
    "open": "the terminal UI on a saved session",
    "send": "send messages, wait for the answers, close",
    "record": "capture without a screen",
    "replay": "play a session once more and compare the answers",
    "convert": "HAR, CSV, pcapng, .http, curl and others, to and from sessions",
    "show": "print a session as a table, as lines, or one frame",
    "clean": "make a recording fit for version control",
    "diff": "compare two sessions",
    "diagnose": "every step of getting in, with its time, verdict and advice",
    "serve": "the built-in playground server",
    "web": "the terminal UI in a browser on this machine",
    "completion": "completion script for bash, zsh or fish",
}
SCREEN = ("screen", "demo", "open")  # as `_command` has them
UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # what a full disk says to stdout
HELP = """wsdebug: see every frame of a WebSocket, send any frame

examples:
  wsdebug demo
  wsdebug wss://stream.example.com/feed
  wsdebug open ticker.ws.jsonl
  wsdebug serve --port 9911
  wsdebug send ws://127.0.0.1:9911/echo hello
  wsdebug record ws://127.0.0.1:9911/ticker --count 10 -o ticker.ws.jsonl
  wsdebug replay ticker.ws.jsonl
  wsdebug show ticker.ws.jsonl
  wsdebug show --frame 9 ticker.ws.jsonl

commands:
"""

ANYWHERE = """
wsdebug COMMAND --help shows its options, wsdebug URL --help those of the terminal UI;
with each, --log FILE keeps a debug log
"""


def program() -> "NoReturn":
    """The console script: `main`, and an end without Python's own.

    To take apart every module, as Python does at its end, takes a tenth of a `send`. All that has
    to be written or closed is by then; the screen has threads, and goes the usual way.
    """
    code = main()
    if _command(sys.argv[1:]) in SCREEN:
        sys.exit(code)
    try:
        sys.stderr.flush()
    finally:
        os._exit(code)


def main() -> int:
    """Run the command; gives the exit code of CLI.md's table."""
    from wsdebug.errors import HandshakeRefused, WsdebugError

    try:
        return _flushed(sys.argv[1:])
    except WsdebugError as error:
        _say(str(error))
        if isinstance(error, HandshakeRefused):
            from wsdebug.cli.text import refusal_text

            sys.stderr.write("".join(f"{line}\n" for line in refusal_text(error)))
        return error.exit_code
    except BrokenPipeError:
        # the reader has gone; stdout must not complain again at exit
        _drop_stdout()
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno not in UNWRITTEN:
            return _fault(error)
        _drop_stdout()
        _say(f"the output could not be written: {os.strerror(error.errno).lower()}")
        return 7
    except MemoryError:
        _say("there is not enough memory for that")
        return 1
    except Exception as error:
        return _fault(error)


def _flushed(arguments: list[str]) -> int:
    """Run; what was printed has left the program when this returns."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # 0, 1 and 2, in order
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    rest, log = _take_log(arguments)
    try:
        if log is not None:
            from wsdebug.cli.debug_log import start_log

            start_log(log, _command(rest))
        if log is not None and _command(rest) == "web":
            # its screens are processes of their own, which keep the same log
            rest = [*rest[:1], f"--log={log}", *rest[1:]]
        return _run(rest)
    finally:
        sys.stdout.flush()


def _take_log(arguments: list[str]) -> tuple[list[str], str | None]:
    if not any(word.startswith("--log") for word in arguments):
        return arguments, None
    from wsdebug.cli.debug_log import take_log

    return take_log(arguments)


def _command(arguments: list[str]) -> str:
    """The command for the log; a URL may hold secrets."""
    return arguments[0] if arguments and arguments[0] in COMMANDS else "screen"


def _say(words: str) -> None:
    from wsdebug.payload.escape import escape

    sys.stderr.write(f"wsdebug: {escape(words)}\n")


def _fault(error: Exception) -> int:
    """An error that nobody foresaw: in words here, in full in the debug log."""
    import logging

    logging.getLogger("wsdebug").debug("a fault of its own", exc_info=error)
    _say(f"stopped by a fault of its own ({type(error).__name__}); --log FILE keeps the details")
    return 1


def _drop_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: list[str]) -> int:
    from wsdebug.cli.first_word import is_url
    from wsdebug.errors import UsageError

    first = arguments[0] if arguments else ""
    if first in ("-h", "--help"):
        lines = [f"  {name:<10} {job}\n" for name, job in COMMANDS.items()]
        sys.stdout.write(HELP + "".join(lines) + ANYWHERE)
        return 0
    if first in ("-V", "--version"):
        sys.stdout.write(f"wsdebug {__version__}\n")
        return 0
    is_screen = first in ("", "demo", "open") or first.startswith("-") or is_url(first)
    if not is_screen and first not in COMMANDS:
        raise UsageError(_unknown(first))
    asks_help = not {"-h", "--help"}.isdisjoint(arguments)
    if is_screen and not asks_help and (why := _no_screen()):
        raise UsageError(f"{why}; for scripts there is wsdebug send, or record")
    from wsdebug.cli.deferred import defer, load

    defer()
    run = load(f"wsdebug.cli.{'screen' if is_screen else first}").run
    if is_screen:
        return int(run(arguments))
    if first == "completion":
        return int(run(arguments[1:], COMMANDS))
    return int(run(arguments[1:]))


def _no_screen() -> str:
    """Why there can be none here, in words, or empty."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        is_dumb = os.environ.get("TERM") == "dumb"
        return "TERM=dumb is a terminal without a screen" if is_dumb else ""
    from wsdebug.tui.in_browser import is_in_browser

    return "" if is_in_browser() else "no terminal here for the screen"


def _unknown(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=1)
    if near:
        return f"{word!r} is no command; did you mean {near[0]}?"
    nearest = get_close_matches(word, COMMANDS, n=1, cutoff=0)[0]
    return f"{word!r} is no command; the nearest is {nearest}; see wsdebug --help"


if __name__ == "__main__":
    program()
