"""What is measured on: texts and labels made from the seed sentences, always the same, and the real window over them."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from desktop import projects
from desktop.bundle import Bundle, RawArticle, RawSpan, Record, Report, build
from desktop.imports import import_bundle
from desktop.settings import Settings
from desktop.store import migrate
from desktop.text import sentences, words
from ui import theme
from ui.ahead import Ahead
from ui.garbage import Garbage
from ui.window import MainWindow

# Characters and labels of the three articles that times are promised for.
SIZES = {"7k": (7_000, 100), "100k": (100_000, 1_700), "1m": (1_000_000, 17_000)}
_LABELS = ("actor", "location", "event")
# A twelfth of the labels are claims, as on the reference articles.
_CLAIMS = 12


def seed_sentences() -> list[str]:
    return [
        line for record in projects.sample(labels=False) for line in record.text.split("\n") if line.strip()
    ]


def text_of(length: int, seed: int = 1) -> str:
    """So many characters of seed sentences in an order of their own."""
    dice, stock, parts, size = random.Random(seed), seed_sentences(), [], 0
    while size < length:
        parts.append(dice.choice(stock))
        size += len(parts[-1]) + 1
    return "\n".join(parts)[:length].rstrip()


def labels_of(text: str, count: int, seed: int = 2) -> list[RawSpan]:
    """So many spans of one to four words, and claims that reach over the sentence around some of them."""
    dice = random.Random(seed)
    bounds = [(start, end) for start, end in words(text) if text[start].isalpha()]
    taken: set[tuple[int, int]] = set()
    claims = iter(dice.sample(list(sentences(text)), count // _CLAIMS))
    found = []
    while len(found) < count:
        place = dice.randrange(len(bounds) - 4)
        stretch = bounds[place][0], bounds[place + dice.randrange(4)][1]
        label = dice.choice(_LABELS)
        if len(found) % _CLAIMS == 0:
            stretch, label = next(claims, stretch), "claim"
        if stretch not in taken and "\n" not in text[slice(*stretch)]:
            taken.add(stretch)
            found.append(RawSpan(label, (stretch,), text[slice(*stretch)]))
    return found


def article(name: str, length: int, count: int) -> Record:
    text = text_of(length)
    raw = RawArticle(text, "bench", "", id=name, title=f"Article {name}", spans=labels_of(text, count))
    return build(raw, "ana", Report())


@pytest.fixture(scope="session")
def app() -> Any:
    instance = QApplication.instance() or QApplication(["tagline-bench"])
    theme.apply(instance, theme.LIGHT)
    return instance


@dataclass
class Desk:
    """The window, and a way to wait for it that leaves the processor to the store thread, as the event loop does."""

    window: MainWindow

    def __post_init__(self) -> None:
        self._pulse = QTimer(self.window)  # so that waiting for an event comes to an end
        self._pulse.start(100)

    def until(self, met: Callable[[], object], seconds: float = 30.0) -> None:
        """Let events be handled until `met`, and then all that is due, painting too."""
        end = time.monotonic() + seconds
        while not met():
            assert time.monotonic() < end, "it never happened"
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        QApplication.processEvents()

    def idle(self) -> None:
        self.until(lambda: self.window.work.pending == 0)

    def rest(self, seconds: float) -> None:
        """Let so much time go by and all be done that is due in it."""
        end = time.monotonic() + seconds
        QTimer.singleShot(round(seconds * 1000), lambda: None)
        self.until(lambda: time.monotonic() >= end and self.window.work.pending == 0)

    def close(self) -> None:
        """Close the project, and wait for the backup that is made of it then: it is not what opening takes."""
        window, over = self.window, threading.Event()
        if window.project:
            window.projects.close()
            self.until(lambda: window.project is None and window.work.pending == 0)
            window.work.beside(over.set)
            assert over.wait(300)

    def end(self) -> None:
        """Close the window for good: what lies in it would be dressed again with every other one."""
        self.close()
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def open(self, name: str) -> None:
        """Choose an article and wait until it is painted and takes keys."""
        key = next(line.key for line in self.window.browsing.lines.values() if line.id == name)
        self.window.browsing.open(key)
        self.until(lambda: self.shown(name))

    def shown(self, name: str) -> bool:
        reading = self.window.labelling.reading
        return reading is not None and reading.article.id == name and self.window.work.pending == 0


@pytest.fixture(scope="session")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Iterator[Record]], Path]:
    def make(name: str, records: Iterator[Record]) -> Path:
        path = tmp_path_factory.mktemp("bench") / f"{name}.tagline"
        session = projects.create(path, "ana")
        import_bundle(session, Bundle(lambda: records), Report())
        session.store.close()
        return path

    return make


@pytest.fixture(scope="session")
def open_window(app: Any) -> Iterator[Callable[..., Desk]]:
    """Opens a project in a window of its own, inside of `watched`; all are closed at the end."""
    made: list[MainWindow] = []
    Garbage(app)

    def make(path: Path, watched: AbstractContextManager[object] | None = None) -> Desk:
        window = MainWindow(Settings(annotator="ana", theme="light"), theme.LIGHT, keep=lambda settings: None)
        window.resume.remember = lambda place: None
        made.append(window)
        Ahead(window, lambda: window.work.pending)
        window.resize(1440, 900)
        window.show()
        desk = Desk(window)
        for other in filter(isValid, made[:-1]):  # a test that has failed may have left it open
            if other.project and other.project.path == path:
                other.projects.close()
                desk.until(lambda other=other: other.project is None and other.work.pending == 0)
        QApplication.processEvents()
        with watched or nullcontext():
            window.projects.open(path)
            desk.until(lambda: window.labelling.reading is not None and window.work.pending == 0)
        return desk

    yield make
    for window in filter(isValid, made):
        window.close()


@pytest.fixture(scope="session")
def sizes(make_project: Any) -> Path:
    """A project with one article of each size."""
    path: Path = make_project("sizes", iter([article(name, *size) for name, size in SIZES.items()]))
    return path


@pytest.fixture(scope="session")
def desk(sizes: Path, tmp_path_factory: pytest.TempPathFactory, open_window: Any) -> Desk:
    """The window over one article of each size."""
    copy = tmp_path_factory.mktemp("desk") / "sizes.tagline"
    copy.write_bytes(sizes.read_bytes())
    found: Desk = open_window(copy)
    return found


@pytest.fixture(scope="session")
def big_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100,000 articles of 4 kB, a quarter of the first 2,000 with labels: made once, which takes some minutes, then copied.

    It is kept beside the folders of the test runs, under a name that tells of what and how it was made.
    """
    how = (Path(__file__), *sorted(migrate.FOLDER.glob("*.sql")))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in how)).hexdigest()[:16]
    kept = tmp_path_factory.getbasetemp().parent / "tagline-bench" / f"big-{digest}.tagline"
    if not kept.exists():
        shutil.rmtree(kept.parent, ignore_errors=True)
        kept.parent.mkdir(parents=True)
        part = kept.with_suffix(f".{os.getpid()}.part")
        _make_big(part)
        part.replace(kept)
    path = tmp_path_factory.mktemp("bench") / "big.tagline"
    shutil.copyfile(kept, path)
    return path


def _make_big(path: Path) -> None:
    texts = [text_of(4_000, seed) for seed in range(200)]
    session = projects.create(path, "ana")

    def records() -> Iterator[Record]:
        for number in range(100_000):
            title = f"Report {number * 7919 % 100_000} on a base near Baghdad"
            spans = labels_of(texts[number % 200], 6) if number % 4 == 0 and number < 2_000 else []
            raw = RawArticle(texts[number % 200], "bench", "", id=f"a{number}", title=title, spans=spans)
            yield build(raw, "ana", Report())

    import_bundle(session, Bundle(records), Report())
    session.store.close()


@pytest.fixture
def percentile() -> Callable[[Sequence[float], float], float]:
    """The value that so large a share of the times does not exceed."""

    def find(times: Sequence[float], share: float) -> float:
        ordered = sorted(times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return find
