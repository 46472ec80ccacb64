"""Opening a session of any length: its first and last rows, and the whole index.

    python tests/benchmarks/opening.py [FRAMES ...]

A file of as many quotes is written, and is in the page cache then. `first` and `last` are a
screen of rows after opening, `index` is until every line is counted; beside it `grep -c` counts
them once. `screen` is `wsdebug show FILE` until it has printed as many rows, `empty` the same of
a session without frames. The best of three rounds counts; figures of different runs do not compare.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from wsdebug.log.log import FrameLog
from wsdebug.session.encode import line_start
from wsdebug.session.encode_many import encode_run
from wsdebug.session.lines import SEPARATOR, MessageRun

SIZES = (1_000_000, 10_000_000)
SCREEN = 45  # rows
ROUNDS = 3
TOGETHER = 1000  # frames of one moment
HEADER = b'{"wsdebug":1,"url":"ws://127.0.0.1:9911/ticker"}\n'
QUOTE = (
    b'{"type":"quote","seq":1%08d,"symbol":"ACME-EUR","px":101.25,"qty":17,'
    b'"side":"buy","venue":"X"}'
)


def write(path: Path, frames: int) -> None:
    """A session of as many quotes, as it is recorded."""
    with path.open("wb") as file:
        file.write(HEADER)
        for first in range(0, frames, TOGETHER):
            payloads = [QUOTE % number for number in range(first, min(frames, first + TOGETHER))]
            run = MessageRun(payloads, True, SEPARATOR.join(payloads).decode())
            file.write(encode_run(run, line_start(first, 1)))


def first(path: Path) -> None:
    """The first screen."""
    log = FrameLog.open(str(path))
    log.rows(0, SCREEN)
    log.close()


def last(path: Path) -> None:
    """The last screen."""
    log = FrameLog.open(str(path))
    log.tail(SCREEN)
    log.close()


def index(path: Path) -> None:
    """Every line is counted."""
    log = FrameLog.open(str(path))
    log.complete.wait()
    log.close()


def screen(path: Path) -> None:
    """A screen of a command."""
    command = [sys.executable, "-m", "wsdebug", "show", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(SCREEN):
            process.stdout.readline()
        process.kill()


def grep(path: Path) -> None:
    """Lines counted by grep."""
    # not to /dev/null: there grep stops at the first line
    subprocess.run(["grep", "-c", "", str(path)], check=True, stdout=subprocess.PIPE)


def best(work: Callable[[Path], None], path: Path) -> float:
    """Milliseconds of the best round."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work(path)
        taken.append(time.perf_counter() - began)
    return min(taken) * 1000


def main(sizes: tuple[int, ...]) -> None:
    """Print a line for each size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "opened.ws.jsonl"
        write(path, 0)
        empty = best(screen, path)
        for frames in sizes:
            write(path, frames)
            size = path.stat().st_size / 1e6
            beside = f"{best(grep, path):,.0f} ms" if shutil.which("grep") else "not there"
            sys.stdout.write(
                f"{frames:>11,} frames, {size:,.0f} MB: first {best(first, path):,.1f} ms"
                f"  last {best(last, path):,.1f} ms  index {best(index, path):,.0f} ms"
                f"  grep -c {beside}  screen {best(screen, path):,.0f} ms, empty {empty:,.0f} ms\n"
            )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
