"""The store thread as the window sees it."""

from __future__ import annotations

import threading

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.errors import Cancelled
from ui.work import Work


def test_a_stop_reaches_work_that_has_not_begun_and_nothing_after_it(app: QApplication) -> None:
    work, gate = Work(), threading.Event()
    said: list[object] = []

    def long() -> str:
        work.report_progress(1)
        return "done"

    work._call(gate.wait, None, None, writing=False)
    work._call(long, said.append, said.append, writing=False)
    work.cancel()
    work._call(long, said.append, said.append, writing=False)
    gate.set()
    while work.pending:
        QTest.qWait(5)
    assert [type(answer) for answer in said] == [Cancelled, str]
    work.close()
