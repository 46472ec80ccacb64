"""The name of a recording that nobody asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.errors import RecordingFailed
from wsdebug.tui.desk import Desk


@pytest.mark.parametrize("asked_for", [False, True])
def test_a_name_that_was_taken_meanwhile_is_not_insisted_on(
    desk: Desk, tmp_path: Path, asked_for: bool
) -> None:
    """Two that begin in the same second find the same name free; a name of the user's is his."""
    taken = tmp_path / "taken.ws.jsonl"
    taken.write_text("of another wsdebug")
    names = iter([taken, tmp_path / "taken 2.ws.jsonl"])

    def record_for(_: ConnectOptions) -> RecordOptions:
        return replace(RecordOptions(asked_for=asked_for), path=str(next(names)))

    session = desk.new_session(ConnectOptions(f"{desk.demo_url()}echo"))
    try:
        if asked_for:
            with pytest.raises(RecordingFailed, match="exists"):
                session.connect(record_for)
        else:
            session.connect(record_for)
            assert session.path == tmp_path / "taken 2.ws.jsonl"
    finally:
        session.finish()
    assert taken.read_text() == "of another wsdebug"
