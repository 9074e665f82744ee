"""Power cut at any moment: every step that was acknowledged is there, none is torn, and the file opens."""

from __future__ import annotations

import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import powercut
import pytest
from powercut import Disk

from desktop import commands, compaction, projects
from desktop.bundle import Bundle, RawArticle, RawSpan, Report, build
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import copying, migrate, store
from desktop.store.backups import Shelf, list_folder
from desktop.store.copying import save_copy, verify
from desktop.store.store import Store

QUICK, FULL = 200, 2000
TEXT = "🚀 قال cafe\u0301 in Tel\u00a0Aviv 👩‍👩‍👧 " * 40
Scenario = Callable[[Disk, Path], None]
Check = Callable[[Path, list[str], bool], None]


def state(of: Store) -> str:
    """What a reader finds in a project: the bytes of every row, but for the mark of a file that is being written to."""
    found = hashlib.sha256()
    named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name != 'file' ORDER BY name"
    for (name,) in of.query(named).fetchall():
        for row in of.query(f'SELECT * FROM "{name}" ORDER BY 1, 2'):
            found.update(repr((name, row)).encode())
    return found.hexdigest()


def start(disk: Disk, path: Path) -> Session:
    session = projects.create(path, "A")
    disk.acknowledge(state(session.store))
    record = build(
        RawArticle(TEXT, "f", "", spans=[RawSpan("actor", ((2, 5),), "s"), RawSpan("claim", ((2, 9),), "t")]),
        "A",
        Report(),
    )
    import_bundle(session, Bundle(lambda: iter([record])), Report())
    disk.acknowledge(state(session.store))
    return session


def labelling(disk: Disk, path: Path) -> None:
    session = start(disk, path)
    dice = random.Random(7)
    for n in range(30):
        at = dice.randrange(len(TEXT) - 9)
        span = commands.add_span(session, 1, [(at, at + 3)], "event", "A")
        disk.acknowledge(state(session.store))
        if dice.random() < 0.5:
            commands.relabel(session, span.key, "claim")
            disk.acknowledge(state(session.store))
        for act in (session.undo, session.redo):
            if dice.random() < 0.4:
                act()
                disk.acknowledge(state(session.store))
        if n % 10 == 9:
            session.store.close()
            session = projects.open_project(path, "A")
    session.store.close()


def importing(disk: Disk, path: Path) -> None:
    session = start(disk, path)
    for n in range(6):
        spans = [
            RawSpan("location", ((i, i + 2),), str(i)) for i in range(0, 60 * (n + 1), 3) if i < len(TEXT) - 2
        ]
        records = [
            build(RawArticle(f"{n} {k} {TEXT}", f"f{n}{k}", "", spans=spans), "A", Report()) for k in range(3)
        ]
        import_bundle(session, Bundle(lambda made=records: iter(made)), Report())
        disk.acknowledge(state(session.store))
        if n % 2:
            session.undo()
            disk.acknowledge(state(session.store))
    session.store.close()


def compacting(disk: Disk, path: Path) -> None:
    session = start(disk, path)
    for n in range(12):
        for at in range(3):
            commands.set_article_note(session, 1, f"{n} {at} 🚀 قال")
            disk.acknowledge(state(session.store))
        compaction.compact(session, 4, keep=3)
        disk.acknowledge(state(session.store))
    session.store.close()


STEP = """
CREATE TABLE remark (key INTEGER PRIMARY KEY, article INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
INSERT INTO remark (article, text) SELECT article, text FROM span;
UPDATE span SET note = 'upgraded ' || note;
"""


def migrating(disk: Disk, path: Path) -> None:
    """A project of the present schema meets a program that has one step more."""
    newer, migrate.CURRENT = migrate.CURRENT, migrate.Schema()
    try:
        session = start(disk, path)
        for at in range(0, 20, 2):
            commands.add_span(session, 1, [(at, at + 2)], "claim", "A")
            disk.acknowledge(state(session.store))
        session.store.close()
    finally:
        migrate.CURRENT = newer
    projects._upgrade(path, path.parent.parent / "kept")
    session = projects.open_project(path, "A")
    assert session.store.version == newer.version == migrate.Schema().version + 1
    disk.acknowledge(state(session.store))
    session.store.close()


