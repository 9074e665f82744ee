"""Lines that a site repeats are put outside the article; what stories share by chance is not, nor anything labelled."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import intake, projects
from desktop.bundle import RawArticle, RawSpan, Record, Report, build
from desktop.session import Session
from desktop.sites import Census
from desktop.store import queries

ROOT = Path(__file__).parents[2]
ABOVE = ("The Gulf Herald 🚀", "Independent since 1921\u00a0", "SECTION", "HEADLINE", "Staff, Manama bureau")
BELOW = ("Tip line: 555 0100", "The Herald is printed on recycled paper.", "منشور في الخليج")
SECTIONS = ("Politics and law", "Economy and oil", "Sport and leisure")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


def stories(count: int, seed: int = 1) -> list[str]:
    """Texts of several paragraphs, invented of the words of the seeds."""
    draw = random.Random(seed)
    words = sorted(
        {word for path in (ROOT / "seeds").glob("*.txt") for word in path.read_text("utf-8").split()}
    )
    return [
        "\n\n".join(
            " ".join(draw.choices(words, k=draw.randint(2, 60))).capitalize() + "." for _ in range(draw.randint(3, 12))
        )
        for _ in range(count)
    ]  # fmt: skip


def page(story: str, number: int) -> str:
    lines = [
        {"SECTION": SECTIONS[number % 3], "HEADLINE": f"Story {number} about nothing"}.get(line, line)
        for line in ABOVE
    ]
    return "\n".join([*lines, story, *BELOW])


def record(text: str, name: str = "site/a.txt", **values: object) -> Record:
    meta = {"file": name}
    return build(
        RawArticle(text, name, "", meta=meta, fallback_title="a", scraped=True, **values),  # type: ignore[arg-type]
        "A",
        Report(),
    )


def judged(records: list[Record]) -> tuple[list[Record], Report]:
    census, report = Census(), Report()
    for one in records:
        census.see(one)
    repeated = census.repeated()
    return [repeated.put_outside(one, report) for one in records], report


def outside(one: Record) -> list[str]:
    return [" ".join(one.text[a:b].split()) for a, b in one.article.outside]


@pytest.mark.parametrize("count", [4, 5, 12, 200])
def test_every_line_that_the_site_sets_is_found_and_none_of_the_stories(count: int) -> None:
    made, report = judged([record(page(story, n)) for n, story in enumerate(stories(count))])
    sections = count >= 12  # of four articles no section has four
    for number, one in enumerate(made):
        found = "\n".join(one.text[a:b] for a, b in one.article.outside)
        wanted = {*ABOVE, *BELOW, SECTIONS[number % 3]} - {"SECTION", "HEADLINE"}
        wanted -= set() if sections else set(SECTIONS)
        assert all(line.strip() in found for line in wanted)
        assert one.article.title == ("Story" if sections else SECTIONS[number % 3]) or one.article.title.startswith("Story")  # fmt: skip
    lines = {row["line"]: row["count"] for row in report.repeated}
    assert lines.keys() <= {" ".join(line.split()) for line in (*ABOVE, *BELOW, *SECTIONS)}
    assert lines[ABOVE[0]] == lines[BELOW[1]] == count


@pytest.mark.parametrize("count", [3, 50, 300])
def test_stories_without_a_site_share_nothing(count: int) -> None:
    records = [record(story) for story in stories(count, seed=count)]
    assert judged(records)[0] == records


def test_what_stood_behind_them_is_read_then() -> None:
    texts = [f"{ABOVE[0]}\ndate 2021-07-1{n} Story {n} 🚀\n{story}" for n, story in enumerate(stories(5))]
    made, report = judged([record(text) for text in texts])
    assert [one.article.meta["date"] for one in made] == [f"2021-07-1{n}" for n in range(5)]
    assert made[0].article.title == "Story 0 🚀"
    assert made[0].found == ("date", "outside")
    assert report.found == {"date": 5, "outside": 5}
    kept, _ = judged([record(text, title="Its own") for text in texts])
    assert kept[0].article.title == "Its own"


def test_three_articles_are_too_few_and_copies_of_one_story_count_once() -> None:
    pages = [record(page(story, n)) for n, story in enumerate(stories(3))]
    assert judged(pages)[0] == pages
    copies = [record(page(stories(1)[0], 0) + f"\nUpdate {n}") for n in range(9)]
    assert judged(copies)[0] == copies


def test_labelled_text_and_prepared_articles_are_left_alone() -> None:
    span = RawSpan("actor", ((0, 3),), "")
    made = [record(page(story, n), spans=[span]) for n, story in enumerate(stories(9))]
    assert judged(made)[0] == made


def test_each_site_by_itself() -> None:
    mixed = [record(page(story, n), f"site{n % 4}/a.txt") for n, story in enumerate(stories(12))]
    assert judged(mixed)[0] == mixed


def test_an_article_is_never_all_outside() -> None:
    texts = [page(story, n) for n, story in enumerate(stories(9))] + ["\n".join((ABOVE[0], ABOVE[4]))]
    made, _ = judged([record(text) for text in texts])
    assert made[-1].article.outside == ()


def test_an_import_greys_them_reversibly_and_says_so(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "herald"
    folder.mkdir()
    for number, story in enumerate(stories(6)):
        (folder / f"{number}.txt").write_text(page(story, number), "utf-8", newline="\r\n")
    wishes = intake.Wishes([folder])
    preview = intake.look(session, wishes, "A")
    assert {row["line"]: row["count"] for row in preview.report.repeated}[ABOVE[0]] == 6
    assert any("stands outside 6 articles" in line for line in intake.preview_lines(preview))
    json.dumps(preview.as_json())
    assert queries.info(session.store)["articles"] == 0
    report = intake.bring_in(session, wishes, "A")
    assert report.found["outside"] == 6
    for article in session.store.rows("article", "deleted = 0"):
        text = queries.text(session.store, article.key)
        assert text.startswith(ABOVE[0])
        assert article.outside[0][0] == 0
        assert ABOVE[0] not in article.title
    without = intake.Wishes([folder], details=frozenset())
    session.undo()
    intake.bring_in(session, without, "A")
    assert all(not article.outside for article in session.store.rows("article", "deleted = 0"))
