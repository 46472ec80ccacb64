"""How far sends drift from their recorded times at pace `clock`: `python tests/benchmarks/pace.py`.

A script of one send each 100 ms over a minute is played against an echo server on loopback; what
is printed is how late each send left, by the times in the recording of the replay.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from pathlib import Path

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.playground.server import Playground
from wsdebug.replay.replay import Replay
from wsdebug.replay.script import read_script
from wsdebug.replay.settings import Settings
from wsdebug.session.lines import Event, FrameLine

STEP = 0.1  # seconds between two sends
SOME = 20  # sends at the start and at the end, of which the median counts
LIMIT_MS = 20


def write_script(path: Path, seconds: int) -> int:
    """A recording of sends and their answers; gives how many sends."""
    count = int(seconds / STEP)
    lines: list[dict[str, object]] = [{"t": 0, "event": "open"}]
    for number in range(count):
        at = round(number * STEP, 6)
        lines += [{"t": at, "send": f"m{number}"}, {"t": at + 0.001, "recv": f"m{number}"}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return count


async def lateness(path: Path) -> list[float]:
    """How late each send left, in ms."""
    async with Playground() as playground:
        live = LiveSession(ConnectOptions(url=f"{playground.url}echo"), RecordOptions())
        replay = Replay(
            read_script(str(path)),
            live,
            Settings(pace="clock"),
            variables={},
            on_result=lambda result: None,
        )
        await replay.run()
        await live.finish()
    assert replay.totals.is_good
    lines = list(live.log)
    opened = next(line.time_us for line in lines if isinstance(line, Event) and line.name == "open")
    sends = [line for line in lines if isinstance(line, FrameLine) and line.sent]
    return [
        ((line.time_us or 0) - (opened or 0)) / 1000 - number * STEP * 1000
        for number, line in enumerate(sends)
        if line.frame.opcode == 1
    ]


def main() -> None:
    """Print the figures; fails where the last send drifted too far."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "minute.ws.jsonl"
        count = write_script(path, parser.parse_args().seconds)
        late = asyncio.run(lateness(path))
    assert len(late) == count
    first, last = (statistics.median(part) for part in (late[:SOME], late[-SOME:]))
    sys.stdout.write(
        f"{count} sends; late by {first:.2f} ms at the start, {last:.2f} ms at the end, "
        f"{max(late):.2f} ms at worst\ndrift {last - first:+.2f} ms (limit {LIMIT_MS})\n"
    )
    assert abs(last - first) < LIMIT_MS
    assert min(late) > -1  # never early


if __name__ == "__main__":
    main()
