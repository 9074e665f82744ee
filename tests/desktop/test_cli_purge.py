"""`tagline purge`: says what goes, asks, and leaves nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from desktop import cli, commands, projects, settings
from desktop.store import queries
from desktop.store.backups import Shelf, of_project

NAME = "Bohumil Ž"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        settings, "load", lambda: settings.Settings(annotator="ana", backup_folder=str(tmp_path / "kept"))
    )
    path = tmp_path / "p.tagline"
    session = projects.create(path, NAME)
    projects.add_sample(session, labels=True)
    Shelf(tmp_path / "kept", path, session.store.id).make(session.store, "open")
    commands.add_span(session, 2, [(0, 9)], "event", NAME)
    session.store.close()
    return path


def run(*arguments: str) -> int:
    try:
        return cli.main(["purge", *arguments])
    except SystemExit as left:
        return int(str(left.code))


def info(path: Path) -> dict[str, object]:
    session = projects.open_project(path, "ana")
    try:
        return queries.info(session.store)
    finally:
        session.store.close()


def test_an_article_goes_with_its_backups(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = projects.open_project(path, "ana")
    article = queries.article(session.store, 2)
    body = queries.text(session.store, 2)
    others = "".join(queries.text(session.store, key) for key in (1, 3, 4, 5)) + queries.guidelines(
        session.store
    )
    count = len(queries.spans(session.store, 2))
    session.store.close()
    assert run(str(path), "--article", article.id, "--backups", "--yes", "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["articles"], result["spans"], result["backups"], result["backups_left"]) == (
        1,
        count,
        1,
        0,
    )
    assert info(path)["articles"] == 4
    assert [b.reason for b in of_project(tmp_path / "kept", path)] == ["purge"]
    pieces = [body[at : at + 40] for at in range(0, len(body) - 40, 13)]
    words = [piece.encode() for piece in pieces if piece not in others]
    assert len(words) > 100
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or not any(word in file.read_bytes() for word in words)
    assert run(str(path), "--article", article.id, "--yes") == 1
    assert "there is no article" in capsys.readouterr().err


def test_the_backups_that_stay_are_named(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(path), "--annotator", "reference", "--yes") == 0
    said = capsys.readouterr().out
    assert said.startswith("Purged 722 labels, ")
    assert "1 of its backups still hold it" in said
    assert info(path)["annotators"] == [NAME]
    assert run(str(path), "--annotator", "nobody", "--yes") == 1
    assert f"use one of {NAME}" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 1), ("", 1), (f"{NAME}\n", 0)])
def test_it_asks_first(
    path: Path, typed: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(typed))
    before = info(path)
    assert run(str(path), "--annotator", NAME) == code
    said = capsys.readouterr().err
    assert "This removes 1 label" in said
    assert "It cannot be undone." in said
    assert (info(path) == before) == bool(code)


def test_where_nobody_can_be_asked_it_is_wrong_usage(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(NAME))
    before = info(path)
    assert run(str(path), "--annotator", NAME) == 2
    assert "--yes" in capsys.readouterr().err
    assert run(str(path)) == 2
    assert run(str(path), "--annotator", NAME, "--article", "x") == 2
    assert info(path) == before


def test_the_bin_is_emptied(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = projects.open_project(path, NAME)
    commands.remove_span(session, queries.spans(session.store, 2, NAME)[0].key)
    session.store.close()
    assert run(str(path), "--bin", "--yes") == 0
    assert "1 entry of the bin" in capsys.readouterr().out
