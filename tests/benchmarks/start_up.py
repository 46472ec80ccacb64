"""Commands from start to exit, beside what people could run instead, side by side in one run.

    python tests/benchmarks/start_up.py [-n ROUNDS] [--wscat PATH] [--floor]

`wsdebug send` against an echo server on loopback, beside `wscat -x` and a script of ten lines on
`websockets.sync.client`; and `wsdebug --version` beside a Python that does nothing. A round runs
each once, in turn; medians count, and ratios are taken round by round: absolute figures mean
little on a shared machine. Modules are compiled before. One that is not there is left out, with
the reason. With `--floor` the parts are shown that nothing here can do without.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

ROUNDS = 15
TEN_LINES = """
import sys
from websockets.sync.client import connect

def main():
    with connect(sys.argv[1]) as connection:
        connection.send(sys.argv[2])
        print(connection.recv())

main()
"""
FLOOR = {
    "asyncio": "import asyncio",
    "argparse": "import argparse",
    "websockets": "import websockets.client",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took, in seconds: on the clock, and on processors."""

    whole: float
    cpu: float


@contextmanager
def echo() -> Iterator[str]:
    """An echo server in a process of its own."""
    command = [sys.executable, "-m", "wsdebug", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"{process.stdout.readline().strip()}echo"
        process.terminate()


def program() -> list[str]:
    """The installed script, or the module where there is none."""
    script = os.path.join(os.path.dirname(sys.executable), "wsdebug")
    return [script] if os.path.exists(script) else [sys.executable, "-m", "wsdebug"]


def clients(url: str, wscat: str | None) -> dict[str, list[str]]:
    """What sends a message and waits for the answer, as far as it is there."""
    found = {
        "wsdebug send": [*program(), "send", url, "hello"],
        "ten lines": [sys.executable, "-c", TEN_LINES, url, "hello"],
    }
    wscat = wscat or shutil.which("wscat")
    if wscat is None:
        sys.stdout.write("wscat is left out: it is not installed; npm install wscat, or --wscat\n")
    else:
        found["wscat"] = [wscat, "-c", url, "-x", "hello", "-w", "0"]
    return found


def run(command: list[str]) -> Run:
    """Run one to its end."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment
    )
    _, status, used = os.wait4(process.pid, 0)
    whole = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    return Run(whole, used.ru_utime + used.ru_stime)


def compare(words: str, commands: dict[str, list[str]], rounds: int) -> None:
    """Print a row for each; the first is what the others are compared with."""
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            one = run(command)
            if number:  # the first warms up
                taken[name].append(one)
    ours, *_ = taken.values()
    sys.stdout.write(f"\n{words}, median of {rounds}\n")
    for name, runs in taken.items():
        whole = statistics.median(one.whole for one in runs) * 1000
        cpu = statistics.median(one.cpu for one in runs) * 1000
        row = f"{name:<20} {whole:>7.1f} ms  cpu {cpu:>7.1f} ms"
        if runs is not ours:
            pairs = [*zip(ours, runs, strict=True)]
            slower = statistics.median(our.whole / other.whole for our, other in pairs)
            work = statistics.median(our.cpu / other.cpu for our, other in pairs)
            row += f"  ours takes × {slower:.2f}, cpu × {work:.2f}"
        sys.stdout.write(f"{row}\n")


def main() -> None:
    """Compare what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-n", type=int, default=ROUNDS, metavar="ROUNDS")
    parser.add_argument("--wscat", metavar="PATH")
    parser.add_argument("--floor", action="store_true")
    parsed = parser.parse_args()
    with echo() as url:
        compare("a message and its answer", clients(url, parsed.wscat), parsed.n)
    nothing = {"python -c pass": [sys.executable, "-c", "pass"]}
    compare("the version", {"wsdebug --version": [*program(), "--version"], **nothing}, parsed.n)
    if parsed.floor:
        parts = {name: [sys.executable, "-c", script] for name, script in FLOOR.items()}
        compare("the parts of Python", {**nothing, **parts}, parsed.n)


if __name__ == "__main__":
    main()
