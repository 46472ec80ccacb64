"""`wsdebug convert IN OUT`: sessions to and from the formats of other tools."""

import signal
import sys
from types import FrameType
from typing import NoReturn

from wsdebug.cli.options import Parser, named_secret
from wsdebug.cli.text import json_text
from wsdebug.errors import UsageError
from wsdebug.formats.convert import Conversion, Report, convert
from wsdebug.formats.output import STDOUT
from wsdebug.formats.table import SOURCES, TARGETS, Target, target_of
from wsdebug.payload.escape import escape

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug convert feed.ws.jsonl feed.har
  wsdebug convert chrome.har feed.ws.jsonl
  wsdebug convert feed.ws.jsonl feed.pcapng
  wsdebug convert --to curl feed.ws.jsonl -
  pbpaste | wsdebug convert --from curl - feed.ws.jsonl

formats read:    session, har, curl
formats written: session (.ws.jsonl), har, http (JetBrains), csv, pcapng, python (.py),
                 and the commands wsdebug, websocat, wscat, curl
"""


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug convert", usage=f"wsdebug convert [options] IN OUT\n\n{EXAMPLES}")
    made.add_argument("source", metavar="IN", help="a file, or - for stdin")
    made.add_argument("target", metavar="OUT", help="a file, or - for stdout")
    add = made.add_argument
    add("--from", dest="source_format", choices=SOURCES, help="else by suffix or content")
    add("--to", dest="target_format", choices=TARGETS, help="else by suffix")
    add("--force", action="store_true", help="put OUT in place of a file that exists")
    add("--keep-secrets", action="store_true", help="mask nothing")
    add("--secret", action="append", default=[], metavar="N=V", help="masked; or @FILE, env:NAME")
    return made


def run(arguments: list[str]) -> int:
    """Convert; what the format cannot hold is listed on stderr."""
    parsed = parser().parse_intermixed_args(arguments)
    target = target_of(parsed.target, parsed.target_format)
    is_terminal = parsed.target == STDOUT and sys.stdout.isatty()
    if is_terminal and not target.is_text:
        raise UsageError(f"{target.title} is binary: name a file, or pipe it on", field="to")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    report = convert(
        Conversion(
            source=parsed.source,
            target=parsed.target,
            target_format=target,
            source_format=parsed.source_format,
            force=parsed.force,
            keep_secrets=parsed.keep_secrets,
            secrets=dict(named_secret(text) for text in parsed.secret),
        ),
        shown=_shown if is_terminal else None,
    )
    _tell(report, target)
    return 0


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """A temporary file goes before the program does."""
    sys.exit(128 + number)


def _shown(line: bytes) -> bytes:
    """A line for a terminal: nothing of a peer reaches it as it is."""
    if line.lstrip().startswith((b"{", b"[", b'"')):
        return json_text(line.removesuffix(b"\n"), is_terminal=True)
    return escape(line.decode("utf-8", "replace"), newlines=False).encode()


def _tell(report: Report, target: Target) -> None:
    lines = []
    if report.losses:
        lines.append(f"wsdebug: {target.title} does not hold:")
        lines += [f"  {escape(loss)}" for loss in report.losses]
    if report.masked:
        names = ", ".join(escape(name) for name in report.masked)
        lines.append(f"wsdebug: masked: {names}; --keep-secrets keeps what there is")
    sys.stderr.write("".join(f"{line}\n" for line in lines))