@pytest.fixture
def one_step_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried here is tried by a program with one step more than was ever released."""
    folder = tmp_path / "schema"
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "999_more.sql").write_text(STEP)
    monkeypatch.setattr(migrate, "CURRENT", migrate.Schema(folder))


def backing_up(disk: Disk, path: Path) -> None:
    """Backups of a project that lies elsewhere; `path` only says where the watched folder is."""
    session = projects.create(path.parent.parent / "elsewhere.tagline", "A")
    shelf = Shelf(path.parent.parent, session.store.path, session.store.id)
    shelf.folder = path.parent
    for n in range(9):
        commands.set_property(session, "guidelines", f"as of {n}")
        shelf.make(session.store, "hand")
        disk.acknowledge(state(session.store))
    session.store.close()


def copying_elsewhere(disk: Disk, path: Path) -> None:
    session = projects.create(path.parent.parent / "elsewhere.tagline", "A")
    for n in range(9):
        commands.set_property(session, "guidelines", f"as of {n}")
        save_copy(session.store, path)
        disk.acknowledge(state(session.store))
    session.store.close()


def cut_often(
    scenario: Scenario, cuts: int, base: Path, monkeypatch: pytest.MonkeyPatch, look: Check | None = None
) -> None:
    folder = base / "watched"
    folder.mkdir()
    disk = Disk(folder)
    with monkeypatch.context() as patch:
        powercut.watch(disk, patch, store)
        scenario(disk, folder / "p.tagline")
    dice = random.Random(cuts)
    states = disk.states
    assert states, "nothing was acknowledged"
    for _ in range(cuts):
        at = dice.randint(1, len(disk.log))
        with tempfile.TemporaryDirectory() as left:
            disk.cut(at, dice, Path(left))
            allowed = [name for place, name in states if place < at][-1:]
            allowed += [name for place, name in states if place >= at][:1]
            (look or check)(Path(left) / "p.tagline", allowed, any(place < at for place, _ in states))


def check(path: Path, allowed: list[str], sure: bool) -> None:
    """The file opens and holds what was acknowledged, or that and the step that was under way."""
    try:
        opened = Store.open(path, as_is=True)
    except UserError:
        assert not sure, "a project that was acknowledged does not open"
        return
    try:
        assert not opened.integrity_problems(), "integrity"
        assert not sure or state(opened) in allowed, "an acknowledged state is not there"
    finally:
        opened.close()
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def check_backups(path: Path, allowed: list[str], sure: bool) -> None:
    """Every file with the name of a backup is whole, and the latest is the one that was acknowledged, or the next."""
    found = list_folder(path.parent)
    for backup in found:
        verify(backup.path)
    assert bool(found) or not sure, "no backup is there"
    if sure:
        with closing(Store.open(found[0].path, read_only=True)) as latest:
            assert state(latest) in allowed, "an acknowledged backup is not there"


def check_copy(path: Path, allowed: list[str], sure: bool) -> None:
    """The copy is there and whole, this one or the one before; what else lies there is a part of one."""
    assert path.exists() or not sure, "a copy that was acknowledged is not there"
    if path.exists():
        verify(path)
        with closing(Store.open(path, read_only=True)) as copy:
            assert state(copy) in allowed, "an acknowledged state is not there"


SCENARIOS: dict[str, tuple[Scenario, Check]] = {
    "labelling": (labelling, check),
    "importing": (importing, check),
    "compacting": (compacting, check),
    "migrating": (migrating, check),
    "backups": (backing_up, check_backups),
    "copies": (copying_elsewhere, check_copy),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_power_cuts(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    scenario, look = SCENARIOS[name]
    if name == "migrating":
        request.getfixturevalue("one_step_more")
    cut_often(scenario, -(-QUICK // len(SCENARIOS)), tmp_path, monkeypatch, look)


@pytest.mark.parametrize(
    ("careless", "found"),
    [
        ({"synchronous = EXTRA": "synchronous = OFF"}, "integrity|does not open|state"),
        (
            {
                "synchronous = EXTRA": "synchronous = FULL",
                "locking_mode = EXCLUSIVE": "locking_mode = NORMAL",
            },
            "state",
        ),
    ],
)
def test_careless_settings_are_found_out(
    careless: dict[str, str], found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The simulator must see what each of the store's settings is for, or it proves nothing."""
    monkeypatch.setattr(store, "_PRAGMAS", tuple(careless.get(pragma, pragma) for pragma in store._PRAGMAS))
    with pytest.raises(AssertionError, match=found):
        cut_often(labelling, QUICK, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_power_cuts_by_the_thousand(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    scenario, look = SCENARIOS[name]
    if name == "migrating":
        request.getfixturevalue("one_step_more")
    cut_often(scenario, -(-FULL // len(SCENARIOS)), tmp_path, monkeypatch, look)


@pytest.mark.parametrize("name", ["backups", "copies"])
def test_a_folder_that_is_not_synced_is_found_out(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "sync_folder", lambda folder: None)
    scenario, look = SCENARIOS[name]
    with pytest.raises(AssertionError, match=r"is (not )?there"):
        cut_often(scenario, QUICK, tmp_path, monkeypatch, look)
