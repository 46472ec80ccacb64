"""The library as rows, and the order in which it is read; without a screen."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from wsdebug.log.filter_facts import facts_test
from wsdebug.tui.library_tree import facts_of, groups_of, tree_rows
from wsdebug.tui.library_work import PAUSE, SMALL, Contents, LibraryWork, read_contents
from wsdebug.workspace.library import RecordingInfo
from wsdebug.workspace.shelves import Folder, SessionFile, Shelf

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)


def file(name: str, *, size: int = 100, minutes: int = 0) -> SessionFile:
    """A file that was written so many minutes before noon."""
    written = NOON - timedelta(minutes=minutes)
    return SessionFile(Path(f"/r/{name}.ws.jsonl"), size, round(written.timestamp() * 1e9))


def facts(one: SessionFile, minutes: int, **more: Any) -> RecordingInfo:
    """Its facts: begun so many minutes before noon."""
    started = NOON - timedelta(minutes=minutes)
    values = {"frames": 7, "size": one.size, "last": "closed 1000", "url": "ws://a/", **more}
    return RecordingInfo(one.path, started=started, **values)


A, B, C = file("a", minutes=9), file("b", minutes=5), file("orders/c")
SAVED = Shelf("library", Folder(Path("/r"), [Folder(Path("/r/orders"), files=[C])], [A, B]))


def names(rows: Sequence[Any]) -> list[str]:
    """What the rows are called, with two spaces for each step inwards."""
    return [f"{'  ' * row.depth}{row.name}" for row in rows]


def test_folders_come_first_then_the_newest() -> None:
    """By when it began, once that is known; until then by when it was written."""
    groups = groups_of([SAVED], {})
    title, folder, inner = "Saved in the library", "  orders", "    c"
    assert names(tree_rows(groups, {}, ())) == [title, folder, inner, "  b", "  a"]
    known = {A.path: facts(A, 1), B.path: facts(B, 2)}
    assert names(tree_rows(groups, known, ())) == [title, folder, inner, "  a", "  b"]
    assert names(tree_rows(groups, known, {Path("/r/orders")})) == [title, folder, "  a", "  b"]
    assert names(tree_rows(groups, known, {title})) == [title]
    assert [row.count for row in tree_rows(groups, known, ())] == [3, 1, 1, 1, 1]
    found = tree_rows(groups, known, (), lambda one: one is C)
    assert (names(found), found[0].count) == ([title, folder, inner], 1)


def test_interrupted_recordings_stand_apart() -> None:
    """As soon as that is known."""
    shelf = Shelf("recordings", Folder(Path("/r"), files=[A, B]))
    known: dict[Path, RecordingInfo | str] = {A.path: facts(A, 1, crashed=True)}
    known[B.path] = "no session"
    assert [group.title for group in groups_of([shelf], {})] == ["Recordings"]
    rows = tree_rows(groups_of([shelf], known), known, ())
    assert names(rows) == ["Interrupted recordings", "  a", "", "Recordings", "  b"]
    assert [row.words for row in rows] == ["", "", "", "", "no session"]


def test_what_a_place_cannot_show_is_one_row() -> None:
    """A library that may not be entered; while something is looked for, it is out of the way."""
    groups = groups_of([Shelf("library", Folder(Path("/r"), problem="cannot be read"))], {})
    rows = tree_rows(groups, {}, ())
    assert [(row.kind, row.words, row.folds) for row in rows] == [
        ("group", "", True),
        ("folder", "cannot be read", False),
    ]
    assert tree_rows(groups, {}, (), lambda one: True) == []


@pytest.mark.parametrize(
    "text",
    [
        "name:orders/c",
        "host:h.example:8443",
        "title:login tag:auth",
        "#auth",
        "v2/feed?x=1",
        "closed 1006",
        "code:1006 frames:12000.. size:3M duration:1m..2m",
        '"12,000 frames"',
        "3.0 mb",
    ],
)
def test_a_session_is_found_by_all_that_is_shown(text: str) -> None:
    """Facts and where it stands."""
    info = facts(
        file("orders/c", size=3 << 20),
        1,
        url="wss://h.example:8443/v2/feed?x=1",
        title="The Login",
        tags=("auth",),
        frames=12_000,
        last="closed 1006",
        duration_us=90_000_000,
    )
    assert facts_test(text)(facts_of(C, SAVED, info))
    assert not facts_test(text)(facts_of(A, SAVED, facts(A, 1)))


@pytest.mark.parametrize(
    ("text", "holds"), [("orders/c", True), ("no session", True), ("1", False)]
)
def test_what_is_not_known_is_found_by_its_name(text: str, holds: bool) -> None:
    """And by why it is not; by its size, too."""
    assert facts_test(text)(facts_of(C, SAVED, "no session")) is holds
    assert facts_test("size:100 name:c")(facts_of(C, SAVED, None))


def read(files: list[SessionFile], seconds: float, wanted: int = 10_000) -> list[Contents]:
    """What is handed on where each look at the clock comes so many seconds after the last."""
    work = Mock(spec=LibraryWork)
    work.shelves.return_value = [Shelf("recordings", Folder(Path("/r"), files=files))]
    work.facts.side_effect = lambda one, has_name: one.path.name
    taken: list[Contents] = []
    clock, asked = count(), count(1)
    read_contents(work, taken.append, lambda: next(asked) <= wanted, lambda: next(clock) * seconds)
    return taken


def test_few_files_are_shown_once() -> None:
    """All there is, known."""
    (contents,) = read([A, B], 0)
    assert contents.is_complete
    assert set(contents.known) == {A.path, B.path}


def test_many_files_are_shown_ever_more_rarely() -> None:
    """Each time twice as many."""
    files = [file(f"n{number}") for number in range(200)]
    sizes = [len(contents.known) for contents in read(files, PAUSE / 8)]
    assert sizes[-1] == 200
    assert len(sizes) < 8
    steps = [after - before for before, after in pairwise(sizes)]
    assert steps[:-1] == sorted(steps[:-1])


def test_what_may_take_long_comes_last() -> None:
    """When all others are shown; and nobody waits for it who has left."""
    large = file("large", size=SMALL + 1)
    first, last = read([large, A, B], 0)
    assert set(first.known) == {A.path, B.path}
    assert not first.is_complete
    assert large.path in last.known
    assert read([large, A, B], 0, wanted=2) == []
