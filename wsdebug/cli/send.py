"""`wsdebug send URL [MESSAGE…]`: send, wait for the answers, close."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import replace

from wsdebug.cli.options import connect_options
from wsdebug.cli.recording import record_options, remember_recording
from wsdebug.cli.say import say
from wsdebug.cli.send_arguments import parse, parser, plan_of
from wsdebug.cli.send_run import Exchange
from wsdebug.engine.live import LiveSession
from wsdebug.engine.route import dialled
from wsdebug.engine.variables import environment_variables, variables_of
from wsdebug.errors import HandshakeRefused, WsdebugError

__all__ = ["parser", "run"]

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(arguments: list[str]) -> int:
    """Send; the exit code of CLI.md's table."""
    parsed = parse(arguments)
    try:
        return _run(parsed)
    except WsdebugError as error:
        if parsed.quiet:
            return error.exit_code
        raise


def _run(parsed: argparse.Namespace) -> int:
    record, options = record_options(parsed), connect_options(parsed)
    dialled(options)  # what is wrong with them comes before what is with a file
    variables = variables_of(options)
    plan = plan_of(parsed, environment_variables() | dict(variables.values))
    is_logged = logging.getLogger("wsdebug").isEnabledFor(logging.DEBUG)
    is_kept = record.path is not None or parsed.verbose > 0 or is_logged
    live = LiveSession(options, replace(record, is_kept=is_kept), deliver=True)
    remember_recording(record)
    tell = _say_nothing if parsed.quiet else say
    for notice in live.status.notices:
        tell(notice)
    redactor = live.redactor if variables.secrets else None
    exchange = Exchange(live, plan, redactor=redactor, narrate=_narration(live, parsed.verbose))
    _with_signals(exchange)
    from wsdebug.cli.send_verdict import verdict

    code, problems = verdict(exchange, live, plan)
    for problem in problems:
        if isinstance(problem, HandshakeRefused) and problem is problems[0]:
            raise problem  # and whoever called us shows the answer
        tell(exchange.shown(str(problem)))
    return code


def _with_signals(exchange: Exchange) -> None:
    """Run it; signals are its business. The loop's own way of them would load `inspect`."""
    before = {number: signal.signal(number, exchange.signalled) for number in SIGNALS}
    try:
        asyncio.run(exchange.run())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _narration(live: LiveSession, verbose: int) -> Callable[[], None] | None:
    if not verbose:
        return None
    from wsdebug.cli.narration import Narration

    narration = Narration(live.log, live.shown_log, with_frames=verbose > 1)

    def narrate() -> None:
        shown = live.redactor.shown
        with contextlib.suppress(OSError):  # nobody reads it
            sys.stderr.write("".join(f"{shown(line)}\n" for line in narration.news()))
            sys.stderr.flush()

    return narrate


def _say_nothing(words: str) -> None:
    """`-q`."""
