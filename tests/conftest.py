"""For all rooms: properties do not depend on the machine's speed, nor on luck.

`pytest --hypothesis-profile explore` looks for new examples instead.
"""

import gc
import os
import signal
import sys

import pytest
from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow,)

settings.register_profile("explore", deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "wsdebug", deadline=None, derandomize=True, database=None, suppress_health_check=SLOW
)
settings.load_profile("wsdebug")

# Hundreds of programs are started here, and a third of each start would be compiling all anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell without job control starts what ends in & with it ignored, and so would be all programs
# that are started here to be ended by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What has been loaded stays: a full collection in a test looks at what the test has made."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The programs that are started here leave the user's own folders alone."""
    os.environ["WSDEBUG_HOME"] = str(tmp_path_factory.mktemp("home"))
