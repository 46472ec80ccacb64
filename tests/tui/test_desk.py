"""What outlasts one session."""

import pytest

from wsdebug.errors import RecordingFailed
from wsdebug.tui.desk import Desk


@pytest.mark.parametrize("error", [OSError("no"), RecordingFailed("no", path="")])
def test_what_keeps_folders_from_being_tidied_keeps_nobody_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The list of recordings waits for that, in a thread which the end waits for."""

    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr("wsdebug.tui.desk.sweep", fail)
    try:
        desk.tidy()
    except OSError:
        assert isinstance(error, OSError)
    else:
        assert isinstance(error, RecordingFailed)
    assert desk.recordings().are_none
