"""What of the library is shown: what is found, what is folded; without a screen."""

from dataclasses import dataclass
from pathlib import Path

from wsdebug.errors import QueryInvalid
from wsdebug.log.filter_facts import Facts, FactsTest, facts_test
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.library_tree import Row, facts_of, groups_of, tree_rows
from wsdebug.tui.library_work import Contents
from wsdebug.workspace.library import RecordingInfo
from wsdebug.workspace.shelves import SessionFile, Shelf

__all__ = ["LibraryFound", "Shown"]

NOTHING = "Nothing is recorded yet. What you connect to will stand here."
NOT_FOUND = "Nothing here is like that."


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows, and how many sessions they are of how many."""

    rows: list[Row]
    count: int
    total: int
    is_complete: bool

    @property
    def words(self) -> str:
        """How many, in words."""
        if self.count < self.total:
            return f"{with_commas(self.count)} of {with_commas(self.total)}"
        return f"{with_commas(self.total)} session{'' if self.total == 1 else 's'}"

    @property
    def empty(self) -> str:
        """What stands in place of no rows; nothing while they may still come."""
        if self.rows or not self.is_complete:
            return ""
        return NOT_FOUND if self.total else NOTHING


class LibraryFound:
    """Contents, a filter, and what is folded: that counts while nothing is looked for, and what is
    found stands unfolded. `mistake` says what is wrong with the filter; the one before it holds.
    """

    def __init__(self) -> None:
        self.contents = Contents()
        self.mistake = ""
        self._test: FactsTest | None = None
        self._facts: dict[Path, tuple[RecordingInfo | str | None, Facts]] = {}
        self._shelf_of: dict[Path, Shelf] = {}
        self._folded: set[str | Path] = set()
        self._folded_found: set[str | Path] = set()

    def take(self, contents: Contents) -> None:
        """Other contents."""
        self.contents = contents
        self._shelf_of = {
            file.path: shelf for shelf in contents.shelves for file in shelf.folder.all_files()
        }

    def find(self, text: str) -> None:
        """Look for something else."""
        try:
            self._test = facts_test(text) if text.strip() else None
            self.mistake = ""
        except QueryInvalid as error:
            self.mistake = error.why
        self._folded_found.clear()

    def fold(self, row: Row) -> None:
        """Fold a row, or unfold it."""
        folded = self._folded if self._test is None else self._folded_found
        (folded.discard if row.is_folded else folded.add)(row.key)

    def shown(self) -> Shown:
        """What is to be shown now."""
        known = self.contents.known
        groups = groups_of(self.contents.shelves, known)
        if self._test is None:
            rows = tree_rows(groups, known, self._folded)
        else:
            rows = tree_rows(groups, known, self._folded_found, self._is_found)
        count = sum(row.count for row in rows if row.kind == "group")
        return Shown(rows, count, len(self._shelf_of), self.contents.is_complete)

    def _is_found(self, file: SessionFile) -> bool:
        assert self._test is not None
        found = self.contents.known.get(file.path)
        seen = self._facts.get(file.path)
        if seen is None or seen[0] is not found:
            seen = found, facts_of(file, self._shelf_of[file.path], found)
            self._facts[file.path] = seen
        return self._test(seen[1])
