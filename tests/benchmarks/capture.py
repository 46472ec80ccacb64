"""Recording a flood, beside what people could choose instead, side by side in one run.

    python tests/benchmarks/capture.py [-n ROUNDS] [--frames N] [--folder PATH] [KIND ...]

`wsdebug record URL -o FILE -q` keeps header, time and payload of every frame; `websocat -U`
writes payloads to a file; `websockets` and `picows` merely receive. They are taken from PATH or
this Python; one that is not there is left out, with the reason. `bare` is a loop that reads,
escapes and writes, and nothing else (`receivers.py`): between it and those that merely receive
lies what writing costs. The server sends bytes made before (`flood.py`). A round runs each once,
in turn; medians count, and ratios are taken round by round: absolute figures mean little on a
shared machine. `flood` is from the server's first byte to the client's end, as the server sees
it; `whole` is the process with its start-up; `cpu` its time on processors and `memory` its peak.
What wsdebug wrote is read again: nothing may be missing.
"""

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from flood import FLOODS, Flood, Server, serving

from wsdebug.log.log import FrameLog
from wsdebug.session.lines import FrameLine

HERE = Path(__file__).parent
LIBRARIES = ("websockets", "picows")
LIMIT = 1 << 20  # bytes of a message that websocat does not split
NEEDS = "is not installed: pip install"


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: seconds, seconds, seconds and MB."""

    flood: float
    whole: float
    cpu: float
    memory: float


def commands(kind: str, url: str, record: Path) -> dict[str, list[str]]:
    """What is compared, as far as it is there; says what is not."""
    found = {
        "wsdebug": [sys.executable, "-m", "wsdebug", "record", url, "-o", str(record), "-q"],
    }
    websocat, flood = shutil.which("websocat"), FLOODS[kind]
    if flood.is_compressed:
        leave_out("websocat", "has no permessage-deflate")
    elif websocat is None:
        leave_out("websocat", f"{NEEDS} websocat")
    else:
        bits = ["-b"] if not flood.is_text else []
        found["websocat"] = [websocat, "-U", "-B", str(LIMIT), *bits, url]
    if not flood.is_compressed:
        found["bare"] = [sys.executable, str(HERE / "receivers.py"), "bare", url]
    for library in LIBRARIES:
        if library == "picows" and flood.is_compressed:
            leave_out(library, "has no permessage-deflate")
        elif importlib.util.find_spec(library) is None:
            leave_out(library, f"{NEEDS} {library}")
        else:
            found[library] = [sys.executable, str(HERE / "receivers.py"), library, url]
    return found


def leave_out(name: str, why: str) -> None:
    """Say that one is not compared."""
    sys.stdout.write(f"  {name} is left out: it {why}\n")


def run(command: list[str], server: Server, output: Path) -> Run:
    """Run one to its end; what the one before left to be written is on the disk by then."""
    os.sync()
    with output.open("wb") as file:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=file)
        _, status, used = os.wait4(process.pid, 0)
        whole = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    return Run(server.took(), whole, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def check(record: Path, flood: Flood, frames: int) -> None:
    """Every payload must be in the record, in order."""
    log = FrameLog.open(str(record))
    log.complete.wait()
    number = 0
    for line in log:
        if isinstance(line, FrameLine) and not line.sent and not line.frame.is_control:
            assert line.payload == flood.message(number, frames), f"frame {number} of {record}"
            number += 1
    log.close()
    assert number == frames, f"{number} of {frames} frames are in {record}"


def compare(kind: str, frames: int, rounds: int, folder: Path) -> None:
    """Print a row for each."""
    flood = FLOODS[kind]
    sys.stdout.write(f"\n{kind}: {frames:,} {flood.words}\n")
    record, output = folder / "capture.ws.jsonl", folder / "output"
    taken: dict[str, list[Run]] = {}
    with serving(kind, frames) as server:
        found = commands(kind, server.url, record)
        for number in range(rounds):
            for name, command in found.items():
                taken.setdefault(name, []).append(run(command, server, output))
                if name == "wsdebug":
                    if number == 0:
                        check(record, flood, frames)
                    record.unlink()
                output.unlink()
    for name, runs in taken.items():
        sys.stdout.write(row(name, runs, taken["wsdebug"], frames))


def row(name: str, runs: list[Run], ours: list[Run], frames: int) -> str:
    """Medians of one, and how many times as fast wsdebug is."""
    flood, whole, cpu, memory = (
        statistics.median(getattr(each, what) for each in runs)
        for what in ("flood", "whole", "cpu", "memory")
    )
    pairs = list(zip(runs, ours, strict=True))
    by_flood = statistics.median(its.flood / our.flood for its, our in pairs)
    by_whole = statistics.median(its.whole / our.whole for its, our in pairs)
    return (
        f"  {name:<10} {frames / flood:>11,.0f} frames/s  flood {flood:6.2f} s × {by_flood:.2f}"
        f"  whole {whole:6.2f} s × {by_whole:.2f}  cpu {cpu:6.2f} s  memory {memory:4.0f} MB\n"
    )


def _kind(name: str) -> str:
    if name not in FLOODS:
        raise argparse.ArgumentTypeError(f"no such flood: {name}; there are {', '.join(FLOODS)}")
    return name


def main() -> None:
    """Compare each kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", type=_kind, help=", ".join(FLOODS))
    parser.add_argument("-n", type=int, default=5, metavar="ROUNDS", help="of each (5)")
    parser.add_argument("--frames", type=int, metavar="N", help="instead of each kind's own number")
    parser.add_argument("--folder", metavar="PATH", help="where the files go (a temporary one)")
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=parsed.folder) as folder:
        for kind in parsed.kinds or FLOODS:
            compare(kind, parsed.frames or FLOODS[kind].frames, parsed.n, Path(folder))


if __name__ == "__main__":
    main()
