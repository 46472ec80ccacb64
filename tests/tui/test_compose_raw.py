"""The raw form of the composer under a pilot."""

import pytest

from tests.tui.test_composer import Host, press, shown
from wsdebug.tui.compose_raw import RawForm
from wsdebug.tui.compose_raw_model import RawDraft
from wsdebug.tui.field import Field
from wsdebug.tui.layout import Density

TO_RAW = ["f3"] * 5


async def test_every_bit_is_set_by_the_keyboard() -> None:
    """RSV2, an opcode, a key of one's own, a length that lies; sent exactly so."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, TO_RAW)
        await pilot.press("tab", "tab", "space", "tab", "tab")  # RSV2, on to the opcode
        await pilot.press("tab", "3", "tab", *"a1b2c3d4", "tab", "tab", "9", "tab", "tab")
        await pilot.press(*"68 65 6c 6c 6f")
        await pilot.pause()
        assert "A3 89  A1 B2 C3 D4  C9 D7 AF B8 CE" in shown(host, "#raw-bytes")
        assert "reserved bit set" in shown(host, "#raw-bytes")
        assert "the peer waits for 4 more" in shown(host, "#raw-lie")
        assert "hello" in shown(host, "#raw-shown")
        assert "11 bytes, once" in shown(host, "LastRow")
        assert "unsafe: sent exactly as set" in shown(host, "KindRow")
        await pilot.press("ctrl+j")
        await pilot.pause()
        frame = host.requests[0].frame
        assert frame is not None
        assert (frame.opcode, frame.rsv2, frame.fin) == (3, True, True)
        assert frame.mask == bytes.fromhex("a1b2c3d4")
        assert (frame.payload, frame.declared_length) == (b"hello", 9)
        assert host.query_one("#raw-payload", Field).value == "68 65 6c 6c 6f"  # it stays


async def test_a_fresh_key_is_the_one_that_was_shown() -> None:
    """And each frame has its own."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, TO_RAW)
        for _ in range(2):
            key = host.query_one(RawForm).reading.key
            await pilot.press("ctrl+j")
            await pilot.pause()
            frame = host.requests[-1].frame
            assert frame is not None
            assert frame.mask == key
        masks = {request.frame.mask for request in host.requests if request.frame is not None}
        assert len(masks) == 2


async def test_what_makes_no_frame_is_not_sent() -> None:
    """The words stand in the last row, the value is red."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await press(pilot, TO_RAW)
        host.query_one("#raw-length", Field).focus()
        await pilot.press("x", "ctrl+j")
        await pilot.pause()
        assert host.requests == []
        assert "a length is a number" in shown(host, "LastRow")
        assert host.query_one("#raw-length", Field).has_class("-wrong")


async def test_a_loaded_frame_is_shown_and_rsv1_depends_on_what_was_agreed() -> None:
    """A frame from elsewhere takes the place of the one there was."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        host.composer.load_raw(RawDraft(rsv1=True, payload="01", key="00 00 00 00", is_fresh=False))
        await press(pilot, [])
        assert host.composer.kind == "raw"
        assert "C1 81  00 00 00 00  01" in shown(host, "#raw-bytes")
        assert "reserved bit set" in shown(host, "#raw-bytes")
        host.composer.extensions = "permessage-deflate; client_no_context_takeover"
        await pilot.pause()
        assert "none broken" in shown(host, "#raw-bytes")


@pytest.mark.parametrize(
    ("size", "density"), [((140, 45), "tall"), ((100, 30), "medium"), ((80, 24), "short")]
)
async def test_every_field_is_on_the_screen(size: tuple[int, int], density: Density) -> None:
    """At any size, nothing beyond an edge."""
    host = Host(density)
    async with host.run_test(size=size) as pilot:
        await press(pilot, TO_RAW)
        whole = host.screen.region
        for widget in [
            *host.query("RawForm Field, RawForm Pick, RawForm Check"),
            host.query_one("LastRow"),
        ]:
            assert widget.region.area
            assert widget.region in whole
