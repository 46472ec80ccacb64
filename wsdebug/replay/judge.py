"""What is said of a message that came, or did not: one result each."""

from collections.abc import Callable
from typing import Any

from wsdebug.replay.came import Live, Rules
from wsdebug.replay.correlation import Correlation
from wsdebug.replay.expected import Expected
from wsdebug.replay.results import Difference, Result, ResultRun
from wsdebug.wire.frame import Opcode

__all__ = ["Emit", "Judge"]

Emit = Callable[[Result], None]


class Judge:
    """Compares pairs, and gives `emit` a result of each. Captures go into `variables`."""

    def __init__(
        self,
        rules: Rules,
        emit: Emit,
        *,
        variables: dict[str, Any],
        extra_allowed: bool,
        correlation: Correlation | None,
        emit_run: Callable[[ResultRun], None] | None,
    ) -> None:
        self.latest: Expected | None = None  # the last one that came
        self.last_line = 0  # of the last message that came as expected, or nearly
        self._rules = rules
        self._emit = emit
        self._emit_run = emit_run or self._emit_each
        self._variables = variables
        self._extra_allowed = extra_allowed
        self._correlation = correlation

    def fits(self, expected: Expected, live: Live) -> bool:
        """Whether it is this one, but for ids that are carried into later sends."""
        differences = expected.compare(live, self._variables)
        if not differences or self._correlation is None:
            return not differences
        return self._correlation.explains(differences) is not None

    def right(self, expected: Expected, live: Live) -> None:
        """It is this one; ids that differ are carried into later sends."""
        differences = expected.compare(live, self._variables)
        if differences and self._correlation is not None:
            carried = self._correlation.explains(differences)
            if carried is not None:
                differences = []
            if carried:
                self._correlation.carry(carried)
                self._emit(Result("carried", expected.message, live.message, tuple(carried)))
        self._judge(expected, live, differences)

    def right_run(self, run: ResultRun, last: Expected) -> None:
        """They are those expected up to `last`, byte for byte."""
        self._came(last)
        self._emit_run(run)

    def differs(self, expected: Expected, live: Live) -> None:
        """It came in the place of this one."""
        self._judge(expected, live, expected.compare(live, self._variables))

    def missing(self, expected: Expected) -> None:
        """It did not come."""
        self._emit(Result("missing", expected.message))

    def missing_run(self, run: ResultRun) -> None:
        """They did not come."""
        self._emit_run(run)

    def extra(self, live: Live) -> None:
        """Nothing expected it."""
        message = live.message
        if message.opcode == Opcode.CLOSE:
            return  # how a connection ended is judged by its code
        if message.is_control and not self._rules.strict_frames:
            return
        note = "allowed" if self._extra_allowed else ""
        if live.is_late:
            note = "the recording was cut off here"
        self._emit(Result("extra", live=message, after=live.after, counts=not note, note=note))

    def _judge(self, expected: Expected, live: Live, differences: list[Difference]) -> None:
        differences += expected.take(live, self._variables)
        self._came(expected)
        if expected.message.is_control and not expected.is_judged:
            return
        verdict: Any = "differs" if differences else "ok"
        ignored = expected.ignored(live) if differences else frozenset()
        self._emit(
            Result(verdict, expected.message, live.message, tuple(differences), ignored=ignored)
        )

    def _came(self, expected: Expected) -> None:
        self.latest = expected
        self.last_line = max(self.last_line, expected.message.number)

    def _emit_each(self, run: ResultRun) -> None:
        for result in run.results():
            self._emit(result)
