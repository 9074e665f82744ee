"""Fixes: each mends its finding as one undoable step, and never what it does not fit."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from desktop import fixing, projects
from desktop.bundle import Report
from desktop.cli import main
from desktop.datasets.checks import check
from desktop.datasets.findings import Fix, Problem
from desktop.errors import Cancelled
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import queries

TEXT = "Ana bombed Tel Aviv, twice. Then Iraq and Iraq and Iraq."


@pytest.fixture
def session(tmp_path: Path, strategies: ModuleType) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "reference")
    span = strategies.span
    spans = [
        span(TEXT, "actor", "Ana "), span(TEXT, "actor", "Ana ", id="again"), span(TEXT, "location", "Tel Aviv, "),
        span(TEXT, "event", "bombe"), span(TEXT, "location", "Iraq"), span(TEXT, "event", "twice. "),
        strategies.RawSpan("location", ((42, 46),), "", id="second"),
    ]  # fmt: skip
    tie = strategies.RawRelation("place", "s3", "s2", "")
    record = strategies.article(
        TEXT, *spans, id="a", relations=(tie,), language="en", status={"reference": "done"}
    )
    import_bundle(made, strategies.bundle([record], queries.scheme(made.store)), Report())
    yield made
    made.store.close()


def problems(session: Session, *kinds: str) -> list[Problem]:
    store = session.store
    deals = {deal: queries.assignments(store, deal) for deal in queries.deals(store)}
    found = check(queries.bundle(store), queries.scheme(store), deals)
    return [problem for problem in found if not kinds or problem.kind in kinds]


def quotes(session: Session) -> list[str]:
    return [f"{span.label} {span.text}" for span in queries.spans(session.store, 1)]


@pytest.mark.parametrize(
    ("kind", "before", "after", "title"),
    [
        ("span.edge_blank", "location Tel Aviv, ", "location Tel Aviv", "Trim: 4 × blank at the edge"),
        ("span.edge_punctuation", "event twice. ", "event twice", "Trim: 2 × punctuation at the edge"),
        ("span.cut_token", "event bombe", "event bombed", "Widen to the token: 1 × cuts a token"),
        ("form.missed", "", "location Iraq", "Label it: 1 × labelled elsewhere, bare here"),
    ],
)
def test_a_kind_is_mended_in_one_step(
    session: Session, kind: str, before: str, after: str, title: str
) -> None:
    found = problems(session, kind)
    old = quotes(session)
    fixing.mend(session, found)
    assert after in quotes(session)
    assert before not in quotes(session)
    step = queries.undoable(session.store)
    assert step
    assert step.title == title
    session.undo()
    assert quotes(session) == old


def test_what_is_marked_twice_goes_once(session: Session) -> None:
    [found] = problems(session, "span.duplicate")
    assert fixing.mend(session, [found, found]).left_out == {"the label is gone": 1}
    assert quotes(session).count("actor Ana ") == 1
    assert problems(session, "span.duplicate") == []


def test_twins_that_a_trim_would_make_stay_and_are_counted(session: Session) -> None:
    done = fixing.mend(session, problems(session, "span.edge_blank"))
    assert done.done == 3
    assert done.left_out == {"there is an actor of exactly this extent already": 1}


def test_a_relation_is_turned_round(session: Session) -> None:
    [tie] = session.store.rows("relation")
    [found] = problems(session, "relation.endpoints")
    assert found.fix == Fix("turn")
    assert fixing.mend(session, [found]).done == 1
    [turned] = session.store.rows("relation")
    assert (turned.head, turned.tail) == (tie.tail, tie.head)
    assert problems(session, "relation.endpoints") == []


def test_relabelled_grouped_placed_and_set(session: Session) -> None:
    [iraq] = [span for span in queries.spans(session.store, 1) if span.id == "second"]
    at = Problem("x", "note", "a", iraq.id, "", iraq.start, iraq.end, "reference")
    for fix in (
        Fix("relabel", "actor"), Fix("set", "state", "kind"), Fix("group", articles=("a",)), Fix("place", "none", "share:0"),
    ):  # fmt: skip
        assert fixing.mend(session, [replace(at, fix=fix)]).done == 1
    [iraq] = [span for span in queries.spans(session.store, 1) if span.id == "second"]
    assert (iraq.label, iraq.attributes) == ("actor", {"kind": "state"})
    assert queries.article(session.store, 1).group == "story a"
    assert queries.assignments(session.store, "share:0") == {"a": "none"}


def test_what_has_changed_meanwhile_is_left_alone(session: Session) -> None:
    [cut] = problems(session, "span.cut_token")
    missed = problems(session, "form.missed")
    fixing.mend(session, [cut])
    old = quotes(session)
    again = fixing.mend(
        session, [cut, replace(cut, article="gone"), replace(cut, span="gone"), replace(cut, fix=None)]
    )
    assert again.done == 0
    assert again.left_out == {
        "the label was moved meanwhile": 1, "the article is gone": 1, "the label is gone": 1, "there is no fix for it": 1,
    }  # fmt: skip
    assert quotes(session) == old
    fixing.mend(session, missed)
    assert fixing.mend(session, missed).left_out == {"it is labelled already": len(missed)}


def test_stopped_in_the_middle_nothing_has_changed(session: Session) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Cancelled

    old = quotes(session)
    with pytest.raises(Cancelled):
        fixing.mend(session, problems(session, "span.edge_blank"), stop)
    assert quotes(session) == old


def run(*arguments: object) -> tuple[int, dict[str, Any]]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main([*map(str, arguments), "--json"])
    return code, json.loads(output.getvalue())


def test_on_the_command_line(session: Session) -> None:
    path = session.store.path
    session.store.close()
    code, found = run("check", path, "--fix", "span.cut_token", "--fix", "form.missed")
    assert (code, found["ok"], found["repaired"]) == (0, True, ["mended 2 of 2"])
    kinds = {problem["kind"] for problem in found["problems"]}
    assert not kinds & {"span.cut_token", "form.missed"}
    blank = next(
        d for p, d in zip(found["problems"], found["details"], strict=True) if p["kind"] == "span.edge_blank"
    )
    assert (blank["start"], blank["end"], blank["annotator"], blank["fix"]["do"]) == (
        0,
        4,
        "reference",
        "move",
    )
    code, found = run("check", path, "--fix", "span.wide")
    assert code == 2
    assert "there is no fix for 'span.wide'" in found["error"]["message"]


# What few projects have: each kind with a fix that nothing above mends.


def added(session: Session, strategies: ModuleType, text: str, *spans: Any, **values: Any) -> None:
    record = strategies.article(text, *spans, id=f"b{len(text)}", language="en", **values)
    import_bundle(session, strategies.bundle([record], queries.scheme(session.store)), Report())


def mended(session: Session, kind: str) -> str:
    """Mend all of a kind; returns the title of the step, once undo was seen to bring them all back."""
    found = problems(session, kind)
    assert found
    assert all(problem.fix for problem in found)
    assert fixing.mend(session, found).done == len(found)
    assert problems(session, kind) == []
    title = queries.history(session.store, 1)[0].title
    session.undo()
    assert problems(session, kind) == found
    session.redo()
    return title


def test_crossing_labels_are_parted(session: Session, strategies: ModuleType) -> None:
    text = "The Iraqi army 🚀 base, Mosul."
    span = strategies.span
    added(
        session,
        strategies,
        text,
        span(text, "actor", "Iraqi army 🚀 base"),
        span(text, "location", "base, Mosul"),
    )
    assert mended(session, "span.crossing") == "Begin where the other ends: 1 × crosses another"
    assert [s.text for s in queries.spans(session.store, 2)] == ["Iraqi army 🚀 base", "Mosul"]


def test_one_of_two_labels_goes(session: Session, strategies: ModuleType) -> None:
    text = "In Baghdad."
    span = strategies.span
    added(session, strategies, text, span(text, "actor", "Baghdad"), span(text, "location", "Baghdad"))
    assert mended(session, "span.two_labels").startswith("Remove this one")
    assert len(queries.spans(session.store, 2)) == 1


def test_a_label_and_an_attribute_that_the_scheme_lacks(session: Session, strategies: ModuleType) -> None:
    text = "In Baghdad."
    added(session, strategies, text, strategies.span(text, "location", "Baghdad"))
    span = queries.spans(session.store, 2)[0]
    with session.step("as an older scheme had it"):
        session.put(span.model_copy(update={"label": "weapon", "attributes": {}}))
    assert mended(session, "span.unknown_label") == "Add it to the scheme: 1 × label not in the scheme"
    assert queries.scheme(session.store).label("weapon")
    with session.step("as an older scheme had it"):
        session.put(queries.spans(session.store, 2)[0].model_copy(update={"attributes": {"calibre": "9"}}))
    assert mended(session, "span.unknown_attribute").startswith("Remove it here")
    assert queries.spans(session.store, 2)[0].attributes == {}


def test_relations_that_cannot_be(session: Session, strategies: ModuleType) -> None:
    relation = next(iter(session.store.rows("relation")))
    with session.step("as an older scheme had it"):
        session.put(relation.model_copy(update={"type": "eats"}))
    assert mended(session, "relation.endpoints") == "Remove: 1 × relation type not in the scheme"
    assert list(session.store.rows("relation")) == []


def test_an_empty_article_is_to_do_again(session: Session, strategies: ModuleType) -> None:
    added(session, strategies, "Nothing here.", status={"reference": "done"})
    assert mended(session, "article.empty").startswith("Mark it to do")
    assert queries.state(session.store, 2, "reference") == "todo"


def test_a_split_without_a_label_is_forgotten(session: Session, strategies: ModuleType) -> None:
    from desktop import splitting

    added(session, strategies, "Nothing here.")
    splitting.keep(session, "share:0", {"a": "train", "b13": "test"})
    assert mended(session, "split.label_missing").startswith("Forget this split")
    assert queries.deals(session.store) == []


def test_a_story_takes_the_groups_of_its_articles_along(session: Session, strategies: ModuleType) -> None:
    from desktop import splitting

    for text in ("One.", "Three.", "Four four."):
        added(session, strategies, text)
    splitting.set_group(session, ["b4", "b6"], "old")
    splitting.join(session, ["a", "b6"])
    assert splitting.groups(session.store) == {"story a": ["a", "b4", "b6"]}
    session.undo()
    assert splitting.groups(session.store) == {"old": ["b4", "b6"]}


def test_every_kind_with_a_remedy_mends_something_that_is_known() -> None:
    from typing import get_args, get_type_hints

    assert set(get_args(get_type_hints(Fix)["do"])) == set(fixing._FIXES)
