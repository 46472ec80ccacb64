"""Giving one session of the library another name, title or tags; without a screen."""

from dataclasses import dataclass, replace

from wsdebug.tui.library_work import LibraryWork
from wsdebug.workspace.folders import stem_of
from wsdebug.workspace.library import RecordingInfo
from wsdebug.workspace.shelves import Shelf

__all__ = ["Named", "Naming"]


@dataclass(frozen=True, slots=True)
class Named:
    """`name` is that of the file, with the folders it stands in; empty for a recording that was
    given none.
    """

    name: str
    title: str
    tags: tuple[str, ...]


class Naming:
    """`before` is what there is, `path` where the session stands by now."""

    def __init__(self, work: LibraryWork, info: RecordingInfo, shelf: Shelf) -> None:
        self._work = work
        self._info = info
        self._shelf = shelf
        name = stem_of(info.path.relative_to(shelf.folder.path)) if shelf.has_names else ""
        self.before = Named(name, info.title, info.tags)
        self.path = info.path

    def save(self, named: Named) -> None:
        """Write what is new. Raises UsageError, RecordingFailed; may be called again then."""
        info = self._info
        if (named.title, named.tags) != (info.title, info.tags):
            self._work.describe(info, named.title, named.tags)
            self._info = replace(info, title=named.title, tags=named.tags)
        if named.name != self.before.name:
            self.path = self._work.rename(self.path, named.name, self._shelf)
