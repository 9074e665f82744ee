"""The search of all articles: asked, ticked, labelled, opened and come back from. Real keys and clicks."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop import paths
from desktop.occurrences import find
from desktop.projects import default_scheme
from desktop.scheme_edits import with_label
from desktop.searching import Place
from ui import theme
from ui.concordance import Concordance
from ui.driver import Driver
from ui.hits import FORM, LABEL, LEFT, RIGHT, TICK
from ui.hits_table import HitsTable

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture(autouse=True)
def no_marks() -> None:
    paths.skips_file().unlink(missing_ok=True)


def wait(driver: Driver) -> None:
    """All that was asked is searched."""
    flow = driver.window.repeats.concordance
    driver.wait(lambda: not flow.running, "all is searched")
    driver.settle()


def ask(driver: Driver, text: str) -> Concordance:
    """Type into the line of the page, as a person does."""
    page = driver.window.repeats.concordance.page
    page.bar.field.setFocus()
    page.bar.field.selectAll()
    QTest.keyClicks(page.bar.field, text)
    if not text:
        QTest.keyClick(page.bar.field, Key.Key_Delete)
    wait(driver)
    return page


@pytest.fixture
def found(sample: Driver) -> Concordance:
    """All places of the word militias in the sample."""
    sample.window.view.setFocus()
    sample.window.view.set_caret(0)
    sample.key(Key.Key_G, CTRL)
    return ask(sample, "militias")


def choose(driver: Driver, combo: Any, data: object) -> None:
    """Choose from a list by key."""
    combo.setFocus()
    for key in (Key.Key_Up, Key.Key_Down):
        for _ in range(combo.count()):
            if combo.currentData() == data:
                break
            QTest.keyClick(combo, key)
    assert combo.currentData() == data
    wait(driver)


def press(driver: Driver, widget: QWidget, key: Key, keys: Any = Qt.KeyboardModifier.NoModifier) -> None:
    widget.setFocus()
    QTest.keyClick(widget, key, keys)
    driver.settle()


def rows(page: Concordance, column: int) -> list[str]:
    hits = page.table.hits
    return [hits.index(row, column).data() for row in range(hits.rowCount())]


def told(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2068", "").replace("\u2069", "")


def cell(table: HitsTable, row: int, column: int) -> QPoint:
    rect = table.visualRect(table.hits.index(row, column))
    return QPoint(rect.left() + 9, rect.center().y()) if column == TICK else rect.center()


def click(
    driver: Driver, page: Concordance, row: int, column: int, keys: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    driver.click(page.table.viewport(), cell(page.table, row, column), keys)


# Asking


def test_enter_goes_to_the_hits_as_soon_as_there_are_any(sample: Driver) -> None:
    sample.window.view.setFocus()
    sample.window.view.set_caret(0)
    sample.key(Key.Key_G, CTRL)
    sample.key(Key.Key_G, CTRL)
    page = sample.window.repeats.concordance.page
    QTest.keyClicks(page.bar.field, "Daesh")
    QTest.keyClick(page.bar.field, Key.Key_Return)
    assert sample.window.focusWidget() is page.bar.field, "nothing was found yet"
    wait(sample)
    assert sample.window.focusWidget() is page.table
    sample.key(Key.Key_G, CTRL)
    QTest.keyClicks(page.bar.field, "Ira")
    QTest.keyClick(page.bar.field, Key.Key_Return)
    QTest.keyClicks(page.bar.field, "n")
    wait(sample)
    assert sample.window.focusWidget() is page.bar.field, "who types on stays in the field"


def test_every_place_with_its_context(sample: Driver, found: Concordance) -> None:
    first = found.table.hits.places[0].article
    assert len(found.table.hits.places) == 9
    assert told(found.status.text()) == "9 places in 2 articles · 9 unlabelled"
    assert {form.casefold() for form in rows(found, FORM)} == {"militias"}
    sample.window.browsing.open(first)
    sample.settle()
    text = sample.window.view.text
    there = [(place.start, place.end) for place in found.table.hits.places if place.article == first]
    assert there == list(find(text, "militias"))


def test_switches_and_ways(sample: Driver, found: Concordance) -> None:
    count = len(found.table.hits.rows)
    sample.click(found.bar.whole)
    wait(sample)
    ask(sample, "militia")
    assert len(found.table.hits.rows) > count
    sample.click(found.bar.case)
    wait(sample)
    assert set(rows(found, FORM)) == {"militia"}
    choose(sample, found.bar.way, "words")
    ask(sample, "Iran militia")
    assert set(rows(found, FORM)) == {"Iran", "militia"}
    choose(sample, found.bar.way, "pattern")
    ask(sample, "rockets?|missiles?")
    assert {"rocket", "rockets", "missile", "missiles"} >= set(rows(found, FORM)) >= {"rockets", "missiles"}


def test_a_bad_pattern_is_told_in_its_place(sample: Driver, found: Concordance) -> None:
    choose(sample, found.bar.way, "pattern")
    ask(sample, "a)b")
    assert found.bar.error.isVisible()
    assert "At character" in found.bar.error.text()
    assert not found.table.hits.rows
    press(sample, found.bar.field, Key.Key_Return)
    assert found.bar.field.cursorPosition() in (1, 2)
    ask(sample, "Iraq")
    assert not found.bar.error.isVisible()
    assert found.table.hits.rows


def test_a_pattern_that_never_ends_does_not_hang(
    sample: Driver, found: Concordance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.query.PATIENCE", 0.05)
    choose(sample, found.bar.way, "pattern")
    found.bar.whole.setChecked(False)
    ask(sample, "(.|..)+$(?<=x!!)")
    assert "takes longer" in found.bar.error.text()


def test_nothing_found_and_nothing_asked(sample: Driver, found: Concordance) -> None:
    ask(sample, "zzz")
    assert found.status.text() == "Nothing was found."
    assert not found.hits.isVisible()
    ask(sample, "")
    assert found.status.text() == ""
    assert "Type a word" in found.guide.text()


def test_capitals_match_case(sample: Driver) -> None:
    window = sample.window
    window.browsing.open(list(window.browsing.lines)[2])
    sample.settle()
    window.view.select(*next(find(window.view.text, "US", case=True)))
    sample.key(Key.Key_G, CTRL)
    wait(sample)
    page = window.repeats.concordance.page
    assert page.bar.case.isChecked()
    assert set(rows(page, FORM)) == {"US"}
    sample.click(page.bar.case)
    sample.wait(lambda: "us" in rows(page, FORM), "lower case too")


def test_a_search_stops(sample: Driver, found: Concordance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.searching.SLICE", 10)
    flow = sample.window.repeats.concordance
    found.bar.field.setText("Iraq")
    found.bar.changed.emit()
    assert found.stop.isVisible()
    press(sample, found.bar.field, Key.Key_Escape)  # empties the line; nothing is asked any more
    assert not found.bar.field.text()
    found.bar.field.setText("Iran")
    found.bar.changed.emit()
    QTest.keyClick(found.table, Key.Key_Escape)
    sample.settle()
    assert not flow._run.running
    assert not found.stop.isVisible()
    assert flow.shown
    found.bar.changed.emit()  # what was stopped can be asked again
    wait(sample)
    assert len({place.article for place in found.table.hits.places}) == 5


def test_more_than_is_kept_is_said(
    sample: Driver, found: Concordance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.searching.search.__defaults__", (4,))
    ask(sample, "Iraq")
    assert len(found.table.hits.rows) == 4
    assert "34 more: narrow the search" in told(found.status.text())


# Labels


def test_by_label_attribute_and_text(sample: Driver, found: Concordance) -> None:
    sample.click(found.hits.all)
    press(sample, found.table, Key.Key_E)
    choose(sample, found.bar.label, "event")
    assert set(rows(found, LABEL)) == {"event"}
    ask(sample, "")
    assert len(found.table.hits.rows) == 9
    assert found.bar.attribute.isVisible()
    choose(sample, found.bar.attribute, ("type", "attack"))
    assert found.table.hits.rows == []
    choose(sample, found.bar.attribute, ("type", ""))
    assert len(found.table.hits.rows) == 9
    choose(sample, found.bar.label, "actor")
    assert found.table.hits.rows == []


def test_unlabelled_only(sample: Driver, found: Concordance) -> None:
    click(sample, found, 1, TICK)
    press(sample, found.table, Key.Key_L)
    assert rows(found, LABEL).count("location") == 1
    choose(sample, found.bar.label, "\0")
    assert rows(found, LABEL) == ["–"] * 8
    choose(sample, found.bar.label, "")
    assert len(rows(found, LABEL)) == 9


def test_tick_and_label_is_one_step(sample: Driver, found: Concordance) -> None:
    click(sample, found, 0, TICK)
    assert found.table.hits.ticked == {0}
    click(sample, found, 2, FORM)
    press(sample, found.table, Key.Key_Space)
    assert found.table.hits.ticked == {0, 2}
    press(sample, found.table, Key.Key_Space)
    assert found.table.hits.ticked == {0}
    press(sample, found.table, Key.Key_A, CTRL)
    assert len(found.table.hits.ticked) == 9
    click(sample, found, 8, TICK)
    assert told(found.hits.said.text()) == "8 hits ticked in 1 article · none is labelled"
    sample.click(next(button for button in found.hits.buttons if button.label.name == "actor"))
    assert rows(found, LABEL) == ["actor"] * 8 + ["–"]
    assert not found.table.hits.ticked
    assert told(found.hits.said.text()) == "Made 8 labels. Undo takes all of them back."
    window = sample.window
    assert window.actions_.by_id["undo"].text() == "&Undo Label 8 × actor: militias"
    assert sum(line.spans for line in window.browsing.lines.values()) == 8
    sample.click(found.hits.undo)
    assert rows(found, LABEL) == ["–"] * 9
    assert sum(line.spans for line in window.browsing.lines.values()) == 0
    assert not found.hits.undo.isVisible()


def test_thirty_labels_leave_room_for_the_hits(sample: Driver, found: Concordance) -> None:
    scheme = sample.window.scheme
    for number in range(26):
        scheme = with_label(scheme, f"an organisation with a long name {number}")
    sample.window.resize(1024, 700)
    sample.settle()
    before = found.table.height()
    found.hits.show_scheme(scheme)
    sample.settle()
    assert len([button for button in found.hits.buttons if button.isVisible()]) == 30
    assert before - found.table.height() < 120
    edges = {button.geometry().right() for button in found.hits.buttons}
    assert max(edges) <= found.hits._labels.width() <= found.hits.width()
    found.hits.show_scheme(sample.window.scheme)
    sample.settle()
    assert found.table.height() == before


def test_relabel_and_remove(sample: Driver, found: Concordance) -> None:
    press(sample, found.table, Key.Key_A)
    assert "Tick some hits first" in found.hits.said.text()
    press(sample, found.table, Key.Key_A, CTRL)
    press(sample, found.table, Key.Key_A)
    for row in (0, 1):
        click(sample, found, row, TICK)
    press(sample, found.table, Key.Key_E)
    assert told(found.hits.said.text()) == "Relabelled 2 places. Undo takes all of them back."
    press(sample, found.table, Key.Key_A, CTRL)
    assert told(found.hits.said.text()) == "9 hits ticked in 2 articles · 9 are labelled"
    press(sample, found.table, Key.Key_E)
    assert "Left out: 2 so labelled already." in told(found.hits.said.text())
    assert rows(found, LABEL) == ["event"] * 9
    press(sample, found.table, Key.Key_A, CTRL)
    press(sample, found.table, Key.Key_Backspace)
    assert told(found.hits.said.text()).startswith("Removed 9 labels in 2 articles.")
    sample.key(Key.Key_Z, CTRL)
    assert rows(found, LABEL) == ["event"] * 9


def test_ticks_by_range(sample: Driver, found: Concordance) -> None:
    click(sample, found, 1, TICK)
    click(sample, found, 4, TICK, SHIFT)
    assert found.table.hits.ticked == {1, 2, 3, 4}
    click(sample, found, 6, FORM)
    for _ in range(2):
        press(sample, found.table, Key.Key_Down, SHIFT)
    press(sample, found.table, Key.Key_Space)
    assert found.table.hits.ticked == {1, 2, 3, 4, 6, 7, 8}


def test_what_is_not_meant_stays_out_in_the_same_search(sample: Driver, found: Concordance) -> None:
    click(sample, found, 3, FORM)
    press(sample, found.table, Key.Key_Minus)
    assert rows(found, LABEL)[3] == "not this one"
    press(sample, found.table, Key.Key_A, CTRL)
    assert found.table.hits.ticked == set(range(9)) - {3}
    assert "Tick none" in found.hits.all.text()
    ask(sample, "Iraq")
    assert not found.table.hits.skipped
    ask(sample, "MILITIAS")
    assert found.table.hits.skipped == {3}
    click(sample, found, 3, FORM)
    press(sample, found.table, Key.Key_Minus)
    assert not found.table.hits.skipped
    ask(sample, "Iraq")
    ask(sample, "militias")
    assert not found.table.hits.skipped


def test_cancelled_labelling_changes_nothing(sample: Driver, found: Concordance) -> None:
    sample.click(found.hits.all)
    flow = sample.window.repeats.concordance
    flow.label("actor")
    flow.stop()
    sample.settle()
    assert found.hits.said.text() == "Stopped. Nothing was changed."
    assert rows(found, LABEL) == ["–"] * 9
    assert len(found.table.hits.ticked) == 9


def test_labels_made_elsewhere_show(sample: Driver, found: Concordance) -> None:
    click(sample, found, 0, FORM)
    press(sample, found.table, Key.Key_Return)
    sample.key(Key.Key_A)
    assert rows(found, LABEL)[0] == "actor"


# Going there and back


def test_a_hit_opens_its_place_and_esc_comes_back(sample: Driver, found: Concordance) -> None:
    window = sample.window
    ask(sample, "Iraq")
    found.table.verticalScrollBar().setValue(5)
    place = found.table.hits.place(20)
    assert place.article != window.browsing.article
    QTest.mouseClick(found.table.viewport(), Qt.MouseButton.LeftButton, pos=cell(found.table, 20, RIGHT))
    QTest.mouseDClick(found.table.viewport(), Qt.MouseButton.LeftButton, pos=cell(found.table, 20, RIGHT))
    sample.settle()
    assert window.pages.at_desk
    assert window.browsing.article == place.article
    assert window.view.selection == (place.start, place.end)
    sample.key(Key.Key_Escape, times=2)
    assert window.pages.shows(found)
    assert found.table.verticalScrollBar().value() == 5
    assert found.table.currentIndex().row() == 20
    assert found.table.hasFocus()
    press(sample, found.table, Key.Key_Return)
    assert window.view.selection == (place.start, place.end)
    sample.key(Key.Key_G, CTRL)  # the key that led here leads back
    assert window.pages.shows(found)
    assert len(found.table.hits.rows) == 38
    sample.key(Key.Key_Escape)
    assert window.pages.at_desk


def test_from_the_bar_with_its_form_and_label(sample: Driver) -> None:
    window = sample.window
    window.view.select(*next(find(window.view.text, "Iraq")))
    sample.key(Key.Key_R, CTRL)
    sample.key(Key.Key_L)
    sample.click(window.repeats.bar.buttons["project"])
    wait(sample)
    page = window.repeats.concordance.page
    assert page.bar.field.text() == "Iraq"
    assert page.bar.query.bare
    assert [button.label.name for button in page.hits.buttons if button.isChecked()] == ["location"]
    assert len({place.article for place in page.table.hits.places}) == 5
    assert not window.repeats.bar.isVisible()


def test_another_layer_is_searched_for_the_same(sample: Driver, found: Concordance) -> None:
    click(sample, found, 0, TICK)
    press(sample, found.table, Key.Key_A)
    sample.window.set_layer("ben")
    wait(sample)
    assert sample.window.pages.shows(found)
    assert told(found.whose.text()) == "labels by ben"
    assert rows(found, LABEL) == ["–"] * 9
    sample.window.set_layer("ana")
    wait(sample)
    assert rows(found, LABEL).count("actor") == 1


def test_closing_the_project_forgets_what_was_found(sample: Driver, found: Concordance) -> None:
    sample.window.projects.close()
    sample.settle()
    assert not found.table.hits.places
    assert not sample.window.repeats.concordance.running


# Order, and forms that do not fit


def test_orders(sample: Driver, found: Concordance) -> None:
    before = list(found.table.hits.rows)
    click(sample, found, 4, FORM)
    choose(sample, found.order, "after")
    sample.wait(lambda: found.table.hits.rows != before, "another order")
    after = [text.casefold().split() for text in rows(found, RIGHT)]
    assert after == sorted(after)
    assert found.table.hits.rows[found.table.currentIndex().row()] == 4
    head = found.table.horizontalHeader()
    sample.click(head.viewport(), QPoint(head.sectionPosition(LEFT) + 60, head.height() // 2))
    assert found.order.currentData() == "before"


def test_forms_labelled_here_and_missed_there(sample: Driver, found: Concordance) -> None:
    click(sample, found, 0, TICK)
    click(sample, found, 1, TICK)
    press(sample, found.table, Key.Key_A)
    choose(sample, found.bar.way, "phrase")
    ask(sample, "")
    sample.click(found.ready["missed"])
    wait(sample)
    assert [group.form for group in found.groups] == ["militias"]
    assert told(found.status.text()) == "1 form"
    press(sample, found.list, Key.Key_Return)
    wait(sample)
    places = found.table.hits.places
    assert len(places) == len(found.group.places if found.group else ())
    assert all(not place.labels for place in places)
    assert told(found.status.text()).startswith("militias: actor ×2 · ")
    press(sample, found.table, Key.Key_A, CTRL)
    press(sample, found.table, Key.Key_A)
    assert set(rows(found, LABEL)) == {"actor"}
    sample.key(Key.Key_Escape)
    assert found.groups == ()  # nothing is left to do
    assert not found.list.isVisible()
    sample.key(Key.Key_Z, CTRL)
    choose(sample, found.bar.way, "phrase")
    choose(sample, found.bar.way, "missed")
    assert found.list.isVisible()
    ask(sample, "zzz")
    assert found.groups == ()
    ask(sample, "milit")
    assert [group.form for group in found.groups] == ["militias"]


def test_forms_labelled_two_ways(sample: Driver, found: Concordance) -> None:
    for many, key in ((range(3), Key.Key_A), (range(3, 4), Key.Key_E)):
        for row in many:
            click(sample, found, row, TICK)
        press(sample, found.table, key)
    choose(sample, found.bar.way, "two_ways")
    (group,) = found.groups
    assert group.labels == (("actor", 3), ("event", 1))
    press(sample, found.list, Key.Key_Return)
    wait(sample)
    assert rows(found, LABEL) == ["event"]
    sample.click(found.every)
    wait(sample)
    assert rows(found, LABEL).count("actor") == 3


# The table


def test_right_to_left_context_stands_on_the_other_side() -> None:
    table = HitsTable()
    table.hits.add(
        [
            Place(1, "a", "T", 4, 9, "قال ", "الجيش", " العراقي"),
            Place(1, "a", "T", 0, 4, "in ", "Rome", " now"),
        ]
    )
    texts = [[table.hits.index(row, column).data() for column in (LEFT, FORM, RIGHT)] for row in range(2)]
    assert texts == [["العراقي", "الجيش", "قال"], ["in", "Rome", "now"]]


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_a_hundred_thousand_hits(app: Any, colours: theme.Theme) -> None:
    table = HitsTable()
    table.hits.scheme = default_scheme()
    table.set_theme(colours)
    table.resize(900, 500)
    table.show()
    table.hits.add(
        [
            Place(n // 10, "a", "T", n, n + 4, "in ", "Rome", " now", ("actor",) if n % 2 else ())
            for n in range(100_000)
        ]
    )
    table.hits.tick(range(50_000), True)
    table.hits.put_in_order(list(reversed(range(100_000))))
    assert table.hits.place(0).start == 99_999
    table.scrollToBottom()
    assert not table.grab().isNull()
    table.close()
