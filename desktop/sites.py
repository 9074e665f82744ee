"""Lines that a site sets above or below many of its articles: page furniture that only several files together give away.

Of each article the lines near its ends are counted, by site; what enough of the site's articles share is put outside in
each of them. Nothing is cut, labelled text is left alone, and copies of one story count once, since all their lines are alike.
A fifth of the site's articles, and four of them at least: tests/desktop/test_sites.py measures it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from desktop import furniture
from desktop.bundle import Record, Report
from desktop.furniture import LONGEST, Line, lines_of
from desktop.text import Bounds

_FEWEST, _SHARE = 4, 0.2
# Lines from each end that are looked at; one longer than furniture.LONGEST is story, where looking ends.
_EDGE = 10
# So many articles of a site tell its lines; counting more would only take memory.
_SAMPLE = 1000
_MOST_SITES = 2000


@dataclass
class _Site:
    articles: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    stories: set[int] = field(default_factory=set)


class Census:
    """Counts the lines of records, one after the other."""

    def __init__(self) -> None:
        self._sites: dict[str, _Site] = {}

    def see(self, record: Record) -> None:
        lines = lines_of(record.text) if _concerns(record) else []
        if len(lines) < 2:
            return
        name = site_of(record)
        if name not in self._sites and len(self._sites) >= _MOST_SITES:
            return
        site = self._sites.setdefault(name, _Site())
        story = hash(max((line.words for line in lines), key=len))
        if story in site.stories or site.articles >= _SAMPLE:
            return
        site.stories.add(story)
        site.articles += 1
        site.lines.update({line.words for line in _edges(lines)})

    def repeated(self) -> Repeated:
        """The lines that enough articles of their site have."""
        return Repeated(
            {
                name: frozenset(
                    words
                    for words, count in site.lines.items()
                    if count >= max(_FEWEST, _SHARE * site.articles)
                )
                for name, site in self._sites.items()
            }
        )


@dataclass(frozen=True)
class Repeated:
    """The lines of page furniture by site."""

    lines: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def put_outside(self, record: Record, report: Report) -> Record:
        """The record with its repeated lines outside the article, unless nothing would be left of it."""
        known = self.lines.get(site_of(record)) if _concerns(record) else None
        if not known:
            return record
        text, article = record.text, record.article
        found = [line for line in _edges(lines_of(text)) if line.words in known]
        now = furniture.find(text, {line.start for line in found}) if found else furniture.Furniture()
        if not now.outside or now.outside == article.outside:
            return record
        for line in (line for line in found if not _within(line, article.outside)):
            report.repeat(site_of(record), line.words)
        told = {"date": now.date, "author": now.author}
        news = {name: value for name, value in told.items() if value and not article.meta.get(name)}
        details = tuple(name for name in (*news, "outside") if name not in record.found)
        for name in details:
            report.find(name)
        title = now.title if article.title == furniture.find(text).title and now.title else article.title
        changed = {"outside": now.outside, "title": title, "meta": {**article.meta, **news}}
        return replace(record, article=article.model_copy(update=changed), found=(*record.found, *details))


def site_of(record: Record) -> str:
    """Where an article was published: the host of its address, its source, or else the folder of its file."""
    meta = record.article.meta
    try:
        host = urlsplit(str(meta.get("url") or "")).hostname
    except ValueError:
        host = None
    told = host or str(meta.get("source") or "")
    return told.removeprefix("www.") or str(meta.get("file", "")).rpartition("/")[0]


def _concerns(record: Record) -> bool:
    return record.scraped and not record.spans


def _top(lines: Sequence[Line]) -> Iterator[Line]:
    """The short lines from one end up to the first long one."""
    for line in lines[:_EDGE]:
        if not line.words or len(line.words) > LONGEST:
            return
        yield line


def _edges(lines: Sequence[Line]) -> list[Line]:
    return sorted({*_top(lines), *_top(lines[::-1])}, key=lambda line: line.start)


def _within(line: Line, stretches: Sequence[Bounds]) -> bool:
    return any(start <= line.start and line.end <= end for start, end in stretches)
