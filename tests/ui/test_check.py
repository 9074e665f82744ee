"""The page of the dataset checks: what was found, places opened, fixes applied and taken back, all by key."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from desktop import commands, splitting
from ui.check_page import MOST, CheckPage
from ui.driver import Driver

SHIFT = Qt.KeyboardModifier.ShiftModifier


def opened(driver: Driver) -> CheckPage:
    driver.window.actions_.by_id["check"].trigger()
    driver.wait(lambda: not driver.window.care.check.stale, "the articles were checked")
    driver.settle()
    return driver.window.care.check.page


def count(page: CheckPage, kind: str) -> int:
    return sum(1 for problem in page.problems if problem.kind == kind)


def pick(driver: Driver, page: CheckPage, kind: str) -> int:
    """Go to the first row of a kind by key, and choose it."""
    index = next(number for number, problem in enumerate(page.problems) if problem.kind == kind)
    page.list.setCurrentIndex(page.list.rows.index(page.list.row_of(index)))
    page.list.setFocus()
    driver.key(Qt.Key.Key_Return)
    return index


def test_what_was_found_is_listed_by_kind(labelled: Driver) -> None:
    page = opened(labelled)
    headings = [row.text for row in page.list.rows.rows if row.heading]
    assert "Same words, other label · 6" in headings
    assert page.about.text().replace("\u00a0", " ") == "5 articles, 0 errors, 0 warnings, 35 notes"
    assert page.list.hasFocus()
    assert page.name.text() == "Same words, other label"


def test_enter_looks_and_enter_again_goes_to_the_place(labelled: Driver) -> None:
    page = opened(labelled)
    index = pick(labelled, page, "span.far_out")
    problem = page.problems[index]
    assert labelled.window.pages.shows(page)
    labelled.key(Qt.Key.Key_Return)
    window = labelled.window
    assert window.pages.at_desk
    labelled.wait(lambda: window.labelling.picked, "the label is picked")
    span = window.labelling.picked
    assert span
    assert (span.id, span.start, span.end) == (problem.span, problem.start, problem.end)
    # Back to the page, nothing is checked again, and the row is still chosen.
    page = opened(labelled)
    assert page.list.picked == index


def test_of_labels_on_one_stretch_the_one_that_is_meant_is_picked(labelled: Driver) -> None:
    span = next(iter(labelled.window.labelling.reading.spans))
    labelled.window.work.do(
        commands.add_span, span.article, span.fragments, span.label, "reference", writing=True
    )
    labelled.settle()
    page = opened(labelled)
    problem = page.problems[pick(labelled, page, "span.duplicate")]
    labelled.key(Qt.Key.Key_Return)
    labelled.wait(lambda: labelled.window.labelling.picked, "the label is picked")
    assert labelled.window.labelling.picked.id == problem.span != span.id


def test_a_place_without_a_label_is_selected(labelled: Driver) -> None:
    page = opened(labelled)
    index = pick(labelled, page, "form.missed")
    problem = page.problems[index]
    labelled.key(Qt.Key.Key_Return)
    labelled.wait(lambda: labelled.window.view.selection, "the stretch is selected")
    assert labelled.window.view.selection == (problem.start, problem.end)


def test_one_key_mends_one_and_undo_takes_it_back(labelled: Driver) -> None:
    page = opened(labelled)
    missed = count(page, "form.missed")
    pick(labelled, page, "form.missed")
    labelled.key(Qt.Key.Key_F)
    assert count(page, "form.missed") == missed - 1
    assert labelled.window.messages.text.replace("\u00a0", " ") == "1 finding mended. Undo takes it back."
    assert isinstance(page.list.picked, int)
    labelled.window.actions_.by_id["undo"].trigger()
    labelled.settle()
    assert labelled.window.care.check.stale
    assert count(opened(labelled), "form.missed") == missed


def test_shift_mends_all_of_a_kind_as_one_step(labelled: Driver) -> None:
    page = opened(labelled)
    before = labelled.window.browsing.totals["labels"]
    pick(labelled, page, "form.missed")
    labelled.key(Qt.Key.Key_F, SHIFT)
    assert count(page, "form.missed") == 0
    assert labelled.window.browsing.totals["labels"] == before + 26
    labelled.window.actions_.by_id["undo"].trigger()
    labelled.settle()
    assert labelled.window.browsing.totals["labels"] == before


def test_a_fix_of_splits_and_esc(labelled: Driver) -> None:
    window = labelled.window
    names = [line.id for line in window.browsing.lines.values()]
    window.work.do(splitting.set_group, names[:2], "g", then=lambda _: None, writing=True)
    window.work.do(splitting.keep, "share:0", {names[0]: "train", names[1]: "test"}, writing=True)
    labelled.settle()
    page = opened(labelled)
    pick(labelled, page, "split.conflict")
    labelled.key(Qt.Key.Key_F)
    assert count(page, "split.conflict") == 0
    labelled.key(Qt.Key.Key_Escape)
    assert window.pages.at_desk
    window.care.check.stale = True
    assert count(opened(labelled), "split.conflict") == 0


def test_another_annotators_place_is_shown_in_their_layer(labelled: Driver) -> None:
    window = labelled.window
    window.set_layer("ana")
    labelled.settle()
    page = opened(labelled)
    index = pick(labelled, page, "span.far_out")
    labelled.key(Qt.Key.Key_Return)
    labelled.wait(lambda: window.labelling.picked, "the label is picked")
    assert window.browsing.layer == "reference" == page.problems[index].annotator


def test_a_project_of_one_does_not_show_the_findings_of_another(labelled: Driver, tmp_path: Path) -> None:
    assert opened(labelled).problems
    window = labelled.window
    window.projects.make_sample(tmp_path / "other.tagline", labels=False)
    labelled.wait(lambda: window.project and window.project.path.name == "other.tagline", "the other is open")
    labelled.settle()
    page = opened(labelled)
    assert {problem.kind for problem in page.problems} == {"article.unread"}
    assert page.name.text() == "Nobody has begun"
    assert [button.text() for button in page.deeds] == ["Show in the article  ↵"]


def test_long_lists_are_cut_but_mended_whole(labelled: Driver) -> None:
    page = opened(labelled)
    one = next(problem for problem in page.problems if problem.fix)
    page.show_problems([one] * (MOST + 7), {})
    assert [row.text for row in page.list.rows.rows if row.heading][-1] == "and 7\u00a0more of these"
    told: list[object] = []
    page.mended.disconnect()
    page.mended.connect(told.append)
    page.list.setFocus()
    labelled.key(Qt.Key.Key_F, SHIFT)
    assert len(told[0]) == MOST + 7  # type: ignore[arg-type]
