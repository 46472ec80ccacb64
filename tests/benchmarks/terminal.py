"""A program on a pseudo-terminal that is measured: keys are pressed, and seen to be painted.

Its screen may be as slow as a line: `rate` bytes a second are read, and no more. It says that it
has come so far where it is asked (DSR 5), as terminals do. Nothing is drawn: what the program
writes is searched for words, without what stands between them to place and colour them.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["WSDEBUG", "Look", "Terminal", "Usage", "load", "percentile", "table"]

WSDEBUG = (sys.executable, "-m", "wsdebug")
ESCAPE = re.compile(
    rb"\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|.)"
)
UNFINISHED = re.compile(rb"\x1b[^@-Z\\^_`a-z{|}~]{0,40}$")
REPORT, REPORTED = b"\x1b[5n", b"\x1b[0n"
STEP = 0.01  # seconds between two reads of a slow terminal
KEPT = 256  # bytes of text that words may begin in
PATIENCE = 60.0  # seconds
MORE_IS_BETTER = ("capture", "slowest")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Look:
    """Words that are waited for since `pressed`; times are monotonic nanoseconds, 0 is never."""

    words: bytes
    pressed: int
    start: int = 0  # bytes of text that were painted before
    seen: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def ms(self) -> float:
        """Milliseconds from the key to the words."""
        return (self.seen - self.pressed) / 1e6


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used so far: seconds of its main thread, of all, MB, when."""

    main: float
    whole: float
    resident: float
    at: float


