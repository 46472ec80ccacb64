"""`wsdebug diff A B`: two sessions compared, with the rules and the output of a replay."""

from wsdebug.cli.options import Parser
from wsdebug.cli.replay_arguments import add_comparison
from wsdebug.cli.results import ResultOutput
from wsdebug.cli.say import say
from wsdebug.errors import UsageError
from wsdebug.payload.json_query import parse_json_path
from wsdebug.replay.diff import compare_sessions
from wsdebug.replay.report import Reporter, totals_words
from wsdebug.replay.results import Totals
from wsdebug.replay.script import read_script
from wsdebug.replay.settings import Settings
from wsdebug.session.checked import STDIN

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug diff yesterday.ws.jsonl today.ws.jsonl
  wsdebug diff --ignore '$.time' --unordered a.ws.jsonl b.ws.jsonl
  wsdebug diff --json a.ws.jsonl b.ws.jsonl | jq 'select(.verdict != "ok")'
"""


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug diff", usage=f"wsdebug diff [options] A B\n\n{EXAMPLES}")
    made.add_argument("one", metavar="A", help="- for standard input")
    made.add_argument("other", metavar="B")
    add_comparison(made)
    return made


def run(arguments: list[str]) -> int:
    """Compare; 1 where they differ."""
    parsed = parser().parse_intermixed_args(arguments)
    if parsed.one == parsed.other == STDIN:
        raise UsageError("only one of the two can be standard input")
    settings = Settings(
        extra_allowed=parsed.extra == "allow",
        unordered=parsed.unordered,
        strict_frames=parsed.strict_frames,
        ignore=tuple(parse_json_path(text) for text in parsed.ignore),
        connection=parsed.connection,
    )
    one, other = read_script(parsed.one), read_script(parsed.other)
    numbers = {each.number for script in (one, other) for each in script.connections}
    if parsed.connection is not None and parsed.connection not in numbers:
        words = f"--connection {parsed.connection}: neither file has such a connection"
        raise UsageError(words, field="connection")
    output = ResultOutput(Reporter(), as_json=parsed.json, color=parsed.color)
    totals = Totals()
    for result in compare_sessions(one, other, settings):
        totals.add(result)
        output.write(result)
        if output.is_gone:
            break
    output.finish()
    output.raise_if_gone()
    say(totals_words(totals))
    return 0 if totals.is_good else 1
