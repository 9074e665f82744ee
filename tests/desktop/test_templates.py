"""Choices for an export that are saved with the project."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from desktop import projects, templates
from desktop.cli import main
from desktop.commands import set_property
from desktop.datasets.options import ExportOptions
from desktop.errors import UserError
from desktop.session import Session

FULL = ExportOptions(
    ("jsonl", "conll"), "Ana", "done", ("event",), ("Wire",), "2021-01-01", "2021-12-31", "sentence", False, "train=1,test=1",
    "source", 3, "leave_out", {"conll.tags": "bioes"},
)  # fmt: skip


@pytest.fixture
def session(tmp_path: Path) -> Any:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


def test_a_template_comes_back_as_it_was(session: Session) -> None:
    templates.save(session, "  for  training ", FULL)
    templates.save(session, "all", ExportOptions(("jsonl",)))
    assert templates.names(session.store) == ["all", "for training"]
    assert templates.load(session.store, "for training") == FULL
    templates.save(session, "all", FULL)
    assert templates.load(session.store, "all") == FULL
    session.undo()
    assert templates.load(session.store, "all") == ExportOptions(("jsonl",))
    templates.remove(session, "all")
    assert templates.names(session.store) == ["for training"]


def test_every_choice_is_in_the_test_above() -> None:
    usual = ExportOptions(())
    assert all(getattr(FULL, name) != value for name, value in vars(usual).items())


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb\x00"])
def test_bad_names(session: Session, name: str) -> None:
    with pytest.raises(UserError, match="no name for a template"):
        templates.save(session, name, FULL)


def test_what_cannot_be_used(session: Session) -> None:
    with pytest.raises(UserError, match=r"no template 'x' \(save one first\)"):
        templates.load(session.store, "x")
    for value in ("{", '{"formats": ["jsonl"], "unit": "word"}', "[]"):
        set_property(session, "template later", value)
        with pytest.raises(UserError, match="not one that this version can use"):
            templates.load(session.store, "later")


def run(*arguments: object) -> tuple[int, dict[str, Any]]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main([*map(str, arguments), "--json"])
    return code, json.loads(output.getvalue())


def test_on_the_command_line(tmp_path: Path) -> None:
    project = tmp_path / "p.tagline"
    assert run("new", project, "--sample")[0] == 0
    given = (
        "--format",
        "jsonl",
        "--label",
        "event",
        "--label",
        "claim",
        "--unit",
        "paragraph",
        "--furniture",
        "out",
    )
    assert run("export", project, tmp_path / "a", *given, "--save-template", "mine")[0] == 0
    assert run("export", project, tmp_path / "b", "--template", "mine")[0] == 0
    code, found = run(
        "export", project, tmp_path / "c", "--template", "mine", "--format", "brat", "--furniture", "in"
    )
    assert (code, [entry["format"] for entry in found["formats"]]) == (0, ["brat"])
    one, two = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in "ab"
    )
    assert one == two
    options = json.loads((tmp_path / "c" / "manifest.json").read_text("utf-8"))["options"]
    assert (options["labels"], options["unit"], options["furniture"]) == (
        ["event", "claim"],
        "paragraph",
        True,
    )
    code, found = run("export", project, tmp_path / "d", "--template", "other")
    assert (code, found["error"]["hint"]) == (1, "use one of mine")
    code, found = run("export", project, tmp_path / "d")
    assert code == 2
    assert found["error"]["message"] == "no format is named"


def test_options_of_formats_are_taken_one_by_one(tmp_path: Path) -> None:
    project = tmp_path / "p.tagline"
    assert run("new", project, "--sample")[0] == 0
    given = ("--format", "conll", "--option", "conll.tags=bioes", "--option", "conll.files=columns")
    assert run("export", project, tmp_path / "a", *given, "--save-template", "mine")[0] == 0

    def choices(name: str, *more: str) -> object:
        code, found = run("export", project, tmp_path / name, "--template", "mine", *more)
        assert code == 0, found
        return json.loads((tmp_path / name / "manifest.json").read_text("utf-8"))["options"]["choices"]

    assert choices("b", "--option", "conll.files=labels") == {"conll.tags": "bioes", "conll.files": "labels"}
    assert choices("c", "--format", "jsonl") == {}


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        (("--save-template", "x" * 61), 1, "that is no name for a template"),
        (("--split-by", "date"), 2, "--split-by and --seed say how to split, and no split is asked for"),
        (("--option", "conll.tags=bioes"), 2, "no option is called 'conll.tags'"),
    ],
)
def test_nothing_is_written_for_choices_that_make_no_sense(
    given: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    assert run("new", tmp_path / "p.tagline", "--sample")[0] == 0
    found = run("export", tmp_path / "p.tagline", tmp_path / "a", "--format", "jsonl", *given)
    assert (found[0], found[1]["error"]["message"]) == (code, message)
    assert not (tmp_path / "a").exists()
