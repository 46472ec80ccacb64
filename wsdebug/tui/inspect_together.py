"""A long message put together in a thread, which says how far it is."""

from collections.abc import Callable
from time import monotonic

from wsdebug.log.whole import WholeMessage
from wsdebug.tui.gently import go_through

__all__ = ["put_together"]

OFTEN = 0.25  # seconds between two words


def put_together(
    whole: WholeMessage, is_over: Callable[[], bool], tell: Callable[[str], object]
) -> None:
    """Do it step by step until it is whole or nobody wants it any more."""
    told = monotonic()

    def step() -> bool:
        nonlocal told
        if whole.count and monotonic() - told > OFTEN:
            told = monotonic()
            tell(f"reading it, {whole.count:,} frames")
        return whole.advance()

    go_through(step, is_over)
