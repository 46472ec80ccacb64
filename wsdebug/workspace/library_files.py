"""What is in the library, and what is done to its files so that it can be taken back."""

from collections.abc import Sequence
from pathlib import Path

from wsdebug.errors import UsageError
from wsdebug.session.annotate import add_meta
from wsdebug.workspace.folders import SUFFIX, library_folder
from wsdebug.workspace.recording import RecordingInfo, look_at
from wsdebug.workspace.save import SESSIONS, make_room, path_in
from wsdebug.workspace.shelves import SessionFile, Shelf, list_shelves
from wsdebug.workspace.trash import Trash, remove_empty

__all__ = ["LibraryFiles"]


class LibraryFiles:
    """Lists sessions; deletes, renames and moves them; gives them titles and tags."""

    def __init__(self, sessions: Path = SESSIONS) -> None:
        self._trash = Trash()
        self._sessions = sessions
        self._known: dict[Path, tuple[SessionFile, RecordingInfo | str]] = {}

    def shelves(self) -> Sequence[Shelf]:
        """What there is, nothing of it read. Takes time with the number of files."""
        return list_shelves(self._sessions)

    def facts(self, file: SessionFile, *, has_name: bool) -> RecordingInfo | str:
        """What its first and last lines say, or why there is nothing to say, in words.

        A file is read again only if it was written since, or is being written.
        """
        known = self._known.get(file.path)
        if known is not None and known[0] == file:
            return known[1]
        found = file.problem or look_at(file.path, saved=has_name)
        if isinstance(found, str) or not found.live:
            self._known[file.path] = file, found
        return found

    def discard(self, path: Path) -> bool:
        """Delete a session; false if it is being written or cannot be deleted."""
        return self._trash.put(path)

    def rename(self, path: Path, name: str, shelf: Shelf) -> Path:
        """Give a session another name on a shelf, `orders/login` for one in a folder, which is
        made if it is not there; an unnamed recording goes to the library. Returns its path.

        Raises UsageError (field `name`) for a name that cannot be or is taken, and for a file
        that is being written; RecordingFailed if there can be no library.
        """
        root = shelf.folder.path if shelf.has_names else library_folder()
        to = path_in(root, name, f"{SUFFIX}.gz" if path.name.endswith(".gz") else SUFFIX)
        if to == path:
            return path
        made = [folder for folder in to.parents if not folder.exists()]
        if not self._trash.move(path, make_room(to), made):
            remove_empty(made)
            raise UsageError(f"{path.name} cannot be moved", field="name")
        return to

    def take_back(self) -> Path | None:
        """Undo what was deleted or renamed last; its path, None if that cannot be."""
        return self._trash.take_back()

    def describe(self, info: RecordingInfo, title: str, tags: Sequence[str]) -> None:
        """Give a session a title and tags. Raises RecordingFailed."""
        add_meta(str(info.path), title=title, tags=tags, time_us=info.duration_us or 0)

    def left(self) -> None:
        """The library was left: what was deleted is gone."""
        self._trash.empty()
