"""`kill -9` in full flood: all that was shown is in the file, and the file opens.

python -m tests.hostile.kill 50    so many times, at any moment
"""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["Killed", "flooding", "kill"]

WSDEBUG = (sys.executable, "-m", "wsdebug")
MOST = 40_000  # lines shown before the end


@dataclass(frozen=True, slots=True)
class Killed:
    """What `record --json` had shown when it was killed, the file, and what `show` makes of it."""

    shown: list[bytes]  # whole lines
    recorded: bytes
    code: int
    said: str

    @property
    def problems(self) -> list[str]:
        """What is wrong, in words; nothing where all that was shown is there."""
        found = []
        if not self.recorded.startswith(b"".join(self.shown)):
            found.append(f"{len(self.shown)} lines were shown that are not in the file")
        if self.code != 0:
            found.append(f"show ended with {self.code}: {self.said}")
        if b'"event":"end"' in self.recorded:
            found.append("the recording ended in order")
        elif "was interrupted" not in self.said:
            found.append("nobody says that it was interrupted")
        return found


@contextmanager
def flooding() -> Iterator[str]:
    """The URL of a server that sends as fast as it can."""
    with subprocess.Popen([*WSDEBUG, "serve"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"{server.stdout.readline().strip()}ticker?rate=1000000&count=100000000"
        server.kill()


def kill(url: str, path: Path, lines: int) -> Killed:
    """Record a flood, and kill the program once it has shown so many lines."""
    command = [*WSDEBUG, "record", "--json", "--force", "-o", str(path), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        shown = [program.stdout.readline() for _ in range(lines)]
        program.send_signal(signal.SIGKILL)
        shown += program.stdout.readlines()  # what was in the pipe: it had been shown too
    if not shown[-1].endswith(b"\n"):
        shown.pop()
    done = subprocess.run([*WSDEBUG, "show", str(path)], capture_output=True, timeout=60)
    said = done.stderr.decode()
    return Killed(shown, path.read_bytes(), done.returncode, said)


def main(times: int) -> int:
    """Again and again; 0 where nothing was lost in any."""
    chance = random.Random()
    bad = 0
    with flooding() as url, TemporaryDirectory() as folder:
        for number in range(1, times + 1):
            lines = chance.randrange(1, MOST)
            killed = kill(url, Path(folder) / "a.ws.jsonl", lines)
            bad += bool(killed.problems)
            words = "; ".join(killed.problems) or "all of them in the file"
            sys.stdout.write(f"{number}: {len(killed.shown):,} lines shown, {words}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
