"""Garbage with Qt objects in it goes in the window's thread, whatever thread makes the most objects."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from ui import garbage


@pytest.fixture
def collected_here(app: object) -> Iterator[None]:
    here = QObject()
    garbage.Garbage(here)
    yield
    del here
    gc.unfreeze()
    gc.enable()


def make_much() -> None:
    for _ in range(30):
        [[] for _ in range(garbage._YOUNG)]


def wait_for_an_event() -> None:
    QTimer.singleShot(1, lambda: None)
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def test_garbage_of_qt_goes_in_its_own_thread(collected_here: None) -> None:
    gone: list[threading.Thread] = []
    timer = QTimer()
    ring: list[QObject | list[object]] = [timer]
    ring.append(ring)  # type: ignore[arg-type]
    timer.ring = ring  # type: ignore[attr-defined]
    weakref.finalize(timer, lambda: gone.append(threading.current_thread()))
    del timer, ring
    kept: list[list[object]] = []
    other = threading.Thread(target=lambda: (make_much(), kept.extend([] for _ in range(garbage._YOUNG + 1))))
    other.start()
    other.join()
    assert not gone
    wait_for_an_event()
    assert gone == [threading.main_thread()]


def test_nothing_is_looked_for_where_little_was_made(
    collected_here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    gc.collect()
    monkeypatch.setattr(gc, "collect", asked.append)
    wait_for_an_event()
    assert asked == []
    kept: list[list[object]] = [[] for _ in range(garbage._YOUNG + 1)]
    wait_for_an_event()
    assert asked == [0]
    kept += [[] for _ in range(garbage._OLDER)]
    wait_for_an_event()
    assert kept and asked == [0, 1]
