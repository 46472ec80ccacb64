"""Makes `sessions/` and `screenshots/` anew: `python tests/end_to_end/make_examples.py [NAME…]`.

Recorded with the real engine from the real playground, drawn by the real UI; never by hand. With
names only those sessions are made. All of them are replayed by `test_examples.py`.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.playground.server import Playground
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.desk import Desk

ROOT = Path(__file__).parents[2]
PORT = 9911  # as in the README: `wsdebug serve --port 9911` answers them
RECORDED = {  # name: path, frames to wait for, messages to send
    "ticker": ("ticker?rate=50", 20, []),
    "fragments": ("fragments", 8, ['{"type":"subscribe"}']),
    "deflate": ("deflate", 5, ["hello", "hello"]),
    "violations": ("broken?kind=reserved-bit", 2, []),
    "echo": ("echo", 4, ['{"type":"order","side":"buy","px":101.2,"qty":5}', "hello"]),
}


async def record(base: str, name: str, path: str, count: int, messages: list[str]) -> None:
    """One example session."""
    options = ConnectOptions(url=base + path, lenient=name == "violations", close_timeout=1)
    file = ROOT / "sessions" / f"{name}.ws.jsonl"
    live = LiveSession(options, RecordOptions(path=str(file), force=True))
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(live.run())
        await live.open()
        for message in messages:
            await live.send(message)
        if name == "echo":
            await live.send(bytes(range(32)))
            await live.ping(b"7f3a0001")
        while not running.done() and live.counters.frames_in < count:
            await asyncio.wait([running], timeout=0.02)
        await live.disconnect()
    await live.finish()


async def picture(name: str, size: tuple[int, int], *keys: str) -> None:
    """The screen over a session, as SVG."""
    engine = BackgroundEngine()
    desk = Desk(engine)
    session = desk.open_file(ROOT / "sessions" / "echo.ws.jsonl")
    app = WsdebugApp(desk, session, connect=False)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause(0.5)
        target = ROOT / "screenshots" / f"{name}.svg"
        target.write_text(app.export_screenshot(title="wsdebug"))
    session.finish()
    engine.stop()


async def main(names: Sequence[str]) -> None:
    """All of them, or those sessions."""
    async with Playground(port=PORT) as playground:
        for name in names or RECORDED:
            await record(playground.url, name, *RECORDED[name])
    if names:
        return
    await picture("main", (140, 45), "j")
    await picture("frame", (140, 45), "j", "j", "f6", "2")
    bits = ("tab", "tab", "space", "tab", "tab", "tab", "tab")
    raw = (*bits, *"a1 b2 c3 d4", "tab", "tab", "9", "tab", "tab", *"68 65 6c 6c 6f")
    await picture("raw", (140, 45), "c", *["f3"] * 5, *raw)
    await picture("small", (80, 24), "j", "enter")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
