"""Changes to the configuration's file: all else in it stays, whoever wrote it."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.workspace.config_edit import ConfigEditor, changed


@pytest.mark.parametrize(
    ("text", "keys", "value", "after"),
    [
        ("", "theme", "nord", 'theme = "nord"\n'),
        ("", "keymap.save", "f24", '[keymap]\nsave = "f24"\n'),
        ("", "theme", None, ""),
        ("", "keymap.save", None, ""),
        ('theme = "a"', "record", False, 'theme = "a"\nrecord = false\n'),
        ('theme = "a" # mine\n', "theme", "b", 'theme = "b" # mine\n'),
        ('# a\n"theme"="a"\n\nrecord=true\n', "theme", None, "# a\n\nrecord=true\n"),
        ("# of it\n[keymap]\n", "record", True, "record = true\n\n# of it\n[keymap]\n"),
        ("# all\n\n[keymap]\n", "record", True, "# all\nrecord = true\n\n[keymap]\n"),
        (
            'theme = "a"\n\n# keys\n[keymap]\n',
            "record",
            True,
            'theme = "a"\nrecord = true\n\n# keys\n[keymap]\n',
        ),
        (
            '[keymap]\n# one\nsave = "f24" # s\n\n# two\n[connection]\n',
            "keymap.copy",
            "f23",
            '[keymap]\n# one\nsave = "f24" # s\ncopy = "f23"\n\n# two\n[connection]\n',
        ),
        (
            "connection.lenient = true\n",
            "connection.insecure",
            True,
            "connection.lenient = true\nconnection.insecure = true\n",
        ),
        ("connection = {lenient = true}\n", "connection.lenient", None, "connection = {}\n"),
        (
            'theme = "a"\n',
            "redaction.headers",
            ["X-A"],
            'theme = "a"\n\n[redaction]\nheaders = ["X-A"]\n',
        ),
        (
            '[connection]\nheader = [\n "A: 1", # one\n "B: 2", # two\n]\n',
            "connection.header",
            ["A: 1", "C: 3"],
            '[connection]\nheader = [\n "A: 1", # one\n "C: 3",\n]\n',
        ),
        ('theme = "a"\r\n', "record", True, 'theme = "a"\r\nrecord = true\r\n'),
        ("", "connection.bearer", 'a"\\\n', '[connection]\nbearer = "a\\"\\\\\\n"\n'),
    ],
)
def test_only_the_key_changes(text: str, keys: str, value: Any, after: str) -> None:
    """Comments, order, blanks and line ends are the person's."""
    assert changed(text, tuple(keys.split(".")), value) == after


def test_what_cannot_be_changed_without_harm_is_not(tmp_path: Path) -> None:
    """A file that TOML's own rules make strange is left to an editor."""
    with pytest.raises(UsageError, match="only an editor"):
        changed('a = """\n[x\n"""\n', ("theme",), "b")


NAMES = st.sampled_from(["save", "copy", "note"])
TOP = st.sampled_from(["record", "ascii", "reduced_motion"])
COMMENTS = st.sampled_from(["", "# one\n", "\n", "\n# two\n", "# a\n# b\n\n"])


