"""The configuration's file as the page of preferences sees it: values, mistakes, changes."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.content import Content

from wsdebug.errors import UsageError
from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Part
from wsdebug.tui.preferences_model import Preference, Section
from wsdebug.workspace.config import Config, read_toml
from wsdebug.workspace.config_check import Check, refuse_new_mistakes, sound_config
from wsdebug.workspace.config_edit import ConfigEditor, Value, value_at
from wsdebug.workspace.config_file import ConfigFile
from wsdebug.workspace.save import shown_path

__all__ = ["PreferencesFile"]

LINE = re.compile(r"line (\d+)")


class PreferencesFile:
    """What was read last; `broken` says why nothing could be."""

    def __init__(
        self,
        path: Path,
        known: Sequence[Section],
        *,
        check: Check,
        use: Callable[[Config], None],
    ) -> None:
        """`known` are the sections, `check` raises UsageError for a configuration that cannot be
        taken, `use` takes one.
        """
        self._path = path
        self._editor = ConfigEditor(path)
        self._known = tuple(known)
        self._check, self._use = check, use
        self._text = ""
        self.values: Mapping[str, Any] = {}
        self.wrong: Mapping[tuple[str, ...], str] = {}
        self.sections: Sequence[Section] = self._known
        self.broken = ""

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    @property
    def name(self) -> str:
        """Where it is, in words."""
        return str(shown_path(self._path))

    def read(self) -> None:
        """Look at the file as it is now."""
        self.broken, self.values, self.wrong, self.sections = "", {}, {}, self._known
        try:
            self._text = self._editor.read()
            self.values = read_toml(self._text, None)
            _, mistakes = sound_config(self._text, self._check)
        except UsageError as error:
            self.broken = f"{error}; it is not changed here before that is mended"
            return
        self.wrong = {one.keys: f"line {one.line}: {one.words}" for one in mistakes if one.keys}
        known = {one.keys for _, section in self._known for one in section}
        unknown = tuple(
            Preference(keys, "unknown", words, "", "")
            for keys, words in self.wrong.items()
            if keys not in known
        )
        if unknown:
            self.sections = (("Not understood", unknown), *self._known)

    def value(self, preference: Preference) -> Any:
        """What the file says of it; None for nothing."""
        return value_at(self.values, preference.keys)

    def facts(self, preference: Preference) -> str:
        """Where its value comes from, and from when on a change holds."""
        if self.value(preference) is None:
            return f"the default: {preference.default}; a change holds {preference.when}"
        line = ConfigFile(None, self._text).line(*preference.keys)
        return f"line {line} of the file; a change holds {preference.when}"

    def change(self, preference: Preference, value: Value | None) -> None:
        """Write it, and take the configuration as it is then. Raises WsdebugError."""

        def judge(before: str, after: str) -> None:
            refuse_new_mistakes(before, after, self._check)

        before = self.value(preference)
        text = self._editor.change(preference.keys, value, shown=before, judge=judge)
        config, _ = sound_config(text, self._check)
        self.read()
        self._use(config)

    def edited(self) -> None:
        """The person had it in an editor: what is right there is taken. Raises UsageError."""
        self.read()
        if not self.broken:
            self._use(sound_config(self._text, self._check)[0])

    def excerpt(self, rows: int, mark: str) -> Content:
        """The lines around the mistake of a broken file, with their numbers."""
        found = LINE.search(self.broken)
        wrong = int(found[1]) if found else 1
        lines = self._text.split("\n")
        first = max(0, min(wrong - 1 - rows // 2, len(lines) - rows))
        parts: list[Part] = []
        for number, line in enumerate(lines[first : first + rows], first + 1):
            is_wrong = number == wrong
            style = "$error" if is_wrong else "$foreground-muted"
            parts.append((f"{mark if is_wrong else ' '} {number:>4}  {escape(line)}\n", style))
        return Content.assemble(*parts)
