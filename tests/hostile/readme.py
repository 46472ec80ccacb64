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

__all__ = ["ELSEWHERE", "PATH", "TABLES", "made"]

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


ELSEWHERE = (
    (
        "a message in 1,000,000 frames",
        "all of it recorded, in 640 MiB of address space",
        "tests/hostile/bounds.py::main",
    ),
    (
        "every close code from 0 to 5000",
        "allowed or `bad-close-code`, RFC 6455 §7.4",
        "tests/engine/test_conversation.py::test_every_close_code_from_0_to_5000",
    ),
    (
        "bombs, claims, floods of pings and of empty frames",
        "within 640 MiB of address space; the record is complete",
        "tests/hostile/test_bounds.py::test_memory_is_bounded",
    ),
    (
        "a peer that does not read what is sent",
        "the screen says how much waits, and takes no more than 64 MB",
        "tests/tui/test_send_queue.py::test_no_more_waits_than_there_is_room_for",
    ),
    (
        "sequences, controls, bidi, markup: payloads, headers, reasons, certificates, files",
        "nothing reaches the terminal but text that can be seen, and our own sequences",
        "tests/hostile/test_terminal.py::test_a_hostile_server_shows_as_text",
    ),
    (
        "a secret in every place that a peer can send it back from",
        "stands in no output, error, report, copy, picture or history",
        "tests/hostile/test_secrets.py::test_no_command_tells_a_secret",
    ),
    (
        "a file with lines of 600 MB, a million keys, deep nesting",
        "shown, or refused by line, within bounded memory",
        "tests/hostile/test_strangers.py::test_every_command_says_what_is_wrong",
    ),
    (
        "a file that names files outside of its folder, pipes and devices",
        "refused by line; nothing is read",
        "tests/hostile/test_strangers.py::test_a_replay_reads_nothing_outside_of_the_folder",
    ),
    (
        "a file of somebody else that is sent off this machine",
        "asked first; without a terminal refused, unless `--trust` or a URL says yes",
        "tests/cli/test_consent.py::test_without_a_terminal_it_is_refused",
    ),
    (
        "`kill -9`, a full disk, a second writer",
        "whole lines; what was shown is there; what is lost is said; the second is told",
        "tests/hostile/test_nothing_lost.py::test_what_was_shown_survives_kill_9",
    ),
)


def made() -> str:
    """The whole file."""
    parts = [INTRO]
    parts.append(AUTOBAHN + "".join(_unlike()))
    for title, rows in TABLES.items():
        parts.append(f"## {title}\n\n{HEAD}\n{RULE}\n" + "".join(map(_row, rows)))
    parts.append(
        "## By tests of their own\n\n| what | outcome | test |\n|---|---|---|\n"
        + "".join(f"| {what} | {outcome} | `{test}` |\n" for what, outcome, test in ELSEWHERE)
    )
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
