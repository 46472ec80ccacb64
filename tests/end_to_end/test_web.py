"""The screen in a browser: what a person does there, who is let in, and what ends with the page."""

import asyncio
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.end_to_end.chromium import CHROMIUM, Chromium
from wsdebug.tui import browser

PATIENCE = 30.0  # seconds
MESSAGE = "{'to': \"ü\"}"
F5 = "\x1b[15~"
WINDOW = 1 << 18  # bytes that are sent to a page which says nothing of what it has drawn


class Servers:
    """Starts `wsdebug web` and `wsdebug serve`."""

    def __init__(self, home: Path) -> None:
        self.running: dict[subprocess.Popen[str], str] = {}
        self._home = home

    def start(self, *arguments: str, says: str = "") -> str:
        """With these arguments; the address that is printed. On stderr it `says` that, no more."""
        process = subprocess.Popen(
            [sys.executable, "-m", "wsdebug", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._home,
            env=os.environ | {"WSDEBUG_HOME": str(self._home)},
        )
        self.running[process] = says
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def kill(self) -> None:
        """The last one, so that it can do nothing more."""
        process, _ = self.running.popitem()
        process.kill()
        process.communicate(timeout=PATIENCE)

    def end(self) -> None:
        """All, by Ctrl-C: that is 0, and nothing is said."""
        for process in self.running:
            process.send_signal(signal.SIGINT)
        for process, says in self.running.items():
            out, errors = process.communicate(timeout=PATIENCE)
            assert (process.returncode, out, errors) == (0, "", says)
        self.running.clear()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """They end well after each test."""
    servers = Servers(tmp_path)
    yield servers
    servers.end()


def page_of(url: str, *, origin: str | None = None, name: str = "") -> ClientConnection:
    """The socket that a page of some name opens, of 100 by 30 cells."""
    address = f"{url.replace('http:', 'ws:')}ws?width=100&height=30&page={name}"
    wanted = Origin(origin) if origin else None
    return connect(address, proxy=None, origin=wanted, max_queue=None, legacy=True)


def read_until(page: ClientConnection, words: bytes) -> bytes:
    """What the screen draws until some words are among it; all of it is drawn at once."""
    found = b""
    while words not in found:
        data = page.recv(PATIENCE)
        assert isinstance(data, bytes)
        found += data
        with suppress(ConnectionClosed):  # those were its last words
            page.send(json.dumps(["drawn", len(data)]))
    return found


def until(holds: Callable[[], bool]) -> None:
    """Look again and again until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def recordings(home: Path) -> list[str]:
    """What has been recorded."""
    return [path.read_text() for path in (home / "recordings").glob("*.ws.jsonl")]


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_message_goes_out_and_comes_back_in_chromium(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """The page loads nothing from elsewhere, nothing is refused to it; it can be loaded again."""
    url = servers.start("web", f"{servers.start('serve').rstrip('/')}/echo")
    echo = re.compile(f"← text .*{re.escape(MESSAGE)}")
    chromium = Chromium(tmp_path_factory.mktemp("chromium"))
    try:
        chromium.open(url)
        chromium.shows("open 00:")
        chromium.type(f"c{MESSAGE}")
        chromium.press("F8", 119)
        chromium.until(lambda: echo.search(chromium.text) is not None)
        asked = [event["params"]["request"]["url"] for event in chromium.of("requestWillBeSent")]
        assert asked
        assert [one for one in asked if not one.startswith(url)] == []
        assert chromium.of("exceptionThrown") == chromium.of("loadingFailed") == []
        assert not [event for event in chromium.of("entryAdded") if "error" in str(event)]
        chromium.run("socket = null")  # or it would ask before it leaves
        chromium.open(url)  # the session is still there
        chromium.until(lambda: echo.search(chromium.text) is not None)
    finally:
        chromium.close()
        servers.end()
    until(lambda: '"event":"end"' in recordings(tmp_path)[0])
    lines = [json.loads(line) for line in recordings(tmp_path)[0].splitlines()]
    sent = [line["send"] for line in lines if "send" in line and "op" not in line]
    assert sent == [line["recv"] for line in lines if "recv" in line and "op" not in line]
    assert sent == [MESSAGE]


@pytest.mark.parametrize("path", ["", "ws", "static/js/textual.js", "page/page.js", "nothing"])
def test_who_does_not_know_the_address_gets_nothing(servers: Servers, path: str) -> None:
    """Nor does a page of another origin, nor a name that was made to lead here."""
    parts = urlsplit(servers.start("web"))
    host, token = parts.netloc, parts.path.strip("/")

    def status(start: str, **headers: str) -> int:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        client = http.client.HTTPConnection(host, timeout=PATIENCE)
        client.request("GET", f"{start}{path}", headers={"Host": host} | names)
        answer = client.getresponse()
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert (answer.status == 403) == (b"whole address" in answer.read())
        client.close()
        return answer.status

    good = {"": 200, "ws": 400, "nothing": 404}.get(path, 200)
    assert status(f"/{token}/") == good
    assert status(f"/{token}/", Origin=f"http://{host}") == good
    for name in ("localhost:1", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080"):  # as by ssh -L
        assert status(f"/{token}/", Host=name, Origin=f"http://{name}") == good
    assert status("/") == status(f"/{token[:-1]}/") == status(f"/{token}x/") == 403
    assert status("/%ff/") == status(f"/?token={token}&x=/") == 403
    for name in (
        "evil.example",
        f"evil.example:{parts.port}",
        "127.0.0.1.evil.example",
        "10.0.0.1",
    ):
        assert status(f"/{token}/", Host=name) == 403
    for origin in ("null", "http://evil.example", f"https://{host}", "http://127.0.0.1:1"):
        assert status(f"/{token}/", Origin=origin) == 403


def test_a_socket_is_refused_to_other_pages(servers: Servers) -> None:
    """Though they may know the address."""
    url = servers.start("web")
    with pytest.raises(InvalidStatus) as refused, page_of(url, origin="http://evil.example"):
        pass
    assert refused.value.response.status_code == 403


def test_a_session_ends_with_its_page(servers: Servers, tmp_path: Path) -> None:
    """Its process too, and its recording is complete; each page is a session of its own."""
    url = servers.start("web", "demo")
    with page_of(url) as page, page_of(url) as other:
        read_until(page, b"open")
        read_until(other, b"open")
        until(lambda: len(recordings(tmp_path)) == 2)
        other.close()
        until(lambda: sum('"event":"end"' in text for text in recordings(tmp_path)) == 1)
        page.send(json.dumps(["stdin", "\x11"]))
        read_until(page, b"Quit?")
        page.send(json.dumps(["stdin", "q"]))
        with pytest.raises(ConnectionClosed):
            read_until(page, b"nothing like that")
    until(lambda: all('"event":"end"' in text for text in recordings(tmp_path)))


def test_a_page_that_is_loaded_again_has_its_session(servers: Servers, tmp_path: Path) -> None:
    """All of the screen, and the keys; also where the server has not noticed that it has gone."""
    url = servers.start("web", "demo")
    with page_of(url, name="a") as page:
        read_until(page, b"open")
        page.send(json.dumps(["stdin", "first"]))
        read_until(page, b"first")
    with page_of(url, name="a") as gone:
        read_until(gone, b"first")
        with page_of(url, name="a") as page:
            page.send(json.dumps(["stdin", "-second"]))
            read_until(page, b"first-second")
            with pytest.raises(ConnectionClosed):
                read_until(gone, b"nothing like that")
            with page_of(url, name="b") as other:
                read_until(other, b"open")
                until(lambda: len(recordings(tmp_path)) == 2)
    servers.end()
    assert len(recordings(tmp_path)) == 2
    assert all('"event":"end"' in text for text in recordings(tmp_path))


async def test_a_session_whose_page_does_not_come_back_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In order, with its recording."""
    monkeypatch.setattr(browser, "KEPT", 0.1)
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    server = browser.BrowserServer([sys.executable, "-P", "-m", "wsdebug", "demo"], "t")
    runner = web.AppRunner(server.app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        host, port = runner.addresses[0]
        url = f"http://{host}:{port}/t/"

        def visit() -> None:
            with page_of(url, name="a") as page:
                read_until(page, b"open")
            until(lambda: '"event":"end"' in recordings(tmp_path)[0])

        await asyncio.to_thread(visit)
    finally:
        await runner.cleanup()


def test_after_a_quit_the_page_begins_anew(servers: Servers, tmp_path: Path) -> None:
    """There is nothing to come back to."""
    url = servers.start("web", "demo")
    with page_of(url, name="a") as page:
        read_until(page, b"open")
        page.send(json.dumps(["stdin", "\x11"]))
        read_until(page, b"Quit?")
        page.send(json.dumps(["stdin", "q"]))
        with pytest.raises(ConnectionClosed):
            read_until(page, b"nothing like that")
    with page_of(url, name="a") as page:
        read_until(page, b"open")
        until(lambda: len(recordings(tmp_path)) == 2)


@pytest.mark.parametrize("end", [Servers.end, Servers.kill])
def test_a_session_ends_with_the_server(
    servers: Servers, tmp_path: Path, end: Callable[[Servers], None]
) -> None:
    """In order after Ctrl-C, and also where the server cannot say anything any more."""
    with page_of(servers.start("web", "demo")) as page:
        read_until(page, b"open")
        until(lambda: bool(recordings(tmp_path)))
        end(servers)
        until(lambda: '"event":"end"' in recordings(tmp_path)[0])


def test_why_it_does_not_start_stands_in_the_page(servers: Servers) -> None:
    """And where the server was started."""
    words = "wsdebug: cannot read none.ws.jsonl: no such file or directory\n"
    url = servers.start("web", "open", "none.ws.jsonl", says=words)
    with page_of(url) as page:
        assert words.strip().encode() in read_until(page, b"directory")
        with pytest.raises(ConnectionClosed):
            page.recv(PATIENCE)


def test_a_page_out_of_sight_is_sent_little_and_then_what_is_true(
    servers: Servers, tmp_path: Path
) -> None:
    """It draws nothing then. Recording goes on, keys are taken, and what comes next is of now."""
    url = servers.start("web", f"{servers.start('serve').rstrip('/')}/ticker?rate=5000")
    with page_of(url) as page:
        sent = 0
        while sent < WINDOW:
            sent += len(page.recv(PATIENCE))
        recorded = len(recordings(tmp_path)[0])
        until(lambda: len(recordings(tmp_path)[0]) > recorded + 500_000)
        with pytest.raises(TimeoutError):
            page.recv(0)
        page.send(json.dumps(["stdin", F5]))
        until(lambda: '"event":"closed"' in recordings(tmp_path)[0])
        page.send(json.dumps(["drawn", sent]))
        rest = read_until(page, b"closed by you")
        assert len(rest) < 2 * WINDOW


def test_the_debug_log_is_kept_by_the_screens_too(servers: Servers, tmp_path: Path) -> None:
    """Without the address, which is the key to all of it."""
    url = servers.start("web", "demo", "--log", "log")
    with page_of(url) as page:
        read_until(page, b"open")
        log = (tmp_path / "log").read_text()
    assert ["command web," in log, "command demo," in log] == [True, True]
    assert urlsplit(url).path.strip("/") not in log
