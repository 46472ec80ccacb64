"""A session counted in a process of its own: whoever shows a screen meanwhile does not wait."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import BinaryIO, Self

from wsdebug.log.statistics import Statistics
from wsdebug.log.windows import Window

__all__ = ["StatisticsApart"]

# the screen comes first
SCRIPT = "import os; os.nice(10); from wsdebug.log.statistics_apart import count; count()"
# -P: what lies in the working directory is no part of this program
COMMAND = ("-P", "-c", SCRIPT)


class StatisticsApart:
    """Counts the windows that it is given, in order. Raises OSError where the process cannot be
    started or has gone; to be used in a `with`.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            (sys.executable, *COMMAND),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def take(self, window: Window, hidden: Sequence[int]) -> None:
        """Count a window, of which some lines are no rows."""
        assert self._process.stdin is not None
        pickle.dump((window, list(hidden)), self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def finish(self) -> Statistics:
        """What was counted."""
        found, _ = self._process.communicate()
        if self._process.returncode or not found:
            raise OSError("the process that counts has gone")
        statistics = pickle.loads(found)
        assert isinstance(statistics, Statistics)
        return statistics


def count() -> None:
    """What the process does: windows come by stdin, numbers go to stdout."""
    statistics = Statistics()
    source: BinaryIO = sys.stdin.buffer
    while source.peek(1):  # type: ignore[attr-defined]
        statistics.take(*pickle.load(source))
    pickle.dump(statistics, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
