"""`wsdebug clean FILE`: a recording made fit for version control."""

import sys
from pathlib import Path

from wsdebug.cli.options import Parser, named_secret
from wsdebug.cli.recording import READ_ONLY
from wsdebug.cli.text import json_text
from wsdebug.errors import UsageError
from wsdebug.replay.clean import cleaned
from wsdebug.session.checked import STDIN
from wsdebug.session.put import put_file, refuse_existing
from wsdebug.workspace.own import kept_own

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug clean feed.ws.jsonl > tests/feed.ws.jsonl
  wsdebug clean --in-place tests/feed.ws.jsonl
  wsdebug clean login.ws.jsonl --secret password=@secret.txt -o tests/login.ws.jsonl
  git config filter.wsdebug.clean 'wsdebug clean -'
"""


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug clean", usage=f"wsdebug clean [options] FILE\n\n{EXAMPLES}")
    made.add_argument("file", metavar="FILE", help="- for standard input")
    where = made.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="FILE", help="an existing file is refused")
    where.add_argument("-i", "--in-place", action="store_true", help="write into FILE itself")
    made.add_argument("--force", action="store_true", help="with -o: in place of what is there")
    made.add_argument(
        "--secret", action="append", default=[], metavar="N=V", help="put {{N}} wherever V stands"
    )
    return made


def run(arguments: list[str]) -> int:
    """Clean a session: to stdout, to another file, or in place."""
    parsed = parser().parse_intermixed_args(arguments)
    if parsed.force and parsed.output is None:
        raise UsageError("--force needs --output", field="force")
    if parsed.in_place and (parsed.file == STDIN or parsed.file.endswith(".gz")):
        words = f"--in-place: {parsed.file} cannot be rewritten; use -o"
        raise UsageError(words, field="in-place")
    if (parsed.output or "").lower().endswith(".gz"):
        raise UsageError(f"{parsed.output}: {READ_ONLY}", field="output")
    secrets = dict(named_secret(text) for text in parsed.secret)
    lines = cleaned(parsed.file, secrets)
    if parsed.in_place:
        with kept_own(Path(parsed.file), Path(parsed.file)):
            put_file(parsed.file, b"".join(lines))
    elif parsed.output is not None and parsed.output != STDIN:
        data = b"".join(lines)  # a file that cannot be read is worse than one that is there
        refuse_existing(parsed.output, force=parsed.force)
        put_file(parsed.output, data, mode=0o600)
    else:
        is_terminal = sys.stdout.isatty()
        for line in lines:
            data = line.removesuffix(b"\n")
            sys.stdout.buffer.write(json_text(data, is_terminal=True) if is_terminal else line)
    return 0
