"""How a `send` went: what is wrong, in the order of the exit codes, the worst first."""

from wsdebug.cli.send_plan import Plan
from wsdebug.cli.send_run import Exchange
from wsdebug.engine.ending import error_of
from wsdebug.engine.live import LiveSession
from wsdebug.errors import (
    PRECEDENCE,
    CannotConnect,
    ConnectionClosed,
    ExpectationFailed,
    RecordingFailed,
    WaitTimedOut,
    WsdebugError,
)

__all__ = ["verdict"]


def verdict(exchange: Exchange, live: LiveSession, plan: Plan) -> tuple[int, list[WsdebugError]]:
    """The exit code and what to say, the most important first; 0 and nothing where all went well.

    Where the reader of the output has gone, there is nobody to tell.
    """
    if exchange.ending == "pipe":
        return 0, []
    problems = list(exchange.problems)
    if problem := live.status.recording_problem:
        words = f"not everything was recorded: {problem}"
        problems.append(RecordingFailed(words, path=live.path or ""))
    if (wrong := _connection(exchange, live, plan)) is not None:
        problems.append(wrong)
    is_refused = isinstance(wrong, CannotConnect)
    if not is_refused and (wrong := _awaited(exchange, plan)) is not None:
        problems.append(wrong)
    codes = [problem.exit_code for problem in problems]
    if exchange.ending == "interrupt":
        codes.append(130)
    code = min(codes, key=PRECEDENCE.index, default=0)
    return code, sorted(problems, key=lambda problem: PRECEDENCE.index(problem.exit_code))


def _connection(exchange: Exchange, live: LiveSession, plan: Plan) -> WsdebugError | None:
    """Why there was no connection, or what was wrong with its end."""
    status = live.status
    if status.state == "failed" or not exchange.was_open:
        if exchange.ending in ("interrupt", "hangup", "input", "output"):
            return None
        if exchange.ending == "max-time":
            words = f"no connection within {plan.max_time:g} s"
            return CannotConnect(words, step=status.step, timed_out=True)
        return error_of(status)
    if exchange.was_waiting:
        return None
    error = error_of(status)
    code = status.code or 1006
    is_expected = _is_answer(exchange, plan) and exchange.expectations.closed(code)
    if error is not None and (
        status.violation or not (is_expected or code == exchange.closed_with)
    ):
        return error
    if exchange.ending == "closed" and exchange.script.has_unsent and not is_expected:
        words = f"the connection was closed with {code} before everything was sent"
        return ConnectionClosed(words, code=code, reason=status.reason, by=status.by)
    return None


def _is_answer(exchange: Exchange, plan: Plan) -> bool:
    """Whether the end of the connection is what came: by itself, or after our close frame."""
    current = exchange.expectations.current
    is_awaited = current is not None and current.kind == "close" and plan.close is not None
    return exchange.ending == "closed" or (exchange.ending == "done" and is_awaited)


def _awaited(exchange: Exchange, plan: Plan) -> WsdebugError | None:
    """What did not come, or came instead of what was expected."""
    expectations = exchange.expectations
    if expectations.failure:
        return ExpectationFailed(expectations.failure)
    if exchange.ending not in ("timeout", "closed"):
        expectations.quiet()  # nothing came for as long as that
    match exchange.ending:
        case "done" if expectations.current is not None:
            number = f"{exchange.received:,} message{'s' if exchange.received != 1 else ''}"
            return ExpectationFailed(expectations.missing(f"in {number}"))
        case "timeout":
            end = f"within {plan.timeout:g} s"
        case "wait":
            end = f"within {plan.wait:g} s"
        case "max-time":
            end = f"within {plan.max_time:g} s in all"
        case "hangup":
            end = "before we were told to end"
        case _:
            return None
    return WaitTimedOut(_missing(exchange, end)) if exchange.is_awaiting else None


def _missing(exchange: Exchange, end: str) -> str:
    if exchange.script.has_unsent:
        return f"not everything was sent {end}"
    if exchange.expectations.current is not None:
        return exchange.expectations.missing(end)
    if exchange.answers is None:
        return f"no pong {end}"
    if exchange.received:
        return f"{exchange.received:,} of {exchange.answers:,} messages came {end}"
    return f"no message {end}"