class Terminal:
    """A program on a pseudo-terminal, its trace, and what it costs."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (140, 45),
        rate: int = 0,
        program: Sequence[str] = WSDEBUG,
        home: Path | None = None,
    ) -> None:
        """`size` is columns and rows; `rate` bytes a second, 0 for as many as come."""
        self._folder = tempfile.TemporaryDirectory()
        self.home = home or Path(self._folder.name)
        self.trace = Path(self._folder.name) / "trace"
        self._rate = rate
        self._looks: list[Look] = []
        self._raw = b""  # an escape sequence that is not yet whole
        self._plain = b""
        self._count = 0  # bytes of text
        self.output = bytearray()
        self.painted = 0  # bytes
        self.last_read = 0  # nanoseconds
        self.presses: list[tuple[str, int]] = []
        self.began = time.monotonic_ns()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self._be(program, arguments, size)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _be(self, program: Sequence[str], arguments: Sequence[str], size: tuple[int, int]) -> None:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        named = {"WSDEBUG_HOME": str(self.home), "WSDEBUG_TRACE": str(self.trace)}
        environment = {**os.environ, **named, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            environment.pop(name, None)
        os.chdir(self.home)
        os.execve(program[0], [*program, *arguments], environment)

    # Keys, and what comes of them

    def press(self, keys: str, *, paints: str = "") -> Look:
        """Press a key (or several at once); the look is over when the words are on the screen."""
        look = self.look(paints)
        self.presses.append((keys, look.pressed))
        os.write(self.fd, keys.encode())
        return look

    def look(self, words: str) -> Look:
        """Look out for words that are painted from now on; for none, at no time."""
        look = Look(words.encode(), time.monotonic_ns(), self._count)
        if words:
            self._looks.append(look)
        return look

    def sees(self, words: str | Look, *, patience: float = PATIENCE) -> int:
        """Wait until words are painted, from now or from a look on; when that was."""
        look = self.look(words) if isinstance(words, str) else words
        if not look.is_over.wait(patience):
            said = ESCAPE.sub(b" ", bytes(self.output[-6000:])).decode("utf-8", "replace")
            raise AssertionError(f"{look.words!r} did not come in {patience} s: {said}")
        return look.seen

    def until(self, holds: Callable[[], bool], *, patience: float = PATIENCE) -> None:
        """Wait for a condition."""
        deadline = time.monotonic() + patience
        while not holds():
            assert time.monotonic() < deadline, "it did not come to that"
            time.sleep(0.02)

    def rest(self, seconds: float = 0.3) -> None:
        """Wait until nothing was painted for so long."""
        self.until(lambda: time.monotonic_ns() - self.last_read > seconds * 1e9)

    # What was noted

    def traced(self) -> list[dict[str, object]]:
        """The trace."""
        with self.trace.open("rb") as file:
            return [json.loads(line) for line in file if line.endswith(b"\n")]

    def handled_ms(self, since: int = 0) -> list[float]:
        """Milliseconds from each single key pressed (from a number on) until it was handled."""
        times = [int(str(line["t"])) for line in self.traced() if line["what"] == "handled"]
        pressed = [at for keys, at in self.presses for _ in keys_of(keys)]
        assert len(times) == len(pressed), f"{len(pressed)} keys, {len(times)} handled"
        pairs = zip(pressed[since:], times[since:], strict=True)
        return [(handled - at) / 1e6 for at, handled in pairs]

    @property
    def keys(self) -> int:
        """How many keys were pressed."""
        return sum(len(keys_of(keys)) for keys, _ in self.presses)

    def repaints(self, first: float, last: float) -> int:
        """How many repaints there were between two monotonic times."""
        times = [int(str(line["t"])) / 1e9 for line in self.traced() if line["what"] == "repaint"]
        return sum(first <= at < last for at in times)

    def usage(self) -> Usage:
        """What the program has used until now."""
        at = time.monotonic()
        main = _seconds(Path(f"/proc/{self.pid}/task/{self.pid}/stat").read_text())
        whole = _seconds(Path(f"/proc/{self.pid}/stat").read_text())
        status = Path(f"/proc/{self.pid}/status").read_text()
        resident = re.search(r"VmRSS:\s*(\d+) kB", status)
        assert resident is not None
        return Usage(main, whole, int(resident[1]) / 1024, at)

    def close(self) -> None:
        """End the program, by force if need be."""
        deadline = time.monotonic() + 15
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        while not os.waitpid(self.pid, os.WNOHANG)[0]:
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                deadline += 1e9
            time.sleep(0.02)
        self._reader.join(5)
        os.close(self.fd)
        self._folder.cleanup()

    # The screen

    def _read(self) -> None:
        began, allowed, taken = time.monotonic(), 1 << 16, 0
        while True:
            if self._rate:
                time.sleep(STEP)
                # what was not read in time is not made up for
                now = time.monotonic()
                allowed, began = max(1, int((now - began) * self._rate)), now
                if not select.select([self.fd], [], [], 0)[0]:
                    continue
            try:
                data = os.read(self.fd, allowed)
            except OSError:  # Linux: the other side has been closed
                return
            if not data:
                return
            taken += len(data)
            self._take(data)

    def _take(self, data: bytes) -> None:
        self.last_read = time.monotonic_ns()
        self.output += data
        self.painted += len(data)
        raw = self._raw + data
        for _ in range(raw.count(REPORT)):
            os.write(self.fd, REPORTED)
        cut = UNFINISHED.search(raw[-64:])
        self._raw = raw[len(raw) - len(cut[0]) :] if cut else b""
        raw = raw[: len(raw) - len(self._raw)]
        new = ESCAPE.sub(b"", raw)
        text, base = self._plain + new, self._count - len(self._plain)
        self._count += len(new)
        for look in [*self._looks]:
            if text.find(look.words, max(0, look.start - base)) >= 0:
                look.seen = self.last_read
                look.is_over.set()
                self._looks.remove(look)
        self._plain = text[-KEPT:]


def keys_of(keys: str) -> list[str]:
    """The single keys of what was pressed at once."""
    return re.findall(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])|.", keys, re.DOTALL)


def _seconds(stat: str) -> float:
    """Seconds on processors, by a `stat` file of proc."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def percentile(values: Sequence[float], part: float = 0.99) -> float:
    """The value that so many of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def load() -> str:
    """How busy the machine was in the last minute."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def table(
    runs: Sequence[Mapping[str, float]],
    targets: Mapping[str, float],
    figures: Mapping[str, tuple[str, str]],
) -> str:
    """A row for each figure: its target, the best run, all runs; `!` where it is missed.

    `figures` are words and form by name; of a target of 0 nothing may be left.
    """
    rows = [f"  {'':<24}{'target':>10}{'best':>12}   runs"]
    for name, (words, form) in figures.items():
        values = [run[name] for run in runs if name in run]
        if not values:
            continue
        top = max(values) if name in MORE_IS_BETTER else min(values)
        wanted = targets.get(name)
        target = "" if wanted is None else f"{'< ' if wanted else ''}{wanted:g}"
        mark = "!" if wanted is not None and top > wanted else " "
        each = " ".join(format(value, form) for value in values)
        rows.append(f"  {words:<24}{target:>10}{format(top, form):>12} {mark} {each}")
    return "\n".join(rows) + "\n"
