"""Whether the screen is shown in a browser: what a terminal does, the page must do then, or none.

`textual-serve` says so by the driver that it wants.
"""

import os
from collections.abc import Mapping

__all__ = ["DRIVER", "REPAINT", "VARIABLE", "is_in_browser"]

VARIABLE = "TEXTUAL_DRIVER"
DRIVER = "textual.drivers.web_driver:WebDriver"
REPAINT = "repaint"  # a packet's type: the page shows nothing of what was drawn


def is_in_browser(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process draws into a page, by packets on stdin and stdout."""
    return environment.get(VARIABLE) == DRIVER
