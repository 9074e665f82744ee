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


def test_what_is_asked_together_is_answered_at_once_and_a_failure_costs_only_itself(
    app: QApplication,
) -> None:
    work, others = Work(), threading.Event()
    said: list[object] = []
    events: list[int] = []

    def wrong() -> None:
        raise ValueError

    def tell(answer: object) -> None:
        said.append(answer)
        events.append(len(answered))

    answered: list[object] = []
    work._answered.connect(answered.append)
    with work.together():
        work._call(lambda: "first", tell, tell)
        work._call(wrong, tell, tell)
        work._call(lambda: "last", tell, tell)
        work._call(others.set, None, None, writing=True)  # a change waits for nobody
        assert work.pending == 4
    assert others.wait(10)
    while work.pending:
        QTest.qWait(5)
    assert [said[0], type(said[1]), said[2]] == ["first", ValueError, "last"]
    assert len(set(events)) == 1
    work.close()
