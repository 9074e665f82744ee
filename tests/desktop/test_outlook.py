"""What an export would take, foreseen from counts: the same as what it then takes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import outlook, projects, splitting
from desktop.commands import set_state
from desktop.datasets.options import ExportOptions
from desktop.datasets.picking import Picked, account
from desktop.errors import Cancelled
from desktop.store import queries
from desktop.store.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The sample, one article of which another annotator has begun."""
    session = projects.create(tmp_path_factory.mktemp("p") / "p.tagline", "Ana")
    projects.add_sample(session, labels=True)
    key = session.store.query("SELECT min(key) FROM article").fetchone()[0]
    set_state(session, key, "Ana", "in_progress")
    yield session.store
    session.store.close()


choices = st.builds(
    ExportOptions,
    st.just(("jsonl",)),
    st.sampled_from([None, "reference", "Ana"]),
    st.sampled_from([None, "done", "in_progress", "todo"]),
    st.sampled_from([(), ("actor",), ("event", "claim")]),
    st.sampled_from([(), ("ejmagnier.com",), ("Nowhere",)]),
    st.sampled_from([None, "2021-07-11", "2030-01-01"]),
    st.sampled_from([None, "2021-07-11"]),
)


@settings(max_examples=60, deadline=None)
@given(choices)
def test_foreseen_is_what_is_taken(store: Store, options: ExportOptions) -> None:
    found = outlook.foresee(outlook.take_inventory(store), options)
    picked, labels = Picked(options.layer), Counter[str]()
    for record in queries.bundle(store):
        if taken := account(record, options, picked):
            labels.update(span.label for span in taken.spans)
    assert (found.articles_in, found.articles, found.examples) == (
        picked.articles_in, picked.articles_out, picked.examples,
    )  # fmt: skip
    assert found.labels == labels
    assert found.articles_left_out == picked.articles_left_out
    assert found.spans + found.spans_left_out.total() == picked.spans_in
    assert outlook.look_closely(queries.bundle(store), options, lambda: None) == found


def test_units_are_told_by_the_texts_alone(store: Store) -> None:
    options = ExportOptions(("jsonl",), unit="sentence", furniture=False)
    assert not outlook.by_counts(options)
    found = outlook.look_closely(queries.bundle(store), options, lambda: None)
    assert found.examples > found.articles == 5
    assert found.spans + found.spans_left_out.total() == 722


def test_looking_closely_can_be_stopped(store: Store) -> None:
    def tick() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        outlook.look_closely(queries.bundle(store), ExportOptions(("jsonl",)), tick)


def test_kept_splits_days_and_sources(tmp_path: Path) -> None:
    session = projects.create(tmp_path / "p.tagline", "Ana")
    assert outlook.take_inventory(session.store).days is None
    projects.add_sample(session, labels=False)
    names = [record.article.id for record in queries.bundle(session.store)]
    splitting.keep(session, "share:0", {names[0]: "train", names[1]: "test"})
    found = outlook.take_inventory(session.store)
    assert found.kept == {"share:0": 2}
    assert found.days is not None
    session.store.close()
