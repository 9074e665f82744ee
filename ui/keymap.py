"""Which keys every action has: those of the table, changed by the person, less those that labels of the scheme have.

No key means two things. Labels come first: whoever opens a project whose label has the key of an action labels with
it, and the action is still in its menu and in the palette.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from desktop.model import Scheme
from ui.parts import words
from ui.words import later, tr

_CARET = later("{key} moves the caret.")
_FOCUS = later("{key} moves to the next field.")
# What the page and every field do with keys themselves; a shortcut of the window would take it from them.
RESERVED = {
    **{f"{held}{key}": _CARET for held in ("", "Shift+", "Ctrl+", "Ctrl+Shift+") for key in ("Left", "Right", "Home", "End")},
    **{f"{held}{key}": _CARET for held in ("", "Shift+") for key in ("Up", "Down", "PgUp", "PgDown")},
    **dict.fromkeys(("Tab", "Shift+Tab", "Backtab", "Shift+Backtab"), _FOCUS),
    **dict.fromkeys(("Return", "Enter", "Space"), later("{key} presses what has the focus.")),
    "Esc": later("{key} closes and cancels."),
}  # fmt: skip


@dataclass(frozen=True)
class Keyed:
    """An action as far as its keys go: where it stands, its text, and its keys in the table."""

    id: str
    group: str
    text: str
    keys: tuple[str, ...]


def standard(key: str) -> str:
    """A key as Qt writes it, "" for what is none, or is several after one another."""
    sequence = QKeySequence(key)
    return sequence.toString() if sequence.count() == 1 else ""


def native(key: str) -> str:
    """A key as people of this system read it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def pressed(event: QKeyEvent) -> str:
    """The key of an event, "" while only Ctrl, Shift and the like are held."""
    key = event.key()
    if key in _HELD or key == Qt.Key.Key_unknown:
        return ""
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)
    text = event.text()
    if text and text.isprintable() and not text.isalnum() and not text.isspace():
        # "?" is one key wherever on the keyboard it is found, with Shift or without.
        held &= ~Qt.KeyboardModifier.ShiftModifier
    return standard(QKeySequence(QKeyCombination(held, Qt.Key(key))).toString())


_HELD = {
    Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Multi_key,
}  # fmt: skip


class KeyMap:
    """The keys in use. `changed` is what the settings hold: action id → keys, as far as they differ from the table.

    Entries that name no action, hold no key, or clash are left out, so that no settings file can make a key mean two things.
    `menus` maps the letter that opens a menu with Alt to its name.
    """

    def __init__(
        self,
        table: Sequence[Keyed],
        changed: Mapping[str, Sequence[str]],
        scheme: Scheme | None = None,
        menus: Mapping[str, str] | None = None,
    ) -> None:
        self.table = table
        self.scheme = scheme
        self.menus = dict(menus or {})
        self._menus = {f"Alt+{letter.upper()}": name for letter, name in self.menus.items()}
        self._labels = (
            {standard(label.key.upper()): label.name for label in scheme.labels if label.key}
            if scheme
            else {}
        )
        self._table = {action.id: tuple(map(standard, action.keys)) for action in table}
        self.changed = self._sound(changed)

    def _sound(self, changed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The entries that can be kept. One that is dropped gives its action the old keys back, which may clash in turn."""
        kept: dict[str, list[str]] = {}
        for name, old in self._table.items():
            keys = list(dict.fromkeys(map(standard, changed[name]))) if name in changed else list(old)
            if keys != list(old) and all(key and not self._reserved(name, key) for key in keys):
                kept[name] = keys
        while clash := self._clash(kept):
            del kept[clash]
        return kept

    def _clash(self, kept: Mapping[str, Sequence[str]]) -> str:
        """The last changed action that shares a key with another one, "" if none does."""
        owners: dict[str, str] = {}
        found = ""
        for name, old in self._table.items():
            for key in kept.get(name, old):
                other = owners.setdefault(key, name)
                if other != name:
                    found = name if name in kept else other if other in kept else found
        return found

    def given(self, name: str) -> tuple[str, ...]:
        """The keys of an action, those that a label has now among them."""
        return tuple(self.changed.get(name, self._table[name]))

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys that do it."""
        return tuple(key for key in self.given(name) if key not in self._labels)

    def used(self) -> set[str]:
        """Every key of every action."""
        return {key for name in self._table for key in self.keys(name)}

    def with_keys(self, name: str, keys: Sequence[str]) -> KeyMap:
        return self._with({**self.changed, name: list(keys)})

    def reset(self, name: str) -> KeyMap:
        return self._with({other: keys for other, keys in self.changed.items() if other != name})

    def reset_all(self) -> KeyMap:
        return self._with({})

    def for_settings(self, changed: Mapping[str, Sequence[str]], scheme: Scheme | None) -> KeyMap:
        """With other changes, or the labels of another project."""
        return KeyMap(self.table, changed, scheme, self.menus)

    def _with(self, changed: Mapping[str, Sequence[str]]) -> KeyMap:
        return KeyMap(self.table, changed, self.scheme, self.menus)

    def refusal(self, name: str, key: str) -> str:
        """Why the action cannot have this key, as a sentence; "" if it can."""
        if not key:
            return tr("This key cannot be used.")
        if key in self._labels:
            return tr(
                "{key} is the key of the label {label}.", key=native(key), label=words(self._labels[key])
            )
        owner = next((other for other in self._table if other != name and key in self.given(other)), "")
        if owner:
            return tr("{key} is the key of “{owner}”.", key=native(key), owner=self.text(owner))
        return self._reserved(name, key) or self._way_of_label(key)

    def refusal_of_reset(self, name: str) -> str:
        """Why the action cannot have its old keys back; "" if it can."""
        refusals = (self.refusal(name, key) for key in self._table[name] if key not in self._labels)
        return next((refusal for refusal in refusals if refusal), "")

    def _reserved(self, name: str, key: str) -> str:
        if key in self._table[name]:
            return ""
        if key in RESERVED:
            return tr(RESERVED[key], key=native(key))
        return (
            tr("{key} opens the menu {menu}.", key=native(key), menu=self._menus[key])
            if key in self._menus
            else ""
        )

    def _way_of_label(self, key: str) -> str:
        """Ctrl and a label's key may be given away (Ctrl+Alt and the key keep exact then); the other two may not."""
        held, _, letter = key.rpartition("+")
        ways = {
            "Shift": later("{key} adds a second span with the label {label}."),
            "Ctrl+Alt": later("{key} keeps the exact characters for the label {label}."),
        }
        if held in ways and letter in self._labels and key not in self.used():
            return tr(ways[held], key=native(key), label=words(self._labels[letter]))
        return ""

    def action_with(self, key: str) -> str:
        """The text of the action that has this key, also where a label has it now; "" if none has."""
        owner = next((name for name in self._table if key and key in self.given(name)), "")
        return self.text(owner) if owner else ""

    def letters(self) -> set[str]:
        """The keys of actions that are single letters or digits, as those of labels are."""
        return {key for name in self._table for key in self.given(name) if len(key) == 1 and key.isalnum()}

    def text(self, name: str) -> str:
        return next(action.text for action in self.table if action.id == name)

    def label_of(self, key: str) -> str:
        """The label that has this key, "" if none has."""
        return self._labels.get(key, "")
