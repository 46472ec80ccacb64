"""The arguments of `send`, and the plan that they make."""

import argparse
import sys
from collections.abc import Callable, Mapping

from wsdebug.cli.in_order import parse_in_order
from wsdebug.cli.options import Parser, add_connection, to_count, to_seconds
from wsdebug.cli.recording import add_recording
from wsdebug.cli.send_input import (
    BINARY,
    TEXT,
    Digits,
    Encoding,
    Messages,
    Stdin,
    StdinMode,
    Step,
    Wanted,
    read_steps,
    to_payload,
)
from wsdebug.cli.send_output import FORMATS
from wsdebug.cli.send_plan import Plan
from wsdebug.errors import UsageError
from wsdebug.replay.expectations import (
    Expectation,
    expect_close,
    expect_exact,
    expect_json,
    expect_none,
    expect_text,
)

__all__ = ["parse", "parser", "plan_of"]

EXAMPLES = """examples:
  wsdebug send ws://127.0.0.1:9911/echo hello
  wsdebug send wss://api.example.com/ -d @login.json --expect-json '$.type==welcome'
  seq 3 | wsdebug send ws://127.0.0.1:9911/echo --count 3
  wsdebug send ws://127.0.0.1:9911/ticker -w 5 --json < /dev/null | jq .recv
  wsdebug send ws://127.0.0.1:9911/echo --hex 'ca fe' --output-format hex
  wsdebug send ws://127.0.0.1:9911/echo --jsonl < script.ws.jsonl
"""
MODES = {
    "null": "standard input is separated by NUL, not by lines",
    "whole": "standard input is one message",
    "jsonl": "standard input is session lines",
}
LIMIT = 125  # bytes of a control frame's payload; a close code takes two of them
LONGEST = 1e9  # seconds


def parser() -> Parser:
    """What this command takes, but for URL and messages: those are taken in their order."""
    usage = f"wsdebug send [options] URL [MESSAGE…]\n\n{EXAMPLES}"
    made = Parser("wsdebug send", usage=usage)
    made.set_defaults(url=None, wanted=[], expected=[])
    _add_input(made.add_argument_group("what to send: messages, else standard input (-)"))
    _add_ends(made.add_argument_group("when to end, once all is sent"))
    _add_output(made.add_argument_group("what to print"))
    add_connection(made)
    add_recording(made)
    return made


def parse(arguments: list[str]) -> argparse.Namespace:
    """The arguments by name. Raises UsageError."""
    parsed = parse_in_order(parser(), arguments, _word)
    if parsed.url is None:
        raise UsageError("send needs a URL; see wsdebug send --help", field="url")
    _refuse(parsed)
    return parsed


def plan_of(parsed: argparse.Namespace, values: Mapping[str, str]) -> Plan:
    """What to do, with every file read; `values` are those of the variables.

    Raises UsageError and SessionUnreadable.
    """
    digits: Digits = parsed.digits[-1] if parsed.digits else ""
    default = BINARY if digits else TEXT
    opcode = parsed.opcodes[-1] if parsed.opcodes else default
    encoding = Encoding(opcode, digits, values)
    return Plan(
        steps=_steps(parsed, encoding),
        encoding=encoding,
        fragment=parsed.fragment,
        expected=parsed.expected,
        next_only=parsed.next,
        answers=parsed.count,
        wait=parsed.wait,
        timeout=parsed.timeout,
        max_time=parsed.max_time,
        close=parsed.close,
        format=parsed.format,
    )


