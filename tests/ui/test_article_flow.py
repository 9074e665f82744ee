"""Details and page furniture of the article in view, by key and form."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from ui.details_dialog import DetailsDialog
from ui.driver import Driver

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def outside(driver: Driver) -> tuple[tuple[int, int], ...]:
    reading = driver.window.labelling.reading
    assert reading
    return reading.article.outside


def dialog(driver: Driver) -> DetailsDialog:
    driver.window.view.setFocus()
    driver.key(Qt.Key.Key_D, CTRL_SHIFT)
    found = driver.window.article_flow.dialog
    assert found
    assert found.isVisible()
    return found


def save(driver: Driver, form: DetailsDialog) -> None:
    button = form.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    driver.settle()


def test_a_selection_goes_out_and_in_again(sample: Driver) -> None:
    view = sample.window.view
    sample.select(0, 30)
    start, end = view.selection or (0, 0)
    sample.key(Qt.Key.Key_O, CTRL_SHIFT)
    assert outside(sample) == ((start, end),)
    assert view.selection == (start, end)
    sample.key(Qt.Key.Key_O, CTRL_SHIFT)
    assert outside(sample) == ()
    sample.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert outside(sample) == ((start, end),)


def test_without_a_selection_it_is_the_line(sample: Driver) -> None:
    view = sample.window.view
    view.setFocus()
    end = view.text.index("\n")
    view.set_caret(3)
    sample.key(Qt.Key.Key_O, CTRL_SHIFT)
    assert outside(sample) == ((0, end),)
    view.set_caret(end + 1)  # a blank line
    sample.key(Qt.Key.Key_O, CTRL_SHIFT)
    assert outside(sample) == ((0, end),)
    assert "put the caret into a line" in sample.window.messages.text


def test_furniture_is_found_on_request(sample: Driver) -> None:
    sample.row(sample.window.articles.view, 1)
    sample.window.actions_.by_id["find_outside"].trigger()
    sample.settle()
    assert len(outside(sample)) == 3
    sample.window.actions_.by_id["find_outside"].trigger()
    sample.settle()
    assert "No page furniture" in sample.window.messages.text


def test_details_are_kept_shown_and_undone(sample: Driver) -> None:
    form = dialog(sample)
    assert form.title.text().startswith("Iraq, new attacks")
    form.title.setText("Another title")
    form.fields["author"].setText("Jane قال 🚀")
    form.language.setText("ar")
    name, value = form.add_own("", "")
    name.setText("desk")
    value.setText("world")
    save(sample, form)
    assert not form.isVisible()
    reading = sample.window.labelling.reading
    assert reading
    assert (reading.article.title, reading.article.language) == ("Another title", "ar")
    assert reading.article.meta["author"] == "Jane قال 🚀"
    assert reading.article.meta["desk"] == "world"
    assert reading.article.meta["file"]
    assert "Another title" in [line.title for line in sample.window.articles.model.sifted.lines]
    sample.window.actions_.by_id["undo"].trigger()
    sample.settle()
    reading = sample.window.labelling.reading
    assert reading
    assert reading.article.title.startswith("Iraq, new attacks")


def test_saving_without_a_change_changes_nothing(sample: Driver) -> None:
    reading = sample.window.labelling.reading
    assert reading
    steps = sample.window.undoing.possible
    save(sample, dialog(sample))
    after = sample.window.labelling.reading
    assert after
    assert after.article == reading.article
    assert sample.window.undoing.possible == steps


def test_what_is_wrong_is_said_in_the_form(sample: Driver, tmp_path: Path) -> None:
    form = dialog(sample)
    form.title.setText(" ")
    save(sample, form)
    assert form.isVisible()
    assert "title is empty" in form.problem.text()
    form.title.setText("T")
    _, value = form.add_own("", "")
    value.setText("x")
    save(sample, form)
    assert "has no name" in form.problem.text()
    form.reject()
