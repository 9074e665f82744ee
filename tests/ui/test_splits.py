"""The page of splits and stories: proposals confirmed and rejected, articles moved, splits forgotten, all by key."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop import splitting
from desktop.store import queries
from ui.driver import Driver
from ui.splits_page import SplitsPage, deal_name

KEY = Qt.Key
TEXTS = (
    "The governor Salim resigned over floods in Basra on Tuesday",
    "Basra floods: Salim, governor, resigned as waters rose",
    "Cats sleep all day in the sun of Rome",
)


@pytest.fixture
def stories(driver: Driver, tmp_path: Path) -> Driver:
    """The sample and three short articles, two of them on one story; every article of the sample has its split."""
    driver.window.projects.make_sample(tmp_path / "sample.tagline", labels=False)
    driver.wait(lambda: len(driver.window.browsing.lines) == 5, "the sample is open")
    names = [line.id for line in driver.window.browsing.lines.values()]
    places = dict(zip(names, ["train", "train", "train", "validation", "test"], strict=True))
    driver.window.work.do(splitting.keep, "share:0", places, writing=True)
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    driver.window.transfer.import_paths([tmp_path / f"{number}.txt" for number in range(len(TEXTS))])
    driver.settle()
    return driver


def opened(driver: Driver) -> SplitsPage:
    driver.window.actions_.by_id["splits"].trigger()
    driver.wait(lambda: not driver.window.care.splits.stale, "the articles are compared")
    driver.settle()
    return driver.window.care.splits.page


def pick(driver: Driver, page: SplitsPage, kind: str, of: object = None) -> tuple[str, object, str]:
    keys = [row.key for row in page.list.rows.rows if row.key]
    key: tuple[str, object, str] = next(key for key in keys if key[0] == kind and of in (None, key[1]))
    page.list.setCurrentIndex(page.list.rows.index(page.list.row_of(key)))
    page.list.setFocus()
    driver.key(KEY.Key_Return)
    return key


def test_a_story_is_confirmed_by_key_and_taken_back(stories: Driver) -> None:
    page = opened(stories)
    assert page.list.picked[0] == "story"
    assert [len(story.articles) for story in page.stories] == [2]
    names = page.stories[0].articles
    stories.key(KEY.Key_Y)
    assert page.stories == []
    assert page.groups == {f"story {names[0]}": list(names)}
    assert not stories.window.care.splits.stale, "what is decided needs no new comparison"
    stories.window.actions_.by_id["undo"].trigger()
    stories.settle()
    assert stories.window.care.splits.stale
    assert [story.articles for story in opened(stories).stories] == [names]


def test_a_rejected_story_is_not_proposed_again(stories: Driver) -> None:
    page = opened(stories)
    names = page.stories[0].articles
    stories.key(KEY.Key_N)
    assert page.stories == []
    assert page.groups == {}
    stories.click(page.tools[0])
    stories.wait(lambda: not stories.window.care.splits.stale, "they are compared again")
    stories.settle()
    assert page.stories == []
    stories.window.actions_.by_id["check"].trigger()
    stories.wait(lambda: not stories.window.care.check.stale, "checked")
    assert not any(
        p.kind == "split.same_story" and p.article in names for p in stories.window.care.check.page.problems
    )
    stories.key(KEY.Key_Escape)
    stories.window.actions_.by_id["undo"].trigger()
    stories.settle()
    assert [story.articles for story in opened(stories).stories] == [names]


def test_an_article_is_moved_left_to_the_next_export_and_all_forgotten(stories: Driver) -> None:
    page = opened(stories)
    _, deal, name = pick(stories, page, "kept")
    assert deal == "share:0"
    stories.key(KEY.Key_3)
    assert page.deals["share:0"][name] == "test"
    assert page.list.picked == ("kept", "share:0", name)
    stories.key(KEY.Key_0)
    assert page.deals["share:0"][name] == "none"
    stories.key(KEY.Key_Backspace)
    assert name not in page.deals["share:0"]
    pick(stories, page, "kept")
    stories.click(page.deeds[-1])
    assert page.question.asking
    stories.click(page.question.yes)
    assert page.deals == {}
    for _ in range(4):
        stories.window.actions_.by_id["undo"].trigger()
        stories.settle()
    assert page.deals["share:0"][name] == "train"


def test_a_group_loses_one_and_is_dissolved(stories: Driver) -> None:
    names = [line.id for line in stories.window.browsing.lines.values()]
    stories.window.work.do(splitting.set_group, names[:3], "raid", writing=True)
    page = opened(stories)
    _, _, name = pick(stories, page, "group")
    stories.key(KEY.Key_X)
    assert name not in page.groups["raid"]
    assert len(page.groups["raid"]) == 2
    pick(stories, page, "group")
    stories.click(page.deeds[-1])
    assert page.groups == {}


def test_enter_shows_the_article_and_esc_leaves(stories: Driver) -> None:
    page = opened(stories)
    _, _, name = pick(stories, page, "kept")
    stories.key(KEY.Key_Return)
    stories.settle()
    window = stories.window
    assert window.pages.at_desk
    reading = window.labelling.reading
    assert reading
    assert reading.article.id == name
    opened(stories)
    stories.key(KEY.Key_Escape)
    assert window.pages.at_desk


def test_the_check_page_rejects_a_story_too(stories: Driver) -> None:
    stories.window.actions_.by_id["check"].trigger()
    stories.wait(lambda: not stories.window.care.check.stale, "checked")
    stories.settle()
    page = stories.window.care.check.page
    index = next(n for n, problem in enumerate(page.problems) if problem.kind == "split.same_story")
    names = page.problems[index].fix
    assert names
    page.list.setCurrentIndex(page.list.rows.index(page.list.row_of(index)))
    page.list.setFocus()
    stories.key(KEY.Key_Return)
    assert [button.text() for button in page.deeds][-1] == "They are different stories  N"
    stories.key(KEY.Key_N)
    assert not any(problem.kind == "split.same_story" and problem.fix == names for problem in page.problems)
    told: list[object] = []
    stories.window.work.read(splitting.apart, then=told.append)
    stories.window.work.read(lambda store: queries.history(store, 1)[0].title, then=told.append)
    stories.settle()
    assert told == [[frozenset(names.articles)], "They are different stories: 1 × maybe one story"]


def test_names_of_deals(app: object) -> None:
    assert deal_name("share:0") == "by share"
    assert deal_name("source:7") == "by source, seed 7"
    assert deal_name("date") == "by date"
