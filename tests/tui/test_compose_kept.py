"""Messages and raw frames as they are kept by a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.tui.compose_kept import (
    Kept,
    filled_in,
    kept_of_message,
    message_of,
    one_line,
    placeholders_of,
)
from wsdebug.tui.compose_model import Draft
from wsdebug.tui.compose_raw_model import LENGTH_FORMS, PAYLOAD_FORMS, RawDraft
from wsdebug.workspace.history import SentMessage

RAW = st.builds(
    RawDraft,
    opcode=st.integers(0, 15),
    length_form=st.sampled_from(LENGTH_FORMS),
    form=st.sampled_from(PAYLOAD_FORMS),
    key=st.text(),
    length=st.text(),
    payload=st.text(),
)


@given(RAW)
def test_a_raw_frame_comes_back_as_it_was_set(raw: RawDraft) -> None:
    """Every bit of it."""
    message = message_of(raw)
    assert message.kind == "raw"
    assert kept_of_message(message) == raw


def test_what_is_usual_is_not_written() -> None:
    """Only what was set otherwise."""
    assert message_of(RawDraft(payload="00")) == SentMessage("raw", "hex", "00", head="{}")
    assert message_of(RawDraft(fin=False, opcode=3)).head == '{"fin": false, "opcode": 3}'


@pytest.mark.parametrize(
    "message",
    [
        SentMessage("raw", "hex", "00", head="["),
        SentMessage("raw", "hex", "00", head="[]"),
        SentMessage("raw", "hex", "00", head='{"opcode": 16}'),
        SentMessage("raw", "hex", "00", head='{"opcode": true}'),
        SentMessage("raw", "hex", "00", head='{"fin": 1}'),
        SentMessage("raw", "hex", "00", head='{"payload": "11"}'),
        SentMessage("raw", "hex", "00", head='{"rsv4": true}'),
        SentMessage("raw", "hex", "00", head='{"length_form": "8"}'),
        SentMessage("raw", "smoke", "00"),
        SentMessage("raw", "hex", "00", head="[" * 100_000),
    ],
)
def test_what_a_later_version_or_a_stranger_wrote_is_left_out(message: SentMessage) -> None:
    """No frame is made of what is not understood."""
    assert kept_of_message(message) is None


@pytest.mark.parametrize(
    ("kept", "names", "filled"),
    [
        (Draft(text="{{a}} {{b}} {{a}}"), ["a", "b"], Draft(text="1 2 1")),
        (Draft("close", code="1000", reason="{{b}}"), ["b"], Draft("close", reason="2")),
        (
            RawDraft(payload="{{a}}{{b}}", length="{{a}}", key="{{c}}"),
            ["a", "b", "c"],
            RawDraft(payload="12", length="1", key="{{c}}"),
        ),
    ],
)
def test_placeholders_are_named_once_and_filled_in(
    kept: Kept, names: list[str], filled: Kept
) -> None:
    """In a frame's payload, length and key too; a name without a value stays."""
    assert placeholders_of(kept) == names
    assert filled_in(kept, {"a": "1", "b": "2"}) == filled


def test_a_frame_in_one_line() -> None:
    """Its opcode and what is set, then its payload."""
    raw = RawDraft(opcode=3, rsv1=True, is_masked=False, length="70000", payload="68\n 69")
    assert one_line(raw) == "0x3 FIN RSV1 no mask length 70000 68 69"
    assert one_line(RawDraft(fin=False)) == "text"
