"""Nothing a person does keeps the window's thread for more than 50 ms. Run: pytest tests/bench/test_bench_stalls.py -n 0 -s

The bound is of the thread's processor time, which does not grow where other programs run.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from bench.conftest import SIZES, article
from bench.stalls import Monitor, settle
from bench.walk import Walk

LONGEST = 50.0  # ms
OPENED = "the project is opened"


def walked(monitor: Monitor, window: Any, folder: Path, **kind: bool) -> None:
    walk = Walk(window, folder, **kind)
    walk.settle()
    try:
        for name, act in walk.stages():
            with monitor.stage(name):
                act()
                walk.settle()
    finally:
        print(f"\n{monitor.table()}")


def too_long(monitor: Monitor) -> dict[str, float]:
    return {stretch.stage: round(stretch.busy, 1) for stretch in monitor.stages if stretch.busy > LONGEST}


@pytest.mark.timeout(900)
def test_stalls_7k(make_project: Any, open_window: Any, tmp_path: Path, benchmark: Any) -> None:
    monitor = Monitor()
    path = make_project("walk", (article(f"7k-{n}", *SIZES["7k"]) for n in range(12)))
    desk = open_window(path, monitor.stage(OPENED))
    benchmark.pedantic(walked, (monitor, desk.window, tmp_path))
    assert too_long(monitor) == {}
    desk.end()


@pytest.mark.timeout(900)
def test_stalls_1m(sizes: Path, open_window: Any, tmp_path: Path, benchmark: Any) -> None:
    monitor = Monitor()
    path = tmp_path / "walk.tagline"
    shutil.copyfile(sizes, path)
    desk = open_window(path, monitor.stage(OPENED))
    with monitor.stage("the long article is opened"):
        desk.open("1m")
    benchmark.pedantic(walked, (monitor, desk.window, tmp_path), {"large": True})
    assert too_long(monitor) == {}
    desk.end()


@pytest.mark.timeout(1200)
def test_stalls_100k(big_project: Path, open_window: Any, tmp_path: Path, benchmark: Any) -> None:
    monitor = Monitor()
    desk = open_window(big_project, monitor.stage(OPENED))
    with monitor.stage("its list is made ready"):
        settle(lambda: desk.window.work.pending)
    benchmark.pedantic(walked, (monitor, desk.window, tmp_path), {"large": True, "repeats": False})
    assert too_long(monitor) == {}
    desk.end()
