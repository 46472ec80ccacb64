"""The UI under a flood: how long a key takes while frames rush by, and what that costs.

    python tests/benchmarks/ui.py [--runs N] [--seconds S] [SCENARIO ...]

`wsdebug URL` runs on a pseudo-terminal of 140 by 45 while letters are typed into the composer, 10
a second, and the log follows its end. `handled` is from pressing the key to its `handled` in the
trace (`WSDEBUG_TRACE`), `painted` until the terminal has received the letter. `UI thread` is the
share of one processor, `growth` that of the resident memory from the flood's first second to its
end. Of the recording each frame is looked at: none may be missing; `slowest second` is how many
frames were recorded in it.

`flood` sends 100,000 frames of 100 B a second, `full-speed` as many as are taken, beside
`websocat -U` into a file. In `stalled-disk` the recording's writes stand still for 0.5 s every
3 s, in this process's own `Disk`: as a disk would do it to the engine's thread. In `slow-terminal`
80 kB/s are read from the pseudo-terminal, and no more.

Each row shows the best of all runs, then all of them: machines are noisy.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from flood import FLOODS, serving
from terminal import WSDEBUG, Look, Terminal, load, percentile, table

RUNS = 3
KEY_SECONDS = 0.1  # between two keys
LETTERS = "zxqwvkj"  # which the flood hardly has
ENOUGH = 4  # letters that are looked for: fewer may come by chance
LINE = 40  # letters until the line is emptied
FLOOD = "json"
SEQUENCE = re.compile(rb'^\{"t":(\d+)\.[^\n]*?\\"seq\\":1(\d{8})', re.MULTILINE)
WINDOW = 1 << 26  # bytes of a recording that are looked at together
STALLING = """
import os, sys, time
import wsdebug.session.writer as writer
from wsdebug.__main__ import main
from wsdebug.session.disk import Disk
began = time.monotonic()
def write(fd, data):
    since = (time.monotonic() - began) % 3.0
    if since > 2.5:
        time.sleep(3.0 - since)
    return os.write(fd, data)
writer.Disk = lambda: Disk(write=write)
sys.exit(main())
"""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is done, in words, and what is to be reached: figures by their names."""

    words: str
    targets: dict[str, float]
    rate: int = 100_000  # frames a second, 0 for as many as are taken
    seconds: int = 30
    screen: int = 0  # bytes a second that the terminal takes, 0 for any
    program: tuple[str, ...] = WSDEBUG


SCENARIOS = {
    "flood": Scenario(
        "100,000 frames/s",
        {"lost": 0, "handled": 25, "painted": 50, "repaints": 30, "thread": 40, "growth": 10},
        seconds=60,
    ),
    "full-speed": Scenario(
        "as many frames as are taken",
        {"lost": 0, "handled": 30, "painted": 60},
        rate=0,
        seconds=12,
    ),
    "stalled-disk": Scenario(
        "100,000 frames/s, writing stands still for 0.5 s every 3 s",
        {"lost": 0, "handled": 30},
        program=(sys.executable, "-c", STALLING),
    ),
    "slow-terminal": Scenario(
        "100,000 frames/s, the terminal takes 80 kB/s",
        {"lost": 0, "handled": 30, "painted": 200},
        screen=80_000,
    ),
}
FULL_SPEED = 1_000_000  # frames for each second of a flood without a rate
FIGURES = {
    "lost": ("frames lost", ",.0f"),
    "capture": ("frames/s captured", ",.0f"),
    "slowest": ("slowest second, frames", ",.0f"),
    "handled": ("handled p99, ms", ",.1f"),
    "handled_half": ("handled p50, ms", ",.1f"),
    "painted": ("painted p99, ms", ",.1f"),
    "painted_half": ("painted p50, ms", ",.1f"),
    "unseen": ("keys never seen", ",.0f"),
    "repaints": ("repaints/s", ",.1f"),
    "thread": ("UI thread, %", ",.1f"),
    "cpu": ("all threads, %", ",.1f"),
    "growth": ("growth, MB", ",.1f"),
}


