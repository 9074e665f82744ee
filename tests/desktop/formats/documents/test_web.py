"""Saved pages: the story and what the page says of it; encodings; pages made to do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.bundle import Record, Report
from desktop.errors import UserError
from desktop.formats import of_file
from desktop.formats.base import ReadOptions
from desktop.formats.documents import web

HEAD = """<title>Attack in Baghdad - The Daily</title><meta property="og:title" content="Attack in Baghdad">
<meta property="og:site_name" content="The Daily"><meta name="author" content="Jane Döe">
<meta property="article:published_time" content="2021-07-11T10:00:00Z"><link rel="canonical" href="https://daily.example/a/1">"""
STORY = """<article><h1>Attack in Baghdad</h1><p>The army said that three rockets hit the base near the café 🚀. Nobody was
hurt in the attack, a spokesman said on Sunday.</p><h2>Consecutive attacks</h2><p>In recent days attacks on bases have
increased across the country, according to officials in “the capital”.</p><table><tr><td>Dead</td><td>1</td></tr></table></article>"""
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head>{{charset}}{HEAD}</head><body><nav><a href="/">Home</a> <a href="/w">World</a></nav>
{STORY}<aside><h3>Related Articles</h3><a href="x">Another story</a></aside><footer>© 2021 The Daily. All rights reserved.
2020-01-01</footer></body></html>"""


def read(path: Path, data: bytes, encoding: str | None = None) -> tuple[Record, Report]:
    path.write_bytes(data)
    report = Report()
    (record,) = web.read(path, ReadOptions("A", encoding), report)
    return record, report


def test_the_story_with_title_author_day_site_and_address(tmp_path: Path) -> None:
    record, report = read(tmp_path / "a.html", PAGE.format(charset="").encode())
    assert record.article.title == "Attack in Baghdad"
    assert record.article.meta == {
        "author": "Jane Döe",
        "date": "2021-07-11",
        "source": "The Daily",
        "url": "https://daily.example/a/1",
        "file": "a.html",
    }
    assert record.article.language == "en"
    for words in ("near the café 🚀.", "“the capital”", "Consecutive attacks", "Dead | 1"):
        assert words in record.text
    for words in ("Home", "Another story", "rights reserved"):
        assert words not in record.text
    assert not report.guessed
    assert not report.skipped


@pytest.mark.parametrize(
    ("charset", "written"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta charset="iso-8859-1">', "cp1252"),
        ('<META http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252"),
        ('<meta charset="iso-8859-1">', "utf-8-sig"),
        ("", "utf-16"),
    ],
)
def test_the_encoding_is_what_mark_or_page_say(tmp_path: Path, charset: str, written: str) -> None:
    page = PAGE.format(charset=charset).replace("🚀", "!")
    record, report = read(tmp_path / "a.html", page.encode(written))
    assert "near the café !." in record.text
    assert "“the capital”" in record.text
    assert not report.guessed


def test_a_page_that_declares_what_it_is_not(tmp_path: Path) -> None:
    page = PAGE.format(charset='<meta charset="utf-8">').replace("🚀", "!")
    record, report = read(tmp_path / "a.html", page.encode("cp1252"))
    assert "near the café !." in record.text
    assert [row["encoding"] for row in report.guessed] == ["cp1252"]
    assert [row["what"] for row in report.cleaned if "declared" in row["what"]] == [
        "declared as utf-8, which it is not"
    ]


def test_an_encoding_named_goes_before_what_the_page_says(tmp_path: Path) -> None:
    page = PAGE.format(charset='<meta charset="utf-8">').replace("🚀", "!")
    assert "café !" in read(tmp_path / "a.html", page.encode("cp1252"), "cp1252")[0].text


def test_an_arabic_page(tmp_path: Path) -> None:
    story = (
        "أعلنت الحكومة أن خمسة جنود أصيبوا في الهجوم على القاعدة. وقال شهود عيان إن الصواريخ جاءت من الشمال. "
        * 3
    )
    page = f'<html><head><meta charset="windows-1256"><title>هجوم</title></head><body><article><p>{story}</p></article></body></html>'
    record, report = read(tmp_path / "a.html", page.encode("cp1256"))
    assert record.article.language == "ar"
    assert "أصيبوا في الهجوم" in record.text
    assert not report.guessed


@pytest.mark.parametrize(
    ("given", "day"),
    [
        (
            '<script type="application/ld+json">{"datePublished": "2020-05-06T01:00Z", "dateModified": "2021-01-01"}</script>',
            "2020-05-06",
        ),
        ('<time datetime="2019-03-04">4 March</time>', "2019-03-04"),
        ('<time datetime="2019-03-04"></time><time datetime="2018-03-04"></time>', None),
        ('<link rel="canonical" href="https://daily.example/2017/08/09/attack">', "2017-08-09"),
        ("<footer>Copyright 2020-01-01</footer>", None),
        ('<meta name="date" content="soon">', None),
    ],
)
def test_the_day_is_taken_from_what_the_page_declares(tmp_path: Path, given: str, day: str | None) -> None:
    page = f"<html><head>{given if given.startswith(('<meta', '<link', '<scr')) else ''}</head><body>{STORY}{given}</body></html>"
    record, _ = read(tmp_path / "a.html", page.encode())
    assert record.article.meta.get("date") == day


def test_a_web_archive_as_browsers_save_it(tmp_path: Path) -> None:
    page = PAGE.format(charset="").replace("=", "=3D").replace("é", "=C3=A9").replace("ö", "=C3=B6").replace("🚀", "!").replace("“", '"').replace("”", '"')  # fmt: skip
    archive = (
        "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n"
        f'--b\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{page}\r\n--b--\r\n'
    )  # fmt: skip
    record, _ = read(tmp_path / "a.mhtml", archive.encode())
    assert record.article.title == "Attack in Baghdad"
    assert "near the café !." in record.text


def test_pages_are_known_by_their_content(tmp_path: Path) -> None:
    for name, text in (("page.txt", PAGE), ("page", "<!-- saved -->\n<HTML><body>")):
        (tmp_path / name).write_text(text, "utf-8")
        found = of_file(tmp_path / name)
        assert found
        assert found.id == "web"
    (tmp_path / "text.txt").write_text("The word <html> is part of it.")
    found = of_file(tmp_path / "text.txt")
    assert found
    assert found.id == "plain"


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<html><body></body></html>", "no article could be found"),
        ("<html><frameset><frame src='x'></frameset></html>", "no article could be found"),
        ("", "the file is empty"),
        (f"<html><body><p {' '.join(f'a{i}=1' for i in range(20_000))}>{STORY}</body></html>", "attributes"),
        ("<html><body>" + "<div>" * 50_000 + STORY, "no article could be found"),
    ],
    ids=["nothing", "frames", "empty", "attributes", "deep"],
)
def test_pages_without_a_story_or_made_to_do_harm(tmp_path: Path, page: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as raised:
        read(tmp_path / "a.html", page.encode())
    assert raised.value.file == str(tmp_path / "a.html")


def test_entities_do_not_grow(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    record, _ = read(tmp_path / "a.html", f"{bomb}<html><body>{STORY}<p>&b;</p></body></html>".encode())
    assert "aaaaaaaaaa" not in record.text


def test_pictures_inside_the_page_cost_nothing(tmp_path: Path) -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo=" * 2_000_000
    page = PAGE.format(charset="").replace("<aside>", f'<img src="{picture}"><aside>')
    assert "near the café" in read(tmp_path / "a.html", page.encode())[0].text
