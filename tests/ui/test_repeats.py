"""Label every occurrence: the count, the bar, the review one by one, from repeat to repeat. Real keys and clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop import projects as core
from desktop.model import Span
from desktop.occurrences import find
from desktop.store import queries
from ui import theme
from ui.driver import Driver

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
TEXT = (
    "👍🏽 Iraqi army officials met the Iraqi army.\nMenu of Iran.\nقال الجيش العراقي، الجيش\n"
    "The Iraqi\u00a0army’s base, the IRAQI ARMY, Iraqis, the Iraqi\narmy in Zoe\u0308.\n" + "More words here.\n" * 60 +
    "At last the Iraqi army."
)  # fmt: skip


@pytest.fixture
def driver_of_five(driver: Driver, tmp_path: Path) -> Driver:
    """One article in which Iraqi army stands six times, once as a part of Iraqi army officials."""
    path = tmp_path / "five.tagline"
    core.create(path, "ana").store.close()
    article = tmp_path / "five.txt"
    article.write_bytes(TEXT.encode())
    driver.window.projects.open(path)
    driver.settle()
    driver.window.transfer.import_paths([article])
    driver.wait(lambda: driver.window.view.text == TEXT, "the article is imported and shown")
    driver.settle()
    label(driver, "Iraqi army officials", Key.Key_A)
    return driver


def label(driver: Driver, quote: str, key: Key, start: int = 0) -> None:
    place = TEXT.index(quote, start)
    driver.select(place, place + len(quote))
    driver.key(key)


def spans(driver: Driver) -> list[Span]:
    reading = driver.window.labelling.reading
    return list(reading.spans) if reading else []


def placed(driver: Driver, name: str = "actor") -> list[int]:
    return [span.start for span in spans(driver) if span.label == name]


PLACES = list(find(TEXT, "Iraqi army"))
FREE = [start for start, _ in PLACES[1:]]


def pick_second(driver: Driver) -> None:
    """Label and pick the first Iraqi army that stands by itself."""
    label(driver, "Iraqi army", Key.Key_A, PLACES[1][0])
    driver.pick(PLACES[1][0] + 2)
    driver.wait(lambda: not driver.window.repeats._timer.isActive(), "the repeats are counted")


def undo_title(driver: Driver) -> str:
    return driver.window.actions_.by_id["undo"].text()


def test_the_button_counts_and_goes_at_none(driver_of_five: Driver) -> None:
    driver, repeats = driver_of_five, driver_of_five.window.repeats
    assert not repeats.button.isVisible()
    pick_second(driver)
    assert repeats.button.isVisible()
    assert repeats.button.text() == "Label all 4"
    driver.key(Key.Key_Escape)
    driver.wait(lambda: not repeats.button.isVisible(), "the button goes with the pick")


def test_the_button_then_enter_labels_all_as_one_step(driver_of_five: Driver) -> None:
    driver, repeats = driver_of_five, driver_of_five.window.repeats
    pick_second(driver)
    driver.click(repeats.button)
    assert repeats.bar.text == "Iraqi army: 4\u00a0more here. 1 inside other labels, for the review."
    assert repeats.bar.buttons["all"].hasFocus()
    driver.key(Key.Key_Return)
    assert placed(driver) == [PLACES[0][0], *FREE]
    assert not repeats.bar.isVisible()
    assert driver.window.view.hasFocus()
    assert "Made 4\u00a0labels" in driver.window.messages.text
    assert undo_title(driver) == "&Undo Label 4 × actor: Iraqi army"
    assert {span.text for span in spans(driver)} >= {"Iraqi\u00a0army", "IRAQI ARMY", "Iraqi\narmy"}
    driver.key(Key.Key_Z, CTRL)
    assert placed(driver) == [PLACES[0][0], FREE[0]]


def test_the_key_twice_labels_all(driver_of_five: Driver) -> None:
    pick_second(driver_of_five)
    driver_of_five.key(Key.Key_R, CTRL)
    assert len(placed(driver_of_five)) == 2
    driver_of_five.key(Key.Key_R, CTRL)
    assert len(placed(driver_of_five)) == 6


def test_a_word_asks_for_its_label(driver_of_five: Driver) -> None:
    driver, repeats = driver_of_five, driver_of_five.window.repeats
    start = TEXT.index("الجيش")
    rect = driver.window.view.rect_of(start, start + 5)[0]
    driver.click(driver.window.view.viewport(), rect.center())
    driver.key(Key.Key_R, CTRL)
    assert repeats.mode == "choose"
    assert repeats.bar.text == "الجيش: 2\u00a0here. Label as"
    driver.key(Key.Key_A)
    assert repeats.mode == "offer", "the key chose, and labelled nothing"
    assert len(placed(driver)) == 1
    driver.key(Key.Key_Return)
    assert [span.text for span in spans(driver)][1:] == ["الجيش", "الجيش"]


def test_a_selection_and_a_button_of_the_bar(driver_of_five: Driver) -> None:
    driver, repeats = driver_of_five, driver_of_five.window.repeats
    driver.select(TEXT.index("words"), TEXT.index("words") + 4)
    driver.key(Key.Key_R, CTRL)
    button = next(b for b in repeats.bar._labels if b.label.name == "location")
    driver.click(button)
    driver.click(repeats.bar.buttons["all"])
    assert len(placed(driver, "location")) == 60


def test_review_accepts_skips_and_ends_as_one_step(driver_of_five: Driver) -> None:
    driver, view, repeats = driver_of_five, driver_of_five.window.view, driver_of_five.window.repeats
    pick_second(driver)
    driver.key(Key.Key_R, CTRL)
    driver.click(repeats.bar.buttons["review"])
    assert view.hasFocus()
    assert view.selection == PLACES[0]
    assert "1 of 5, in actor: “Iraqi army officials”" in repeats.bar.text
    driver.key(Key.Key_Delete)
    assert view.selection == PLACES[2]
    driver.key(Key.Key_Return)
    driver.key(Key.Key_L)
    driver.key(Key.Key_N)
    assert len(spans(driver)) == 2, "nothing is stored before the end"
    assert view.selection == PLACES[5]
    assert view.viewport().rect().contains(view.rect_of(*PLACES[5])[0])
    driver.key(Key.Key_Backspace)
    assert view.selection == PLACES[4]
    driver.key(Key.Key_A)
    driver.key(Key.Key_Escape)
    assert not repeats.bar.isVisible()
    assert placed(driver) == [PLACES[0][0], PLACES[1][0], PLACES[2][0], PLACES[4][0]]
    assert placed(driver, "location") == [PLACES[3][0]]
    assert undo_title(driver) == "&Undo Label 2 × actor, 1 × location: Iraqi army"
    driver.key(Key.Key_Z, CTRL)
    assert len(spans(driver)) == 2


def test_review_ends_by_itself_after_the_last(driver_of_five: Driver) -> None:
    driver, repeats = driver_of_five, driver_of_five.window.repeats
    pick_second(driver)
    driver.key(Key.Key_R, CTRL)
    driver.key(Key.Key_Tab)
    driver.key(Key.Key_Return)
    assert repeats.mode == "review"
    driver.key(Key.Key_Return, times=5)
    assert repeats.mode == ""
    assert len(placed(driver)) == 7


def test_looking_elsewhere_in_a_review_comes_back_first(driver_of_five: Driver) -> None:
    driver, view, repeats = driver_of_five, driver_of_five.window.view, driver_of_five.window.repeats
    pick_second(driver)
    driver.key(Key.Key_R, CTRL)
    driver.click(repeats.bar.buttons["review"])
    driver.key(Key.Key_N)
    driver.select(TEXT.index("Menu"), TEXT.index("Menu") + 4)
    driver.key(Key.Key_Return)
    assert view.selection == PLACES[2]
    assert not repeats.target or not repeats.target.taken
    driver.key(Key.Key_Return)
    assert repeats.target
    assert repeats.target.taken == {PLACES[2]: "actor"}


def test_undo_within_a_review_and_closing_the_window_lose_nothing(
    driver_of_five: Driver, tmp_path: Path
) -> None:
    driver, repeats = driver_of_five, driver_of_five.window.repeats
    pick_second(driver)
    driver.key(Key.Key_R, CTRL)
    driver.click(repeats.bar.buttons["review"])
    driver.key(Key.Key_N)
    driver.key(Key.Key_Return)
    driver.key(Key.Key_Z, CTRL)  # takes back the label that stood before the review
    assert repeats.mode == "review"
    driver.window.close()
    session = core.open_project(tmp_path / "five.tagline", "ana")
    starts = {span.start for span in queries.spans(session.store, 1)}
    session.store.close()
    assert starts == {PLACES[0][0], PLACES[2][0]}


def test_another_article_ends_the_review_and_stores(sample: Driver) -> None:
    window = sample.window
    first = window.browsing.article
    assert first
    window.view.select(*next(find(window.view.text, "Iraq")))
    sample.key(Key.Key_R, CTRL)
    sample.key(Key.Key_L)
    sample.click(window.repeats.bar.buttons["review"])
    sample.key(Key.Key_Return)
    sample.key(Key.Key_PageDown, CTRL)
    assert window.browsing.article != first
    assert not window.repeats.bar.isVisible()
    sample.wait(lambda: window.browsing.lines[first].labels == {"location": 1}, "the label is stored")


def test_picking_another_form_puts_the_offer_away(driver_of_five: Driver) -> None:
    driver = driver_of_five
    label(driver, "Iran", Key.Key_L)
    pick_second(driver)
    driver.key(Key.Key_R, CTRL)
    assert driver.window.repeats.bar.isVisible()
    driver.pick(TEXT.index("Iran") + 1)
    assert not driver.window.repeats.bar.isVisible()
    driver.key(Key.Key_R, CTRL)
    assert driver.window.repeats.bar.text == "Iran: no unlabelled repeat here."
    driver.key(Key.Key_Escape)
    assert not driver.window.repeats.bar.isVisible()


def test_nothing_to_repeat_says_so(driver_of_five: Driver) -> None:
    driver = driver_of_five
    driver.window.view.setFocus()
    driver.window.view.set_caret(TEXT.index("👍🏽"))
    driver.window.view.set_caret(len(TEXT))
    driver.key(Key.Key_R, CTRL)
    assert "Pick a label" in driver.window.messages.text or driver.window.repeats.bar.isVisible()


def test_one_key_labels_the_repeat_and_goes_on(driver_of_five: Driver) -> None:
    driver, view = driver_of_five, driver_of_five.window.view
    label(driver, "Iraqi army", Key.Key_L, FREE[0])
    view.set_caret(0)
    driver.key(Key.Key_F4)
    assert view.selection
    assert view.selection[0] == FREE[1], "the first press shows what is meant"
    assert placed(driver, "location") == FREE[:1]
    assert "F4 labels it and goes on" in driver.window.status.currentMessage()
    driver.key(Key.Key_F4)
    assert (placed(driver, "location"), view.selection[0]) == (FREE[:2], FREE[2])
    driver.key(Key.Key_F3)
    driver.key(Key.Key_F4, times=len(FREE) - 3)
    assert placed(driver, "location") == [*FREE[:2], *FREE[3:]], "F3 passes one over"
    assert view.selection == PLACES[3]
    driver.key(Key.Key_F4)
    assert placed(driver, "location") == FREE
    driver.key(Key.Key_F4)
    assert "No labelled form stands unlabelled here" in driver.window.messages.text
    driver.key(Key.Key_Z, CTRL)
    assert placed(driver, "location") == [*FREE[:2], *FREE[3:]]


def test_from_repeat_to_repeat_one_key_each(driver_of_five: Driver) -> None:
    driver, view = driver_of_five, driver_of_five.window.view
    label(driver, "Iraqi army", Key.Key_A, PLACES[1][0])
    view.setFocus()
    driver.key(Key.Key_Home, CTRL)
    driver.key(Key.Key_F3)
    assert view.selection == PLACES[2]
    driver.key(Key.Key_A)
    driver.key(Key.Key_F3)
    assert view.selection == PLACES[3]
    driver.key(Key.Key_F3)
    driver.key(Key.Key_F3)
    assert view.selection == PLACES[5]
    driver.key(Key.Key_F3)
    assert view.selection == PLACES[3], "round and round"
    driver.key(Key.Key_F3, SHIFT)
    assert view.selection == PLACES[5]
    assert len(placed(driver)) == 3


def test_a_long_text_is_looked_through_near_the_caret_first(
    driver_of_five: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.repeat_steps._NEAR", 50)
    test_from_repeat_to_repeat_one_key_each(driver_of_five)


def test_no_labelled_form_no_repeat(sample: Driver) -> None:
    sample.window.view.setFocus()
    sample.key(Key.Key_F3)
    assert sample.window.messages.text == "No labelled form stands unlabelled here."


def test_the_text_stays_where_it_is_when_the_bar_comes(driver_of_five: Driver) -> None:
    driver, view = driver_of_five, driver_of_five.window.view
    view.verticalScrollBar().setValue(300)
    place = next(start for start, _ in find(TEXT, "words") if view.rect_of(start, start + 5)[0].top() > 100)
    driver.click(view.viewport(), view.rect_of(place, place + 5)[0].center())
    before = view.viewport().mapToGlobal(view.rect_of(place, place + 5)[0].topLeft())
    driver.key(Key.Key_R, CTRL)
    assert driver.window.repeats.bar.isVisible()
    assert view.viewport().mapToGlobal(view.rect_of(place, place + 5)[0].topLeft()) == before
    driver.key(Key.Key_Escape)
    assert view.viewport().mapToGlobal(view.rect_of(place, place + 5)[0].topLeft()) == before


def test_both_themes_and_a_small_window(driver_of_five: Driver) -> None:
    driver = driver_of_five
    driver.window.resize(800, 600)
    pick_second(driver)
    driver.key(Key.Key_R, CTRL)
    for colours in (theme.DARK, theme.LIGHT):
        driver.window.set_theme(colours)
        QTest.qWait(10)
        assert not driver.window.grab().isNull()
    bar = driver.window.repeats.bar
    shown = [button for button in bar.buttons.values() if button.isVisible()]
    assert all(bar.rect().contains(button.geometry()) for button in (*shown, bar.close_button))
