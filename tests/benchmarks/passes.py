"""Processor time of what goes through a whole session in the background.

    python tests/benchmarks/passes.py [FRAMES]

A session of quotes, with requests, answers and heartbeats among them: its timeline, its folds and
its statistics, and a screen of rows with folds anywhere in it. Then one message in as many
fragments: the first screen at its end, and all of it put together. The files are in the page cache.
"""

import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.folded import FoldedLines
from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.log.timeline import Timeline

FRAMES = 1_000_000
SCREEN = 45  # rows
SCREENS = 200


def write(path: Path, frames: int) -> None:
    """As many quotes, a request, an answer and a heartbeat both ways after each hundred."""
    quotes = [json.dumps({"type": "quote", "px": 101.25, "qty": n}) for n in range(100)]
    hundred = [f'"recv":{json.dumps(quote)}' for quote in quotes]
    beat = ['"op":"ping","recv":"hb"', '"op":"pong","mask":"00000000","send":"hb"']
    with path.open("w") as file:
        file.write('{"wsdebug":1,"url":"ws://127.0.0.1:9911/ticker"}\n')
        for number in range(frames // 100):
            text = json.dumps(json.dumps({"id": number}))
            rows = [*hundred, f'"mask":"00000000","send":{text}', f'"recv":{text}', *beat]
            start_us = number * 5000
            file.writelines(
                f'{{"t":{(start_us + at * 40) / 1e6:.6f},{row}}}\n' for at, row in enumerate(rows)
            )


def write_message(path: Path, frames: int) -> None:
    """A message of as many fragments."""
    with path.open("w") as file:
        file.write('{"t":0.000000,"fin":false,"recv":"begin"}\n')
        for number in range(frames - 2):
            head = f'{{"t":{number / 1e4:.6f},"op":"cont","fin":false'
            file.write(f'{head},"recv":"part {number}; "}}\n')
        file.write(f'{{"t":{frames / 1e4:.6f},"op":"cont","recv":"end"}}\n')


def put_together(path: Path) -> None:
    """Print how long such a message takes."""
    log = FrameLog.open(str(path))
    log.complete.wait()
    began = process_time()
    assert log.rows(len(log) - SCREEN, len(log))[-1].fragment == len(log)
    first, began = process_time() - began, process_time()
    whole = log.whole(len(log) // 2)
    assert whole is not None
    assert whole.finish().count == len(log)
    took = process_time() - began
    sys.stdout.write(
        f"{'a message':<12} {took:>7.2f} s of {len(log):,} fragments, its last screen "
    )
    sys.stdout.write(f"{first * 1e3:.0f} ms\n")
    log.close()


def spent(step: Callable[[], bool]) -> float:
    """Seconds of all steps."""
    began = process_time()
    while step():
        pass
    return process_time() - began


def main(frames: int) -> None:
    """Print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ws.jsonl"
        write(path, frames)
        log = FrameLog.open(str(path))
        log.complete.wait()
        folded = FoldedLines(log, parse_filter("(op:ping | op:pong)"))
        passes = (
            ("timeline", Timeline(log).advance),
            ("folds", folded.advance),
            ("statistics", Statistics(log).advance),
        )
        for name, step in passes:
            sys.stdout.write(f"{name:<12} {spent(step):>7.2f} s for {len(log):,} rows\n")
        chance, began = random.Random(1), process_time()
        for _ in range(SCREENS):
            start = chance.randrange(len(folded) - SCREEN)
            assert len(folded.rows(start, start + SCREEN)) == SCREEN
        took = (process_time() - began) / SCREENS
        sys.stdout.write(f"{'a screen':<12} {took * 1e3:>7.2f} ms, with folds\n")
        log.close()
        write_message(path, frames)
        put_together(path)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES)
