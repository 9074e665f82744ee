"""Projects of every schema are upgraded to the present one, after a backup, all at once or not at all.

The second schema of these tests is made up: a step that adds a table and an index, and changes rows.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from desktop import cli, commands, projects, recycling, settings
from desktop.errors import UserError
from desktop.session import Session
from desktop.store import backups, migrate, queries
from desktop.store.copying import verify
from desktop.store.migrate import Schema
from desktop.store.store import Store

SAVED = Path(__file__).parents[2] / "data" / "projects"
STEP = """
-- A statement with a ; in a string, a new table, and rows that change.
CREATE TABLE remark (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    text TEXT NOT NULL DEFAULT 'a; b'
) STRICT;
INSERT INTO remark (article) SELECT key FROM article;
UPDATE span SET note = 'upgraded; ' || note;
CREATE INDEX span_note ON span (note);
"""


def saved(version: int, folder: Path) -> Path:
    path = folder / "p.tagline"
    path.write_bytes(gzip.decompress((SAVED / f"{version:03}.tagline.gz").read_bytes()))
    return path


def step_more(folder: Path, script: str = STEP) -> Schema:
    """The schema with one step more, in a folder of its own."""
    shutil.copytree(migrate.FOLDER, folder, dirs_exist_ok=True)
    (folder / f"{len(migrate.CURRENT.steps) + 1:03}_more.sql").write_text(script, encoding="utf-8")
    return Schema(folder)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = tmp_path / "kept"
    monkeypatch.setattr(settings, "load", lambda: settings.Settings(annotator="ana", backup_folder=str(kept)))
    return kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project of the present schema, once there is another one an old project."""
    return saved(migrate.CURRENT.version, tmp_path)


@pytest.fixture
def newer(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Schema:
    schema = step_more(tmp_path / "schema")
    monkeypatch.setattr(migrate, "CURRENT", schema)
    return schema


def whole(session: Session) -> None:
    assert not session.store.integrity_problems() + session.store.tally_problems()
    info = queries.info(session.store)
    assert (info["articles"], info["spans"], info["relations"]) == (2, 3, 1)
    span = queries.spans(session.store, 1, "ana")[0]
    assert (span.fragments, span.attributes) == (((0, 1), (3, 6)), {"type": "attack"})
    assert queries.text(session.store, 1).startswith("🚀 قال cafe\u0301 in Tel\u00a0Aviv")


@pytest.mark.parametrize("version", range(1, migrate.CURRENT.version + 1))
def test_a_project_of_every_schema_opens_and_is_like_a_new_one(version: int, tmp_path: Path) -> None:
    path = saved(version, tmp_path)
    session = projects.open_project(path, "ana")
    whole(session)
    there = migrate.schema(session.store._connection)
    assert there == migrate.expected(), (
        "the schema has changed: run tests/data/projects/make.py if it is not released"
    )
    assert session.store.upgraded == (version < migrate.CURRENT.version)
    assert len(recycling.listed(session.store)) == 2
    while session.undo():
        pass
    assert queries.info(session.store)["articles"] == 0
    while session.redo():
        pass
    whole(session)
    session.store.close()


def test_an_old_project_is_upgraded_after_a_backup(path: Path, newer: Schema, base: Path) -> None:
    before = path.read_bytes()
    session = projects.open_project(path, "ana")
    store = session.store
    whole(session)
    assert store.upgraded
    assert store.version == newer.version
    assert queries.spans(store, 1, "ana")[0].note == "upgraded; why? 🚀"
    assert store.query("SELECT count(*), min(text) FROM remark").fetchone() == (3, "a; b")
    commands.add_span(session, 2, [(0, 3)], "event", "ana")
    session.undo()
    (backup,) = backups.of_project(base, path, store.id)
    assert backup.reason == "upgrade"
    verify(backup.path)
    other = sqlite3.connect(backup.path)
    assert other.execute("PRAGMA user_version").fetchone() == (newer.version - 1,)
    assert other.execute("SELECT note FROM span WHERE note != ''").fetchall() == [("why? 🚀",)]
    other.close()
    with pytest.raises(UserError, match="older Tagline") as raised:
        Store.open(backup.path, read_only=True)
    assert raised.value.kind == "file.older"
    store.close()
    assert path.read_bytes() != before
    again = projects.open_project(path, "ana")
    assert not again.store.upgraded, "once is enough"
    again.store.close()
    projects.put_in_place(path, backup.path)
    back = projects.open_project(path, "ana")
    assert back.store.upgraded, "an old backup is upgraded like any other project"
    whole(back)
    back.store.close()


@pytest.mark.parametrize("script", [STEP + "CREATE TABLE remark (key INTEGER);", STEP + "INSERT INTO nowhere VALUES (1);",
                                    "UPDATE span SET article = 99;"])  # fmt: skip
def test_a_step_that_fails_leaves_the_file_as_it_was(
    path: Path, script: str, tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(path)
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "CURRENT", step_more(tmp_path / "schema", script))
        with pytest.raises(sqlite3.Error):
            projects.open_project(path, "ana")
    rolled_back = digest(path)
    session = projects.open_project(path, "ana")
    whole(session)
    assert session.store.version == migrate.CURRENT.version
    session.store.close()
    assert len(list(base.rglob("*.tagline"))) == 1, "the backup was there first"
    assert rolled_back == before


def test_without_a_backup_there_is_no_upgrade(path: Path, newer: Schema, base: Path) -> None:
    base.write_text("a file where the folder should be")
    before = digest(path)
    with pytest.raises(UserError, match="the backup cannot be made"):
        projects.open_project(path, "ana")
    assert digest(path) == before


def test_a_damaged_project_is_not_upgraded(path: Path, newer: Schema, base: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("UPDATE span SET note = 'by another program'")
    other.commit()
    other.close()
    before = digest(path)
    with pytest.raises(UserError, match="changed outside Tagline"):
        projects.open_project(path, "ana")
    assert digest(path) == before
    assert not base.exists()


def test_what_cannot_be_written_is_upgraded_in_a_private_copy(
    path: Path, newer: Schema, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projects, "unwritable", lambda path: "its drive cannot be written to")
    before = digest(path)
    session = projects.open_anyhow(path, "ana")
    whole(session)
    assert session.store.locked == "its drive cannot be written to"
    assert session.store.shown == path
    session.store.close()
    assert digest(path) == before
    assert not base.exists()


def test_a_newer_file_is_refused_in_words(
    path: Path, newer: Schema, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    projects.open_project(path, "ana").store.close()
    before = digest(path)
    monkeypatch.setattr(migrate, "CURRENT", Schema())
    for act in (
        lambda: projects.open_project(path, "ana"),
        lambda: projects.open_anyhow(path, "ana"),
        lambda: verify(path),
    ):
        with pytest.raises(UserError, match="made with a newer Tagline") as raised:
            act()
        assert raised.value.kind == "file.newer"
        assert raised.value.hint == "install the newer Tagline to open it"
    assert cli.main(["info", str(path)]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert digest(path) == before
