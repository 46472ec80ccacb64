"""How far a replay is, in the status line's words, with the keys that it has."""

from dataclasses import replace

from wsdebug.payload.numbers import with_commas
from wsdebug.replay.report import totals_words
from wsdebug.tui.bars import Part, hints
from wsdebug.tui.open_session import ReplayProgress

__all__ = ["replay_parts"]


def replay_parts(replay: ReplayProgress) -> list[Part]:
    """`replay 12 of 40, 1 differs` while it plays, `replayed: 39 ok, 1 differs` afterwards, or
    `replay stopped at 12 of 40: 11 ok, 1 differs`.
    """
    totals = replay.totals
    wrong = [] if totals.is_good else [(f", {totals_words(replace(totals, ok=0))}", "$error")]
    done = f"{with_commas(replay.done)} of {with_commas(replay.most)}"
    if not replay.is_playing:
        if not (replay.done or totals.extra or replay.is_stopped):
            return []
        how = f"replay stopped at {done}: " if replay.is_stopped else "replayed: "
        ok = f"{with_commas(totals.ok)} ok"
        return [(how, "$foreground-muted"), (ok, "$foreground"), *wrong]
    parts: list[Part] = [("replay ", "$foreground-muted"), (done, "$foreground"), *wrong]
    if replay.is_stopped:
        return [*parts, ("   stopping", "$foreground-muted")]
    keys = [("x", "send"), ("R", "run on")] if replay.is_stepping else []
    parts += [("   ", ""), *hints(*keys, ("F5", "stop"))]
    if replay.next:
        parts += [("   next ", "$foreground-muted"), (replay.next, "$foreground")]
    return parts
