"""The arguments of `replay`: what they say, checked before anything is connected."""

import argparse
import math
import os
from dataclasses import dataclass
from typing import Any

from wsdebug.cli.color import add_color
from wsdebug.cli.options import Parser, add_connection, connect_options, to_count, to_seconds
from wsdebug.cli.recording import add_recording, record_options
from wsdebug.cli.saved import given_options, with_saved
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.engine.route import dialled
from wsdebug.engine.variables import environment_variables
from wsdebug.errors import UsageError
from wsdebug.payload.json_query import JsonQuery, parse_json_path
from wsdebug.replay.accept import check_acceptable
from wsdebug.replay.script import Script, read_script
from wsdebug.replay.settings import PACES, Settings

__all__ = ["Task", "add_comparison", "replay_parser", "task_of"]

EXAMPLES = """examples:
  wsdebug replay login.ws.jsonl
  wsdebug replay login.ws.jsonl ws://127.0.0.1:9911/ --variable who=bob
  wsdebug replay feed.ws.jsonl --pace clock --speed 2 --ignore '$.time'
  wsdebug replay feed.ws.jsonl --accept
  wsdebug replay feed.ws.jsonl --json --report-junit report.xml
"""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done. `loop` is how many times."""

    script: Script
    settings: Settings
    options: ConnectOptions
    record: RecordOptions
    as_json: bool
    accepts: bool
    junit: str | None
    loop: int
    is_dry: bool
    given: frozenset[str]  # names of what stands on the command line
    color: str  # the value of --color


def task_of(arguments: list[str]) -> Task:
    """Raises UsageError, and SessionUnreadable for a file that cannot be replayed."""
    parser = replay_parser()
    parsed = parser.parse_intermixed_args(arguments)
    given = given_options(parser, arguments, parsed)
    options, record = connect_options(parsed), record_options(parsed)
    _check(parsed)
    ignore = tuple(parse_json_path(text) for text in parsed.ignore)
    if parsed.url is not None and "{{" not in parsed.url:
        dialled(options)  # what is wrong with them comes before what is with a file
    script = read_script(parsed.file, stretches=_stays(parsed))
    settings = _settings(parsed, script, given, ignore)
    if parsed.reconnect:
        words = "--reconnect: a replay opens the connections of its file, and no others"
        raise UsageError(words, field="reconnect")
    values = environment_variables() | dict(options.variable) | dict(options.secret)
    known = {name: value for name, value in values.items() if value is not None}
    options = with_saved(
        script.header, script.path, options, given, known, connects=not parsed.dry_run
    )
    return Task(
        script=script,
        settings=settings,
        options=options,
        record=record,
        as_json=parsed.json,
        accepts=parsed.accept,
        junit=parsed.report_junit,
        loop=parsed.loop,
        is_dry=parsed.dry_run,
        given=given,
        color=parsed.color,
    )


def _stays(parsed: argparse.Namespace) -> bool:
    """Whether the file stays as it is while it is played: it is not recorded to."""
    output = parsed.output
    return output is None or not (
        os.path.exists(output)
        and os.path.exists(parsed.file)
        and os.path.samefile(output, parsed.file)
    )


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Add the options of every comparison."""
    add = parser.add_argument_group("comparison").add_argument
    add("--ignore", action="append", default=[], metavar="JSONPATH", help="leave these out")
    add("--extra", choices=("fail", "allow"), help="messages that nobody expected")
    add("--unordered", action="store_true", help="messages may come in any order")
    add("--strict-frames", action="store_true", help="compare frames with their bits, pings too")
    add("--connection", type=to_count, metavar="N", help="one of several")
    add("--json", action="store_true", help="a JSON object for each result")
    add_color(parser)


def replay_parser() -> Parser:
    """What the command takes."""
    parser = Parser("wsdebug replay", usage=f"wsdebug replay [options] FILE [URL]\n\n{EXAMPLES}")
    parser.add_argument("file", metavar="FILE", help="- for standard input")
    parser.add_argument("url", metavar="URL", nargs="?", help="in place of the file's")
    add = parser.add_argument_group("replay").add_argument
    add("--pace", choices=PACES, help="what a send waits for (answers)")
    add("--fast", dest="pace", action="store_const", const="none", help="--pace none")
    add("--speed", type=_factor, metavar="N", help="play the recorded times so much faster")
    add("--max-gap", type=to_seconds, metavar="S", help="wait no longer between two frames")
    add("--timeout", type=to_seconds, metavar="S", help="for each answer (10)")
    add("--frames", action="store_true", help="send the recorded frames, not messages")
    add("--exact-mask", action="store_true", help="with --frames: the exact bytes")
    add("--from", dest="first", type=to_count, metavar="LINE", help="play from this line on")
    add("--to", dest="last", type=to_count, metavar="LINE", help="play up to this line")
    add("--loop", type=to_count, default=1, metavar="N", help="play it N times")
    add("--correlate", action="store_true", help="carry ids of live answers into later sends")
    add("--accept", action="store_true", help="write the live answers into FILE")
    add("--report-junit", metavar="FILE", help="write JUnit XML")
    add("--trust", action="store_true", help="do as FILE says, and send it where it says")
    add("--dry-run", action="store_true", help="say what would be done, and do nothing")
    add_comparison(parser)
    add_connection(parser)
    add_recording(parser)
    return parser


def _check(parsed: argparse.Namespace) -> None:
    """Refuse what does not go together."""
    if parsed.exact_mask and not parsed.frames:
        raise UsageError("--exact-mask needs --frames", field="exact-mask")
    if parsed.exact_mask and parsed.correlate:
        raise UsageError("--exact-mask and --correlate exclude each other", field="correlate")
    if parsed.accept:
        check_acceptable(parsed.file)
        for name in ("loop", "dry_run"):
            if getattr(parsed, name) not in (1, False):
                words = f"--accept and --{name.replace('_', '-')} exclude each other"
                raise UsageError(words, field="accept")
    if parsed.report_junit == "-":
        words = "--report-junit: stdout has the results; name a file"
        raise UsageError(words, field="report-junit")
    if parsed.dry_run and parsed.report_junit:
        raise UsageError("--dry-run reports nothing; leave out --report-junit", field="dry-run")
    if parsed.last is not None and parsed.first is not None and parsed.last < parsed.first:
        words = f"--to: line {parsed.last} is before --from {parsed.first}"
        raise UsageError(words, field="to")


def _settings(
    parsed: argparse.Namespace,
    script: Script,
    given: frozenset[str],
    ignore: tuple[JsonQuery, ...],
) -> Settings:
    settings = Settings(
        unordered=parsed.unordered,
        strict_frames=parsed.strict_frames,
        correlate=parsed.correlate,
        frames=parsed.frames,
        exact_mask=parsed.exact_mask,
        ignore=ignore,
        connection=parsed.connection,
        first=parsed.first or 1,
        last=parsed.last,
    )
    chosen: dict[str, Any] = {
        name: getattr(parsed, name)
        for name in ("pace", "speed", "max_gap", "timeout")
        if name in given
    }
    if parsed.extra is not None:
        chosen["extra_allowed"] = parsed.extra == "allow"
    settings = settings.with_defaults(script.settings | chosen)
    for name in ("speed", "max_gap"):
        if name in given and not settings.keeps_time:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} needs --pace clock or --pace both", field=name)
    return settings


def _factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.001 <= value <= 1e6 or not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text} is no number from 0.001 to 1000000")
    return value
