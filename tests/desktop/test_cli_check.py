"""`tagline check` looks at the history and the backups too, and keeps what there was before it repairs."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from desktop import cli, commands, projects, settings
from desktop.store import backups, queries, tally
from desktop.store.backups import Shelf
from desktop.store.copying import verify
from desktop.store.store import Store


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = tmp_path / "kept"
    monkeypatch.setattr(settings, "load", lambda: settings.Settings(annotator="ana", backup_folder=str(kept)))
    return kept


@pytest.fixture
def path(tmp_path: Path, base: Path) -> Path:
    path = tmp_path / "p.tagline"
    session = projects.create(path, "ana")
    projects.add_sample(session, labels=True)
    commands.set_flag(session, 1, True)
    commands.set_article_note(session, 1, "🚀 قال")
    session.store.close()
    return path


def spoil(path: Path, sql: str, *, recount: bool = True) -> None:
    """What another program may do; with `recount` it even mends the sums, so that only what is looked at can tell."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA ignore_check_constraints = ON")
    other.execute(sql)
    if recount:
        tally.write(other, {table: tally.count(other, table) for table in tally.COLUMNS})
    other.close()


def check(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = cli.main(["check", str(path), *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def of_kind(result: Any, kind: str) -> list[str]:
    return [row["message"] for row in result["problems"] if row["kind"] == kind]


@pytest.mark.parametrize(
    ("sql", "why"),
    [("UPDATE change SET before = x'00' WHERE before IS NOT NULL", "damaged"),
     ("UPDATE change SET kind = 'nothing' WHERE before IS NOT NULL", "which there is not"),
     ("UPDATE change SET last = first - 1 WHERE before IS NULL AND step = 2", "not in order")],
)  # fmt: skip
def test_a_step_that_cannot_be_undone_is_named(
    path: Path, sql: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert of_kind(check(capsys, path)[1], "integrity.journal") == []
    spoil(path, sql)
    _, result = check(capsys, path)
    found = of_kind(result, "integrity.journal")
    assert found
    assert all(line.startswith("step ") and why in line for line in found)
    assert of_kind(result, "integrity.tally") == []


def test_backups_are_checked_and_left_alone(
    path: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store.open(path)
    shelf = Shelf(base, path, store.id)
    made = [shelf.make(store, "work") for _ in range(3)]
    store.close()
    code, result = check(capsys, path)
    assert of_kind(result, "integrity.backup") == []
    made[1].path.write_bytes(made[1].path.read_bytes()[:-5000])
    spoil(made[2].path, "UPDATE article SET note = 'another'", recount=False)
    before = [backup.path.read_bytes() for backup in made]
    again, result = check(capsys, path)
    assert again == code, "the project itself is as good as before"
    found = of_kind(result, "integrity.backup")
    assert len(found) == 2
    assert all(any(str(b.path) in line for line in found) for b in made[1:])
    assert [backup.path.read_bytes() for backup in made] == before


def test_a_repair_begins_with_a_backup(path: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(path, "UPDATE span SET start = start + 1, \"end\" = \"end\" + 1, fragments ="
                " '[[' || (start + 1) || ',' || (\"end\" + 1) || ']]' WHERE key = 5")  # fmt: skip
    _, result = check(capsys, path, "--repair")
    (backup,) = backups.of_project(base, path)
    assert backup.reason == "repair"
    verify(backup.path)
    assert result["repaired"][0] == f"a backup from before was made and checked: {backup.path}"
    assert "moved by -1 characters" in result["repaired"][1]
    shelf = Store.open(backup.path, read_only=True)
    text = queries.text(shelf, 1)
    row = shelf.values("span", 5)
    assert row
    assert text[row[3] : row[4]] != row[6]
    shelf.close()


def test_what_no_backup_can_be_made_of_is_copied(
    path: Path, base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(path, "UPDATE article SET note = 'by another program'", recount=False)
    _, result = check(capsys, path, "--repair")
    (copy,) = tmp_path.glob("p before repair *.tagline")
    assert (
        result["repaired"][0] == f"a copy as it was before is kept as {copy}; it holds what is repaired here"
    )
    assert any("counted anew" in line for line in result["repaired"])
    assert backups.of_project(base, path) == []
    verify(path)


def test_without_room_for_a_backup_nothing_is_repaired(
    path: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base.write_text("a file")
    before = path.read_bytes()
    assert cli.main(["check", str(path), "--repair"]) == 1
    assert "the backup cannot be made" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_people_are_told_how_many_there_are_of_each_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spans = [{"start": 0, "end": 4, "label": "actor"}, {"start": 4, "end": 10, "label": "event"}] * 2
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"text": "Ana spoke today.", "spans": spans}) + "\n", "utf-8"
    )
    project = str(tmp_path / "p.tagline")
    assert cli.main(["new", project]) == 0
    assert cli.main(["import", project, str(tmp_path / "a.jsonl")]) == 0
    capsys.readouterr()
    assert cli.main(["check", project]) == 0
    *_, blanks, doubles, last = capsys.readouterr().out.splitlines()
    assert (
        blanks == "4 warnings span.edge_blank: Blank at the edge (4 with a fix: trim, --fix span.edge_blank)"
    )
    assert doubles.startswith("2 warnings span.duplicate: Marked twice (2 with a fix: remove the second")
    assert last == "No errors."
