"""The palette, driven with keys and mouse: what it finds, in which order, and what it does."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.store.lines import ArticleLine
from ui import matching
from ui.actions import ACTIONS, plain
from ui.driver import Driver
from ui.palette import ALSO, USEFUL, Palette

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def open_palette(driver: Driver) -> Palette:
    driver.key(Qt.Key.Key_K, CTRL)
    palette = driver.window.command_palette
    assert palette.isVisible()
    assert palette.search.hasFocus()
    return palette


def find(driver: Driver, typed: str) -> Palette:
    palette = driver.window.command_palette
    if not palette.isVisible():
        open_palette(driver)
    palette.search.clear()
    QTest.keyClicks(palette.search, typed)
    driver.settle()
    return palette


def texts(palette: Palette) -> list[str]:
    return [row.text for row in palette.list.rows.rows]


def test_every_action_is_found_by_its_text(sample: Driver) -> None:
    palette = open_palette(sample)
    for action in ACTIONS:
        palette.search.setText(plain(sample.window.actions_.by_id[action.id].text()).rstrip("…"))
        sample.settle()
        assert palette.list.row_of(("action", action.id)) > 0, action.id


def test_it_opens_and_closes_and_the_focus_goes_back(sample: Driver) -> None:
    window = sample.window
    window.view.setFocus()
    palette = open_palette(sample)
    sample.key(Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.view.hasFocus()
    open_palette(sample)
    sample.key(Qt.Key.Key_K, CTRL)
    assert not palette.isVisible()
    open_palette(sample)
    sample.click(palette, QPoint(5, palette.height() - 5))
    assert not palette.isVisible()
    assert window.view.hasFocus()


def test_it_opens_from_any_field_and_without_a_project(sample: Driver) -> None:
    sample.key(Qt.Key.Key_F, CTRL)
    palette = open_palette(sample)
    sample.key(Qt.Key.Key_Escape)
    assert sample.window.articles.search.hasFocus()
    sample.key(Qt.Key.Key_N, CTRL | SHIFT)
    open_palette(sample)
    sample.key(Qt.Key.Key_Escape)
    sample.key(Qt.Key.Key_W, CTRL)
    assert sample.window.project is None
    open_palette(sample)
    assert "Open project…" in texts(palette)
    assert "Done and next" not in texts(palette)


def test_the_hint_in_the_status_line_opens_it(sample: Driver) -> None:
    hint = sample.window.status.findChild(QWidget, "palette_hint")
    assert hint
    assert hint.property("text") == "Ctrl+K commands"
    sample.click(hint)
    assert sample.window.command_palette.isVisible()


def test_enter_runs_an_action(sample: Driver) -> None:
    find(sample, "flag art")
    sample.key(Qt.Key.Key_Return)
    assert not sample.window.command_palette.isVisible()
    reading = sample.window.labelling.reading
    assert reading
    sample.wait(lambda: reading_flag(sample), "the article is flagged")


def reading_flag(driver: Driver) -> bool:
    reading = driver.window.labelling.reading
    return bool(reading and reading.article.flag)


def test_a_label_is_given_to_what_is_selected(sample: Driver) -> None:
    start = sample.window.view.text.index("Washington")
    sample.select(start, start + len("Washington"))
    find(sample, "loc")
    sample.key(Qt.Key.Key_Return)
    reading = sample.window.labelling.reading
    assert reading
    assert [(span.label, span.text) for span in reading.spans] == [("location", "Washington")]


def test_the_other_ways_to_label_are_found_by_name_and_by_key(sample: Driver) -> None:
    start = sample.window.view.text.index("Washington")
    sample.select(start, start + len("Washington"))
    find(sample, "loc")
    sample.key(Qt.Key.Key_Return)
    sample.select(start, start + len("Washington"))
    palette = find(sample, "second label act")
    row = palette.list.rows.rows[1]
    assert (row.text, row.right) == ("Label actor, as a second label", "Shift+A")
    assert find(sample, "ctrl+e").list.picked == ("exact", "event")
    find(sample, "second label act")
    sample.key(Qt.Key.Key_Return)
    reading = sample.window.labelling.reading
    assert reading
    assert {(span.label, span.text) for span in reading.spans} == {
        ("location", "Washington"),
        ("actor", "Washington"),
    }


def test_what_cannot_be_done_says_why_and_does_nothing(sample: Driver) -> None:
    palette = find(sample, "remove label")
    row = palette.list.rows.rows[1]
    assert (row.text, row.after, row.muted) == ("Remove label", "pick a label first", True)
    sample.key(Qt.Key.Key_Return)
    assert palette.isVisible()
    assert palette.foot.text() == "Pick a label first."
    sample.window.transfer.set_busy(True)
    assert find(sample, "mark done").list.rows.rows[1].after == "waits until the import or export has ended"
    sample.window.transfer.set_busy(False)


def test_keys_are_shown_and_found(sample: Driver) -> None:
    palette = find(sample, "ctrl+pgdown")
    assert (palette.list.rows.rows[1].text, palette.list.rows.rows[1].right) == (
        "Next article",
        "Ctrl+PgDown",
    )
    assert find(sample, "?").list.picked == ("action", "keys")
    assert find(sample, "e").list.picked == ("label", "event")


def test_an_article_is_opened_by_key_and_by_click(sample: Driver) -> None:
    window = sample.window
    lines = list(window.browsing.lines.values())
    target = next(line for line in lines if line.key != window.browsing.article)
    palette = find(sample, target.title[:30].lower())
    assert palette.list.picked == ("article", target.key)
    sample.key(Qt.Key.Key_Return)
    assert window.browsing.article == target.key
    assert window.view.hasFocus()
    other = next(line for line in lines if line.key != target.key)
    palette = find(sample, other.title[:30])
    sample.row(palette.list, palette.list.row_of(("article", other.key)))
    assert window.browsing.article == other.key


def test_nothing_typed_offers_what_is_likely(sample: Driver) -> None:
    first = sample.window.browsing.article
    sample.key(Qt.Key.Key_PageDown, CTRL)
    palette = open_palette(sample)
    assert palette.list.rows.rows[0].heading
    assert palette.list.picked == ("action", "done_next")
    assert palette.list.row_of(("article", first)) > 0
    assert palette.list.row_of(("article", sample.window.browsing.article)) == -1, "it is in view already"


def test_arrows_go_round_and_skip_headings(sample: Driver) -> None:
    palette = open_palette(sample)
    keys = [row.key for row in palette.list.rows.rows if not row.heading]
    sample.key(Qt.Key.Key_Up)
    assert palette.list.picked == keys[-1]
    sample.key(Qt.Key.Key_Down, times=2)
    assert palette.list.picked == keys[1]
    sample.key(Qt.Key.Key_PageDown, times=9)
    assert palette.list.picked == keys[-1]


def test_keys_of_the_window_do_nothing_meanwhile(sample: Driver) -> None:
    article = sample.window.browsing.article
    palette = open_palette(sample)
    sample.key(Qt.Key.Key_PageDown, CTRL)
    sample.key(Qt.Key.Key_Return, CTRL)
    assert palette.isVisible()
    assert sample.window.browsing.article == article
    palette.search.clear()
    find(sample, "ea.,r")
    assert palette.search.text() == "ea.,r"
    reading = sample.window.labelling.reading
    assert reading
    assert not reading.spans


def test_nothing_found_says_so(sample: Driver) -> None:
    palette = find(sample, "zzqq")
    assert not palette.list.isVisible()
    assert "zzqq" in palette.foot.text()
    sample.key(Qt.Key.Key_Return)
    assert palette.isVisible()


def test_it_fits_a_small_window(sample: Driver) -> None:
    sample.window.resize(700, 420)
    sample.settle()
    assert sample.window.width() == 700
    palette = find(sample, "e")
    assert palette.rect().contains(palette.panel.geometry())
    sample.window.resize(1000, 700)
    sample.settle()
    assert abs(palette.panel.geometry().center().x() - palette.width() // 2) <= 1


@pytest.mark.parametrize(
    ("typed", "text", "level"),
    [
        ("done", "Done and next", matching.WHOLE),
        ("NEXT do", "Done and next", matching.STARTS),
        ("ext", "Done and next", matching.ANYWHERE),
        ("dn", "Done and next", matching.INITIALS),
        ("ewl", "End one word later", matching.INITIALS),
        ("lwe", "End one word later", None),
        ("cafe", "Le Café", matching.STARTS),
        ("CAFÉ", "cafe noir", matching.WHOLE),
        ("strasse", "Die Straße", matching.STARTS),
        ("الجيش", "قال الجَيْش", matching.STARTS),
        ("u.s.", "US and U.S. forces", matching.STARTS),
        ("", "Done", None),
        ("...", "Done", None),
    ],
)
def test_ranks(typed: str, text: str, level: int | None) -> None:
    assert matching.rank(typed, text) == level


def test_lines_come_best_first_and_in_their_order() -> None:
    lines = matching.Lines(["An Iraqi\ntown", "Non-Iraq", "Iraq today", "nothing", "Miraqle", "Iraq again"])
    while lines.fold_more(2):
        pass
    assert lines.find("iraq", 50) == ([(0, 2), (0, 5), (1, 0), (1, 1), (2, 4)], 5)
    assert lines.find("iraq t", 50) == ([(0, 2), (1, 0)], 2)
    assert lines.find("iraq", 1) == ([(0, 2)], 5)
    assert lines.find(" ", 50) == ([], 0)


def test_a_hundred_thousand_articles_stall_nothing(sample: Driver) -> None:
    names = ("Iraq", "attacks", "on", "sites", "escalated", "Éric", "Säle", "hours", "militias", "قال")
    lines = {
        key: ArticleLine(key, str(key), f"{names[key % 10]} {names[key % 7]} {key}", 1, False, "", {}, "todo")
        for key in range(1, 100_001)
    }
    sample.window.browsing.lines = lines
    palette = open_palette(sample)
    slowest = 0.0
    while palette._folding.isActive():
        start = time.thread_time()
        palette._fold()
        slowest = max(slowest, time.thread_time() - start)
    for letter in "iraq att":
        start = time.thread_time()
        QTest.keyClicks(palette.search, letter)
        slowest = max(slowest, time.thread_time() - start)
    assert slowest < 0.25, "of the processor, and generous: the benchmarks measure"
    assert len([row for row in palette.list.rows.rows if not row.heading]) == 50
    assert palette.list.rows.rows[0].text.startswith("Articles · 50 of")


def test_the_tables_name_actions_that_are_there() -> None:
    known = {action.id for action in ACTIONS}
    assert {*USEFUL, *ALSO} <= known


def test_what_is_typed_is_not_read_as_anything_else(sample: Driver) -> None:
    palette = find(sample, "<bzq>%s\\ (")
    assert not palette.list.isVisible()
    assert "<bzq>%s" in palette.foot.text()
    assert palette.foot.textFormat() == Qt.TextFormat.PlainText
