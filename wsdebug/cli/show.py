"""`wsdebug show FILE`: a session as a table, as lines, or one frame of it."""

import sys

from wsdebug.cli.options import Parser
from wsdebug.cli.text import frame_text, json_text, row_text
from wsdebug.errors import SessionUnreadable, UsageError
from wsdebug.log.log import FrameLog
from wsdebug.payload.escape import escape
from wsdebug.session.lines import Damaged, FrameLine
from wsdebug.session.parse import parse_line

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug show feed.ws.jsonl
  wsdebug show --json feed.ws.jsonl | jq .recv
  wsdebug show --frame 26 feed.ws.jsonl
"""
STEP = 1000  # rows at a time
PATIENCE = 0.02  # seconds between two looks at a file that is still counted


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug show", usage=f"wsdebug show [options] FILE\n\n{EXAMPLES}")
    made.add_argument("file", metavar="FILE")
    what = made.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="the lines as they stand in the file")
    what.add_argument("--frame", type=int, metavar="LINE", help="one frame in full")
    return made


def run(arguments: list[str]) -> int:
    """Print a session on stdout."""
    parsed = parser().parse_intermixed_args(arguments)
    log = FrameLog.open(parsed.file)
    try:
        _refuse_foreign(log, parsed.file)
        if parsed.frame is not None:
            _frame(log, parsed.frame, parsed.file)
        elif parsed.json:
            _json(log, parsed.file)
        else:
            _table(log)
        if log.complete.is_set() and log.problem:
            raise SessionUnreadable(log.problem, path=parsed.file)
        return 0
    finally:
        log.close()


def _refuse_foreign(log: FrameLog, path: str) -> None:
    """A file whose first two lines are no session's is none; one damaged line is shown."""
    number = log.index.first_line
    lines = [log.line(number), log.line(number + 1)]
    if isinstance(lines[0], Damaged) and (lines[1] is None or isinstance(lines[1], Damaged)):
        words = f"{path} is no session: line {number} is {lines[0].why}"
        raise SessionUnreadable(words, path=path, line=number)


def _table(log: FrameLog) -> None:
    """Row by row while the file is counted; what may yet be hidden waits."""
    shown = 0
    while True:
        is_complete = log.complete.is_set()
        settled = log.index.lines if is_complete else log.index.settled
        first, last = log.index.row_of(shown + 1), log.index.row_of(settled + 1)
        for start in range(first, last, STEP):
            rows = log.rows(start, min(start + STEP, last))
            sys.stdout.write("".join(f"{row_text(row)}\n" for row in rows))
        shown = settled
        if is_complete:
            return
        log.complete.wait(PATIENCE)


def _frame(log: FrameLog, number: int, path: str) -> None:
    while log.index.lines < number and not log.complete.wait(PATIENCE):
        pass
    line = log.line(number) if number > 0 else None
    if line is None:
        raise UsageError(f"--frame {number}: the file has no such line")
    if isinstance(line, Damaged):
        words = f"{path}, line {number}: {line.why}"
        raise SessionUnreadable(words, path=path, line=number)
    if not isinstance(line, FrameLine):
        kind = type(line).__name__.lower()
        raise UsageError(f"--frame {number}: that line is no frame but a {kind}")
    sys.stdout.write("".join(f"{text}\n" for text in frame_text(line)))


def _json(log: FrameLog, path: str) -> None:
    """The lines with a meaning; a damaged one is named on stderr, so that stdout stays JSON."""
    is_terminal = sys.stdout.isatty()
    shown = 0
    while True:
        is_complete = log.complete.is_set()
        for number, data in log.raw_lines(shown + 1):
            shown = number
            line = parse_line(data, number, first=number == log.index.first_line)
            if isinstance(line, Damaged):
                sys.stderr.write(f"wsdebug: {escape(path)}, line {number}: {escape(line.why)}\n")
            elif line is not None:
                sys.stdout.buffer.write(json_text(data, is_terminal=is_terminal))
        if is_complete:
            return
        log.complete.wait(PATIENCE)
