"""Peak memory of recording one large message, in fragments and in a single frame.

    python tests/benchmarks/large.py [MIB]

`wsdebug record -q` with `--max-size` raised; `memory` is its peak, and how many times the message
that is.
"""

import sys
import tempfile
from pathlib import Path

from capture import run
from flood import LARGE, serving

MIB = 1024


def main(mib: int) -> None:
    """Print a line for each kind."""
    with tempfile.TemporaryDirectory() as folder:
        record, output = Path(folder) / "large.ws.jsonl", Path(folder) / "output"
        for kind, words in LARGE.items():
            with serving(kind, mib) as server:
                command = [sys.executable, "-m", "wsdebug", "record", server.url, "-q"]
                command += ["-o", str(record), "--max-size", str(mib << 20)]
                taken = run(command, server, output)
            size = record.stat().st_size / (1 << 20)
            record.unlink()
            sys.stdout.write(
                f"{words:<38} {mib:,} MiB: {taken.flood:6.2f} s  {size:7,.0f} MiB recorded"
                f"  memory {taken.memory:6,.0f} MB × {taken.memory / mib:.2f}\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MIB)
