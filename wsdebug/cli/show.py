"""`wsdebug show FILE`: a session as a table, as lines, as payloads, one frame, or in numbers."""

import argparse
import sys
from functools import partial
from pathlib import Path

from wsdebug.cli.color import Paint, add_color
from wsdebug.cli.options import Parser, to_count
from wsdebug.cli.pager import Output
from wsdebug.cli.say import say
from wsdebug.cli.show_frame import line_text
from wsdebug.cli.show_lines import Json, Printer, Table
from wsdebug.cli.show_payloads import Payloads, asks_for_control
from wsdebug.cli.show_settled import PATIENCE, settled_lines, settled_rows
from wsdebug.cli.show_stats import stats_json
from wsdebug.cli.text import json_text
from wsdebug.errors import QueryInvalid, SessionUnreadable, UsageError
from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filter_terms import TERMS, Filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.folded import FoldedLines
from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.log.statistics_text import statistics_text
from wsdebug.payload.numbers import ASCII_SPARK, SPARK
from wsdebug.session.file import is_being_recorded
from wsdebug.session.lines import Damaged, Event, FrameLine, Header
from wsdebug.session.parts import next_part
from wsdebug.session.reader import STDIN

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug show feed.ws.jsonl
  wsdebug show feed.ws.jsonl --filter 'dir:in size:>1k -heartbeat'
  wsdebug show feed.ws.jsonl --filter '$.type==trade' --payload | jq .px
  wsdebug show --json feed.ws.jsonl | jq .recv
  wsdebug show --frame 26 feed.ws.jsonl
  wsdebug show --fold 'op:ping | op:pong' feed.ws.jsonl
  wsdebug show --stats feed.ws.jsonl
  wsdebug show --follow live.ws.jsonl
  zcat old.ws.jsonl.gz | wsdebug show -
"""
EXCLUDE = (
    ("json", "payload"),
    ("frame", "stats"),
    ("frame", "filter"),
    ("frame", "follow"),
    ("payload", "stats"),
    ("stats", "follow"),
    *(("fold", other) for other in ("json", "payload", "frame", "stats")),
)


def run(arguments: list[str]) -> int:
    """Print a session on stdout."""
    parsed = _parsed(arguments)
    query = _query("filter", parsed.filter or "")
    fold = _query("fold", parsed.fold) if parsed.fold else None
    while _show(query, fold, parsed):  # in parts, each of which is followed after the other
        words = f"{parsed.file} has ended; the recording goes on in {next_part(parsed.file)}"
        say(words)
        parsed.file = next_part(parsed.file)
    return 0


def _show(query: Filter, fold: Filter | None, parsed: argparse.Namespace) -> bool:
    """Print a file; whether it is one part of a recording that is to be followed on."""
    log = FrameLog.open(parsed.file, follow=parsed.follow)
    try:
        _refuse_foreign(log, parsed.file, follows=parsed.follow)
        is_paged = not parsed.no_pager and not parsed.follow
        with Output(pages=is_paged) as output:
            _print(log, query, fold, parsed, output)
        if log.complete.is_set() and log.problem:
            raise SessionUnreadable(log.problem, path=parsed.file)
        if parsed.frame is None and _was_interrupted(log, parsed.file):
            words = f"{parsed.file} has no end: its recording was interrupted"
            say(words)
        return parsed.follow and next_part(parsed.file) is not None
    finally:
        log.close()


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug show", usage=f"wsdebug show [options] FILE\n\n{EXAMPLES}")
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.epilog = "terms of a filter:\n" + "".join(
        f"    {term.form:<18} {term.example:<20} {term.words}\n" for term in TERMS
    )
    add = made.add_argument
    add("file", metavar="FILE", help="a session, .gz too; - is stdin")
    add("--filter", metavar="QUERY", help="only what it takes; its terms stand below")
    add("--fold", metavar="QUERY", help="what it takes and follows one another is one row")
    add("--json", action="store_true", help="the lines as they stand in the file")
    add("--payload", action="store_true", help="payloads only, of whole messages")
    add("--frame", type=to_count, metavar="LINE", help="one line in full")
    add("--stats", action="store_true", help="counts, sizes, rates and latencies")
    add("--follow", action="store_true", help="go on as the file grows, until Ctrl-C")
    add("--no-pager", action="store_true", help="never wait on a full screen")
    add_color(made)
    return made


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parsed = parser().parse_intermixed_args(arguments)
    for one, other in EXCLUDE:
        if getattr(parsed, one) and getattr(parsed, other):
            raise UsageError(f"--{one} and --{other} exclude each other", field=one)
    if parsed.follow and parsed.file.endswith(".gz"):
        raise UsageError("--follow: an archive does not grow", field="follow")
    return parsed


def _query(option: str, text: str) -> Filter:
    try:
        return parse_filter(text)
    except QueryInvalid as error:
        raise UsageError(f"--{option}: {error}", field=option) from None


def _refuse_foreign(log: FrameLog, path: str, *, follows: bool) -> None:
    """A file whose first two lines are no session's is none; one damaged line is shown."""
    number = log.index.first_line
    first = log.line(number)
    if not isinstance(first, Damaged):
        return
    if not follows:  # the line after a long one may not be counted yet
        while log.index.lines <= number and not log.complete.wait(PATIENCE):
            pass
    second = log.line(number + 1)
    if second is None or isinstance(second, Damaged):
        name = "stdin" if path == STDIN else path
        words = f"{name} is no session: line {number} is {first.why}"
        raise SessionUnreadable(words, path=path, line=number)


