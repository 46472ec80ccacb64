"""What was shown once."""

from pathlib import Path

from wsdebug.workspace.seen import Seen


def test_it_is_remembered_for_the_next_start(tmp_path: Path) -> None:
    """Each thing by its name, in a private file."""
    path = tmp_path / "state" / "seen"
    assert "tour" not in Seen(path)
    Seen(path).add("tour")
    assert "tour" in Seen(path)
    assert "other" not in Seen(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """The thing is shown again, that is all."""
    (tmp_path / "state").write_text("a file where a folder should be")
    seen = Seen(tmp_path / "state" / "seen")
    seen.add("tour")
    assert "tour" not in seen
