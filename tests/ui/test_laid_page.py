"""What the pages laid over the desk have in common."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ui.laid_page import LaidPage
from ui.list_page import ListPage
from ui.rows import ListRow
from ui.scheme_page import SchemePage
from ui.statistics_page import StatisticsPage


def with_tools() -> ListPage:
    page = ListPage("Backups", "Copies of this project.")
    page.add_tool("Back up now", lambda: None)
    page.add_tool("Other folder", lambda: None)
    return page


@pytest.mark.parametrize("make", [with_tools, SchemePage, StatisticsPage])
def test_tab_goes_through_the_head_as_the_eye_does(stage: Any, make: Any) -> None:
    page: LaidPage = stage(make(), 1000, 600)
    head = page.done.parentWidget()
    keen = [widget for widget in head.findChildren(QWidget) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    by_eye = sorted((widget for widget in keen if widget.isVisible()), key=QWidget.x)
    assert len(by_eye) >= 3
    assert by_eye[-1] is page.done
    by_eye[0].setFocus()
    met = []
    while (widget := page.focusWidget()) not in met:
        met.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert [widget for widget in met if widget in by_eye] == by_eye
    page.setFocus()
    assert page.first.hasFocus()


def test_the_keyboard_goes_to_the_list_as_soon_as_there_is_one(stage: Any) -> None:
    page = ListPage("Splits", "Who goes where.")
    page.show_rows([], "Being compared…")
    stage(page, 800, 500)
    page.setFocus()
    assert page.done.hasFocus()
    page.show_rows([ListRow("One", 1), ListRow("Two", 2)], "")
    assert page.list.hasFocus()
