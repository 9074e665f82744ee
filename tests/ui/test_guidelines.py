"""The guidelines edited and loaded beside the article; each is a step that undo takes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.store import queries
from ui.driver import Driver
from ui.guidelines import GuidelinesTab

CTRL = Qt.KeyboardModifier.ControlModifier


def stored(driver: Driver) -> str:
    found: list[str] = []
    driver.window.work.read(queries.guidelines, then=found.append)
    driver.settle()
    return found[0]


@pytest.fixture
def tab(sample: Driver) -> GuidelinesTab:
    sample.window.actions_.by_id["edit_guidelines"].trigger()
    sample.settle()
    found = sample.window.inspector.guide
    assert found.is_editing
    assert found.editor.hasFocus()
    return found


def write(tab: GuidelinesTab, text: str) -> None:
    tab.editor.selectAll()
    QTest.keyClicks(tab.editor, text)


def test_guidelines_are_written_kept_and_undone(sample: Driver, tab: GuidelinesTab) -> None:
    before = stored(sample)
    assert tab.editor.toPlainText().startswith(before[:40])
    tab.editor.selectAll()
    tab.editor.insertPlainText("# Ours\n\n## Actor\n\nWho acts.")
    QTest.keyClick(tab.editor, Qt.Key.Key_Return, CTRL)
    sample.settle()
    assert not tab.is_editing
    assert sample.window.view.hasFocus()
    assert stored(sample) == "# Ours\n\n## Actor\n\nWho acts.\n"
    # The page is set anew, and the labels that have a part lead to it.
    assert "Who acts." in tab.page.toPlainText()
    assert list(tab.badges.buttons) == ["actor"]
    sample.key(Qt.Key.Key_Z, CTRL)
    assert stored(sample) == before
    assert "Who acts." not in tab.page.toPlainText()


def test_what_was_written_is_kept_when_the_window_closes_and_looking_changes_nothing(
    sample: Driver, tab: GuidelinesTab, tmp_path: Path
) -> None:
    steps: list[Any] = []
    QTest.keyClick(tab.editor, Qt.Key.Key_Escape)
    sample.window.work.read(queries.history, then=steps.extend)
    sample.settle()
    assert [step.title for step in steps if "uidelines" in step.title] == []
    tab.edit()
    write(tab, "short")
    sample.window.close()
    from desktop.store.store import Store

    store = Store.open(tmp_path / "sample.tagline", read_only=True)
    assert queries.guidelines(store) == "short\n"
    store.close()


def test_guidelines_come_from_a_file_and_undo_brings_the_old_ones_back(
    sample: Driver, tmp_path: Path
) -> None:
    tab, before = sample.window.inspector.guide, stored(sample)
    path = tmp_path / "our rules.md"
    path.write_bytes("# Rules\r\n\r\n## Claims\r\n\r\nقال — “said” 👍🏽\r\n".encode("utf-16"))
    tab.ask_path = lambda: str(path)
    sample.window.actions_.by_id["load_guidelines"].trigger()
    sample.settle()
    assert stored(sample) == "# Rules\n\n## Claims\n\nقال — “said” 👍🏽\n"
    assert list(tab.badges.buttons) == ["claim"]
    assert sample.window.actions_.by_id["undo"].text().endswith("Load guidelines: our rules.md")
    sample.window.undoing.undo()
    sample.settle()
    assert stored(sample) == before


def test_a_file_that_is_no_text_is_said_in_place_and_changes_nothing(sample: Driver, tmp_path: Path) -> None:
    tab, before = sample.window.inspector.guide, stored(sample)
    path = tmp_path / "scan.md"
    path.write_bytes(b"%PDF-1.7 ...")
    tab.ask_path = lambda: str(path)
    tab.loading.click()
    sample.settle()
    assert "scan.md" in tab.said.text()
    assert "PDF" in tab.said.text()
    assert stored(sample) == before
    tab.edit()
    assert tab.said.isHidden()


def test_what_somebody_types_is_not_taken_away_by_a_step(sample: Driver, tab: GuidelinesTab) -> None:
    write(tab, "half a thou")
    sample.window.labelling.toggle_flag()
    sample.settle()
    sample.window.undoing.undo()
    sample.settle()
    assert tab.editor.toPlainText() == "half a thou"
