"""Attributes set by key, and the guidelines that follow the label picked."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop.projects import default_guidelines, default_scheme
from desktop.store import queries
from ui.attribute_menu import AttributeMenu
from ui.driver import Driver
from ui.guidelines import GuidelinesPage


def stored(driver: Driver) -> dict[str, Any]:
    """The attributes of the picked span, as they are in the file."""
    found: list[Any] = []
    picked = driver.window.view.picked
    assert picked is not None
    driver.window.work.read(queries.span, picked, then=found.append)
    driver.settle()
    return dict(found[0].attributes)


def label_a_word(driver: Driver, key: Qt.Key) -> None:
    view = driver.window.view
    view.setFocus()
    view.set_caret(view.text.index("attacks") + 1)
    driver.key(key)
    driver.key(Qt.Key.Key_Comma)
    assert view.picked is not None


def press(driver: Driver, *keys: Qt.Key) -> None:
    """Each key goes to the menu that is open, as a grabbed keyboard would send it."""
    for key in keys:
        menu = QApplication.activePopupWidget()
        QTest.keyClick(menu or driver.window.focusWidget() or driver.window, key)
        QTest.qWait(20)
        driver.wait(lambda: driver.window.work.pending == 0, "the store thread is done")
    driver.settle()


def test_three_keys_set_a_value_and_take_it_away(sample: Driver) -> None:
    label_a_word(sample, Qt.Key.Key_E)
    press(sample, Qt.Key.Key_T, Qt.Key.Key_1, Qt.Key.Key_3)
    assert stored(sample) == {"type": "interception"}
    press(sample, Qt.Key.Key_T, Qt.Key.Key_2, Qt.Key.Key_1)
    assert stored(sample) == {"type": "interception", "modality": "actual"}
    press(sample, Qt.Key.Key_T, Qt.Key.Key_1, Qt.Key.Key_0)
    assert stored(sample) == {"modality": "actual"}
    sample.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert stored(sample) == {"type": "interception", "modality": "actual"}
    assert sample.window.view.hasFocus()


def test_the_tenth_value_has_a_letter(sample: Driver) -> None:
    label_a_word(sample, Qt.Key.Key_E)
    event = default_scheme().label("event")
    assert event
    press(sample, Qt.Key.Key_T, Qt.Key.Key_1, Qt.Key.Key_A)
    assert stored(sample) == {"type": event.attributes[0].values[9].name}


def test_what_is_typed_gets_its_field(sample: Driver) -> None:
    label_a_word(sample, Qt.Key.Key_E)
    press(sample, Qt.Key.Key_T, Qt.Key.Key_4)
    field = sample.window.focusWidget()
    assert field is sample.window.inspector.labels.card.fields["event_id"]
    QTest.keyClicks(field, "e7")
    QTest.keyClick(field, Qt.Key.Key_Return)
    sample.settle()
    assert stored(sample) == {"event_id": "e7"}


def test_values_in_force_are_ticked_and_shown(sample: Driver) -> None:
    label_a_word(sample, Qt.Key.Key_E)
    press(sample, Qt.Key.Key_T, Qt.Key.Key_3, Qt.Key.Key_2, Qt.Key.Key_T)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, AttributeMenu)
    titles = [action.text() for action in menu.actions()]
    assert titles == ["&1  Type", "&2  Modality", "&3  Polarity:  negative", "&4  Event id…"]
    values = menu.actions()[2].menu()
    assert isinstance(values, QMenu)
    assert [action.isChecked() for action in values.actions()[:2]] == [False, True]
    press(sample, Qt.Key.Key_Escape)


def test_without_a_pick_or_attributes_the_key_says_so(sample: Driver) -> None:
    sample.key(Qt.Key.Key_T)
    assert QApplication.activePopupWidget() is None
    assert not sample.window.actions_.by_id["attribute"].isEnabled()


def test_a_note_by_key_and_back_to_the_page(sample: Driver) -> None:
    label_a_word(sample, Qt.Key.Key_E)
    sample.key(Qt.Key.Key_N)
    note = sample.window.inspector.labels.card.note
    assert note.hasFocus()
    QTest.keyClicks(note, "sure?")
    sample.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sample.window.view.hasFocus()
    picked = sample.window.labelling.picked
    assert picked
    assert picked.note == "sure?"


@pytest.mark.parametrize(
    ("label", "heading"),
    [
        ("event", "3. Event"),
        ("actor", "4. Actor"),
        ("location", "5. Location"),
        ("claim", "7. Claim"),
        ("weapon", None),
    ],
)
def test_the_part_on_a_label(app: Any, label: str, heading: str | None) -> None:
    page = GuidelinesPage()
    page.show_markdown(default_guidelines())
    number = page.part_on(label)
    found = page.document().findBlockByNumber(number).text() if number is not None else None
    assert found == heading


def test_a_plural_and_two_words_are_found(app: Any) -> None:
    page = GuidelinesPage()
    page.show_markdown("# Actors and events\n\ntext\n\n## Armed groups\n\n## On events\n\n## Eventually")
    assert [page.part_on(name) for name in ("armed_group", "event", "actor")] == [2, 3, 0]


def test_the_guidelines_follow_the_label_picked(sample: Driver) -> None:
    window = sample.window
    window.resize(1024, 700)
    label_a_word(sample, Qt.Key.Key_A)
    window.inspector.focus_tab("guidelines")
    sample.settle()
    page = window.inspector.guidelines

    def at_top() -> str:
        return page.cursorForPosition(page.viewport().rect().topLeft()).block().text()

    assert at_top() == "4. Actor"
    window.view.setFocus()
    sample.key(Qt.Key.Key_C)
    assert at_top() == "7. Claim"
    page.verticalScrollBar().setValue(0)
    sample.key(Qt.Key.Key_Comma)
    sample.key(Qt.Key.Key_Period)
    assert at_top() != "7. Claim", "a reader who has scrolled on is left where they are"
    QTest.mouseClick(window.inspector.guide.badges.buttons["location"], Qt.MouseButton.LeftButton)
    assert at_top() == "5. Location"
