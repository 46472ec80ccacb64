"""Every class of the screen that binds keys: none twice, and none for what nobody does."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator

import pytest
from textual.actions import parse
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from wsdebug import tui
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.main_screen import MainScreen

OF_THE_EXTRA = ("wsdebug.tui.browser", "wsdebug.tui.browser_screen")  # show no widget


def binding_classes() -> list[type[DOMNode]]:
    """The classes of all modules that have bindings of their own."""
    found: dict[type[DOMNode], None] = {}
    for module in pkgutil.iter_modules(tui.__path__, "wsdebug.tui."):
        if module.name not in OF_THE_EXTRA:
            for one in vars(importlib.import_module(module.name)).values():
                is_ours = isinstance(one, type) and one.__module__.startswith("wsdebug.tui.")
                if is_ours and issubclass(one, DOMNode) and one.__dict__.get("BINDINGS"):
                    found[one] = None
    return list(found)


def complete(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    """The class and those made from it: a part of a class may leave the rest to them."""
    yield kind
    for made in kind.__subclasses__():
        yield from complete(made)


def does(kind: type[DOMNode], action: str) -> bool:
    """Whether such a node has the action, as Textual looks for it."""
    return hasattr(kind, f"action_{action}") or hasattr(kind, f"_action_{action}")


@pytest.mark.parametrize("kind", binding_classes(), ids=lambda kind: kind.__name__)
def test_no_key_is_bound_twice_or_to_nothing(kind: type[DOMNode]) -> None:
    """An action is the node's, or it says whose it is."""
    bindings = list(Binding.make_bindings(kind.__dict__["BINDINGS"]))
    assert [key for key, n in Counter(one.key for one in bindings).items() if n > 1] == []
    for binding in bindings:
        assert binding.description, binding
        namespace, name, _ = parse(binding.action)
        if namespace == "app":
            assert does(WsdebugApp, name), binding
        elif namespace == "screen" and not issubclass(kind, Screen):
            assert does(MainScreen, name), binding
        else:
            assert any(does(one, name) for one in complete(kind)), binding


def test_the_walk_finds_them() -> None:
    """Both what is always there and what comes over it."""
    names = {kind.__name__ for kind in binding_classes()}
    expected = {
        "MainScreen",
        "WsdebugApp",
        "FrameLogView",
        "Inspector",
        "KeysHelp",
        "LibraryScreen",
    }
    assert expected <= names
