"""Keys that a person changes: on the keys page, in the settings, beside the labels of a scheme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest

from desktop import paths, projects, settings
from desktop.settings import Settings
from ui import theme
from ui.actions import ACTIONS, key_table, menu_letters
from ui.driver import Driver
from ui.keymap import RESERVED, KeyMap, pressed, standard
from ui.keys_dialog import KeysDialog
from ui.toolbar import ActionButton
from ui.window import MainWindow

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
SCHEME = projects.default_scheme()


def keymap(changed: dict[str, list[str]] | None = None, *, labels: bool = True) -> KeyMap:
    return KeyMap(key_table(), changed or {}, SCHEME if labels else None, menu_letters())


@pytest.fixture
def page(sample: Driver) -> Iterator[KeysDialog]:
    """The keys page, opened with its key."""
    sample.key(Qt.Key.Key_F1)
    dialog = sample.window.findChild(KeysDialog)
    assert dialog
    yield dialog
    if dialog is sample.window.findChild(KeysDialog):
        dialog.close()


def choose(page: KeysDialog, name: str) -> None:
    """Click the row of an action."""
    index = page.list.rows.index(page.list.row_of(("action", name)))
    page.list.scrollTo(index)
    QTest.mouseClick(
        page.list.viewport(), Qt.MouseButton.LeftButton, pos=page.list.visualRect(index).center()
    )
    assert page.field.hasFocus()


def press(page: KeysDialog, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.field, key, keys)


def row(page: KeysDialog, name: str) -> Any:
    return page.list.rows.rows[page.list.row_of(("action", name))]


def test_a_key_is_changed_shown_and_works(sample: Driver, page: KeysDialog) -> None:
    window = sample.window
    choose(page, "undo")
    press(page, Qt.Key.Key_U, CTRL)
    assert not page.field.isVisible()
    assert page.said.text() == "“Undo” has the key Ctrl+U now."
    assert (row(page, "undo").right, row(page, "undo").after) == ("Ctrl+U", "changed")
    assert window.settings.keys == {"undo": ["Ctrl+U"]}
    page.close()
    sample.settle()
    action = window.actions_.by_id["undo"]
    assert [key.toString() for key in action.shortcuts()] == ["Ctrl+U"]
    button = next(b for b in window.tools.findChildren(ActionButton) if b.action is action)
    assert button.toolTip().endswith("(Ctrl+U)")
    start = window.view.text.index("Washington")
    sample.select(start, start + len("Washington"))
    sample.key(Qt.Key.Key_L)
    assert window.labelling.reading
    assert len(window.labelling.reading.spans) == 1
    assert button.toolTip().endswith("(Ctrl+U)"), "the step in the text does not cost the key"
    sample.key(Qt.Key.Key_Z, CTRL)
    assert len(window.labelling.reading.spans) == 1, "the old key is free"
    sample.key(Qt.Key.Key_U, CTRL)
    assert not window.labelling.reading.spans
    sample.key(Qt.Key.Key_K, CTRL)
    QTest.keyClicks(window.command_palette.search, "ctrl u")
    assert window.command_palette.list.picked == ("action", "undo")


@pytest.mark.parametrize(
    ("key", "held", "said"),
    [
        (Qt.Key.Key_K, CTRL, "Ctrl+K is the key of “Commands”."),
        (Qt.Key.Key_E, Qt.KeyboardModifier.NoModifier, "E is the key of the label event."),
        (Qt.Key.Key_A, SHIFT, "Shift+A adds a second span with the label actor."),
        (Qt.Key.Key_E, CTRL | ALT, "Ctrl+Alt+E keeps the exact characters for the label event."),
        (Qt.Key.Key_Left, CTRL, "Ctrl+Left moves the caret."),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "Tab moves to the next field."),
        (Qt.Key.Key_F, ALT, "Alt+F opens the menu File."),
    ],
)
def test_a_key_that_is_taken_is_refused_in_place(
    sample: Driver, page: KeysDialog, key: Qt.Key, held: Qt.KeyboardModifier, said: str
) -> None:
    choose(page, "undo")
    press(page, key, held)
    assert page.said.text() == f"{said} Press another one, or Esc."
    assert page.field.hasFocus(), "the next key can be tried at once"
    assert not sample.window.settings.keys
    press(page, Qt.Key.Key_Escape)
    assert not page.field.isVisible()
    assert page.isVisible(), "Esc gives up the key, not the page"
    assert page.list.hasFocus()


def test_plain_keys_without_a_label_are_free(sample: Driver, page: KeysDialog) -> None:
    choose(page, "flag")
    press(page, Qt.Key.Key_X)
    assert sample.window.settings.keys == {"flag": ["X"]}
    page.close()
    sample.settle()
    sample.window.view.setFocus()
    sample.key(Qt.Key.Key_X)
    reading = sample.window.labelling.reading
    assert reading
    assert reading.article.flag
    sample.key(Qt.Key.Key_F, CTRL)
    sample.key(Qt.Key.Key_X)
    assert sample.window.articles.search.text() == "x", "in a field it is a letter"


def test_ctrl_and_a_labels_key_leave_exact_to_ctrl_alt(sample: Driver, page: KeysDialog) -> None:
    choose(page, "flag")
    press(page, Qt.Key.Key_L, CTRL)
    assert sample.window.settings.keys == {"flag": ["Ctrl+L"]}
    page.close()
    sample.settle()
    view = sample.window.view
    start = view.text.index("embassy")
    sample.click(view.viewport(), sample.point(start))
    sample.key(Qt.Key.Key_Right, SHIFT, times=3)
    sample.key(Qt.Key.Key_L, CTRL | ALT)
    reading = sample.window.labelling.reading
    assert reading
    assert [span.text for span in reading.spans] == ["emb"]


def test_a_key_is_added_and_all_are_taken_away(sample: Driver, page: KeysDialog) -> None:
    choose(page, "undo")
    press(page, Qt.Key.Key_Escape)
    QTest.mouseClick(page.add, Qt.MouseButton.LeftButton)
    press(page, Qt.Key.Key_F22)
    assert row(page, "undo").right == "Ctrl+Z  F22"
    QTest.mouseClick(page.clear, Qt.MouseButton.LeftButton)
    assert row(page, "undo").right == ""
    assert sample.window.settings.keys == {"undo": []}
    choose(page, "redo")
    press(page, Qt.Key.Key_Z, CTRL)
    assert sample.window.settings.keys == {"undo": [], "redo": ["Ctrl+Z"]}
    choose(page, "undo")
    press(page, Qt.Key.Key_Escape)
    QTest.mouseClick(page.reset, Qt.MouseButton.LeftButton)
    assert page.said.text() == "Ctrl+Z is the key of “Redo”."
    assert sample.window.settings.keys == {"undo": [], "redo": ["Ctrl+Z"]}
    QTest.mouseClick(page.reset_all, Qt.MouseButton.LeftButton)
    assert not sample.window.settings.keys
    assert not page.reset_all.isEnabled()
    assert row(page, "undo").right == "Ctrl+Z"


def test_one_action_is_reset(sample: Driver, page: KeysDialog) -> None:
    for name, key in (("undo", Qt.Key.Key_F23), ("redo", Qt.Key.Key_F22)):
        choose(page, name)
        press(page, key)
    QTest.mouseClick(page.reset, Qt.MouseButton.LeftButton)
    assert sample.window.settings.keys == {"undo": ["F23"]}
    assert not page.reset.isEnabled()


def test_the_page_without_a_mouse(sample: Driver, page: KeysDialog) -> None:
    QTest.keyClicks(page.search, "quit")
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    assert page.title.text() == "Quit"
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    press(page, Qt.Key.Key_F4, CTRL)
    assert sample.window.settings.keys == {"quit": ["Ctrl+F4"]}
    QTest.keyClick(page.list, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_the_page_lists_everything_and_is_searched(page: KeysDialog) -> None:
    shown = {entry.key for entry in page.list.rows.rows if entry.key}
    assert {("action", action.id) for action in ACTIONS} <= shown
    assert ("label", "event") in shown
    QTest.keyClicks(page.search, "shift exp")
    assert [entry.text for entry in page.list.rows.rows] == ["File", "Export dataset"]
    QTest.keyClicks(page.search, "zzz")
    assert page.empty.isVisible()
    assert not page.list.isVisible()
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(page.list.rows.rows) > len(ACTIONS)


def test_keys_of_labels_are_not_changed_here(page: KeysDialog) -> None:
    index = page.list.rows.index(page.list.row_of(("label", "event")))
    QTest.mouseClick(
        page.list.viewport(), Qt.MouseButton.LeftButton, pos=page.list.visualRect(index).center()
    )
    assert not page.field.isVisible()
    assert "scheme" in page.said.text()
    assert not page.change.isEnabled()


def test_other_places_show_the_changed_keys(sample: Driver) -> None:
    window = sample.window
    window.change_settings({"keys": {"palette": ["Ctrl+Shift+P"], "find": ["Ctrl+F22"]}})
    window.help.show_keys()
    assert window.status._palette.text() == "Ctrl+Shift+P commands"
    assert window.articles.search._key.text() == "Ctrl F22"
    sample.key(Qt.Key.Key_P, CTRL | SHIFT)
    assert window.command_palette.isVisible()


# The settings


def test_keys_come_back_after_a_restart(app: Any) -> None:
    path = paths.settings_file()
    try:
        settings.save(Settings(keys={"undo": ["Ctrl+U"]}))
        assert settings.load().keys == {"undo": ["Ctrl+U"]}
        settings.save(Settings())
        assert "keys" not in path.read_text("utf-8")
        path.write_text(
            '{"keys": {"undo": "Ctrl+U", "redo": [7], "flag": ["X"], "quit": null}, "font_size": 20}', "utf-8"
        )
        assert settings.load() == Settings(keys={"flag": ["X"]}, font_size=20)
        path.write_text('{"keys": ["Ctrl+U"], "font_size": 20}', "utf-8")
        assert settings.load() == Settings(font_size=20)
    finally:
        path.unlink(missing_ok=True)


def test_a_clashing_file_does_not_break_the_start(app: Any, tmp_path: Path) -> None:
    theme.apply(app, theme.LIGHT)
    bad = {"undo": ["Ctrl+K"], "nobody": ["F22"], "redo": ["no key"], "flag": ["E"], "quit": ["F22"]}
    window = MainWindow(Settings(keys=bad, annotator="ana"), theme.LIGHT, keep=lambda kept: None)
    window.show()
    hands = Driver(window, tmp_path)
    hands.settle()
    keys = {
        name: [key.toString() for key in action.shortcuts()] for name, action in window.actions_.by_id.items()
    }
    assert (keys["undo"], keys["palette"], keys["quit"]) == (["Ctrl+Z"], ["Ctrl+K"], ["F22"])
    assert keys["flag"] == ["E"], "no project, no label"
    window.projects.make_sample(tmp_path / "sample.tagline", labels=False)
    hands.wait(lambda: len(window.browsing.lines) == 5, "the sample is open")
    hands.settle()
    window.view.setFocus()
    assert not window.actions_.by_id["flag"].shortcuts(), "the label comes first"
    hands.key(Qt.Key.Key_E)
    reading = window.labelling.reading
    assert reading
    assert [span.label for span in reading.spans] == ["event"]
    assert not reading.article.flag
    hands.key(Qt.Key.Key_W, CTRL)
    assert window.actions_.by_id["flag"].shortcut().toString() == "E"
    window.close()
    window.deleteLater()


@pytest.mark.parametrize(
    "changed",
    [
        {"undo": ["Ctrl+K"]},
        {"undo": ["Ctrl+K, Ctrl+U"]},
        {"undo": ["no key"]},
        {"undo": ["Left"]},
        {"undo": ["Alt+F"]},
        {"nobody": ["F22"]},
        {"undo": ["Ctrl+Z"]},
    ],
)
def test_what_cannot_be_is_left_out(changed: dict[str, list[str]]) -> None:
    found = keymap(changed)
    assert not found.changed
    assert found.keys("undo") == ("Ctrl+Z",)


def test_two_actions_may_change_places() -> None:
    found = keymap({"undo": ["Ctrl+K"], "palette": ["Ctrl+Z"]})
    assert (found.keys("undo"), found.keys("palette")) == (("Ctrl+K",), ("Ctrl+Z",))


def test_an_entry_left_out_takes_those_along_that_clash_with_its_old_keys() -> None:
    found = keymap({"undo": ["Ctrl+K"], "palette": ["Ctrl+Z", "no key"], "flag": ["F22"], "quit": ["F22"]})
    keys = [key for action in ACTIONS for key in found.keys(action.id)]
    assert len(keys) == len(set(keys))
    assert found.keys("palette") == ("Ctrl+K",)
    assert found.keys("undo") == ("Ctrl+Z",)
    assert sum("F22" in found.keys(name) for name in ("flag", "quit")) == 1


def test_no_key_of_the_table_is_one_that_the_page_needs() -> None:
    menus = {f"Alt+{letter}" for letter in menu_letters()}
    for action in ACTIONS:
        for key in action.keys:
            assert standard(key), f"{action.id}: {key} is no key"
            assert standard(key) not in RESERVED, f"{action.id}: {key}"
            assert key not in menus, f"{action.id}: {key} opens a menu"


@pytest.mark.parametrize(
    ("key", "held", "text", "name"),
    [
        (Qt.Key.Key_Question, SHIFT, "?", "?"),
        (Qt.Key.Key_A, SHIFT, "A", "Shift+A"),
        (Qt.Key.Key_Plus, CTRL | Qt.KeyboardModifier.KeypadModifier, "+", "Ctrl++"),
        (Qt.Key.Key_F5, CTRL | SHIFT, "", "Ctrl+Shift+F5"),
        (Qt.Key.Key_Control, CTRL, "", ""),
        (Qt.Key.Key_Shift, SHIFT, "", ""),
        (Qt.Key.Key_Backtab, SHIFT, "", "Shift+Backtab"),
    ],
)
def test_a_key_press_has_one_name(key: Qt.Key, held: Qt.KeyboardModifier, text: str, name: str) -> None:
    found = pressed(QKeyEvent(QEvent.Type.KeyPress, key, held, text))
    assert found == name
    assert not name or QKeySequence(found).count() == 1
