"""Every place of a form in the project: found, filtered, checked, labelled, opened. Real keys and clicks."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.model import Scheme
from desktop.occurrences import find
from desktop.projects import default_scheme
from desktop.repeats import Place
from ui import theme
from ui.concordance import Concordance
from ui.driver import Driver
from ui.hits import CHECK, FORM, LABEL, LEFT, RIGHT, HitsTable

CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def press(driver: Driver, widget: QWidget, key: Key, keys: Any = Qt.KeyboardModifier.NoModifier) -> None:
    widget.window().activateWindow()  # the hands make the main window the active one whenever they settle
    widget.setFocus()
    QTest.qWait(20)
    QTest.keyClick(widget, key, keys)
    driver.settle()


@pytest.fixture
def found(sample: Driver) -> Concordance:
    """All places of the word militias in the sample."""
    sample.window.view.setFocus()
    sample.window.view.set_caret(0)
    sample.key(Key.Key_G, CTRL)
    window = sample.window.repeats.concordance
    assert window
    window.field.setFocus()
    window.field.selectAll()
    QTest.keyClicks(window.field, "militias")
    sample.wait(lambda: not window._typed.isActive() and not window._running, "hits")
    sample.settle()
    return window


def rows(window: Concordance, column: int) -> list[str]:
    hits = window.table.hits
    return [hits.index(row, column).data() for row in range(hits.rowCount())]


def click_cell(driver: Driver, table: HitsTable, row: int, column: int) -> None:
    rect = table.visualRect(table.hits.index(row, column))
    place = QPoint(rect.left() + 9, rect.center().y()) if column == CHECK else rect.center()
    driver.click(table.viewport(), place)


def test_every_place_with_its_context(sample: Driver, found: Concordance) -> None:
    texts = {place.article: place for place in found.table.hits.places}
    assert len(found.table.hits.places) == 9
    assert found.status.text().replace("\u00a0", " ") == "9 places in 2 articles · 9 unlabelled"
    assert {form.casefold() for form in rows(found, FORM)} == {"militias"}
    sample.window.browsing.open(next(iter(texts)))
    sample.settle()
    text = sample.window.view.text
    assert [(p.start, p.end) for p in found.table.hits.places if p.article == next(iter(texts))] == list(
        find(text, "militias")
    )


def test_check_and_label_is_one_step(sample: Driver, found: Concordance) -> None:
    click_cell(sample, found.table, 0, CHECK)
    assert found.table.hits.checked == {0}
    click_cell(sample, found.table, 2, FORM)
    press(sample, found.table, Key.Key_Space)
    assert found.table.hits.checked == {0, 2}
    press(sample, found.table, Key.Key_Space)
    assert found.table.hits.checked == {0}
    sample.click(found.all)
    assert len(found.table.hits.checked) == 9
    click_cell(sample, found.table, 8, CHECK)
    button = next(button for button in found.buttons if button.label.name == "actor")
    sample.click(button)
    assert rows(found, LABEL) == ["actor"] * 8 + ["–"]
    assert not found.table.hits.checked
    assert found.status.text().replace("\u00a0", " ") == "Made 8 labels. Undo takes all of them back."
    window = sample.window
    assert window.actions_.by_id["undo"].text() == "&Undo Label 8 × actor: militias"
    assert sum(line.spans for line in window.browsing.lines.values()) == 8
    window.undoing.undo()
    sample.settle()
    assert rows(found, LABEL) == ["–"] * 9
    assert sum(line.spans for line in window.browsing.lines.values()) == 0


def test_a_label_key_labels_what_is_checked(sample: Driver, found: Concordance) -> None:
    press(sample, found.table, Key.Key_A)
    assert "Check some hits first" in found.status.text()
    sample.click(found.all)
    press(sample, found.table, Key.Key_A)
    assert rows(found, LABEL) == ["actor"] * 9


def test_unlabelled_only(sample: Driver, found: Concordance) -> None:
    click_cell(sample, found.table, 1, CHECK)
    press(sample, found.table, Key.Key_L)
    assert rows(found, LABEL).count("location") == 1
    sample.click(found.unlabelled, QPoint(12, found.unlabelled.height() // 2))
    assert rows(found, LABEL) == ["–"] * 8
    sample.click(found.unlabelled, QPoint(12, found.unlabelled.height() // 2))
    assert len(rows(found, LABEL)) == 9


def test_a_hit_opens_its_place(sample: Driver, found: Concordance) -> None:
    place = found.table.hits.place(8)
    assert place.article != sample.window.browsing.article
    rect = found.table.visualRect(found.table.hits.index(8, RIGHT))
    QTest.mouseClick(found.table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    QTest.mouseDClick(found.table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    sample.settle()
    assert sample.window.browsing.article == place.article
    assert sample.window.view.selection == (place.start, place.end)
    click_cell(sample, found.table, 0, FORM)
    press(sample, found.table, Key.Key_Return)
    first = found.table.hits.place(0)
    assert (sample.window.browsing.article, sample.window.view.selection) == (
        first.article,
        (first.start, first.end),
    )


def test_labels_made_elsewhere_show(sample: Driver, found: Concordance) -> None:
    click_cell(sample, found.table, 0, FORM)
    press(sample, found.table, Key.Key_Return)
    sample.window.activateWindow()
    sample.window.view.setFocus()
    sample.key(Key.Key_A)
    assert rows(found, LABEL)[0] == "actor"


def test_from_the_bar_with_its_form_and_label(sample: Driver) -> None:
    window = sample.window
    window.view.select(*next(find(window.view.text, "Iraq")))
    sample.key(Key.Key_R, CTRL)
    sample.key(Key.Key_L)
    sample.click(window.repeats.bar.buttons["project"])
    found = window.repeats.concordance
    assert found
    sample.wait(lambda: not found._running, "all is searched")
    assert found.field.text() == "Iraq"
    assert found.unlabelled.isChecked()
    assert [button.label.name for button in found.buttons if button.isChecked()] == ["location"]
    assert len({place.article for place in found.table.hits.places}) == 5
    assert not window.repeats.bar.isVisible()


def test_capitals_match_case(sample: Driver) -> None:
    window = sample.window
    window.browsing.open(list(window.browsing.lines)[2])
    sample.settle()
    window.view.select(*next(find(window.view.text, "US", case=True)))
    sample.key(Key.Key_G, CTRL)
    found = window.repeats.concordance
    assert found
    sample.wait(lambda: not found._running, "all is searched")
    assert found.case.isChecked()
    assert set(rows(found, FORM)) == {"US"}
    sample.click(found.case, QPoint(12, found.case.height() // 2))
    sample.wait(lambda: "us" in rows(found, FORM), "lower case too")


def test_nothing_found_and_nothing_asked(sample: Driver, found: Concordance) -> None:
    found.field.setFocus()
    found.field.selectAll()
    QTest.keyClicks(found.field, "zzz")
    sample.wait(lambda: found.status.text() == "Not found in any article.", "the answer")
    found.field.clear()
    sample.wait(lambda: "Type a word" in found.status.text(), "the hint")
    assert not found.all.isEnabled()


def test_a_search_stops(sample: Driver, found: Concordance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.repeats.SLICE", 10)
    found.search()
    assert found.stop.isVisible()
    found.cancel()
    sample.settle()
    assert not found.stop.isVisible()
    assert not found._running
    found.search()
    found.close()
    sample.settle()
    assert not found._running


def test_cancelled_labelling_changes_nothing(sample: Driver, found: Concordance) -> None:
    sample.click(found.all)
    found.label("actor")
    found.cancel()
    sample.settle()
    assert found.status.text() == "Stopped. Nothing was labelled."
    assert rows(found, LABEL) == ["–"] * 9
    assert len(found.table.hits.checked) == 9


def test_right_to_left_context_stands_on_the_other_side() -> None:
    table = HitsTable()
    table.hits.add(
        [Place(1, "T", 4, 9, "قال ", "الجيش", " العراقي"), Place(1, "T", 0, 4, "in ", "Rome", " now")]
    )
    assert [table.hits.index(0, column).data() for column in (LEFT, FORM, RIGHT)] == [
        "العراقي",
        "الجيش",
        "قال",
    ]
    assert [table.hits.index(1, column).data() for column in (LEFT, FORM, RIGHT)] == ["in", "Rome", "now"]


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_a_hundred_thousand_hits(app: Any, colours: theme.Theme) -> None:
    scheme: Scheme = default_scheme()
    table = HitsTable()
    table.hits.scheme = scheme
    table.set_theme(colours)
    table.resize(900, 500)
    table.show()
    table.hits.add(
        [
            Place(n // 10, "T", n, n + 4, "in ", "Rome", " now", ("actor",) if n % 2 else ())
            for n in range(100_000)
        ]
    )
    table.hits.narrow(True)
    assert table.hits.rowCount() == 50_000
    table.hits.check(range(50_000), True)
    table.scrollToBottom()
    assert not table.grab().isNull()
    table.close()
