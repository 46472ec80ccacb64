"""All of them, one after another, each in a process of its own.

    python tests/benchmarks [NAME ...]

Each takes its own defaults and prints its own table; what it needs and how it is asked for more
stands at its top. Minutes on two cores.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = ("capture", "large", "opening", "filter", "rows", "receive", "piped", "pace", "start_up")


def main(names: tuple[str, ...]) -> int:
    """Run some; 1 where one failed."""
    failed = False
    for name in names:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False)
        failed = failed or done.returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or ALL))
