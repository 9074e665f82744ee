"""A project that may only be read: nothing offers to change it, everything can still be read and copied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop import commands
from desktop import projects as core
from desktop.store import queries
from desktop.store.lines import article_lines
from ui.actions import ACTIONS
from ui.driver import Driver
from ui.toolbar import LabelButton


@pytest.fixture
def locked(driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Driver:
    path = tmp_path / "p.tagline"
    session = core.create(path, "ana")
    core.add_sample(session, labels=True)
    article = article_lines(session.store, "reference")[0].key
    first, second = list(queries.reading(session.store, article, "reference").spans)[:2]
    commands.set_span_note(session, first.key, "which one?")
    commands.add_relation(session, first.key, second.key, "same_as")
    session.store.close()
    monkeypatch.setattr(os, "access", lambda asked, mode: Path(asked) != path)
    driver.window.projects.open(path)
    driver.settle()
    assert driver.window.project
    assert driver.window.project.locked
    driver.window.browsing.open(article)
    driver.settle()
    driver.window.view.pick(first.key)
    driver.settle()
    return driver


def open_fields(place: QWidget) -> list[str]:
    """Fields in view in which something can be written or chosen."""
    found = [
        field
        for kind in (QLineEdit, QPlainTextEdit)
        for field in place.findChildren(kind)
        if field.isVisibleTo(place) and field.isEnabled() and not field.isReadOnly()
    ]
    return [field.accessibleName() for field in found] + [
        field.accessibleName()
        for field in place.findChildren(QComboBox)
        if field.isVisibleTo(place) and field.isEnabled()
    ]


def buttons(place: QWidget) -> set[str]:
    """What can be pressed there."""
    return {
        button.accessibleName() or button.text() or button.toolTip()
        for button in place.findChildren(QAbstractButton)
        if button.isVisibleTo(place) and button.isEnabled()
    }


def test_the_inspector_offers_no_change(locked: Driver) -> None:
    inspector = locked.window.inspector
    card = inspector.labels.card
    card.edit_attribute("kind")
    assert card.note.toPlainText() == "which one?"
    for name in ("labels", "notes", "guidelines", "history"):
        inspector.focus_tab(name)
        locked.settle()
        assert [field for field in open_fields(inspector) if not field.startswith("Filter")] == [], name
        offered = " ".join(buttons(inspector)).casefold()
        assert not any(word in offered for word in ("remove", "edit", "load", "put the", "undo back")), name


def test_no_label_can_be_pressed_and_no_changing_action_chosen(locked: Driver) -> None:
    window = locked.window
    assert not any(button.isEnabled() for button in window.tools.findChildren(LabelButton))
    changing = [action.id for action in ACTIONS if not action.reads and not action.leaves]
    assert [name for name in changing if window.actions_.by_id[name].isEnabled()] == []
    before = list(window.labelling.reading.spans)  # type: ignore[union-attr]
    locked.key(Qt.Key.Key_A)
    locked.key(Qt.Key.Key_Backspace)
    assert list(window.labelling.reading.spans) == before  # type: ignore[union-attr]


def test_the_scheme_page_says_why_and_can_still_be_saved(locked: Driver) -> None:
    window = locked.window
    window.scheming.open()
    locked.settle()
    page = window.scheming.page
    for kind, name in (("label", "actor"), ("relation", page._scheme.relations[0].name)):  # type: ignore[union-attr]
        page.choose((kind, name))
        assert open_fields(page) == [], name
        assert {"Save as…", "Done"} <= buttons(page)
        assert not {"Load…", "Remove"} & buttons(page)
    window.pages.leave()
    window.scheming.open()
    assert "Nothing can be changed here" in page.question.said.text()


def test_a_project_that_may_be_written_offers_everything_again(locked: Driver, tmp_path: Path) -> None:
    window = locked.window
    window.scheming.open()
    window.projects.make_sample(tmp_path / "free.tagline", labels=True)
    locked.wait(lambda: window.project and not window.project.locked, "another project is open")
    locked.settle()
    assert all(button.isEnabled() for button in window.tools.findChildren(LabelButton))
    window.scheming.open()
    locked.settle()
    page = window.scheming.page
    assert open_fields(page)
    assert not page.question.asking
    window.pages.leave()
    window.view.pick(next(iter(window.labelling.reading.spans)).key)  # type: ignore[union-attr]
    locked.settle()
    assert not window.inspector.labels.card.note.isReadOnly()
    assert "Remove this label" in buttons(window.inspector)


def test_the_search_offers_no_change_and_says_why(locked: Driver) -> None:
    window = locked.window
    window.repeats.open_concordance()
    page = window.repeats.concordance.page
    page.bar.field.setText("Iraq")
    locked.wait(lambda: not window.repeats.concordance.running and page.table.hits.rows, "it is searched")
    locked.settle()
    page.tick_all()
    locked.settle()
    changing = [*page.hits.buttons, page.hits.remove]
    assert changing and not any(button.isEnabled() for button in changing)
    assert all("Nothing can be changed here" in button.toolTip() for button in changing)
    before = window.browsing.totals["labels"]
    page.table.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_Backspace):
        locked.key(key)
        assert "Nothing can be changed here" in page.hits.said.text()
    assert window.browsing.totals["labels"] == before
    assert page.hits.skip.isEnabled(), "what is not meant is the person's own, not the project's"


@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_Backspace, Qt.Key.Key_R])
def test_a_key_that_would_change_something_says_why_not(locked: Driver, key: Qt.Key) -> None:
    window = locked.window
    window.messages.hide()
    window.view.setFocus()
    locked.key(key)
    assert window.messages.text.startswith("Nothing can be changed here")
    assert [button.text() for button in window.messages.buttons] == ["Save a copy…"]