@given(
    st.lists(st.tuples(TOP, COMMENTS), unique_by=lambda one: one[0]),
    st.lists(st.tuples(NAMES, COMMENTS), unique_by=lambda one: one[0]),
    COMMENTS,
    st.tuples(TOP, st.sampled_from([True, None])) | st.tuples(NAMES, st.sampled_from(["f9", None])),
)
def test_nothing_else_is_ever_lost(
    top: list[tuple[str, str]],
    keys: list[tuple[str, str]],
    between: str,
    change: tuple[str, Any],
) -> None:
    """All other lines are there afterwards, in their order."""
    text = "".join(f"{said}{name} = false # {name}\n" for name, said in top) + between
    text += "[keymap]\n" + "".join(f"{said}{name} = 'f1' # {name}\n" for name, said in keys)
    name, value = change
    where = (
        (name,)
        if isinstance(value, bool) or name in ("record", "ascii", "reduced_motion")
        else ("keymap", name)
    )
    after = changed(text, where, value)
    others = [line for line in text.splitlines() if not line.startswith(f"{name} ") and line]
    left = [line for line in after.splitlines() if not line.startswith(f"{name} ") and line]
    assert left == others
    found = tomllib.loads(after)
    table = found if len(where) == 1 else found["keymap"]
    assert table.get(name) == value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with something in it."""
    path = tmp_path / "config.toml"
    path.write_text('# mine\ntheme = "a"\n')
    return path


def accept(before: str, after: str) -> None:
    """Whatever it is."""


def test_it_is_written_whole_with_its_rights(path: Path) -> None:
    """And nothing else stays in the folder."""
    path.chmod(0o640)
    editor = ConfigEditor(path)
    text = editor.change(("theme",), "b", shown="a", judge=accept)
    assert path.read_text() == text == '# mine\ntheme = "b"\n'
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(path.parent) == ["config.toml"]


def test_a_new_file_is_private(tmp_path: Path) -> None:
    """It may hold secrets."""
    path = tmp_path / "wsdebug" / "config.toml"
    ConfigEditor(path).change(("theme",), "b", shown=None, judge=accept)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_link_stays_one(path: Path, tmp_path: Path) -> None:
    """Where the real file is kept with others, that one is changed."""
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    ConfigEditor(link).change(("theme",), "b", shown="a", judge=accept)
    assert link.is_symlink()
    assert 'theme = "b"' in path.read_text()


def write(path: Path, text: str) -> Callable[[str, str], None]:
    """Another program, while the change is judged."""

    def judge(before: str, after: str) -> None:
        path.write_text(text)

    return judge


@pytest.mark.parametrize(
    ("meanwhile", "late", "words"),
    [
        ('theme = "c"\n', "", "another program has changed it in the file"),
        ("", "", "another program has changed it"),
        ("theme = \n", "", "line 1, column 9: invalid value"),
        ("", 'theme = "d"\n', "another program has changed it"),
        (
            'theme = "a"\n',
            'theme = "a"\nrecord = false\n',
            "another program wrote the file at this",
        ),
    ],
)
def test_what_another_wrote_stands(path: Path, meanwhile: str, late: str, words: str) -> None:
    """Between the person's look and the change, and during it; a broken file too."""
    path.write_text(meanwhile)
    judge = write(path, late) if late else accept
    with pytest.raises(UsageError, match=words):
        ConfigEditor(path).change(("theme",), "b", shown="a", judge=judge)
    assert path.read_text() == (late if "at this" in words else meanwhile)
    assert os.listdir(path.parent) == ["config.toml"]


def test_another_key_of_another_is_kept(path: Path) -> None:
    """Both changes are in the file."""
    editor = ConfigEditor(path)
    editor.read()
    path.write_text('# mine\ntheme = "a"\nrecord = false # theirs\n')
    editor.change(("theme",), "b", shown="a", judge=accept)
    assert path.read_text() == '# mine\ntheme = "b"\nrecord = false # theirs\n'


def test_what_is_refused_is_not_written(path: Path) -> None:
    """Nor anything of it."""

    def refuse(before: str, after: str) -> None:
        raise UsageError("no such theme", field="config")

    with pytest.raises(UsageError, match="no such theme"):
        ConfigEditor(path).change(("theme",), "b", shown="a", judge=refuse)
    assert path.read_text() == '# mine\ntheme = "a"\n'


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    """In a sentence."""
    (tmp_path / "a").write_text("")
    with pytest.raises(RecordingFailed, match="cannot be written: "):
        ConfigEditor(tmp_path / "a" / "b" / "config.toml").change(
            ("theme",), "b", shown=None, judge=accept
        )
