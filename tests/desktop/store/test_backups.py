"""Backups: checked before an older one goes, kept by number and date, compared and put in place."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import commands, projects
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.errors import Cancelled, UserError
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import backups, queries
from desktop.store.backups import DAYS, LAST, WEEKS, Backup, Shelf, contents, kept, of_project
from desktop.store.compare import compare
from desktop.store.copying import Progress, silent
from desktop.store.store import Store


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def shelf(session: Session, base: Path) -> Shelf:
    return Shelf(base, session.store.path, session.store.id)


def test_a_backup_holds_everything_and_is_private(session: Session, shelf: Shelf, base: Path) -> None:
    commands.add_span(session, 1, [(10, 14)], "event", "A")
    backup = shelf.make(session.store, "hand")
    assert (backup.number, backup.reason) == (1, "hand")
    assert abs(datetime.now(UTC) - backup.made) < timedelta(minutes=1)
    assert backup.size == backup.path.stat().st_size
    assert sorted(file.name for file in shelf.folder.iterdir()) == sorted(["project.json", backup.path.name])
    if os.name == "posix":
        assert base.joinpath(shelf.folder).stat().st_mode & 0o777 == 0o700
        assert backup.path.stat().st_mode & 0o777 == 0o600
    there = contents(backup.path)
    assert (there.articles, sum(there.labels.values())) == (5, 723)
    assert there.state == session.store.state()
    assert not shelf.is_new(session.store.state())
    commands.set_flag(session, 1, True)
    assert shelf.is_new(session.store.state())
    session.undo()
    assert shelf.is_new(session.store.state()), "the history differs"


def test_nothing_goes_before_the_new_one_is_sound(
    session: Session, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(LAST):
        shelf.make(session.store, "work")
    before = [backup.path for backup in shelf.listed()]
    whole = Store.copy_into

    def torn(store: Store, path: Path, progress: Progress) -> None:
        whole(store, path, progress)
        with path.open("rb+") as file:
            file.seek(8192)
            file.write(os.urandom(2000))

    with monkeypatch.context() as patch:
        patch.setattr(Store, "copy_into", torn)
        with pytest.raises(UserError, match="damaged"):
            shelf.make(session.store, "work")
    assert [backup.path for backup in shelf.listed()] == before
    assert not [file for file in shelf.folder.iterdir() if file.name.endswith((".part", ".lock"))]
    shelf.make(session.store, "work")
    # Of one day, the last five.
    assert [backup.number for backup in shelf.listed()] == [6, 5, 4, 3, 2]


def test_a_backup_that_is_stopped_leaves_nothing(session: Session, shelf: Shelf) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        shelf.copy(session.store, stop)
    assert [file.name for file in shelf.folder.iterdir()] == ["project.json"]
    (shelf.folder / "0.part").write_text("left by a crash")
    shelf.make(session.store, "work")
    assert not (shelf.folder / "0.part").exists()


def test_a_folder_that_takes_nothing(session: Session, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    shelf = Shelf(tmp_path / "file", session.store.path, session.store.id)
    with pytest.raises(UserError, match="the backup cannot be made") as raised:
        shelf.make(session.store, "work")
    assert raised.value.hint
    assert shelf.listed() == []


def backup(number: int, made: datetime) -> Backup:
    return Backup(Path(f"{number}"), number, made, "work")


TIMES = st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)), max_size=60)


@given(TIMES)
def test_which_are_kept(times: list[datetime]) -> None:
    there = [backup(number, made.replace(tzinfo=UTC)) for number, made in enumerate(times)]
    stay = kept(there)
    assert kept(stay) == stay, "what is kept stays kept"
    latest = sorted(there, key=lambda b: -b.number)
    assert set(latest[:LAST]) <= set(stay), "also where the clock was set back"
    days = sorted({b.made.date() for b in there})[-DAYS:]
    weeks = sorted({b.made.isocalendar()[:2] for b in there})[-WEEKS:]
    assert {b.made.date() for b in stay} >= set(days)
    assert {b.made.isocalendar()[:2] for b in stay} >= set(weeks)
    assert len(stay) <= LAST + DAYS + WEEKS
    assert stay == sorted(stay, key=lambda b: -b.number)


def test_a_year_of_work_keeps_what_was_promised() -> None:
    """One backup every 20 minutes, rotated after each: what is gone is never missed later."""
    stay: list[Backup] = []
    start = datetime(2026, 1, 1, 8, tzinfo=UTC)
    for number in range(24 * 60):
        made = start + timedelta(days=number // 24, minutes=20 * (number % 24))
        stay = kept([*stay, backup(number, made)])
    last = start + timedelta(days=59, minutes=20 * 23)
    assert [b.made for b in stay[:LAST]] == [last - timedelta(minutes=20 * n) for n in range(LAST)]
    assert {b.made.date() for b in stay} >= {(last - timedelta(days=n)).date() for n in range(DAYS)}
    assert len({b.made.isocalendar()[:2] for b in stay}) >= WEEKS
    assert last - min(b.made for b in stay) >= timedelta(weeks=WEEKS - 2)


def test_strange_files_are_left_alone(session: Session, shelf: Shelf) -> None:
    made = shelf.make(session.store, "work")
    for name in ("notes.txt", "000009 2026-99-99T00-00-00Z work.tagline", "x.tagline"):
        (shelf.folder / name).write_text("mine")
    assert shelf.listed() == [made]
    for _ in range(LAST + 2):
        shelf.make(session.store, "work")
    assert (shelf.folder / "notes.txt").read_text() == "mine"


def test_backups_are_found_by_place_and_by_id(
    session: Session, shelf: Shelf, base: Path, tmp_path: Path
) -> None:
    here = shelf.make(session.store, "work")
    moved = Shelf(base, tmp_path / "moved.tagline", session.store.id).make(session.store, "work")
    other = Shelf(base, tmp_path / "other.tagline", "another id").make(session.store, "work")
    (base / "nonsense").mkdir()
    (base / "nonsense" / "project.json").write_text("[")
    path = session.store.path
    assert {b.path for b in of_project(base, path, session.store.id)} == {here.path, moved.path}
    assert [b.path for b in of_project(base, path)] == [here.path]
    assert [b.path for b in of_project(base, tmp_path / "other.tagline")] == [other.path]
    assert of_project(tmp_path / "no such folder", path) == []
    assert shelf.clear() == 1
    assert {b.path for b in of_project(base, path, session.store.id)} == {moved.path}


def test_the_first_sound_one(session: Session, shelf: Shelf) -> None:
    older, newer = shelf.make(session.store, "work"), shelf.make(session.store, "work")
    assert backups.first_sound(shelf.listed()) == newer
    newer.path.write_bytes(newer.path.read_bytes()[:-5000])
    assert backups.first_sound(shelf.listed()) == older
    older.path.write_text("nothing")
    assert backups.first_sound(shelf.listed()) is None
    with pytest.raises(UserError, match="cannot be read"):
        contents(older.path)


def records(*texts: str) -> Bundle:
    made = [build(RawArticle(text, "f", "", id=text[:3]), "A", Report()) for text in texts]
    return Bundle(lambda: iter(made))


def test_what_sets_two_states_apart(session: Session, shelf: Shelf) -> None:
    import_bundle(session, records("old: 🚀 قال"), Report())
    then = shelf.make(session.store, "work")
    import_bundle(session, records("new: 🚀 قال"), Report())
    commands.add_span(session, 7, [(0, 3)], "event", "A")
    first = queries.spans(session.store, 1, "reference")[0]
    commands.add_span(session, 1, [(10, 14)], "claim", "A")
    commands.relabel(session, first.key, "claim")
    commands.remove_span(session, queries.spans(session.store, 2, "reference")[0].key)
    commands.set_flag(session, 3, True)
    article = session.store.get("article", 6)
    with session.step("delete"):
        session.put(article.model_copy(update={"deleted": True}))  # type: ignore[union-attr]
    heard: list[tuple[int, int]] = []
    other = Store.open(then.path, read_only=True)
    found = list(compare(session.store, other, lambda *counts: heard.append(counts)))
    assert list(compare(other, other, silent)) == []
    other.close()
    assert [(d.where, bool(d.more), bool(d.less), bool(d.changed), d.about) for d in found] == [
        ("both", True, False, True, True), ("both", False, True, False, True), ("both", False, False, False, True),
        ("now", True, False, False, False), ("then", False, False, False, False),
    ]  # fmt: skip
    assert found[0].more == Counter({"claim": 1})
    assert found[0].changed == Counter({"claim": 1})
    assert [d.id for d in found[3:]] == ["new", "old"]
    assert heard[-1] == (6, 7)


def test_a_backup_is_put_in_place_and_the_present_one_is_kept(path: Path, base: Path) -> None:
    session = projects.open_project(path, "A")
    then = Shelf(base, path, session.store.id).make(session.store, "work")
    commands.set_flag(session, 1, True)
    now = session.store.state()
    session.store.close()
    aside = projects.put_in_place(path, then.path)
    assert " before restore 2" in aside.name
    for file, flag in ((path, False), (aside, True)):
        store = Store.open(file, full=True)
        assert queries.article(store, 1).flag is flag
        if flag:
            assert store.state() == now
        store.close()
    assert sorted(p.name for p in path.parent.iterdir()) == sorted([path.name, aside.name, "backups"])
    assert then.path.exists()


def test_a_project_that_is_lost_comes_back(path: Path, base: Path) -> None:
    session = projects.open_project(path, "A")
    then = Shelf(base, path, session.store.id).make(session.store, "work")
    session.store.close()
    path.unlink()
    assert projects.put_in_place(path, then.path) is None
    Store.open(path, full=True).close()


def test_a_damaged_backup_is_never_put_in_place(path: Path, base: Path) -> None:
    before = path.read_bytes()
    bad = path.with_name("bad.tagline")
    bad.write_bytes(before[:-4096])
    with pytest.raises(UserError, match="damaged"):
        projects.put_in_place(path, bad)
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == sorted([path.name, "bad.tagline"])


@pytest.mark.parametrize("links", [True, False])
def test_what_fails_half_way_leaves_the_project(
    path: Path, base: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = projects.open_project(path, "A")
    then = Shelf(base, path, session.store.id).make(session.store, "work")
    session.store.close()
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "in use")

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    replace = Path.replace
    monkeypatch.setattr(
        Path, "replace", lambda self, target: refuse() if target == path else replace(self, target)
    )
    with pytest.raises(UserError, match="in use"):
        projects.put_in_place(path, then.path)
    assert path.read_bytes() == before
    assert not [p for p in path.parent.iterdir() if p.name.endswith(".part")]


def test_a_journal_goes_aside_with_its_file(path: Path, base: Path) -> None:
    """What a crash left beside the present project must not be taken for the restored one's."""
    session = projects.open_project(path, "A")
    then = Shelf(base, path, session.store.id).make(session.store, "work")
    session.store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN")
    connection.execute("UPDATE article_text SET text = text || printf('%.*c', 90000, 'x')")
    half, journal = path.read_bytes(), Path(f"{path}-journal").read_bytes()
    connection.execute("ROLLBACK")
    connection.close()
    path.write_bytes(half)
    Path(f"{path}-journal").write_bytes(journal)
    aside = projects.put_in_place(path, then.path)
    assert not Path(f"{path}-journal").exists()
    for file in (path, aside):
        store = Store.open(file, full=True)
        assert len(queries.text(store, 1)) < 10_000
        store.close()
