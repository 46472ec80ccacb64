"""How long a filter takes over a long session, beside `grep -c` on the same file.

    python tests/benchmarks/filter.py [FRAMES] [FILTER ...]

A filter runs twice: the first one learns which windows of the log are plain, as the first one in
a session does; the second one knows. Frames are of 123 B; the file is in the page cache.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.log import FrameLog
from wsdebug.session.encode import encode_frame_line
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame, Opcode

FRAMES = 1_000_000
SIZE = 123  # bytes of a payload
SYMBOLS = ("AAPL", "MSFT", "GOOG", "TSLA", "NVDA")
FILTERS = (
    *("needle", "Needle", "NVDA", "/needle \\d+/", "/[0-9]{7} x/", "/[A-Z]{4}/"),
    *("dir:in", "op:ping", "size:>122", "needle dir:in"),
    *("$.seq==777777", "$.sym==NVDA", "$.px>999", "$.px>100", "$.type==trade", "$..px>100"),
)


def write(path: Path, frames: int) -> None:
    """A session of trades; one of a thousand has a needle in it."""
    chance = random.Random(1)
    with path.open("wb") as file:
        file.write(b'{"wsdebug":1,"url":"ws://127.0.0.1:9911/ticker"}\n')
        for number in range(frames):
            payload = b'{"type":"trade","seq":%d,"sym":"%b","px":%.2f,"pad":"%b' % (
                number,
                chance.choice(SYMBOLS).encode(),
                chance.random() * 1000,
                b"Needle 42" if number % 1000 == 7 else b"",
            )
            payload += b"x" * (SIZE - 2 - len(payload)) + b'"}'
            frame = Frame(Opcode.TEXT, payload)
            line = FrameLine(0, number * 100, False, frame, payload, is_text=True)
            file.write(encode_frame_line(line))


def look(log: FrameLog, text: str) -> tuple[int, float, float, float]:
    """Lines found; ms to the first, to all, and of the processor."""
    lines = FilteredLines(log, parse_filter(text))
    began, spent, first = perf_counter(), process_time(), 0.0
    more = True
    while more:
        more = lines.advance()
        first = first or (perf_counter() - began if len(lines) else 0.0)
    return (
        len(lines),
        first * 1000,
        (perf_counter() - began) * 1000,
        (process_time() - spent) * 1000,
    )


def grep_ms(path: Path, word: str) -> float:
    """The time of `grep -c`."""
    began = perf_counter()
    subprocess.run(
        ["grep", "-c", word, path], stdout=subprocess.PIPE
    )  # to /dev/null it would not count
    return (perf_counter() - began) * 1000


def main(frames: int, filters: tuple[str, ...]) -> None:
    """Print a line for each filter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.ws.jsonl"
        write(path, frames)
        megabytes = path.stat().st_size / 1e6
        sys.stdout.write(
            f"{frames:,} frames of {SIZE} B, {megabytes:.0f} MB; in ms, of the processor behind /\n"
            f"{'filter':<20}{'found':>10}{'first':>8}{'all':>14}{'all, again':>14}{'grep -c':>9}\n"
        )
        for text in filters:
            log = FrameLog.open(str(path))
            log.complete.wait()
            found, first, wall, cpu = look(log, text)
            _, _, wall_again, cpu_again = look(log, text)
            beside = f"{grep_ms(path, text):.0f}" if text.isalnum() else ""
            sys.stdout.write(
                f"{text:<20}{found:>10,}{first:>8.0f}{wall:>8.0f}/{cpu:<5.0f}"
                f"{wall_again:>8.0f}/{cpu_again:<5.0f}{beside:>9}\n"
            )
            log.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES, tuple(sys.argv[2:]) or FILTERS)
