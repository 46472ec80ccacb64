"""Processor time of what goes through a whole session in the background.

    python tests/benchmarks/passes.py [FRAMES]

A session of quotes, with requests, answers and heartbeats among them: its timeline, its folds and
its statistics, and a screen of rows with folds anywhere in it. The file is in the page cache.
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


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES)