@dataclass(slots=True)
class Typist:
    """Types letters that are easily found again, and clears the line now and then."""

    terminal: Terminal
    looks: list[Look] = field(default_factory=list)
    typed: str = ""
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def type(self) -> None:
        """One key."""
        if len(self.typed) == LINE:
            self.typed = ""
            self.terminal.press("\x15")
            return
        letter = self.chance.choice(LETTERS)
        self.typed += letter
        tail = self.typed[-ENOUGH:]
        look = self.terminal.press(letter, paints=tail if len(tail) == ENOUGH else "")
        if look.words:
            self.looks.append(look)

    def until(self, is_over: Callable[[], bool]) -> None:
        """A key every so often."""
        due = time.monotonic()
        while not is_over():
            self.type()
            due += KEY_SECONDS
            time.sleep(max(0.0, due - time.monotonic()))


def measure(scenario: Scenario, seconds: int, folder: Path) -> dict[str, float]:
    """One run: the figures by their names."""
    frames = seconds * (scenario.rate or FULL_SPEED)
    with (
        ThreadPoolExecutor(1) as pool,
        serving(FLOOD, frames, scenario.rate) as server,
    ):
        terminal = Terminal(server.url, rate=scenario.screen, program=scenario.program, home=folder)
        try:
            terminal.sees("seq")
            terminal.press("c")
            took = pool.submit(server.took)
            time.sleep(1)
            before, keys, typist = terminal.usage(), terminal.keys, Typist(terminal)
            typist.until(took.done)
            after = terminal.usage()
            time.sleep(1)  # the last keys
            handled, span = terminal.handled_ms(keys), after.at - before.at
            repaints = terminal.repaints(before.at, after.at)
        finally:
            terminal.close()
    painted = [look.ms for look in typist.looks if look.seen]
    recorded, slowest = recorded_in(folder, frames)
    return {
        "lost": frames - recorded,
        "capture": frames / took.result(),
        "slowest": slowest,
        "handled": percentile(handled),
        "handled_half": percentile(handled, 0.5),
        "painted": percentile(painted),
        "painted_half": percentile(painted, 0.5),
        "unseen": len(typist.looks) - len(painted),
        "repaints": repaints / span,
        "thread": 100 * (after.main - before.main) / span,
        "cpu": 100 * (after.whole - before.whole) / span,
        "growth": after.resident - before.resident,
    }


def recorded_in(folder: Path, frames: int) -> tuple[int, int]:
    """How many frames there are in the recording, all in order; and in its slowest second."""
    (path,) = (folder / "recordings").iterdir()
    different, number = FLOODS[FLOOD].different(frames), 0
    seconds: Counter[int] = Counter()
    with path.open("rb") as file:
        rest = b""
        while data := file.read(WINDOW):
            data = rest + data
            end = data.rfind(b"\n") + 1
            rest = data[end:]
            for second, sequence in SEQUENCE.findall(data[:end]):
                assert int(sequence) == number % different, f"frame {number} is {sequence}"
                number += 1
                seconds[int(second)] += 1
    path.unlink()
    whole = sorted(seconds)[1:-1]  # the first and the last one are not whole
    return number, min((seconds[second] for second in whole), default=0)


def websocat(seconds: int, folder: Path) -> float | None:
    """Frames a second that websocat takes to a file; None where it is not there."""
    beside = str(Path(sys.executable).parent / "websocat")
    program = shutil.which("websocat") or shutil.which(beside)
    if program is None:
        return None
    frames = seconds * FULL_SPEED
    with serving(FLOOD, frames) as server, (folder / "output").open("wb") as file:
        subprocess.run([program, "-U", server.url], stdout=file, check=True)
        return frames / float(server.took())


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=", ".join(SCENARIOS))
    parser.add_argument("--runs", type=int, default=RUNS, metavar="N")
    parser.add_argument("--seconds", type=int, metavar="S", help="instead of each one's own")
    parsed = parser.parse_args()
    for name in parsed.scenarios or SCENARIOS:
        scenario = SCENARIOS[name]
        seconds = parsed.seconds or scenario.seconds
        sys.stdout.write(f"\n{name}: {scenario.words}, {seconds} s; {load()}\n")
        runs = []
        targets = dict(scenario.targets)
        for _ in range(parsed.runs):
            with tempfile.TemporaryDirectory() as folder:
                runs.append(measure(scenario, seconds, Path(folder)))
        sys.stdout.write(table(runs, targets, FIGURES))
        if not scenario.rate:
            with tempfile.TemporaryDirectory() as folder:
                others = [websocat(seconds, Path(folder)) for _ in range(parsed.runs)]
            found = [other for other in others if other is not None]
            words = f"{max(found):,.0f} frames/s" if found else "is not installed"
            sys.stdout.write(f"  websocat without a UI  {words}\n")


if __name__ == "__main__":
    main()