def _was_interrupted(log: FrameLog, path: str) -> bool:
    """Whether it is a recording without `end` that nobody writes any more."""
    header = log.line(log.index.first_line)
    if not isinstance(header, Header) or header.started is None or path == STDIN:
        return False  # written by hand, or perhaps not all of it
    number = log.index.lines
    while isinstance(last := log.line(number), Event) and last.name == "meta":
        number -= 1
    has_end = isinstance(last, Event) and last.name == "end"
    return log.complete.is_set() and not has_end and not is_being_recorded(Path(path))


def _print(
    log: FrameLog, query: Filter, fold: Filter | None, parsed: argparse.Namespace, output: Output
) -> None:
    paint = Paint(parsed.color, sys.stdout)
    if parsed.frame is not None:
        _print_line(log, parsed, output, paint)
    elif parsed.stats:
        statistics = _statistics(log, query)
        if parsed.json:
            text = stats_json(log, statistics).encode()
            output.write(json_text(text, is_terminal=output.is_terminal))
        else:
            spark = SPARK if "utf" in sys.stdout.encoding.lower() else ASCII_SPARK
            bold = partial(paint, style="bold")
            for line in statistics_text(log, statistics, bold, spark=spark):
                output.write(f"{line}\n")
    elif fold is not None:
        lines = FilteredLines(log, query)
        table = Table(log, output, paint)
        for rows in settled_rows(log, lines, FoldedLines(log, fold, lines)):
            table.show_rows(rows)
            output.flush()
        _tell_what_took_too_long(lines)
    else:
        printer = _printer(log, query, parsed, output, paint)
        lines = FilteredLines(log, query, every_line=parsed.json, whole_messages=parsed.payload)
        for batch in settled_lines(log, lines):
            printer.show(batch)
            output.flush()
        printer.end()
        _tell_what_took_too_long(lines)


def _tell_what_took_too_long(lines: FilteredLines) -> None:
    if lines.gave_up:
        count = f"{lines.gave_up:,} {'message' if lines.gave_up == 1 else 'messages'}"
        words = f"--filter: the regular expression took too long for {count}, and was given up"
        say(words)


def _statistics(log: FrameLog, query: Filter) -> Statistics:
    lines = FilteredLines(log, query, every_line=True) if query.text else None
    log.complete.wait()
    while lines is not None and (lines.advance() or not lines.is_complete):
        pass
    if lines is not None:
        _tell_what_took_too_long(lines)
    statistics = Statistics(log, lines)
    while statistics.advance():
        pass
    return statistics


def _printer(
    log: FrameLog, query: Filter, parsed: argparse.Namespace, output: Output, paint: Paint
) -> Printer:
    if parsed.json:
        return Json(log, output, parsed.file, with_header=not query.text)
    if parsed.payload:
        return Payloads(log, output, with_control=asks_for_control(query.tree))
    return Table(log, output, paint)


def _print_line(log: FrameLog, parsed: argparse.Namespace, output: Output, paint: Paint) -> None:
    number = parsed.frame
    while log.index.lines < number and not log.complete.wait(PATIENCE):
        pass
    if number > log.index.lines:
        raise UsageError(f"--frame {number}: the file has {log.index.lines:,} lines")
    line = log.line(number)
    if line is None:
        raise UsageError(f"--frame {number}: that line is blank or a comment")
    if isinstance(line, Damaged):
        words = f"{parsed.file}, line {number}: {line.why}"
        raise SessionUnreadable(words, path=parsed.file, line=number)
    if parsed.json:
        Json(log, output, parsed.file).show([number])
    elif parsed.payload and isinstance(line, FrameLine):
        Payloads(log, output).print_frame(line)
    elif parsed.payload:
        raise UsageError(f"--frame {number}: that line is no frame and has no payload")
    else:
        for text in line_text(log, line, output.columns, paint):
            output.write(f"{text}\n")
