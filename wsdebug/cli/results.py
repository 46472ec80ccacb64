"""Results on stdout, one after the other as they are found."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator

from wsdebug.cli.color import Paint, Style
from wsdebug.cli.text import json_text
from wsdebug.replay.report import Reporter
from wsdebug.replay.results import Result, ResultRun, Verdict

__all__ = ["ResultOutput"]

STYLES: dict[Verdict, Style] = {
    "ok": "muted",
    "differs": "red",
    "missing": "red",
    "extra": "yellow",
    "carried": "blue",
}


class ResultOutput:
    """Holds one result back that may yet turn out to be another: an answer that differs.

    `color` is the value of `--color`; `before` is called before anything is written. `is_gone`
    says that nobody reads any more, or nothing can be written.
    """

    def __init__(
        self,
        reporter: Reporter,
        *,
        as_json: bool,
        color: str,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._reporter = reporter
        self._paint = Paint(color, sys.stdout)
        self._as_json = as_json
        self._before = before
        self._is_terminal = sys.stdout.isatty()
        self._held: Result | None = None
        self._error: OSError | None = None

    @property
    def is_gone(self) -> bool:
        """Whether writing has failed."""
        return self._error is not None

    def write(self, result: Result) -> None:
        """Write a result, or keep it until the next one shows that it stays."""
        held, self._held = self._held, None
        if result.verdict == "extra" and held is not None and held.live is result.live:
            return self._put(result)  # what differed was no answer at all
        if held is not None:
            self._put(held)
        if result.verdict == "differs":
            self._held = result
        else:
            self._put(result)
        return None

    def write_run(self, run: ResultRun) -> None:
        """Write many results."""
        self.finish()
        if self._as_json:
            self._write(b"".join(map(self._json, run.results())))
        else:
            lines = self._reporter.run_lines(run)
            if self._paint.is_on:
                lines = [self._painted(line, STYLES[run.verdict]) for line in lines]
            self._write("\n".join([*lines, ""]))

    def finish(self) -> None:
        """Write what was held back."""
        held, self._held = self._held, None
        if held is not None:
            self._put(held)

    def raise_if_gone(self) -> None:
        """Raise what kept the output from being written: BrokenPipeError, or another OSError."""
        if self._error is not None:
            raise self._error

    def _lines(self, result: Result) -> Iterator[str]:
        """Quiet where all is well; else its sign stands out."""
        first, *others = self._reporter.lines(result)
        yield self._painted(first, STYLES[result.verdict] if result.counts else "muted")
        yield from others

    def _painted(self, line: str, style: Style) -> str:
        if style == "muted":
            return self._paint(line, style)
        return self._paint(line[0], style) + line[1:]

    def _json(self, result: Result) -> bytes:
        data = self._reporter.as_json(result).encode("utf-8", "backslashreplace")
        return json_text(data, is_terminal=self._is_terminal)

    def _put(self, result: Result) -> None:
        if self._as_json:
            self._write(self._json(result))
        else:
            self._write("".join(f"{line}\n" for line in self._lines(result)))

    def _write(self, data: str | bytes) -> None:
        if self._error is not None:
            return
        self._before()
        try:
            if isinstance(data, bytes):
                sys.stdout.buffer.write(data)
            else:
                sys.stdout.write(data)
            sys.stdout.flush()
        except OSError as error:
            self._error = error
            with contextlib.suppress(OSError):
                # what is still buffered must not complain again
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
