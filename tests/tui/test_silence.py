"""A silence that lasts is told while it does."""

from tests.tui.conftest import main_of, until, until_state
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.log_heading import LogHeading
from wsdebug.tui.silence import Quiet

SECOND = 1_000_000_000  # ns


def test_how_long_nothing_came() -> None:
    """From the last frame, or from when the connection was open."""
    quiet = Quiet()
    assert quiet.look(0, 5 * SECOND, is_open=False) == 0
    assert quiet.look(0, 6 * SECOND, is_open=True) == 0
    assert quiet.look(0, 8 * SECOND, is_open=True) == 2_000_000
    assert quiet.look(3, 9 * SECOND, is_open=True) == 0
    assert quiet.look(3, 40 * SECOND, is_open=True) == 31_000_000
    assert quiet.look(3, 41 * SECOND, is_open=False) == 0
    assert quiet.look(3, 42 * SECOND, is_open=True) == 0


async def test_the_heading_tells_it(app: WsdebugApp) -> None:
    """Of an open connection on which nothing comes; no more once something does."""
    now_ns = app.desk.clock()
    app.desk.clock = lambda: now_ns
    async with app.run_test(size=(140, 40)) as pilot:
        heading = main_of(app).query_one(LogHeading)
        await until_state(pilot, app, "open")
        await until(pilot, lambda: "following" in heading.render().plain)
        assert "silent" not in heading.render().plain
        main_of(app).catch_up()
        now_ns += 31 * SECOND
        await until(pilot, lambda: "silent 31 s   following" in heading.render().plain)
        await pilot.press(*"hello", "ctrl+j")
        await until(pilot, lambda: "silent" not in heading.render().plain)
