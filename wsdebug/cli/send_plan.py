"""What one `send` is to do."""

from collections.abc import Sequence
from typing import NamedTuple

from wsdebug.cli.send_input import Encoding, Step
from wsdebug.cli.send_output import Format
from wsdebug.replay.expectations import Expectation

__all__ = ["Plan"]


class Plan(NamedTuple):
    """What to do. Times are in seconds; `wait` may be infinite.

    Without `answers`, `wait` and `expected` the end is the answer: a message, or to pings alone
    their pongs. `close` is the code and reason of our close frame.
    """

    steps: Sequence[Step]
    encoding: Encoding
    fragment: int | None
    expected: Sequence[Expectation]
    next_only: bool
    answers: int | None  # messages received that end it
    wait: float | None
    timeout: float
    max_time: float | None
    close: tuple[int, str] | None
    format: Format | None
