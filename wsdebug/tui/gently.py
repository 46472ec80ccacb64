"""Long work in a thread of the UI that lets keys through."""

import sys
import threading
from collections.abc import Callable
from time import perf_counter, sleep

__all__ = ["go_through"]

# seconds after which a thread that waits has its turn; Python's own is ten times that
OFTEN = 0.0005
REST = 0.5  # of the time worked, so that the screen has a part of a busy machine

_lock = threading.Lock()
_workers = 0
_before = sys.getswitchinterval()


def go_through(step: Callable[[], bool], is_over: Callable[[], bool]) -> None:
    """Do steps, each of some milliseconds, while they say that there are more and it is not over.

    A step that is all Python would keep the loop waiting at every turn it takes, and a key takes
    many.
    """
    _change(1)
    try:
        more = True
        while more and not is_over():
            began = perf_counter()
            more = step()
            if more:
                sleep(min(0.05, (perf_counter() - began) * REST))
    finally:
        _change(-1)


def _change(by: int) -> None:
    global _workers, _before
    with _lock:
        if not _workers:
            _before = sys.getswitchinterval()
        _workers += by
        sys.setswitchinterval(OFTEN if _workers else _before)
