"""Nearly equal texts: what they have in common, and that they are found again."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import open_bundle

from desktop import likeness, projects
from desktop.bundle import Report
from desktop.formats.base import ReadOptions
from desktop.imports import import_bundle
from desktop.session import Session

SEED = Path(__file__).parents[2] / "seeds" / "003_affaa34e85474ccc.txt"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


def bring(session: Session, path: Path, *texts: str) -> Report:
    path.write_text(
        "".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)), "utf-8"
    )
    report = Report()
    return import_bundle(session, open_bundle([path], ReadOptions("A"), report), report)


def altered(text: str, share: float, draw: random.Random) -> str:
    words = text.split(" ")
    for place in draw.sample(range(len(words)), round(share * len(words))):
        words[place] = "changed"
    return " ".join(words)


def test_texts_altered_a_little_share_a_hash_of_their_sketches() -> None:
    text, draw = SEED.read_text("utf-8"), random.Random(3)
    found = likeness.shingles(text)
    others = [likeness.shingles(altered(text, 0.05, draw)) for _ in range(100)]
    assert all(likeness.resemblance(found, other) > 0.6 for other in others)
    sketch = set(likeness.sketch(found))
    assert sum(bool(sketch & set(likeness.sketch(other))) for other in others) >= 98


@given(st.text(), st.text())
def test_resemblance_is_a_share(one: str, other: str) -> None:
    a, b = likeness.shingles(one), likeness.shingles(other)
    assert 0 <= likeness.resemblance(a, b) == likeness.resemblance(b, a) <= 1
    assert likeness.resemblance(a, a) == (1 if a.size else 0)


def test_furniture_and_case_make_no_difference() -> None:
    body = "The army said that three rockets hit the base near the city and nobody was hurt. "
    text = "Skip to content\n" + body
    assert likeness.shingles(text, [(0, 15)]).tolist() == likeness.shingles(body.upper()).tolist() != []


def test_scripts_without_blanks() -> None:
    text = "政府宣布，基地遭到袭击，五名士兵受伤。据目击者称，火箭弹来自北方。外交部长下周将前往会谈。"
    assert likeness.resemblance(likeness.shingles(text), likeness.shingles(text.replace("五", "六"))) > 0.7


def test_an_import_tells_what_is_nearly_the_same(session: Session, tmp_path: Path) -> None:
    text, draw = SEED.read_text("utf-8"), random.Random(1)
    other = (SEED.parent / "002_af005bda07fff510.txt").read_text("utf-8")
    assert bring(session, tmp_path / "a.jsonl", text, other).similar == []
    (tmp_path / "b.jsonl").touch()
    near = altered(text, 0.03, draw)
    report = bring(session, tmp_path / "b.jsonl", text, other, near)
    assert report.articles == 1
    assert [(row["position"], row["of"]) for row in report.similar] == [("line 3", "0")]
    assert 0.6 < report.similar[0]["share"] < 1
    session.undo()
    session.undo()
    assert bring(session, tmp_path / "b.jsonl", near).similar == []
