"""The table of `README.md`, made of the rows that the tests prove; run to write it anew:

python -m tests.hostile.readme
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.hostile.autobahn import UNLIKE
from tests.hostile.compression import COMPRESSION
from tests.hostile.frames import FRAMES, NETWORK
from tests.hostile.handshakes import HANDSHAKES
from tests.hostile.misbehaviour import Misbehaviour
from tests.hostile.texts import TEXTS

__all__ = ["PATH", "TABLES", "made"]

PATH = Path(__file__).with_name("README.md")
TABLES = {
    "Handshake": HANDSHAKES,
    "Frames": FRAMES,
    "UTF-8": TEXTS,
    "Compression": COMPRESSION,
    "Connection": NETWORK,
}
INTRO = """\
# Hostile peers

What wsdebug does when a server breaks the rules, or strains them. The tests have a server do each
of these (`test_misbehaviour.py`), and this table is made of their rows by
`python -m tests.hostile.readme`; a test holds that it is current.

Strict is the default; `--lenient` goes on after a violation in a frame. *Goes on* means that a
message after the fault still arrives. Every violation stands on its frame's line by the name
given here, and is shown with its section; every record is complete, ends with `end`, and prints
safely. *N* stands for each of several values.

## More than a table

| command | what it does |
|---|---|
| `python -m tests.hostile.autobahn` | all 517 client cases of the Autobahn test suite, by kosoku |
| `python -m tests.hostile.genuine wstest` | the same by the suite itself, which needs Python 2.7 |
| `python -m tests.hostile.kill 50` | `kill -9` in full flood, 50 times, at any moment |
| `python -m tests.hostile.bounds` | a message in 1,000,000 frames, in bounded memory |
| `python -m tests.hostile.fuzz decoder` | a fuzzer; for `inflater`, `handshake` and `session` too |
| `python -m pytest tests/hostile` | everything here that runs in a minute |
"""
AUTOBAHN = """\
## Autobahn

Every one of the 517 cases is OK, with kosoku and with the suite itself (25.10.1), but for these,
where its notes allow another verdict:

| cases | verdict | why |
|---|---|---|
"""
HEAD = "| the peer sends, or does | strict | lenient | the record says | decided by |"
RULE = "|---|---|---|---|---|"


def made() -> str:
    """The whole file."""
    parts = [INTRO]
    parts.append(AUTOBAHN + "".join(_unlike()))
    for title, rows in TABLES.items():
        parts.append(f"## {title}\n\n{HEAD}\n{RULE}\n" + "".join(map(_row, rows)))
    return "\n".join(parts)


def _unlike() -> Iterator[str]:
    for (verdict, why), cases in groupby(UNLIKE, key=UNLIKE.__getitem__):
        yield f"| {', '.join(cases)} | {verdict} | {why} |\n"


def _row(row: Misbehaviour) -> str:
    lenient = row.lenient or "the same"
    cells = (row.what, row.strict, lenient, row.says or "nothing wrong", row.section)
    return "| " + " | ".join(cell.replace("{v}", "*N*") for cell in cells) + " |\n"


if __name__ == "__main__":
    PATH.write_text(made())
