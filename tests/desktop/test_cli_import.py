"""`tagline import`: the options of an import, and an account that says everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop import cli, paths, settings
from desktop.columns import signature

Run = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture(autouse=True)
def preferences() -> Iterator[None]:
    yield
    paths.settings_file().unlink(missing_ok=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.tagline"
    assert cli.main(["new", str(path)]) == 0
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, dict[str, Any], str]:
        capsys.readouterr()
        code = cli.main([*map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    return call


def test_columns_are_asked_for_and_remembered(run: Run, project: Path, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("summary,body\nA short one,A much longer text of it\n")
    code, report, _ = run("import", project, table, "--dry-run")
    assert (code, report["articles"], report["columns"][0]["fields"]) == (0, 1, {"body": "text"})
    code, report, _ = run("import", project, table, "--column", "text=summary", "--column", "title=body")
    assert (code, report["articles"], report["columns"][0]["guessed"]) == (0, 1, False)
    assert settings.load().columns == {signature(["summary", "body"]): {"summary": "text", "body": "title"}}
    table.write_text("body,summary\nMore,Another short one\n")
    code, report, _ = run("import", project, table)
    assert report["columns"][0]["fields"] == {"summary": "text", "body": "title"}
    assert not report["columns"][0]["guessed"]


@pytest.mark.parametrize("given", ["text", "words=body", "=", "text="])
def test_columns_that_are_none(project: Path, capsys: pytest.CaptureFixture[str], given: str) -> None:
    assert cli.main(["import", str(project), "x.csv", "--column", given]) == 2
    assert "--column FIELD=COLUMN" in capsys.readouterr().err


def test_columns_make_a_table_of_json_lines(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "summary", "body": "The whole text"}\n')
    code, report, _ = run("import", project, tmp_path / "a.jsonl", "--column", "text=body")
    assert (code, report["formats"][0]["format"]) == (0, "table")


def test_changed_files_come_in_when_asked_for(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("First")
    assert run("import", project, tmp_path / "a.txt")[0] == 0
    (tmp_path / "a.txt").write_text("Second")
    code, report, err = run("import", project, tmp_path / "a.txt")
    assert (code, report["articles"]) == (1, 0)
    assert "changed: this file held another text" in err
    code, report, _ = run("import", project, tmp_path / "a.txt", "--changed", "add")
    assert (code, report["articles"]) == (0, 1)


def test_a_dry_run_says_the_same_and_changes_nothing(run: Run, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("date 2021-07-11 The headline\n\nShare\n\nThe army said so.")
    (folder / "b.txt").write_bytes("Déjà vu in the café, said the owner.".encode("cp1252"))
    (folder / "c.bin").write_bytes(b"x")
    code, trial, err = run("import", project, folder, "--dry-run")
    assert (code, run("info", project)[1]["articles"]) == (1, 0)
    assert "c.bin" in err
    done = run("import", project, folder)[1]
    assert {name: trial[name] for name in done} == done
    assert [(one["fate"], one["title"], one["outside"], one["meta"].get("date")) for one in trial["first"]] == [
        ("new", "The headline", [[0, 16], [30, 35]], "2021-07-11"), ("new", "Déjà vu in the café, said the owner.", [], None),
    ]  # fmt: skip
    assert sum(trial["languages"].values()) == 2
    assert trial["guessed"][0]["sample"].startswith("Déjà vu")
    assert trial["found"] == {"date": 1, "outside": 1}
    assert [row["encoding"] for row in trial["guessed"]] == ["cp1252"]


def test_the_account_for_people(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("body,n\nThe army said so near the base.,1\n")
    (tmp_path / "a.txt").write_text("date 2021-07-11 The headline\r\n\r\nBack to top")
    assert (
        cli.main(["import", str(project), str(tmp_path / "a.csv"), str(tmp_path / "a.txt"), "--dry-run"]) == 0
    )
    out = capsys.readouterr().out
    for words in (
        "Would import 2 articles",
        "1 file as table",
        "read body as text (a guess; say otherwise with --column)",
        "Found a date in 1 text.",
        "cleaned: line ends (2)",
    ):
        assert words in out


def test_a_dry_run_tells_names_to_decide_about_and_what_is_there(
    run: Run, project: Path, tmp_path: Path
) -> None:
    spans = [{"start": 0, "end": 3, "label": name} for name in ("Actor", "weapon", "weapon")]
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "The army said so.", "spans": spans}) + "\n")
    _, trial, _ = run("import", project, tmp_path / "a.jsonl", "--dry-run")
    assert [(one["kind"], one["name"], one["count"], one["proposal"]) for one in trial["unknown"]] == [
        ("label", "weapon", 2, None), ("label", "Actor", 1, "actor"),
    ]  # fmt: skip
    assert run("import", project, tmp_path / "a.jsonl", "--map", "Actor=actor", "--map", "weapon=")[0] == 0
    _, trial, _ = run("import", project, tmp_path / "a.jsonl", "--dry-run")
    assert [one["fate"] for one in trial["first"]] == ["there"]
