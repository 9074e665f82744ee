"""Splits and groups that a project keeps."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop import projects, splitting
from desktop.cli import main
from desktop.datasets.options import ExportOptions
from desktop.errors import UserError
from desktop.exporting import export_project
from desktop.session import Session
from desktop.store import queries
from desktop.store.lines import article_lines

SPLIT = "train=60,validation=20,test=20"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    projects.add_sample(made, labels=True)
    yield made
    made.store.close()


def ids(session: Session) -> list[str]:
    return [line.id for line in article_lines(session.store, "A")]


def test_splits_are_kept_moved_and_forgotten(session: Session) -> None:
    one, two, *_ = ids(session)
    splitting.keep(session, "share:0", {one: "train", two: "test"})
    splitting.move(session, "share:0", [one], "none")
    splitting.move(session, "share:0", [two], None)
    assert queries.assignments(session.store, "share:0") == {one: "none"}
    session.undo()
    assert queries.assignments(session.store, "share:0") == {one: "none", two: "test"}
    assert queries.deals(session.store) == ["share:0"]
    assert splitting.forget(session, "share:0") == 2
    assert queries.assignments(session.store, "share:0") == {}
    assert [step.title for step in queries.history(session.store, 4)][::-1] == [
        f"Move {one} to none of the splits", f"Move {two} to no kept split", f"Move {two} to no kept split", "Forget the splits of 2 articles",
    ]  # fmt: skip


def test_a_deal_knows_nothing_of_another(session: Session) -> None:
    splitting.keep(session, "share:0", {ids(session)[0]: "train"})
    assert queries.assignments(session.store, "share:1") == {}


def test_groups_are_given_and_taken_back(session: Session) -> None:
    one, two, *_ = ids(session)
    splitting.set_group(session, [one, two], "story")
    found = [queries.article_named(session.store, name) for name in (one, two)]
    assert [article and article.group for article in found] == ["story", "story"]
    session.undo()
    splitting.set_group(session, [one], None)
    article = queries.article_named(session.store, one)
    assert article
    assert article.group is None


def test_what_is_not_there(session: Session) -> None:
    with pytest.raises(UserError, match="there is no article 'nobody'"):
        splitting.move(session, "share:0", ["nobody"], "test")
    with pytest.raises(UserError, match="no split is called 'dev'"):
        splitting.move(session, "share:0", ids(session)[:1], "dev")


def places(folder: Path) -> dict[str, str]:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return {article["id"]: article["split"] for article in manifest["articles"]}


def test_an_export_keeps_the_splits_and_later_ones_hold_them(session: Session, tmp_path: Path) -> None:
    options = ExportOptions(("jsonl",), split=SPLIT)
    export_project(session, tmp_path / "first", options)
    first = places(tmp_path / "first")
    assert queries.assignments(session.store, "share:0") == first
    assert (undoable := queries.undoable(session.store))
    assert undoable.title == "Keep the splits of 5 articles"
    moved = next(name for name, split in first.items() if split == "train")
    splitting.move(session, "share:0", [moved], "test")
    # Other shares move nothing, another seed deals anew.
    export_project(session, tmp_path / "second", ExportOptions(("jsonl",), split="train=1,test=1"))
    assert places(tmp_path / "second") == {**first, moved: "test"}
    export_project(session, tmp_path / "third", ExportOptions(("jsonl",), split=SPLIT, seed=1))
    assert queries.deals(session.store) == ["share:0", "share:1"]


def test_the_same_project_gives_the_same_bytes_again(session: Session, tmp_path: Path) -> None:
    for name in ("first", "second"):
        export_project(session, tmp_path / name, ExportOptions(("jsonl", "brat"), split=SPLIT))
    one, two = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("first", "second")
    )
    assert one == two


def exported(project: Path, folder: Path, *more: str) -> tuple[int, dict[str, Any]]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main(["export", str(project), str(folder), "--format", "conll", *more, "--json"])
    return code, json.loads(output.getvalue())


def test_on_the_command_line(tmp_path: Path) -> None:
    project = tmp_path / "p.tagline"
    assert main(["new", str(project), "--sample"]) == 0
    for name, more in (("one", []), ("two", ["--cut-tokens", "stop"])):
        code, result = exported(project, tmp_path / name, "--split", SPLIT, *more)
        assert (code, result["articles_left_out"]) == (0, [])
        assert {entry["what"] for entry in result["formats"][0]["spans"]} == {"left_out"}
        assert len(result["formats"][0]["spans"]) == 10
    assert places(tmp_path / "one") == places(tmp_path / "two")


def test_by_date_without_a_date(tmp_path: Path) -> None:
    project = tmp_path / "p.tagline"
    (tmp_path / "a.txt").write_text("Nothing says when this was.", "utf-8")
    main(["new", str(project)])
    main(["import", str(project), str(tmp_path / "a.txt")])
    code, result = exported(project, tmp_path / "new", "--split", SPLIT, "--split-by", "date")
    assert code == 1
    assert result["error"]["message"].startswith(
        "nothing to export as conll: no article has a place in the splits"
    )


def test_articles_that_go_apart(session: Session) -> None:
    one, two, three, *_ = ids(session)
    assert splitting.apart(session.store) == []
    splitting.keep_apart(session, [two, one])
    splitting.keep_apart(session, [one, two])
    splitting.keep_apart(session, [three])
    assert splitting.apart(session.store) == [frozenset({one, two})]
    splitting.keep_apart(session, [one, two, three])
    assert len(splitting.apart(session.store)) == 2
    session.undo()
    session.undo()
    assert splitting.apart(session.store) == []


@pytest.mark.parametrize("value", ["{", "3", '[3, ["a", "b"]]'])
def test_damaged_notes_on_what_goes_apart_cost_themselves(session: Session, value: str) -> None:
    from desktop.commands import set_property

    set_property(session, "apart", value)
    assert splitting.apart(session.store) in ([], [frozenset({"a", "b"})])


def test_groups_of_articles(session: Session) -> None:
    one, two, three, *_ = ids(session)
    assert splitting.groups(session.store) == {}
    # A group may be named after an article that is to be in it.
    splitting.set_group(session, [two], one)
    splitting.set_group(session, [three], "alone")
    assert splitting.groups(session.store) == {one: sorted([one, two])}


def listed(project: Path, *more: str) -> tuple[int, dict[str, Any]]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main(["splits", str(project), *more, "--json"])
    return code, json.loads(output.getvalue())


def test_splits_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "p.tagline"
    main(["new", str(project)])
    for name, text in (("a", "governor Salim resigned over floods in Basra"), ("b", "Basra floods: Salim, governor, resigned"),
                       ("c", "Cats sleep all day in Rome"), ("d", "The price of bread fell")):  # fmt: skip
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    main(["import", str(project), *(str(tmp_path / f"{name}.txt") for name in "abcd")])
    capsys.readouterr()
    assert listed(project, "--stories", "--forget")[0] == 2
    exported(project, tmp_path / "out", "--split", "train=50,test=50")
    code, result = listed(project, "--stories")
    [story] = result["stories"]
    assert (code, len(result["deals"]["share:0"]), len(story["articles"])) == (0, 4, 2)
    one, two = story["articles"]
    assert listed(project, "--apart", one, two, "--stories")[1]["stories"] == []
    assert listed(project, "--together", one, two)[1]["groups"] == [
        {"group": f"story {one}", "articles": [one, two]}
    ]
    assert listed(project, "--move", one, two, "--to", "test")[1]["deals"]["share:0"][two] == "test"
    capsys.readouterr()
    assert main(["splits", str(project), "--move", one, "--to", "train"]) == 0
    told = capsys.readouterr().out.splitlines()
    both = f"{one}, {two}"
    assert told[1:] == [f"  train: {one}", f"together (story {one}): {both}", f"apart: {both}"]
    assert two not in listed(project, "--move", two, "--to", "anew")[1]["deals"]["share:0"]
    code, refused = listed(project, "--ungroup", one, two, "--move", "nobody", "--to", "test")
    assert (code, refused["error"]["message"]) == (2, "there is no article 'nobody'")
    assert listed(project)[1]["groups"], "nothing is changed by a command of which a part is wrong"
    assert listed(project, "--ungroup", one, two)[1]["groups"] == []
    assert listed(project, "--forget", "--deal", "share:0")[1]["deals"] == {}
    assert main(["splits", str(project)]) == 0
    assert "apart: " in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [["--move", "x"], ["--to", "test"], ["--apart", "x"], ["--together", "x", "x"], ["--forget"], ["--apart", "x", "y"],
     ["--move", "x", "--to", "test", "--deal", "share:9"]],
)  # fmt: skip
def test_splits_that_make_no_sense(tmp_path: Path, wrong: list[str]) -> None:
    main(["new", str(tmp_path / "p.tagline"), "--sample"])
    assert main(["splits", str(tmp_path / "p.tagline"), *wrong]) == 2
