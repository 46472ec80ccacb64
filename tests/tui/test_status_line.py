"""The last row: what goes first where there is too little room."""

import pytest
from textual.app import App, ComposeResult

from wsdebug.tui.status_line import StatusLine, Traffic

BUSY = Traffic(
    frames_out=12_345,
    bytes_out=1 << 20,
    frames_in=574_343,
    bytes_in=38 << 20,
    round_trip_ns=18_000_000,
    connected=True,
    file="a recording with a long name 2026-11-26 06-29-44.ws.jsonl",
    file_size=59 << 20,
    label="recording",
)


class Host(App[None]):
    """The row alone."""

    def compose(self) -> ComposeResult:
        """It."""
        yield StatusLine()


@pytest.mark.parametrize(("width", "shows_name"), [(200, True), (140, False), (80, False)])
async def test_numbers_go_before_the_name_of_the_file(width: int, shows_name: bool) -> None:
    """All counters are whole at every width; the file's size is always there."""
    app = Host()
    async with app.run_test(size=(width, 24)) as pilot:
        line = app.query_one(StatusLine)
        line.traffic = BUSY
        line.spark = (99_614,) * 16
        await pilot.pause()
        text = line.render_line(0).text
        assert "12,345" in text
        assert "574,343" in text
        assert "99,614/s   ping 18 ms" in text
        assert "59" in text
        assert "? keys" in text
        assert (BUSY.file in text) == shows_name


async def test_a_bucket_is_a_quarter_of_a_second_however_rarely_is_looked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At rest that is once a second."""
    app, now = Host(), 100.0
    async with app.run_test():
        line = app.query_one(StatusLine)
        monkeypatch.setattr("wsdebug.tui.status_line.time.monotonic", lambda: now)
        line.tick(Traffic(frames_in=0))
        for passed, frames in ((0.25, 5), (0.25, 5), (1.0, 9)):
            now += passed
            line.tick(Traffic(frames_in=frames))
        assert line.spark[-6:] == (20, 0, 4, 4, 4, 4)
