"""All of them, one after another, each in a process of its own.

    python tests/benchmarks [NAME ...] [--runs N]

Each takes its own defaults and prints its own table; what it needs and how it is asked for more
stands at its top. `--runs` is for those of the UI. Half an hour on two cores.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = {
    "capture": ("capture.py",),
    "large": ("large.py",),
    "opening": ("opening.py",),
    "filter": ("filter.py",),
    "rows": ("rows.py",),
    "passes": ("passes.py",),
    "receive": ("receive.py",),
    "piped": ("piped.py",),
    "pace": ("pace.py",),
    "start_up": ("start_up.py",),
}
OF_THE_UI = {
    "flood": ("ui.py", "flood"),
    "full-speed": ("ui.py", "full-speed"),
    "stalled-disk": ("ui.py", "stalled-disk"),
    "slow-terminal": ("ui.py", "slow-terminal"),
    "tabs": ("tabs.py", "tabs"),
    "idle": ("tabs.py", "idle"),
    "open": ("long.py", "open"),
    "million": ("long.py", "million"),
}


def main(names: list[str], runs: int | None) -> int:
    """Run some; 1 where one failed."""
    failed = False
    for name in names:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        script, *arguments = (ALL | OF_THE_UI)[name]
        if runs is not None and name in OF_THE_UI:
            arguments += ["--runs", str(runs)]
        done = subprocess.run([sys.executable, str(HERE / script), *arguments], check=False)
        failed = failed or done.returncode != 0
    return int(failed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join([*ALL, *OF_THE_UI]))
    parser.add_argument("--runs", type=int, metavar="N")
    parsed = parser.parse_args()
    for name in parsed.names:
        if name not in ALL and name not in OF_THE_UI:
            parser.error(f"no such benchmark: {name}; there are {', '.join([*ALL, *OF_THE_UI])}")
    sys.exit(main(parsed.names or [*ALL, *OF_THE_UI], parsed.runs))
