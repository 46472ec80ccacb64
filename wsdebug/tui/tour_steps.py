"""The tour's six steps: what each says, and where on the main screen it stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from textual.content import Content
from textual.geometry import Region, Size

from wsdebug.tui.bars import Part
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.key_words import key_words
from wsdebug.tui.keymap import shown

__all__ = ["STEPS", "Step", "place", "title_of", "words_of"]

KEY = re.compile(r"\[(\w[\w+]*(?: \w+)?)\]")
At = Literal["bar", "log", "inspector", "composer", "status"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to learn, beside the region it is about.

    In `words`, `[f2]` is a key by Textual's name, `[b next_violation]` one of a place with its
    action, and `{sent}` a glyph; `first_words` stand in their place where no connection has been
    made yet.
    """

    title: str
    at: At
    words: str
    first_words: str = ""


STEPS = (
    Step(
        "Connect",
        "bar",
        "[ctrl+l] changes the address; [f2] sets headers, authentication and TLS; [f5] connects "
        "and disconnects.",
        "Type an address and press [enter]; [f2] sets headers, authentication and TLS first. "
        "No server at hand? [ctrl+n] goes on with the demo, a small server inside wsdebug.",
    ),
    Step(
        "Read the log",
        "log",
        "Each row is a frame: {sent} you sent it, {received} it came; then its opcode, its size "
        "and how its payload begins. [up] and [down] move, [end] follows what is new. "
        "{violation} marks a broken rule; [b next_violation] goes to the next one.",
    ),
    Step(
        "Inspect",
        "inspector",
        "[enter inspect] opens the row under the cursor. [1] to [4] show its payload, every bit of "
        "its frame, the whole message, and the handshake. [v] shows a payload as text or hex, "
        "[y] copies it.",
    ),
    Step(
        "Compose and send",
        "composer",
        "[c] goes to the composer: type, and [ctrl+j] sends. [f3] changes the kind: text, binary, "
        "ping, pong, close, raw. [up] brings back what was sent. In the log, [s] sends a row "
        "again, [e] lets you edit it first.",
    ),
    Step(
        "Filter and search",
        "log",
        "[slash] shows only the rows that match: a word, /regex/, dir:in, op:ping, size:>1k, "
        "bad:any. There, [tab] shows the others again, and [n next_match] and [N previous_match] "
        "go from match to match.",
    ),
    Step(
        "Save and reopen",
        "status",
        "All of it is recorded already. [ctrl+s] gives it a name, [ctrl+o] opens what was saved; "
        "there [ctrl+r] connects again, and [r] replays it and compares the answers. [f1] shows "
        "the keys of a place, [ctrl+p] all actions, this tour too.",
    ),
)


def title_of(index: int) -> str:
    """`2 of 6   Read the log`; `index` counts from 0."""
    return f"{index + 1} of {len(STEPS)}   {STEPS[index].title}"


def words_of(step: Step, glyphs: Glyphs, *, is_first: bool) -> Content:
    """Its words, with keys as they are now; `is_first`: no connection has been made yet."""
    words = (step.first_words if is_first else "") or step.words
    for name in ("sent", "received", "violation"):
        words = words.replace(f"{{{name}}}", getattr(glyphs, name))
    parts: list[Part] = []
    for number, piece in enumerate(KEY.split(words)):
        name, *action = piece.split(" ")
        key = shown(key_words(name, glyphs), *action) if number % 2 else ""
        parts.append((key, "bold $foreground") if key else (piece, "$foreground-muted"))
    return Content.assemble(*parts)


def place(
    at: At,
    rows: Callable[[int], int],
    *,
    screen: Size,
    log: Region,
    inspector: Region,
    composer: Region,
) -> Region:
    """Where a step stands: over the edge of the region that it is about.

    `rows` are those that it takes in so many cells. A region that is not in sight is empty.
    """
    over = log or composer or Region(0, 0, screen.width, screen.height - 1)
    if at == "inspector" and inspector.x:
        over = inspector
    height = rows(over.width)
    if at == "bar":
        return Region(0, over.y, over.width, height)
    bottom = {"composer": composer.y, "status": screen.height - 1}.get(at, over.bottom)
    return Region(over.x, max(0, bottom - height), over.width, height)
