"""Bytes in the inspector: walked through, selected, read as numbers, found, copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import main_of, until, until_state
from tests.tui.test_inspector import HEADER, Host, b64, screen, show, write
from wsdebug.log.log import FrameLog
from wsdebug.payload.byte_range import ByteRange
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import ASCII, UNICODE, Glyphs
from wsdebug.tui.inspect_copy import LARGEST, copies_of_bytes
from wsdebug.tui.inspect_find import ByteFinder
from wsdebug.tui.inspect_lines import width_of
from wsdebug.tui.inspect_payload import Payload, PayloadDocument, payload_document
from wsdebug.tui.inspect_readings import reading_lines
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keys import keys_of
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.settings_form import Note

DATA = bytes(range(128, 228)) + b"hello, hello"
BYTES, TEXT, SPLIT, TALK = 2, 3, 4, 6


class ByteHost(Host):
    """Keeps what the finder says."""

    def on_byte_finder_said(self, message: ByteFinder.Said) -> None:
        """Remember."""
        self.asked.append(message)

    @property
    def said(self) -> list[str]:
        """All of it."""
        return [one.words for one in self.asked if isinstance(one, ByteFinder.Said)]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FrameLog]:
    """Bytes, text, and bytes in two frames."""
    lines = [
        HEADER,
        {"t": 1.0, "op": "binary", "recv": b64(DATA)},
        {"t": 2.0, "recv": "hello"},
        {"t": 3.0, "op": "binary", "fin": False, "recv": b64(b"\x01\x02")},
        {"t": 3.5, "op": "cont", "recv": b64(b"\x03\x04")},
        {"t": 4.0, "recv": '{"a": 1}'},
    ]
    log = write(tmp_path / "bytes.ws.jsonl", lines)
    yield log
    log.close()


def picked(inspector: Inspector) -> tuple[int, int]:
    """First and last byte on the ground."""
    document = inspector.document
    assert isinstance(document, PayloadDocument)
    assert document.hex is not None
    assert document.hex.picked is not None
    return document.hex.picked.start, document.hex.picked.end - 1


def listed(pilot: Pilot[None]) -> set[str]:
    """The keys in the help."""
    return {key for group in keys_of(pilot.app.screen) for one in group.lines for key in one.keys}


async def test_the_cursor_walks_byte_by_byte(log: FrameLog) -> None:
    """Rows keep the column, ends are ends, and the keys of other views are gone there."""
    async with ByteHost(log).run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BYTES)
        assert picked(inspector) == (0, 0)
        for keys, place in (
            (["right", "right", "down", "j"], 18),
            (["up", "left"], 9),
            (["G"], len(DATA) - 1),
            (["right", "pagedown"], len(DATA) - 1),
            (["up"], len(DATA) - 9),
            (["g", "left", "up"], 0),
        ):
            await pilot.press(*keys)
            assert picked(inspector) == (place, place)
        assert inspector.position == "byte 0 of 112"
        assert {"left", "shift+down", "ctrl+g"} <= listed(pilot)
        await show(pilot, TALK)
        assert not {"left", "shift+down", "ctrl+g"} & listed(pilot)


async def test_shift_selects_and_the_foot_reads_it(log: FrameLog) -> None:
    """As numbers in both orders, as text, as bits."""
    host = ByteHost(log)
    async with host.run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BYTES)
        little = int.from_bytes(DATA[:8], "little")
        assert f" uint64   {little}  9259825810226120327" in screen(host)
        await pilot.press("right", "shift+right", "shift+right", "shift+right")
        rows = screen(host)
        assert picked(inspector) == (1, 4)
        assert f" 0x1  4 bytes  {'─' * 36}" in rows
        assert " int32    -2071756159          -2122153084" in rows
        assert " bits     10000001 10000010 10000011 10000100" in rows
        assert " uint64" in rows
        assert rows[-2].startswith(" bytes 1–4 of 112")
        await pilot.press("shift+down", "shift+left")
        assert picked(inspector) == (1, 11)
        await pilot.press("shift+home")
        assert picked(inspector) == (0, 1)
        await pilot.press("shift+end")
        assert picked(inspector) == (1, len(DATA) - 1)
        await pilot.press("left")
        assert picked(inspector) == (len(DATA) - 2, len(DATA) - 2)


async def test_the_mouse_selects(log: FrameLog) -> None:
    """From where it is pressed to where it is let go; with shift from the cursor; letters too."""
    async with ByteHost(log).run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BYTES)
        hex_row, letters = 8, 34
        await pilot.mouse_down(Inspector, offset=(7, hex_row))
        await pilot.hover(Inspector, offset=(13, hex_row + 1))
        await pilot.mouse_up(Inspector, offset=(13, hex_row + 1))
        assert picked(inspector) == (0, 10)
        await pilot.hover(Inspector, offset=(7, hex_row + 3))
        assert picked(inspector) == (0, 10)
        await pilot.click(Inspector, offset=(letters + 2, hex_row + 2))
        assert picked(inspector) == (18, 18)
        await pilot.click(Inspector, offset=(letters + 7, hex_row), shift=True)
        assert picked(inspector) == (7, 18)
        await pilot.mouse_down(Inspector, offset=(7, hex_row))
        for _ in range(30):
            await pilot.hover(Inspector, offset=(7, 40))
            await pilot.hover(Inspector, offset=(8, 40))
        await pilot.mouse_up(Inspector, offset=(8, 40))
        assert picked(inspector)[1] > 40  # below the edge it goes on


async def test_what_is_selected_stays_so_at_another_size(log: FrameLog) -> None:
    """But not for another row."""
    async with ByteHost(log).run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BYTES)
        await pilot.press("right", "shift+right")
        await pilot.resize_terminal(90, 30)
        await pilot.pause()
        assert picked(inspector) == (1, 2)
        assert "0010  90 91" in inspector.text
        pilot.app.query_one(Input).focus()
        await pilot.pause()
        assert picked(inspector) == (1, 2)
        inspector.focus()
        await show(pilot, SPLIT)
        assert picked(inspector) == (0, 0)


async def answer(pilot: Pilot[None], key: str, *typed: str) -> None:
    """Open a dialog, and type into its empty field."""
    await pilot.press(key)
    await pilot.pause()
    pilot.app.screen.query_one(Field).value = ""
    await pilot.press(*typed, "enter")
    await pilot.pause()


async def test_bytes_are_found_one_after_the_other(log: FrameLog) -> None:
    """And around the end; what was typed is there again."""
    host = ByteHost(log)
    async with host.run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BYTES)
        await answer(pilot, "ctrl+f", *"hello")
        assert picked(inspector) == (100, 104)
        for key, place in (("n", 107), ("n", 100), ("N", 107), ("N", 100)):
            await pilot.press(key)
            assert picked(inspector) == (place, place + 4)
        await pilot.press("ctrl+f")
        await pilot.pause()
        assert host.screen.query_one(Field).value == "hello"
        await pilot.press("escape")
        await answer(pilot, "ctrl+f", *"82 83")
        assert picked(inspector) == (2, 3)
        await answer(pilot, "ctrl+f", *'"82"')
        await answer(pilot, "ctrl+f")
        assert "type bytes as hex, or text" in str(host.screen.query_one(Note).render())
        await pilot.press("escape")
        assert picked(inspector) == (2, 3)
        assert host.said == [
            "found at 100 (0x64)",
            "found at 107 (0x6b)",
            "found at 100 (0x64), around the end",
            "found at 107 (0x6b), around the end",
            "found at 100 (0x64)",
            "found at 2 (0x2), around the end",
            "nowhere in this payload",
        ]


async def test_n_without_anything_to_find_asks_for_it(log: FrameLog) -> None:
    """What stands under the cursor is found first."""
    host = ByteHost(log)
    async with host.run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BYTES)
        await answer(pilot, "n", *"8081")
        assert picked(inspector) == (0, 1)


async def test_offsets_are_gone_to(log: FrameLog) -> None:
    """From the start, from the end, from here; what cannot be is said."""
    host = ByteHost(log)
    async with host.run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BYTES)
        await answer(pilot, "ctrl+g", *"0x20")
        assert picked(inspector) == (32, 32)
        await answer(pilot, "ctrl+g", *"+0x10")
        assert picked(inspector) == (48, 48)
        await answer(pilot, "ctrl+g", *"112")
        assert picked(inspector) == (48, 48)
        note = host.screen.query_one(Note)  # the dialog stays, and says what is wrong
        assert "the last byte is 111 (0x6f)" in str(note.render())
        assert host.said == []
        host.screen.query_one(Field).value = "111"
        await pilot.press("enter")
        assert picked(inspector) == (111, 111)


async def test_what_is_selected_is_what_is_copied(log: FrameLog) -> None:
    """In four ways; without a selection, the row is."""
    async with ByteHost(log).run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BYTES)
        assert inspector.copies_at_cursor() == []
        await pilot.press("shift+right")
        copies = {one.name: one.text for one in inspector.copies_at_cursor()}
        assert copies == {
            "2 bytes as hex": "80 81",
            "2 bytes as base64": "gIE=",
            "2 bytes as Python": r"b'\x80\x81'",
        }
        await pilot.press("G", *["shift+left"] * 4)
        assert [one.text for one in inspector.copies_at_cursor()][:2] == ["68 65 6c 6c 6f", "hello"]
    assert copies_of_bytes(bytes(LARGEST + 1), ByteRange(0, LARGEST)) == []


async def test_frames_of_a_message_stay_reachable(log: FrameLog) -> None:
    """The list above the bytes comes back into sight with the first of them."""
    host = ByteHost(log)
    async with host.run_test(size=(52, 12)) as pilot:
        inspector = await show(pilot, SPLIT)
        await pilot.press("3", "G")
        assert picked(inspector) == (3, 3)
        await pilot.press("g")
        assert inspector.scroll_offset.y == 0
        assert any("binary" in row for row in screen(host))


@pytest.mark.parametrize("width", [52, 60, 84, 140])
@pytest.mark.parametrize("room", [1, 7, 12, 40])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("last", [0, 1, 7, 300])
def test_readings_fit(width: int, room: int, last: int, glyphs: Glyphs) -> None:
    """Into the width, and into the rows there are, some left for the dump."""
    data = b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8" + "é".encode() * 200
    rows = reading_lines(data, ByteRange(0, last), width, room, glyphs)
    assert all(width_of(row.parts) <= width - 1 for row in rows)
    assert len(rows) == 1 or len(rows) <= room - 4


def test_a_huge_payload_costs_what_is_seen_of_it() -> None:
    """Its last line and the readings there, without laying out the others."""
    document = payload_document(Payload(bytes(64 * 1024 * 1024)), "hex", 52, UNICODE)
    assert isinstance(document, PayloadDocument)
    whole = document.with_picked(ByteRange(0, 64 * 1024 * 1024 - 1))
    assert len(whole) == 8 * 1024 * 1024
    assert whole.line(len(whole) - 1).position == "bytes 0–67,108,863 of 67,108,864"
    assert len(whole.foot(40)) < 20


@pytest.mark.parametrize("key", ["down", "shift+right", "g"])
async def test_a_cursor_key_holds_a_log_that_follows(app: WsdebugApp, key: str) -> None:
    """What is walked through stays, whatever comes after it, the same bytes too."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        main = main_of(app)
        region, inspector = main.query_one(LogRegion), main.query_one(Inspector)
        await pilot.press("f3", *"00010203", "ctrl+j")
        await until(pilot, lambda: main.session.counters.frames_in == 1)
        await until(pilot, lambda: inspector.bytes_shown == b"\0\1\2\3")
        inspector.focus()
        assert region.view.is_following
        line = region.view.line
        await pilot.press(key)
        await until(pilot, lambda: not region.view.is_following)
        main.session.submit(SendRequest("binary", b"\0\1\2\3"))
        await until(pilot, lambda: main.session.counters.frames_in == 2)
        await until(pilot, lambda: region.view.newer > 0)
        assert region.view.line == line
        region.view.focus()
        await pilot.press("end")
        await until(pilot, lambda: inspector.position.startswith("byte 0"))
        main.session.submit(SendRequest("binary", b"\0\1\2\3"))
        await until(pilot, lambda: main.session.counters.frames_in == 3)
        await until(pilot, lambda: region.view.line == main.session.log.index.lines)  # type: ignore[union-attr]
        assert region.view.is_following
