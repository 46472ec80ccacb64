"""What a replay would do, without doing it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wsdebug.replay.expected import Expected
from wsdebug.replay.plan import Plan
from wsdebug.replay.report import Reporter
from wsdebug.replay.steps import Pause, Send

__all__ = ["dry_run_lines"]

NUMBER = 6  # cells of a line number


def dry_run_lines(
    plans: Sequence[Plan], reporter: Reporter, variables: Mapping[str, Any], *, as_json: bool
) -> Iterator[str]:
    """A line for each step in the order of the file: `>` sent, `<` expected, `.` a wait.

    Variables that have no value yet stand as `{{name}}`.
    """
    for plan in plans:
        steps = [*plan.each_step(), *(one for one in plan.expected if one.is_judged)]
        for step in sorted(steps, key=_line):
            if as_json:
                yield _json(step, reporter, variables)
            else:
                yield _text(step, reporter, variables).rstrip()


def _line(step: Send | Pause | Expected) -> int:
    return step.line if isinstance(step, Pause) else step.message.number


def _text(step: Send | Pause | Expected, reporter: Reporter, variables: Mapping[str, Any]) -> str:
    number = f"{_line(step):<{NUMBER}}"
    if isinstance(step, Pause):
        return f". {number} wait {step.seconds:g} s"
    if isinstance(step, Send):
        return f"> {number} {reporter.message(step.filled(variables))}"
    regex = f"like {step.regex.pattern}" if step.regex is not None else ""
    return f"< {number} {reporter.text(regex) or reporter.message(step.message)}"


def _json(step: Send | Pause | Expected, reporter: Reporter, variables: Mapping[str, Any]) -> str:
    fields: dict[str, Any] = {"line": _line(step)}
    if isinstance(step, Pause):
        fields["wait"] = step.seconds
    elif isinstance(step, Send):
        fields["send"] = reporter.payload(step.filled(variables))
    elif step.regex is not None:
        fields["recv"] = {"regex": step.regex.pattern}
    elif step.has_pattern:
        fields["recv"] = {"json": step.pattern}
    else:
        fields["recv"] = reporter.payload(step.message)
    return reporter.json(fields)
