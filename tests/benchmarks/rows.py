"""The time to get a screen of rows from a log, short and long.

    python tests/benchmarks/rows.py [ROWS]

The log of 1,000,000 frames must scroll as that of 1,000 does: the ratio of the medians is what
counts. Screens are taken anywhere in the log, by a fixed seed; the file is in the page cache.
Time is that of the processor.
"""

import random
import statistics
import sys
import tempfile
from pathlib import Path
from time import process_time

from wsdebug.log.log import FrameLog
from wsdebug.session.encode import encode_frame_line
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame, Opcode

SCREEN = 45  # rows
SIZES = (1_000, 1_000_000)
SCREENS = 300


def write(path: Path, frames: int) -> None:
    """A session of as many quotes."""
    with path.open("wb") as file:
        file.write(b'{"wsdebug":1,"url":"ws://127.0.0.1:9911/ticker"}\n')
        for number in range(frames):
            payload = b'{"type":"quote","seq":%d,"symbol":"ACME-EUR","px":101.25}' % number
            frame = Frame(Opcode.TEXT, payload)
            line = FrameLine(0, number * 10, False, frame, payload, is_text=True)
            file.write(encode_frame_line(line))


def median_us(path: Path, frames: int) -> tuple[float, float]:
    """Microseconds of a screen anywhere, and of the last one."""
    log = FrameLog.open(str(path))
    log.complete.wait()
    assert len(log) == frames
    chance = random.Random(1)
    starts = [chance.randrange(frames - SCREEN) for _ in range(SCREENS)]
    anywhere = [spent_us(log, start) for start in starts]
    end = [spent_us(log, frames - SCREEN) for _ in range(SCREENS)]
    log.close()
    return statistics.median(anywhere), statistics.median(end)


def spent_us(log: FrameLog, start: int) -> float:
    """Microseconds of one screen."""
    began = process_time()
    assert len(log.rows(start, start + SCREEN)) == SCREEN
    return (process_time() - began) * 1e6


def main(sizes: tuple[int, ...]) -> None:
    """Print a line for each size, with its ratio to the first."""
    first = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for frames in sizes:
            path = Path(folder) / f"{frames}.ws.jsonl"
            write(path, frames)
            anywhere, end = median_us(path, frames)
            first = first or anywhere
            sys.stdout.write(
                f"{frames:>10,} frames: {anywhere:>7,.0f} µs anywhere, {end:>7,.0f} µs at the end"
                f"  × {anywhere / first:.2f}\n"
            )


if __name__ == "__main__":
    main((SIZES[0], int(sys.argv[1])) if len(sys.argv) > 1 else SIZES)
