"""For all rooms: properties do not depend on the machine's speed, nor on luck.

`pytest --hypothesis-profile explore` looks for new examples instead.
"""

from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow,)

settings.register_profile("explore", deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "wsdebug", deadline=None, derandomize=True, database=None, suppress_health_check=SLOW
)
settings.load_profile("wsdebug")
