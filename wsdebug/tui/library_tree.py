"""The library as rows of a tree: groups, folders, sessions; folded and found, without a screen."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wsdebug.log.filter_facts import Facts
from wsdebug.payload.numbers import frames_words, short_bytes
from wsdebug.tui.library_rows import ended
from wsdebug.workspace.folders import display_name, stem_of
from wsdebug.workspace.library import RecordingInfo
from wsdebug.workspace.shelves import Folder, SessionFile, Shelf

__all__ = ["Found", "Group", "Row", "facts_of", "groups_of", "tree_rows"]

Known = Mapping[Path, RecordingInfo | str]
"""What was read of each file: facts, or why there are none; a file that was not read is not in."""
Found = Callable[[SessionFile], bool]
INTERRUPTED = "Interrupted recordings"
TITLES = {
    "sessions": "Saved in ./sessions",
    "library": "Saved in the library",
    "recordings": "Recordings",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Sessions under a title of their own."""

    title: str
    shelf: Shelf
    folder: Folder


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `key` is the same whatever is folded and found: a title, or a path.

    `count` is how many sessions stand in a group or folder, as far as they are found. `words` say
    what there is to say in place of facts.
    """

    kind: Literal["group", "folder", "session", "gap"]
    key: str | Path = ""
    depth: int = 0
    name: str = ""
    count: int = 0
    is_folded: bool = False
    file: SessionFile | None = None
    shelf: Shelf | None = None
    info: RecordingInfo | None = None
    words: str = ""

    @property
    def folds(self) -> bool:
        """Whether rows stand in it."""
        return self.kind in ("group", "folder") and not self.words

    @property
    def can_be_chosen(self) -> bool:
        """Whether the cursor stands on it."""
        return self.kind != "gap"


def groups_of(shelves: Sequence[Shelf], known: Known) -> list[Group]:
    """The shelves by their titles; recordings that were interrupted stand apart."""
    groups: list[Group] = []
    for shelf in shelves:
        folder = shelf.folder
        if not shelf.has_names:
            crashed = [file for file in folder.files if _is_crashed(known.get(file.path))]
            if crashed:
                groups.append(Group(INTERRUPTED, shelf, Folder(folder.path, files=crashed)))
                rest = [file for file in folder.files if not _is_crashed(known.get(file.path))]
                folder = Folder(folder.path, folder.folders, rest, folder.problem)
        if folder.files or folder.folders or folder.problem:
            groups.append(Group(TITLES[shelf.place], shelf, folder))
    return groups


def _is_crashed(found: RecordingInfo | str | None) -> bool:
    return isinstance(found, RecordingInfo) and found.crashed


def tree_rows(
    groups: Sequence[Group],
    known: Known,
    folded: Collection[str | Path],
    found: Found | None = None,
) -> list[Row]:
    """All rows that are not folded away; with `found` only those sessions, and what they stand in.

    In each folder its folders come first, then its sessions, newest first.
    """
    rows: list[Row] = []
    for group in groups:
        inner = _Inside(group, known, folded, found)
        count, below = inner.rows(group.folder, depth=1, is_folded=group.title in folded)
        if not count and not below:
            continue
        if rows:
            rows.append(Row("gap"))
        is_folded = group.title in folded
        rows.append(Row("group", group.title, 0, group.title, count, is_folded))
        rows += below
    return rows


class _Inside:
    """The rows of one group."""

    def __init__(
        self, group: Group, known: Known, folded: Collection[str | Path], found: Found | None
    ) -> None:
        self._shelf = group.shelf
        self._known = known
        self._folded = folded
        self._found = found

    def rows(self, folder: Folder, *, depth: int, is_folded: bool) -> tuple[int, list[Row]]:
        """How many sessions stand in a folder, and its rows; none where it is folded."""
        count, rows = 0, []
        if folder.problem and self._found is None:
            rows.append(Row("folder", folder.path, depth, words=folder.problem))
        for inner in sorted(folder.folders, key=lambda one: one.path.name.casefold()):
            inner_count, inner_rows = self._folder(inner, depth)
            count += inner_count
            rows += inner_rows
        files = folder.files
        if self._found is not None:
            files = [file for file in files if self._found(file)]
        if is_folded:
            return count + len(files), []
        rows += [self._session(file, depth) for file in sorted(files, key=self._age)]
        return count + len(files), rows

    def _folder(self, folder: Folder, depth: int) -> tuple[int, list[Row]]:
        name = folder.path.name
        if folder.problem:
            row = Row("folder", folder.path, depth, name, words=folder.problem)
            return 0, [row] if self._found is None else []
        is_folded = folder.path in self._folded
        count, below = self.rows(folder, depth=depth + 1, is_folded=is_folded)
        if not count and not below:
            return 0, []
        return count, [Row("folder", folder.path, depth, name, count, is_folded), *below]

    def _session(self, file: SessionFile, depth: int) -> Row:
        found = self._known.get(file.path)
        info = found if isinstance(found, RecordingInfo) else None
        words = found if isinstance(found, str) else ""
        name = display_name(file.path)
        return Row("session", file.path, depth, name, 1, False, file, self._shelf, info, words)

    def _age(self, file: SessionFile) -> tuple[float, str]:
        found = self._known.get(file.path)
        if isinstance(found, RecordingInfo):
            return -found.started.timestamp(), file.path.name
        return -file.modified_ns / 1e9, file.path.name


def facts_of(file: SessionFile, shelf: Shelf, found: RecordingInfo | str | None) -> Facts:
    """What a session is found by: all that is shown of it, and where it stands."""
    name = stem_of(file.path.relative_to(shelf.folder.path))
    if not isinstance(found, RecordingInfo):
        return Facts(f"{name}\n{found or ''}", {"name": name}, {"size": file.size})
    tags = "\n".join(f"#{tag}" for tag in found.tags)
    frames = frames_words(found.frames) if found.frames is not None else ""
    shown = (found.title, name, tags, found.url, ended(found)[0], short_bytes(found.size), frames)
    return Facts(
        "\n".join(shown),
        {"host": found.host, "name": name, "tag": tags, "title": found.title},
        {
            "size": found.size,
            "frames": found.frames,
            "duration": found.duration_us,
            "code": found.code,
        },
    )
