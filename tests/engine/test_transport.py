"""The seam to asyncio."""

import pytest

from wsdebug.engine.transport import LARGE_READ, READ_SIZE, Wire


@pytest.mark.parametrize(
    ("reads", "size"),
    [
        ([], READ_SIZE),
        ([(READ_SIZE, 6)], LARGE_READ),
        ([(READ_SIZE, 0)], LARGE_READ),  # within a longer one
        ([(READ_SIZE, 600)], READ_SIZE),
        ([(10_000, 1)], READ_SIZE),  # there was no more
        ([(READ_SIZE, 6), (LARGE_READ, 26)], LARGE_READ),
        ([(READ_SIZE, 6), (LARGE_READ, 2600)], READ_SIZE),
        ([(READ_SIZE, 6), (10_000, 1)], READ_SIZE),
        ([(READ_SIZE, 6), (10_000, 1), (READ_SIZE, 0)], LARGE_READ),
    ],
)
def test_more_is_read_at_a_time_while_frames_are_large(
    reads: list[tuple[int, int]], size: int
) -> None:
    """Bytes and frames of each read."""
    wire = Wire()
    came: list[bytes] = []
    wire.listen(came.append, lambda: None)
    for number, (taken, frames) in enumerate(reads):
        wire.get_buffer(-1)[:taken] = bytes([number]) * taken
        wire.buffer_updated(taken)
        assert came[-1] == bytes([number]) * taken
        wire.adapt(taken, frames)
    assert len(wire.get_buffer(-1)) == size
