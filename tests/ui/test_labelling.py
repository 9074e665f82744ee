"""What keys do to labels: growing, repeating, the sticky label, fragments, relations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop.model import Span
from ui.driver import Driver

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier


def spans(driver: Driver) -> list[Span]:
    reading = driver.window.labelling.reading
    return list(reading.spans) if reading else []


def placed(driver: Driver) -> set[tuple[str, str]]:
    return {(span.label, span.text) for span in spans(driver)}


def selected(driver: Driver) -> str:
    view = driver.window.view
    return view.text[slice(*view.selection)] if view.selection else ""


def put_caret(driver: Driver, quote: str) -> None:
    driver.click(driver.window.view.viewport(), driver.point(driver.window.view.text.index(quote) + 1))


def label(driver: Driver, quote: str, key: Qt.Key) -> None:
    start = driver.window.view.text.index(quote)
    driver.select(start, start + len(quote))
    driver.key(key)


def test_one_key_grows_the_selection_and_one_shrinks_it(sample: Driver) -> None:
    put_caret(sample, "special forces")
    grown = []
    for _ in range(3):
        sample.key(Qt.Key.Key_Up, CTRL)
        grown.append(selected(sample))
    assert grown[0] == "special"
    assert grown[0] in grown[1]
    assert len(grown[1]) < len(grown[2])
    sample.key(Qt.Key.Key_Down, CTRL)
    assert selected(sample) == grown[1]
    sample.key(Qt.Key.Key_Down, CTRL)
    assert selected(sample) == "special"


def test_the_last_label_again(sample: Driver) -> None:
    label(sample, "Washington", Qt.Key.Key_L)
    put_caret(sample, "Baghdad")
    sample.key(Qt.Key.Key_Space, CTRL)
    assert placed(sample) == {("location", "Washington"), ("location", "Baghdad")}


def test_a_sticky_label_costs_one_drag_a_span(sample: Driver) -> None:
    text = sample.window.view.text
    button = next(button for button in sample.window.tools._labels if button.label.name == "location")
    sample.click(button, keys=SHIFT)
    assert sample.window.labelling.sticky == "location"
    for quote in ("Washington", "Baghdad"):
        sample.select(text.index(quote), text.index(quote) + len(quote))
    assert placed(sample) == {("location", "Washington"), ("location", "Baghdad")}
    view, place = sample.window.view.viewport(), sample.point(text.index("security") + 2)
    # A third click takes no sentence then.
    for press in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseClick):
        press(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    sample.settle()
    assert len(placed(sample)) == 3
    assert ("location", "security") in placed(sample), "a word taken by a double click is a selection too"
    sample.key(Qt.Key.Key_Z, CTRL)
    sample.key(Qt.Key.Key_Escape)
    assert sample.window.labelling.sticky is None
    sample.select(text.index("Tehran"), text.index("Tehran") + 6)
    assert len(placed(sample)) == 2


def test_a_leading_article_is_left_out_where_it_is_wished(sample: Driver) -> None:
    label(sample, "the US embassy", Qt.Key.Key_L)
    sample.key(Qt.Key.Key_Z, CTRL)
    sample.window.settings.leave_out_leading_words = True
    label(sample, "the US embassy", Qt.Key.Key_L)
    assert placed(sample) == {("location", "US embassy")}


def test_a_fragment_is_added_and_split_off_again(sample: Driver) -> None:
    text = sample.window.view.text
    label(sample, "Washington", Qt.Key.Key_A)
    sample.pick(text.index("Washington") + 2)
    sample.select(text.index("Iran,"), text.index("Iran,") + 4)
    sample.key(Qt.Key.Key_J, CTRL)
    (span,) = spans(sample)
    assert [text[a:b] for a, b in span.fragments] == ["Washington", "Iran"]
    put_caret(sample, "Iran,")
    sample.pick(span.fragments[1][0] + 1)
    sample.key(Qt.Key.Key_J, CTRL | SHIFT)
    assert placed(sample) == {("actor", "Washington"), ("actor", "Iran")}
    sample.key(Qt.Key.Key_Z, CTRL)
    assert len(spans(sample)) == 1


def test_a_selection_of_stops_labels_nothing_else(sample: Driver) -> None:
    view = sample.window.view
    stop = view.text.index(", new attacks")
    sample.click(view.viewport(), sample.point(stop))
    sample.key(Qt.Key.Key_Right, SHIFT)
    sample.key(Qt.Key.Key_E)
    assert not placed(sample)
    assert "only blanks" in sample.window.messages.text


def test_esc_stops_an_import(sample: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(400):
        (tmp_path / f"{number:03}.txt").write_text(f"Article number {number}.", "utf-8")
    work = sample.window.work
    real = work.report_progress

    def slowly(done: int, total: int = 0) -> None:
        import time

        time.sleep(0.02)
        real(done, total)

    monkeypatch.setattr(work, "report_progress", slowly)
    sample.window.transfer.import_paths([tmp_path])
    sample.window.view.setFocus()
    QTest.qWait(200)
    assert sample.window.transfer.busy
    QTest.keyClick(sample.window.view, Qt.Key.Key_Escape)
    sample.wait(lambda: not sample.window.transfer.busy, "the import stops")
    sample.settle()
    assert len(sample.window.browsing.lines) == 5
    assert "Nothing was changed" in sample.window.messages.text


def test_out_to_the_label_around_and_in_again_the_same_way(labelled: Driver) -> None:
    text, alt = labelled.window.view.text, Qt.KeyboardModifier.AltModifier
    labelled.pick(text.index("Iran are feared") + 1)
    way = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        labelled.key(key, alt)
        picked = labelled.window.labelling.picked
        assert picked
        way.append(picked.text)
    claim = "new attacks against US interests from Iran are feared"
    assert way == [claim, "Iran", claim, "Iran", "Iran"]
    labelled.pick(text.index("interests from") + 1)
    labelled.key(Qt.Key.Key_Down, alt)
    picked = labelled.window.labelling.picked
    assert picked
    assert picked.text == "attacks", "who has not come from inside goes to the first"


def relations(driver: Driver) -> list[tuple[str, str, str]]:
    reading: Any = driver.window.labelling.reading
    words = {span.id: span.text for span in reading.spans}
    return [(words[r.head], r.type, words[r.tail]) for r in reading.relations]


@pytest.fixture
def related(sample: Driver) -> Driver:
    """An event with an actor and two places near it."""
    for quote, key in (
        ("strengthen security", Qt.Key.Key_E),
        ("ISF", Qt.Key.Key_A),
        ("US embassy", Qt.Key.Key_L),
        ("Baghdad", Qt.Key.Key_L),
    ):
        label(sample, quote, key)
    assert len(placed(sample)) == 4
    sample.pick(sample.window.view.text.index("strengthen") + 2)
    return sample


def test_relating_by_keys_alone(related: Driver) -> None:
    related.key(Qt.Key.Key_R)
    assert "A agent" in related.window.messages.text
    related.key(Qt.Key.Key_A)
    related.key(Qt.Key.Key_Return)
    assert relations(related) == [("strengthen security", "agent", "ISF")]
    assert placed(related) >= {("event", "strengthen security")}, "the keys of the types label nothing"
    related.key(Qt.Key.Key_R)
    related.key(Qt.Key.Key_P)
    related.key(Qt.Key.Key_Period)
    related.key(Qt.Key.Key_Return)
    assert ("strengthen security", "place", "Baghdad") in relations(related)
    related.picture("arcs")
    related.key(Qt.Key.Key_Z, CTRL)
    assert relations(related) == [("strengthen security", "agent", "ISF")]


def test_first_letters_choose_the_other_end(related: Driver) -> None:
    related.key(Qt.Key.Key_R)
    related.key(Qt.Key.Key_P)
    first = related.window.messages.text
    assert "“US embassy”, 1 of 2" in first or "“Baghdad”, 1 of 2" in first
    related.key(Qt.Key.Key_X)
    assert related.window.messages.text == first, "a letter that fits nothing is not taken"
    related.key(Qt.Key.Key_E)
    assert "“US embassy”, 1 of 1" in related.window.messages.text, "letters begin any word of a form"
    related.key(Qt.Key.Key_Backspace)
    related.key(Qt.Key.Key_B)
    assert "“Baghdad”, 1 of 1" in related.window.messages.text
    related.key(Qt.Key.Key_Return)
    assert relations(related) == [("strengthen security", "place", "Baghdad")]
    related.key(Qt.Key.Key_R)
    related.key(Qt.Key.Key_P)
    assert "“US embassy”, 1 of 1" in related.window.messages.text, "what is tied is not offered again"


def test_another_article_ends_relating(related: Driver) -> None:
    related.key(Qt.Key.Key_R)
    related.key(Qt.Key.Key_A)
    related.row(related.window.articles.view, 2)
    assert not related.window.relating.active
    assert related.window.messages.text == ""
    related.window.view.setFocus()
    related.key(Qt.Key.Key_Right, CTRL)
    related.key(Qt.Key.Key_A)
    assert len(placed(related)) == 1, "keys label again"


def test_relating_with_a_click_and_giving_up(related: Driver) -> None:
    text = related.window.view.text
    related.key(Qt.Key.Key_R)
    related.key(Qt.Key.Key_P)
    related.pick(text.index("US embassy") + 1)
    assert relations(related) == [("strengthen security", "place", "US embassy")]
    related.key(Qt.Key.Key_R)
    related.key(Qt.Key.Key_Escape)
    assert not related.window.relating.active
    assert len(relations(related)) == 1
    related.pick(text.index("Baghdad") + 1)
    related.key(Qt.Key.Key_A)
    assert ("actor", "Baghdad") in placed(related), "after Esc the keys are the labels' again"


def test_a_place_may_not_be_an_agent(related: Driver) -> None:
    related.key(Qt.Key.Key_R)
    related.key(Qt.Key.Key_A)
    related.pick(related.window.view.text.index("Baghdad") + 1)
    assert not relations(related)
    assert "may not point there" in related.window.messages.text


def test_what_is_said_of_a_key_is_the_persons_own(sample: Driver) -> None:
    window = sample.window
    said: list[str] = []
    window.labelling.said.connect(said.append)
    window.labelling.remove()
    window.change_settings({"keys": {"next_label": ["Ctrl+M"]}})
    window.help.show_keys()
    window.labelling.remove()
    window.change_settings({"keys": {"next_label": []}})
    window.help.show_keys()
    window.labelling.remove()
    assert said == [
        "Pick a label first: click it, or press . for the next one.",
        "Pick a label first: click it, or press Ctrl+M for the next one.",
        "Pick a label first: click it.",
    ]


def test_what_is_said_of_a_key_moves_no_line_and_goes_with_the_next_label(sample: Driver) -> None:
    window, view = sample.window, sample.window.view
    text = view.text
    put_caret(sample, "Washington")
    before = view.mapTo(window, view.caret_rect(0).topLeft())
    place = text.index(". ") + 1
    view.set_caret(place)
    sample.key(Qt.Key.Key_Left, SHIFT)
    sample.key(Qt.Key.Key_A)
    assert "only blanks" in window.messages.text
    assert view.mapTo(window, view.caret_rect(0).topLeft()) == before
    put_caret(sample, "Washington")
    sample.key(Qt.Key.Key_A)
    assert window.messages.text == ""
    window.messages.error("The disk is gone.")
    put_caret(sample, "Tehran")
    sample.key(Qt.Key.Key_L)
    assert window.messages.text == "The disk is gone.", "what is wrong stays"


def test_a_line_below_leaves_the_caret_in_view(sample: Driver) -> None:
    window, view = sample.window, sample.window.view
    bottom = view.viewport().height() - 4
    sample.click(view.viewport(), QPoint(view.viewport().width() // 2, bottom))
    assert view.caret_rect(view.caret).bottom() > bottom - 40
    window.messages.info("Something was done.")
    sample.settle()
    assert view.viewport().height() < bottom
    assert view.caret_rect(view.caret).bottom() < view.viewport().height()


def test_a_key_for_a_picked_label_says_so_where_none_is(sample: Driver) -> None:
    window = sample.window
    for key, held in ((Qt.Key.Key_R, NONE), (Qt.Key.Key_Backspace, NONE), (Qt.Key.Key_Right, ALT)):
        window.messages.hide()
        window.view.setFocus()
        sample.key(key, held)
        assert window.messages.text == "Pick a label first."
    window.messages.hide()
    sample.key(Qt.Key.Key_Q)
    assert window.messages.text == "", "it means nothing at any time"
    window.articles.search.setFocus()
    sample.key(Qt.Key.Key_R)
    assert (window.articles.search.text(), window.messages.text) == ("r", "")