def _add_input(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    for flag, metavar, make, words in (
        ("-d", "TEXT|@FILE", _data, "a message, or a file that is one"),
        ("-f", "FILE", _file, "a file that is a message; - for standard input"),
    ):
        add(flag, dest="wanted", action="append", type=make, metavar=metavar, help=words)
    for name, words in MODES.items():
        add(f"--{name}", dest="modes", action="append_const", const=name, default=[], help=words)
    for flag, opcode, words in (("-t", TEXT, "text"), ("-b", BINARY, "binary")):
        words = f"messages are {words}"
        add(flag, dest="opcodes", action="append_const", const=opcode, default=[], help=words)
    for name in ("hex", "base64"):
        words = f"messages are spelled in {name}, and are binary without -t"
        add(f"--{name}", dest="digits", action="append_const", const=name, default=[], help=words)
    ping = Wanted("ping")
    add("--ping", dest="wanted", action="append_const", const=ping, help="a ping, in its place")
    add("--ping-data", type=_control, metavar="DATA", help="what pings carry")
    words = "the close frame at the end, in place of 1000"
    add("--close", type=_close, metavar="CODE[:REASON]", help=words)
    add("--fragment", type=to_count, metavar="N", help="messages in frames of N bytes")


def _add_ends(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--count", type=_number, metavar="N", help="on N messages received (1); 0: at once")
    add("-w", "--wait", type=_wait, metavar="S", help="S seconds later; inf: on the close")
    for name, metavar, make, words in EXPECTED:
        add(name, dest="expected", action="append", type=make, metavar=metavar, help=words)
    words = "no message for as long as -w or --timeout says"
    add("--expect-none", dest="expected", action="append_const", const=expect_none(), help=words)
    add("--next", action="store_true", help="no other message may pass before an expected one")
    add("--timeout", type=to_seconds, default=10.0, metavar="S", help="for each wait (10)")
    add("-m", "--max-time", type=to_seconds, metavar="S", help="for everything")


def _add_output(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    words = "text in lines, binary as it is, or a hex dump on a terminal, without this"
    add("--output-format", "--output", dest="format", choices=FORMATS, help=words)
    add("--json", dest="format", action="store_const", const="jsonl", help="session lines")
    add("-v", "--verbose", action="count", default=0, help="the handshake; -vv: each frame")
    add("-q", "--quiet", action="store_true", help="nothing on stderr")


def _word(parsed: argparse.Namespace, word: str) -> None:
    if parsed.url is None:
        parsed.url = word
    else:
        parsed.wanted = [*parsed.wanted, Wanted("word", word)]


def _refuse(parsed: argparse.Namespace) -> None:
    """What makes no sense together."""
    for chosen, words in (
        (set(parsed.opcodes), "-t and -b"),
        (set(parsed.digits), "--hex and --base64"),
        (set(parsed.modes), " and ".join(f"--{mode}" for mode in MODES if mode in parsed.modes)),
        ({"-q", "-v"} if parsed.quiet and parsed.verbose else set(), "-q and -v"),
    ):
        if len(chosen) > 1:
            raise UsageError(f"{words} exclude each other")
    if "jsonl" in parsed.modes and (parsed.opcodes or parsed.digits):
        raise UsageError("--jsonl lines say themselves what they are; leave -t, -b, --hex out")
    if parsed.next and not any(one.kind == "message" for one in parsed.expected):
        raise UsageError("--next needs an --expect", field="next")


def _steps(parsed: argparse.Namespace, encoding: Encoding) -> list[Step]:
    mode: StdinMode = parsed.modes[-1] if parsed.modes else "lines"
    wanted = list(parsed.wanted)
    if parsed.ping_data is not None and Wanted("ping") not in wanted:
        wanted.append(Wanted("ping"))
    steps = read_steps(wanted, encoding, mode, parsed.ping_data or "")
    has_message = any(isinstance(step, Messages | Stdin) for step in steps)
    # a ping or a close alone is enough for a person at a terminal
    is_typed = sys.stdin is not None and sys.stdin.isatty()
    is_enough = bool(steps) or parsed.close is not None
    if not has_message and not (is_typed and is_enough):
        steps.append(Stdin(mode))
    if parsed.modes and Stdin(mode) not in steps:
        raise UsageError(f"--{mode} is for standard input, which is not read here; - reads it")
    return steps


def _data(text: str) -> Wanted:
    return Wanted("data", text)


def _file(text: str) -> Wanted:
    return Wanted("file", text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise argparse.ArgumentTypeError(f"{text} is no number from 0 up")
    return int(text)


def _wait(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (0 <= value < LONGEST or value == float("inf")):
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds, nor inf")
    return value


def _control(text: str) -> str:
    if len(to_payload(text)) > LIMIT:
        raise argparse.ArgumentTypeError(f"a ping carries at most {LIMIT} bytes")
    return text


def _code(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= 0xFFFF):
        raise argparse.ArgumentTypeError(f"{text!r} is no close code from 0 to 65535")
    return int(text)


def _close(text: str) -> tuple[int, str]:
    code, _, reason = text.partition(":")
    try:
        size = len(reason.encode())
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("a close reason is UTF-8") from None
    if size > LIMIT - 2:
        raise argparse.ArgumentTypeError(f"a close reason has at most {LIMIT - 2} bytes")
    return _code(code), reason


def _expected_close(text: str) -> Expectation:
    return expect_close(_code(text))


EXPECTED: tuple[tuple[str, str, Callable[[str], Expectation], str], ...] = (
    ("--expect", "REGEX", expect_text, "a message in which it is found"),
    ("--expect-json", "QUERY", expect_json, "RFC 9535; alone, or == != < <= > >= =~ and a value"),
    ("--expect-exact", "TEXT", expect_exact, "a message of just that"),
    ("--expect-close", "CODE", _expected_close, "the end of the connection"),
)
