"""Long sessions in the UI: opening them, and working in them.

    python tests/benchmarks/long.py [--runs N] [open|million ...]

`open`: `wsdebug open FILE` on a pseudo-terminal of 140 by 45, with 1,000,000 and 10,000,000 frames,
beside one without a frame. `first screen` is from starting the process until the first row is on
the screen (for the empty one, until its heading is); `beyond the empty` is what is more than that.
`index` is from there until the heading tells how many rows there are. Beside it `less` and `tl`
(toolong) until the first row, where they are on PATH.

`million`: in a session of 1,000,000 frames, on 140 by 55 so that there is a timeline: to the end
and back, by rows, by pages; a filter typed letter by letter that finds one frame in a hundred,
a regex that finds two, from match to match, by bars of the timeline. `handled` is from
pressing a key to its `handled` in the trace; `filter` and `regex` from the last letter until the
count is whole on the screen.

Each row shows the best of all runs, then all of them: machines are noisy. Files are in the page
cache.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from opening import write
from terminal import WSDEBUG, Terminal, load, percentile, table

RUNS = 3
SIZES = {"1 M": 1_000_000, "10 M": 10_000_000}
PEERS = ("less", "tl")
EMPTY = "0 rows"
TALL = (140, 55)
KEY_SECONDS = 0.05
MILLION = 1_000_000
NEEDLE = '"seq":10012'  # one in a hundred
REGEX = '/"seq":1001[34][0-9]+/'  # twice as many
END, HOME, PAGE_DOWN, PAGE_UP, DOWN = "\x1b[F", "\x1b[H", "\x1b[6~", "\x1b[5~", "\x1b[B"


def first_screen(
    path: Path, words: str, whole: str = "", program: tuple[str, ...] = (*WSDEBUG, "open")
) -> tuple[float, float]:
    """Milliseconds until words are on the screen, and from there until others are."""
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(str(path), home=Path(home), program=program)
        row, count = terminal.look(words), terminal.look(whole)
        try:
            seen = terminal.sees(row)
            there = terminal.sees(count) if whole else seen
        finally:
            terminal.close()
    return (seen - terminal.began) / 1e6, max(0.0, (there - seen) / 1e6)


def opened(folder: Path) -> dict[str, float]:
    """Opening: figures by their names."""
    empty, _ = first_screen(folder / "0", EMPTY)
    figures = {"empty": empty}
    for name, frames in SIZES.items():
        first, index = first_screen(folder / str(frames), "quote", f"{frames:,} rows")
        figures |= {f"first {name}": first - empty, f"index {name}": index}
        for peer in PEERS:
            if (found := shutil.which(peer)) is not None:
                first, _ = first_screen(folder / str(frames), "quote", program=(found,))
                figures[f"{peer} {name}"] = first
    return figures


def worked_in(folder: Path) -> dict[str, float]:
    """Working in a long session: figures by their names."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal("open", str(folder / str(MILLION)), home=Path(home), size=TALL)
        try:
            terminal.sees(f"{MILLION:,} rows")
            terminal.rest()
            terminal.press(HOME)
            began = terminal.keys
            for keys, times in ((DOWN, 60), (PAGE_DOWN, 40), (END, 1), (PAGE_UP, 40), ("g", 1)):
                type_slowly(terminal, [keys] * times)
            moved = terminal.keys
            found = terminal.look(f"10,000/{MILLION:,} rows")
            terminal.press("/")
            filtered = type_slowly(terminal, [*NEEDLE])
            figures["filter"] = (terminal.sees(found) - filtered) / 1e6
            terminal.press("\r")
            type_slowly(terminal, ["n"] * 30 + ["N"] * 10 + [DOWN] * 20)
            found = terminal.look(f"20,000/{MILLION:,} rows")
            terminal.press("/")
            filtered = type_slowly(terminal, ["\x15", *REGEX])
            figures["regex"] = (terminal.sees(found) - filtered) / 1e6
            terminal.press("\x1b")
            time.sleep(0.5)
            searched = terminal.keys
            type_slowly(terminal, ["T", *["]"] * 20, *["["] * 20])
            time.sleep(0.5)
            handled = terminal.handled_ms()
        finally:
            terminal.close()
    return (
        figures
        | {
            "moving": percentile(handled[began:moved]),
            "searching": percentile(handled[moved : searched - 1]),  # escape waits on purpose
            "timeline": percentile(handled[searched:]),
        }
    )


def type_slowly(terminal: Terminal, keys: list[str]) -> int:
    """Keys one after the other; when the last one was pressed, in monotonic nanoseconds."""
    for key in keys:
        last = terminal.press(key).pressed
        time.sleep(KEY_SECONDS)
    return int(last)


FIGURES = {
    "empty": ("empty, first screen, ms", ",.0f"),
    **{
        key: figure
        for name in SIZES
        for key, figure in (
            (f"first {name}", (f"{name}, beyond the empty", ",.0f")),
            (f"index {name}", (f"{name}, index, ms", ",.0f")),
            *((f"{peer} {name}", (f"{name}, {peer}, first row, ms", ",.0f")) for peer in PEERS),
        )
    },
    "moving": ("moving, handled p99, ms", ",.1f"),
    "searching": ("filter, handled p99, ms", ",.1f"),
    "timeline": ("timeline, handled p99", ",.1f"),
    "filter": ("filter whole, ms", ",.0f"),
    "regex": ("regex whole, ms", ",.0f"),
}
OPEN = {"first 1 M": 150, "first 10 M": 150, "index 1 M": 200, "index 10 M": 2000}
WORK = {"moving": 50, "searching": 50, "timeline": 50, "filter": 300, "regex": 1000}
KINDS = {
    "open": (opened, "opening, 140 × 45", OPEN, (0, *SIZES.values())),
    "million": (worked_in, "1,000,000 frames, 140 × 55", WORK, (MILLION,)),
}


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--runs", type=int, default=RUNS, metavar="N")
    parsed = parser.parse_args()
    for name in parsed.kinds or KINDS:
        work, words, targets, sizes = KINDS[name]
        with tempfile.TemporaryDirectory() as folder:
            for frames in sizes:
                write(Path(folder) / str(frames), frames)
            sys.stdout.write(f"\n{name}: {words}; {load()}\n")
            runs = [work(Path(folder)) for _ in range(parsed.runs)]
        sys.stdout.write(table(runs, targets, FIGURES))


if __name__ == "__main__":
    main()
