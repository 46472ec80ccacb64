"""The thread that looks after the disk while something is written to it."""

import threading
from collections.abc import Callable

__all__ = ["Caretaker"]


class Caretaker:
    """Does `tend` a while after something was written, or at once where that was much; sleeps
    otherwise. `stirred` is called, in that thread, whenever it wakes.
    """

    def __init__(self, tend: Callable[[], object], *, interval: float, burst: int) -> None:
        """`interval` is in seconds, `burst` in bytes."""
        self.stirred: Callable[[], object] = lambda: None
        self._tend = tend
        self._interval = interval
        self._burst = burst
        self._unsynced = 0  # bytes written since it was last looked after
        self._wanted = threading.Event()
        self._due = threading.Event()  # they are many, or the end has come
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin; the thread keeps nobody from leaving."""
        threading.Thread(target=self._run, daemon=True, name="session-disk").start()

    @property
    def has_ended(self) -> bool:
        """Whether nothing is written any more."""
        return self._ended.is_set()

    @property
    def is_wanted(self) -> bool:
        """Whether something was written since the last look."""
        return self._wanted.is_set()

    def stir(self) -> None:
        """Something is to be looked after."""
        self._wanted.set()

    def wrote(self, size: int) -> None:
        """So many bytes more were written."""
        self._unsynced += size
        if self._unsynced >= self._burst:
            self._due.set()

    def looked(self) -> None:
        """All that was written until now is looked after."""
        self._wanted.clear()
        self._unsynced = 0

    def end(self) -> None:
        """Nothing is written any more."""
        self._ended.set()
        self._wanted.set()  # for the thread to see it
        self._due.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wanted.wait()
            self.stirred()
            self._due.wait(self._interval)
            self._due.clear()
            if not self._ended.is_set():
                self._tend()
