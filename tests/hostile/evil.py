"""Text that would take over a terminal, a screen or its markup, and what may be written to one."""

import re
import unicodedata
from codecs import getincrementaldecoder

from wsdebug.payload.escape import escape

__all__ = ["EVIL", "MARKUP", "OWN", "leaks"]

MARK = "7777"  # a number that no sequence of ours has
SEQUENCES = (
    f"\x1b[{MARK}m",
    f"\x1b[{MARK};1H",
    "\x1b[2J\x1bc",
    "\x1b]0;EVIL\x07",
    "\x1b]52;c;RVZJTA==\x07",
    "\x1b]8;;http://EVIL/\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP$qEVIL\x1b\\",
    "\x1b_EVIL\x1b\\",
    f"\x9b{MARK}m",
    "\x9d52;c;EVIL\x9c",
    "\x90EVIL\x9c",
    "\x0e\x05\x07\x08\x7f\x00\x0b\x0c",
    "\u202eEVIL\u2066\u2069\u200f",
    "\u200b\u200d\ufeff\u00ad\u2028\u2029\U000e0041",
    "\u3000\u115f\u3164\ufe0f",
    "e" + "\u0301" * 40,
)
MARKUP = "[@click=app.quit]CLICK[/] [/nothing] [bold red]RED[/] [link=http://e]L[/link] [/"
EVIL = "".join(SEQUENCES) + "漢字ｗｉｄｅ" + MARKUP
# CSI; OSC, DCS, APC and PM with their ends; the short ones
SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-OQ-WYZ\\`-~])"
)


BEGUN = re.compile(r"\x1b(?:\[[0-9;?>]{0,40})?\Z")  # what was read so far ends within a sequence
# What a screen writes of its own: colours, cursor, modes and their queries, the pointer's shape.
OWN = frozenset(
    (
        "\x1b[m",
        "\x1b[H",
        "\x1b[?h",
        "\x1b[?l",
        "\x1b[?$p",
        "\x1b[n",
        "\x1b[>u",
        "\x1b[<u",
        "\x1b]22",
    )
)


def leaks(output: bytes, *, own: frozenset[str] = frozenset()) -> list[str]:
    """What a program wrote to a terminal that is neither text that can be seen nor its own.

    `own` are the kinds of sequences that it may write; none of them has anything of ours in it.
    """
    text = getincrementaldecoder("utf-8")().decode(output)  # the last character may be cut off
    found = []
    for sequence in SEQUENCE.findall(text):
        if _kind(sequence) not in own or MARK in sequence or "EVIL" in sequence:
            found.append(sequence)
    rest = BEGUN.sub("", SEQUENCE.sub("", text))
    for char in sorted(set(rest) - set("\r\n")):
        if escape(char) != char and not unicodedata.category(char).startswith("M"):
            found.append(char)
    return found + re.findall(r"[\u0300-\u036f]{5,}", rest)


def _kind(sequence: str) -> str:
    """A sequence without its numbers, but for the first of an OSC."""
    if sequence[1] == "]":
        return sequence.partition(";")[0]
    return re.sub(r"[0-9;:]+", "", sequence) if sequence[1] == "[" else sequence[:3]
