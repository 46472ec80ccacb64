"""Why not everything that happened is in the file of a recording, in words."""

from dataclasses import dataclass

__all__ = ["Trouble"]


@dataclass(slots=True)
class Trouble:
    """What the disk has refused, and what became of it."""

    refused: str = ""  # why lines are held; empty while they are not
    since: int = 0  # line from which they are
    lost: int = 0  # frames that are not in the file and will not be
    lost_why: str = ""
    sync: str = ""  # why what was written may not be on the disk

    def refuse(self, why: str, line: int) -> None:
        """Lines are held from a line on, or still are."""
        if not self.refused:
            self.since = line
        self.refused = why

    def lose(self, frames: int) -> None:
        """So many frames more cannot be held."""
        self.lost += frames
        self.lost_why = self.refused

    def words(self, *, has_ended: bool) -> str:
        """In words; empty if there is none."""
        if has_ended:
            frames = "frame is" if self.lost == 1 else "frames are"
            return f"{self.lost:,} {frames} lost: {self.lost_why}" if self.lost else self.sync
        if self.refused:
            return f"{self.refused} since line {self.since:,}; frames go on"
        return self.sync
