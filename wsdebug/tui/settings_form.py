"""The small parts of a form: tick, section, labelled row."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.tui.glyphs import glyphs_of

__all__ = ["Check", "FormRow", "Note", "Section"]


class Check(Widget, can_focus=True):
    """`[x] answer`. With `warns_off`, an empty tick is amber: a risk one chose."""

    DEFAULT_CSS = """
    Check { width: auto; height: 1; margin: 0 4 0 0; color: $foreground; }
    Check:focus { background: $primary 30%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "switch", "On or off", show=False)
    ]

    value: reactive[bool] = reactive(False)

    class Changed(Message):
        """Switched by the person."""

        def __init__(self, check: "Check") -> None:
            super().__init__()
            self.check = check

    def __init__(
        self, label: str, value: bool, *, warns_off: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.label = label
        self._warns_off = warns_off
        self.set_reactive(Check.value, value)

    def action_switch(self) -> None:
        """Switch, and tell."""
        self.value = not self.value
        self.post_message(self.Changed(self))

    def on_click(self) -> None:
        """A click anywhere on it switches."""
        self.action_switch()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The tick and its label."""
        return 4 + len(self.label)

    def render(self) -> Content:
        """Tick and label."""
        warns = self._warns_off and not self.value
        style = "bold $warning" if warns else "$foreground"
        tick = "[x]" if self.value else "[ ]"
        return Content.assemble((tick, style), (f" {self.label}", "$foreground"))


class Note(Static):
    """A line under a field: what is wrong (`-wrong`), risky (`-risky`) or good to know."""

    DEFAULT_CSS = """
    Note { height: 1; margin: 0 0 0 19; color: $foreground-muted; display: none; }
    Note.-wrong { color: $error; }
    Note.-risky { color: $warning; }
    """

    def say(self, words: str, kind: str = "") -> None:
        """Show words, marked `!` if `kind` is wrong or risky; nothing for no words."""
        mark = f"{glyphs_of(self.app).violation} " if kind else ""
        self.set_class(kind == "wrong", "-wrong")
        self.set_class(kind == "risky", "-risky")
        self.display = bool(words)
        self.update(Content(mark + words))


class FormRow(Horizontal):
    """A label and what belongs to it. The first child without a label is given none."""

    DEFAULT_CSS = """
    FormRow { height: 1; }
    FormRow .label { width: 19; padding: 0 0 0 1; color: $foreground-muted; }
    FormRow .unit { width: auto; color: $foreground-muted; }
    FormRow Field { width: 34; max-width: 1fr; }
    FormRow Field.-short { width: 5; }
    FormRow Field.-medium { width: 10; }
    """

    def __init__(self, label: str, *children: Widget, id: str | None = None) -> None:
        super().__init__(Static(Content(label), classes="label"), *children, id=id)


class Section(Vertical):
    """A heading that turns blue, with its bar, while the focus is inside."""

    DEFAULT_CSS = """
    Section { height: auto; margin: 0 0 1 0; padding: 0 0 0 1; }
    Section > .heading { height: 1; }
    Section > .heading > .bar { width: 1; color: $primary; visibility: hidden; }
    Section > .heading > .title { width: auto; text-style: bold; color: $foreground; }
    Section > .heading > .aside { width: 1fr; padding: 0 0 0 3; color: $foreground-muted; }
    Section.-focused > .heading > .bar { visibility: visible; }
    Section.-focused > .heading > .title { color: $primary; }
    """

    def __init__(self, title: str, *children: Widget, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = title
        self._parts = children

    def compose(self) -> ComposeResult:
        """Heading and rows."""
        with Horizontal(classes="heading"):
            yield Static(glyphs_of(self.app).cursor, classes="bar")
            yield Static(Content(self._title), classes="title")
            yield Static("", classes="aside")
        yield from self._parts

    def on_descendant_focus(self) -> None:
        """Turn blue."""
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        """Let go, unless the focus only moved within."""
        self.call_later(lambda: self.set_class(self.has_focus_within, "-focused"))

    def aside(self, words: str) -> None:
        """Muted words beside the heading."""
        self.query_one(".aside", Static).update(Content(words))
