"""The project file: how it is opened, who else may, what is refused, what a full disk does."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reading import open_bundle

from desktop import commands, projects
from desktop.bundle import Report
from desktop.errors import UserError
from desktop.formats.base import ReadOptions
from desktop.session import Session
from desktop.store import queries
from desktop.store.header import check_header
from desktop.store.migrate import APPLICATION_ID, CURRENT, expected
from desktop.store.rows import COLUMNS
from desktop.store.store import Store

ROOT = Path(__file__).parents[2]
OTHER = """
import sys
from pathlib import Path
from desktop.errors import UserError
from desktop.store.store import Store
try:
    Store.open(Path(sys.argv[1]), read_only=sys.argv[2] == "ro").close()
    print("opened")
except UserError as error:
    print("refused:", error)
"""


def another_process(path: Path, mode: str = "rw") -> str:
    command = [sys.executable, "-c", OTHER, str(path), mode]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store.open(path)
    yield opened
    opened.close()


def pragma(store: Store, name: str) -> object:
    return store.query(f"PRAGMA {name}").fetchone()[0]


def test_pragmas_read_back(store: Store) -> None:
    found = {name: pragma(store, name) for name in (
        "journal_mode", "synchronous", "locking_mode", "foreign_keys", "trusted_schema", "cell_size_check",
        "application_id", "user_version",
    )}  # fmt: skip
    assert found == {
        "journal_mode": "delete", "synchronous": 3, "locking_mode": "exclusive", "foreign_keys": 1, "trusted_schema": 0,
        "cell_size_check": 1, "application_id": APPLICATION_ID, "user_version": CURRENT.version,
    }  # fmt: skip


def test_all_tables_are_strict(store: Store) -> None:
    tables = store.query(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"
    )
    found = dict(tables.fetchall())
    assert len(found) >= 7
    assert set(found.values()) == {1}


def test_types_and_links_are_enforced(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.query("INSERT INTO article_text (article, text) VALUES (1000, 'x')")
    with pytest.raises(sqlite3.IntegrityError):
        store.query("UPDATE span SET start = 'x' WHERE key = 1")
    with pytest.raises(sqlite3.IntegrityError):
        store.query('UPDATE span SET "end" = start WHERE key = 1')
    assert not store.integrity_problems()


def test_the_tally_covers_all_tables(store: Store) -> None:
    names = {row[1] for row in expected() if row[0] == "table"} - {"file", "tally"}
    assert names == COLUMNS.keys()
    for table, columns in COLUMNS.items():
        there = [row[1] for row in store.query(f"PRAGMA table_info({table})")]
        assert there == list(columns)


def test_a_closed_project_is_one_file(path: Path) -> None:
    session = projects.open_project(path, "A")
    commands.set_flag(session, 1, True)
    session.store.close()
    assert list(path.parent.iterdir()) == [path]


def test_a_second_process_is_refused(path: Path, store: Store) -> None:
    said = another_process(path)
    assert "open in another window or program" in said
    assert f"process {os.getpid()} on this machine" in said
    # A reader would keep the writer from storing what comes next.
    assert "open in another window or program" in another_process(path, "ro")
    store.close()
    assert another_process(path) == "opened"


def test_a_second_open_in_this_process_keeps_the_lock(path: Path, store: Store) -> None:
    link = path.with_name("link.tagline")
    link.symlink_to(path)
    for name in (path, link):
        with pytest.raises(UserError, match="open already"):
            Store.open(name)
        report = Report()
        list(open_bundle([name], ReadOptions("A"), report, "plain"))
        list(open_bundle([path.parent], ReadOptions("A"), report, "plain"))
        assert "the project that is open" in report.skipped[0]["reason"]
    # Closing a second handle would have dropped the lock (POSIX).
    assert another_process(path).startswith("refused")
    with store.transaction():
        store.query("UPDATE article SET note = 'still here'")


def test_a_read_only_project_is_read(path: Path) -> None:
    store = Store.open(path, read_only=True)
    try:
        assert queries.info(store)["spans"] == 722
        with pytest.raises(UserError, match=r"nothing can be changed .* for reading only"):
            commands.set_flag(Session(store, "A"), 1, True)
    finally:
        store.close()


def overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def sql(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def another_database(path: Path) -> None:
    path.unlink()
    sql(path, "CREATE TABLE places (id INTEGER PRIMARY KEY)")


def flip_bytes(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(9000, len(data), 4096):
        data[place] ^= 0xFF
        data[place + 1] ^= 0x55
    path.write_bytes(data)


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


BAD_FILES: list[tuple[Callable[[Path], object], str, str]] = [
    (lambda p: p.unlink(), "no such project", "file.unreadable"),
    (lambda p: p.write_bytes(b""), "not a Tagline project", "file.not_ours"),
    (lambda p: p.write_text("قال 🚀\n"), "not a Tagline project", "file.not_ours"),
    (lambda p: p.write_bytes(p.read_bytes()[:50]), "not a Tagline project", "file.not_ours"),
    (another_database, "another program", "file.not_ours"),
    (lambda p: sql(p, f"PRAGMA user_version = {CURRENT.version + 1}"), "newer Tagline", "file.newer"),
    (lambda p: sql(p, "PRAGMA user_version = 0"), "no schema version", "integrity.damaged"),
    (lambda p: p.write_bytes(p.read_bytes()[:-1000]), "middle of a page", "integrity.damaged"),
    (lambda p: p.write_bytes(p.read_bytes()[: 4096 * 20]), "damaged", "integrity.damaged"),
    (lambda p: p.write_bytes(p.read_bytes()[:4096]), "damaged", "integrity.damaged"),
    (flip_bytes, "damaged", "integrity.damaged"),
    (lambda p: overwrite(p, 100, os.urandom(3000)), "damaged", "integrity.damaged"),
    (lambda p: sql(p, "CREATE TRIGGER t AFTER INSERT ON span BEGIN DELETE FROM span; END"), "it defines t", "integrity.damaged"),
    (lambda p: sql(p, "CREATE VIEW v AS SELECT 1"), "it defines v", "integrity.damaged"),
    (lambda p: sql(p, "DROP TABLE change"), "a table is missing", "integrity.damaged"),
    (become_a_folder, "a folder, not a project", "file.not_ours"),
    (become_a_pipe, "a device or a pipe", "file.not_ours"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "words", "kind"), BAD_FILES, ids=[words for _, words, _ in BAD_FILES])
def test_what_is_no_project_is_refused_in_one_line(
    path: Path, spoil: Callable[[Path], object], words: str, kind: str
) -> None:
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(UserError, match=words) as raised:
        Store.open(path)
    assert raised.value.kind == kind
    assert raised.value.file == str(path)
    assert raised.value.hint
    assert "\n" not in str(raised.value)
    assert (path.read_bytes() if path.is_file() else b"") == before, "the file was left as it is"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(path: Path) -> None:
    path.chmod(0)
    with pytest.raises(UserError, match="Permission denied"):
        Store.open(path)


@pytest.mark.parametrize("name", ["x" * 300, "a/b/c.tagline"])
def test_names_that_lead_nowhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_text("a file")
    for open_it in (Store.open, Store.create):
        with pytest.raises(UserError) as raised:
            open_it(tmp_path / name)
        assert raised.value.hint


def test_a_new_project_takes_nobodys_place(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(UserError, match="a file of that name already"):
        projects.create(path, "A")
    assert path.read_bytes() == before


def test_a_project_that_cannot_be_finished_is_not_begun(tmp_path: Path) -> None:
    scheme = tmp_path / "scheme.json"
    scheme.write_text('{"scheme": "x", "labels": []}')
    with pytest.raises(UserError, match="no label"):
        projects.create(tmp_path / "new.tagline", "A", scheme)
    assert not (tmp_path / "new.tagline").exists()


def test_a_row_that_holds_something_else_is_left_out_and_named(path: Path) -> None:
    sql(path, "UPDATE span SET fragments = 'nonsense' WHERE key = 3")
    store = Store.open(path)
    try:
        found = queries.reading(store, 1, "reference")
        assert found.spans.get(3) is None
        assert len(found.spans) == 103
        with pytest.raises(UserError, match="row 3 of span"):
            list(queries.bundle(store))
    finally:
        store.close()


def test_a_crash_in_the_middle_of_a_write_is_put_right(path: Path, tmp_path: Path) -> None:
    """The file ends in a torn page, and the journal beside it knows how it was."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("PRAGMA cache_spill = 1")
    connection.execute("BEGIN")
    connection.execute("UPDATE article_text SET text = text || printf('%.*c', 90000, 'x')")
    torn = tmp_path / "torn.tagline"
    shutil.copy(f"{path}-journal", f"{torn}-journal")
    torn.write_bytes(path.read_bytes() + b"x" * 1000)
    connection.execute("ROLLBACK")
    connection.close()
    check_header(torn)
    store = Store.open(torn)
    try:
        assert all(len(queries.text(store, key)) < 90_000 for key in range(1, 6))
        assert not store.integrity_problems()
    finally:
        store.close()


def test_a_full_disk_leaves_everything_stored(path: Path) -> None:
    session = projects.open_project(path, "A")
    store = session.store
    before = queries.info(store)
    pages = pragma(store, "page_count")
    store.query(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(UserError, match="disk is full") as raised:
        commands.set_property(session, "guidelines", "قال 🚀 " * 100_000)
    assert raised.value.file == str(path)
    assert queries.info(store) == before
    store.query("PRAGMA max_page_count = 1000000")
    commands.set_property(session, "guidelines", "short")
    store.close()
    session = projects.open_project(path, "A")
    assert queries.guidelines(session.store) == "short"
    assert not session.store.integrity_problems()
    session.store.close()
