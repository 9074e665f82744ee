"""The history beside the article, and the two ways back, through the window."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from desktop import compaction
from desktop.history import Entry, Putting
from desktop.store import queries
from desktop.store.queries import Step
from desktop.store.store import Store
from ui import upkeep
from ui.driver import Driver
from ui.history_page import HistoryPage, told

CTRL = Qt.KeyboardModifier.ControlModifier


def label(driver: Driver, word: str, key: Qt.Key) -> None:
    view = driver.window.view
    view.setFocus()
    view.set_caret(view.text.index(word) + 1)
    driver.key(key)


def labels(driver: Driver) -> list[tuple[str, str]]:
    reading = driver.window.labelling.reading
    assert reading
    return [(span.label, span.text) for span in reading.spans]


def titles(driver: Driver) -> list[str]:
    return [row.text for row in driver.window.inspector.history.rows.rows]


def choose(driver: Driver, title: str) -> None:
    driver.row(driver.window.inspector.history, titles(driver).index(title))


@pytest.fixture
def worked(sample: Driver) -> Driver:
    """Three labels in the first article, one in the second; the first in view with its history."""
    first, second = list(sample.window.browsing.lines)[:2]
    sample.window.browsing.open(first)
    sample.settle()
    label(sample, "attacks", Qt.Key.Key_E)
    label(sample, "Iran", Qt.Key.Key_A)
    sample.window.browsing.open(second)
    sample.settle()
    label(sample, "Iraq", Qt.Key.Key_L)
    sample.window.browsing.open(first)
    sample.settle()
    label(sample, "Isis", Qt.Key.Key_A)
    sample.key(Qt.Key.Key_H, CTRL)
    return sample


def test_this_article_then_the_whole_project(worked: Driver) -> None:
    assert titles(worked) == [
        "Label actor: Isis", "Label actor: Iran", "Label event: attacks", "Import the sample articles",
    ]  # fmt: skip
    page = worked.window.inspector.past
    QTest.mouseClick(page.reaches["project"], Qt.MouseButton.LeftButton)
    worked.settle()
    assert titles(worked)[:2] == ["Label actor: Isis", "Label location: Iraqi"]
    assert titles(worked)[-1] == "New project"
    worked.window.browsing.open(list(worked.window.browsing.lines)[1])
    QTest.mouseClick(page.reaches["article"], Qt.MouseButton.LeftButton)
    worked.settle()
    assert titles(worked) == ["Label location: Iraqi", "Import the sample articles"]


def test_it_follows_what_is_done(worked: Driver) -> None:
    worked.window.view.setFocus()
    worked.key(Qt.Key.Key_Z, CTRL)
    rows = worked.window.inspector.history.rows
    worked.wait(lambda: rows.rows[0].muted, "the step undone is marked")
    assert rows.rows[0].below.endswith("undone")


def test_putting_back_is_said_first_and_is_one_step(worked: Driver) -> None:
    page = worked.window.inspector.past
    before = labels(worked)
    choose(worked, "Label event: attacks")
    assert page.said.text().replace("\u00a0", " ").startswith("As it was then: removes 2 labels.")
    assert labels(worked) == before, "looking changes nothing"
    worked.click(page.putting)
    assert labels(worked) == [("event", "attacks")]
    worked.wait(lambda: len(titles(worked)) == 5, "the step is in the history")
    worked.settle()
    assert titles(worked)[0] == "Put the article back to “Label event: attacks”"
    assert page.said.text().startswith("The article is as it was then.")
    assert not page.putting.isVisible()
    worked.window.view.setFocus()
    worked.key(Qt.Key.Key_Z, CTRL)
    assert labels(worked) == before


def test_undo_back_to_here_goes_through_all_articles(worked: Driver) -> None:
    page = worked.window.inspector.past
    choose(worked, "Label event: attacks")
    assert "3 steps, in whichever article" in page.said.text().replace("\u00a0", " ")
    worked.click(page.undoing)
    assert labels(worked) == [("event", "attacks")]
    assert [line.spans for line in worked.window.browsing.lines.values()] == [1, 0, 0, 0, 0]
    assert worked.window.messages.text.replace("\u00a0", " ").startswith("Undid 3 steps.")
    worked.window.view.setFocus()
    for _ in range(3):
        worked.key(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert [line.spans for line in worked.window.browsing.lines.values()] == [3, 1, 0, 0, 0]


@pytest.mark.parametrize("agreed", [True, False])
def test_other_peoples_steps_are_asked_for(
    worked: Driver, agreed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(box.informativeText())
        box.buttons()[0 if agreed else 1].click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    worked.window.change_settings({"annotator": "ben"})
    choose(worked, "Label event: attacks")
    worked.click(worked.window.inspector.past.undoing)
    assert "3 of 3 steps" in asked[0].replace("\u00a0", " ")
    assert "by ana" in asked[0]
    assert len(labels(worked)) == (1 if agreed else 3)


def test_another_article_has_another_past(worked: Driver) -> None:
    page = worked.window.inspector.past
    choose(worked, "Label event: attacks")
    assert page.foot.isVisible()
    worked.window.browsing.open(list(worked.window.browsing.lines)[2])
    worked.settle()
    assert not page.foot.isVisible(), "what it said was of the other article"
    assert titles(worked) == ["Import the sample articles"]


def test_a_second_click_lets_go(worked: Driver) -> None:
    choose(worked, "Label event: attacks")
    choose(worked, "Label event: attacks")
    assert not worked.window.inspector.past.foot.isVisible()
    assert worked.window.inspector.history.picked is None


# The words


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ({("span", "added"): 1, ("status", "added"): 1}, ""),
        ({("span", "added"): 41}, "41 labels added"),
        (
            {("relation", "removed"): 1, ("span", "removed"): 1, ("span", "changed"): 2},
            "2 labels changed, 1 label removed, 1 relation removed",
        ),
        ({("note", "changed"): 1}, ""),
    ],
)
def test_what_a_step_did_here(done: dict[tuple[str, str], int], words: str) -> None:
    assert told(Counter(done)).replace("\u00a0", " ") == words


STEP = Step(7, "Import x", "ana", "2021-07-11T12:00:00Z", "do", "live")


def test_the_page_alone(app: object, tmp_path: Path) -> None:
    page = HistoryPage()
    page.show_article([])
    assert page.list.rows.rows[0].text == "Nothing was done to this article yet"
    page.show_article([Entry(STEP, Counter({("span", "added"): 3}))])
    assert page.list.rows.rows[0].below.replace("\u00a0", " ").endswith("· ana · 3 labels added")
    page.list.pick(7)
    plan = Putting(
        done=Counter(
            {("span", "added"): 2, ("span", "removed"): 1, ("note", "changed"): 1, ("status", "added"): 1}
        ),
        left_out=Counter({"old_label": 2}),
    )
    page.show_ways(7, plan, [])
    said = page.said.text().replace("\u00a0", " ")
    assert said == (
        "As it was then: brings 2 labels back, removes 1 label, changes its note, changes how far it is. That is one"
        " step; undo takes it back. What the scheme no longer has cannot come back: 2 × old label."
    )
    page.show_ways(6, None, [STEP])
    assert page.said.text().replace("\u00a0", " ") == said, "an answer that comes too late"
    page.show_ways(7, None, [])
    assert page.said.text() == "Nothing to undo since then."


def test_what_was_let_go_is_said_to_be_gone(worked: Driver) -> None:
    """The history is compacted while nobody waits; its steps stay, and say that no way leads back."""
    window = worked.window
    window.work.do(compaction.compact, 50, 1)
    worked.settle()
    window.inspector.past.show_reach("article")
    worked.settle()
    assert titles(worked)[-1] == "Import the sample articles"
    choose(worked, "Label event: attacks")
    page = window.inspector.past
    assert "no longer gone back to" in page.said.text()
    assert "1\u202f000 steps" in page.said.text()
    assert not page.putting.isVisible()
    assert not page.undoing.isVisible()
    page.show_reach("project")
    worked.settle()
    choose(worked, "New project")
    assert "no longer gone back to" in page.said.text()


def test_the_history_is_kept_small_while_nobody_waits(
    worked: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = worked.window
    assert window.care.upkeep.waiting
    monkeypatch.setattr(upkeep.compaction, "due", lambda store: compacted(store) < 3)
    monkeypatch.setattr(compaction.compact, "__defaults__", (1, 1))

    def compacted(store: Store) -> int:
        return queries.compacted(store)

    window.care.upkeep._slice()
    found: list[int] = []
    worked.wait(lambda: not window.care.upkeep.waiting and not window.work.pending, "it is done")
    window.work.read(queries.compacted, then=found.append)
    worked.settle()
    assert found == [3]
