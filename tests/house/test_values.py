"""The values that the rooms share."""

import pytest

from wsdebug import errors
from wsdebug.wire.frame import Frame, opcode_name
from wsdebug.wire.violations import VIOLATIONS


@pytest.mark.parametrize(
    ("opcode", "name"),
    [(0, "cont"), (1, "text"), (2, "binary"), (3, "0x3"), (8, "close"), (9, "ping"), (15, "0xf")],
)
def test_an_opcode_has_a_short_name(opcode: int, name: str) -> None:
    """Known opcodes by word, reserved ones by number."""
    assert opcode_name(opcode) == name


@pytest.mark.parametrize("opcode", range(16))
def test_control_frames_are_those_from_8(opcode: int) -> None:
    """RFC 6455 section 5.5."""
    assert Frame(opcode).is_control == (opcode >= 8)


def test_every_violation_names_its_section() -> None:
    """A name without its rule helps nobody."""
    for name, violation in VIOLATIONS.items():
        assert violation.name == name
        assert violation.section.startswith("RFC ")
        assert violation.rule.endswith(".")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("a wrong port", field="url"), 2),
        (errors.CannotConnect("nobody listens", step="TCP"), 3),
        (errors.WaitTimedOut("nothing came"), 4),
        (errors.ConnectionClosed("closed", code=1011), 5),
        (errors.SessionUnreadable("no such file", path="x"), 6),
        (errors.RecordingFailed("disk full", path="x"), 7),
    ],
)
def test_an_error_knows_its_exit_code(error: errors.WsdebugError, code: int) -> None:
    """CLI.md's table of exit codes."""
    assert error.exit_code == code
    assert str(error)
