"""How modules are loaded quickly: those that are hardly ever used, not before they are.

asyncio imports `ssl` and `inspect`, websockets `importlib.metadata`, whoever needs them or not;
for a `send` over ws:// that is a fifth of its time.
"""

import gc
import sys
from _thread import allocate_lock
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["defer", "load"]

HARDLY_USED = ("asyncio.sslproto", "importlib.metadata", "inspect", "ssl")

_lock = allocate_lock()  # the screen has several threads


class _Deferred(ModuleType):
    """Stands for a module until the first attribute is asked of it; then it has all of them."""

    def __getattr__(self, name: str) -> "Any":
        with _lock:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        module = import_module(self.__name__)
        self.__dict__.update(vars(module))
        return getattr(module, name)


def defer() -> None:
    """Let the modules that nobody has loaded yet wait; to be called before others are imported."""
    for name in HARDLY_USED:
        if name not in sys.modules:
            sys.modules[name] = _Deferred(name)
            package, _, child = name.rpartition(".")
            if package in sys.modules:
                setattr(sys.modules[package], child, sys.modules[name])
    if isinstance(sys.modules["ssl"], _Deferred):
        # asyncio asks of each socket whether it is one: not before there can be any
        sys.modules["ssl"].SSLSocket = type("SSLSocket", (), {})  # type: ignore[attr-defined]


def load(name: str) -> ModuleType:
    """Import a module, which will stay: meanwhile there is nothing to be collected."""
    gc.disable()
    module = import_module(name)
    gc.freeze()
    gc.enable()
    return module
