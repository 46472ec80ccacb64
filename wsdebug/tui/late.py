"""A part of the screen that has no parts of its own until it is wanted."""

from textual.app import ComposeResult
from textual.containers import Vertical

__all__ = ["Late"]


class Late(Vertical):
    """Made of `parts` by the first `make`: most tabs never show them, and each widget costs time
    at the start and memory for as long as its tab is there.
    """

    _is_wanted = False
    is_made = False  # the parts are there

    def parts(self) -> ComposeResult:
        """What it is made of."""
        raise NotImplementedError

    def fill(self) -> None:
        """Bring the parts, which are there, up to date."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Nothing at first."""
        if self._is_wanted:
            yield from self.parts()

    async def make(self) -> None:
        """Have the parts, if they are not there or coming."""
        if not self._is_wanted:
            self._is_wanted = True
            await self.recompose()
            if self.children:  # none where it is on its way out
                self.is_made = True
                self.fill()

    def focus_first(self) -> None:
        """To the first part that takes the focus, once there is one."""
        first = next((part for part in self.query("*") if part.focusable), None)
        if first is not None:
            first.focus()
