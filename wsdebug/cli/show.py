"""`wsdebug show FILE`: a session as a table, as lines, or one frame of it."""

import sys

from wsdebug.cli.options import Parser
from wsdebug.cli.text import frame_text, row_text
from wsdebug.errors import UsageError
from wsdebug.log.log import FrameLog
from wsdebug.payload.escape import escape
from wsdebug.session.lines import FrameLine

__all__ = ["run"]

EXAMPLES = """examples:
  wsdebug show feed.ws.jsonl
  wsdebug show --json feed.ws.jsonl | jq .recv
  wsdebug show --frame 26 feed.ws.jsonl
"""
STEP = 1000  # rows at a time


def run(arguments: list[str]) -> int:
    """Print a session on stdout."""
    parser = Parser("wsdebug show", usage=f"wsdebug show [options] FILE\n\n{EXAMPLES}")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="the lines as they stand in the file")
    parser.add_argument("--frame", type=int, metavar="LINE", help="one frame in full")
    parsed = parser.parse_intermixed_args(arguments)
    log = FrameLog.open(parsed.file)
    try:
        log.complete.wait()
        if parsed.frame is not None:
            return _frame(log, parsed.frame)
        if parsed.json:
            return _json(log)
        for start in range(0, len(log), STEP):
            sys.stdout.write("".join(f"{row_text(row)}\n" for row in log.rows(start, start + STEP)))
        return 0
    finally:
        log.close()


def _frame(log: FrameLog, number: int) -> int:
    line = log.line(number) if number > 0 else None
    if line is None:
        raise UsageError(f"--frame {number}: the file has no such line")
    if not isinstance(line, FrameLine):
        raise UsageError(f"--frame {number}: that line is no frame")
    sys.stdout.write("".join(f"{text}\n" for text in frame_text(line)))
    return 0


def _json(log: FrameLog) -> int:
    is_terminal = sys.stdout.isatty()
    for _, data in log.raw_lines():
        text = data.decode("utf-8", "surrogateescape")
        if is_terminal:
            text = escape(text)
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape") + b"\n")
    sys.stdout.flush()
    return 0
