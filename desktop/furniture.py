"""Page furniture inside the text of an article: what a scraper took along with the story, and what it tells of it.

Menus, buttons, bylines, posting dates, subscription boxes, comment forms, biographies, lists of links. Nothing is ever
cut: stretches come out that are shown grey, carry no suggestion and can be taken back. A short list of the phrases that
sites use does better than anything learnt here: a line is furniture when a phrase is all of it, whatever stands below
certain lines (a comment form, "Published by") at the end of a text is too, and so are the links below "Related articles".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import regex

from desktop.text import TITLE_LENGTH, Bounds, shorten

# Lines longer than this are story, unless what stands above says otherwise.
LONGEST = 160
_LINK = 110
_HEAD = 8
_BYLINE_LENGTH = 100
# What follows "Published by NAME" and the like is a biography where it is at most so much of the end of a text.
_LONGEST_BIOGRAPHY = 2000

_PHRASES = frozenset(
    phrase.strip()
    for phrase in """
    skip to content · skip to main content · skip to navigation · jump to content · jump to navigation · skip navigation · menu · main menu
    toggle navigation · navigation · home · homepage · search · close · close menu · loading · loading... · back · next · previous
    next article · previous article · next post · previous post · next page · previous page · back to top · back to top button · to top · top
    scroll to top · return to top · go to top · share · share this · share this article · share this story · share this post · share this page
    share this: · share on · share on facebook · share on twitter · share on x · share on linkedin · share on whatsapp · share via email
    tweet · tweet this · pin it · facebook · twitter · whatsapp · linkedin · telegram · email · e-mail · email this · print · print this page
    print this article · print article · print this · copy link · link copied · copied · save · save article · bookmark · bookmark this article
    listen · listen to this article · listen to article · read aloud · play video · watch · watch live · watch video · live · follow · follow us
    follow us on facebook · follow us on twitter · follow us on social media · subscribe · subscribe now · subscribe to get access
    subscribe to our newsletter · subscribe today · sign up · sign up now · sign in · sign out · log in · login · log out · logout · register
    register now · create account · create an account · my account · already a subscriber? · newsletter · newsletters · donate · donate now
    support us · support our journalism · become a member · join us · advertisement · advertisements · advertising · advertise · ad · ads
    sponsored · sponsored content · paid content · promoted · promoted content · article continues below · story continues below
    article continues after advertisement · story continues below advertisement · continue reading · read more · read more: · read also
    read full article · read the full article · read the full story · read full story · show more · load more · see more · view more · more
    see also · related · related: · related posts · related stories · related news · related topics · related content · related links
    related articles · related coverage · you may also like · you might also like · you may like · recommended · recommended for you
    recommended stories · recommended articles · more stories · more news · more from · more articles · most read · most popular · popular
    popular posts · popular stories · top stories · top news · trending · trending now · latest · latest news · latest articles · latest stories
    latest posts · recent posts · recent articles · editor's picks · editors' picks · editor's pick · don't miss · in this article · topics
    tags · categories · category · comments · no comments · comment · leave a comment · leave a reply · leave a reply cancel reply · post a comment
    post comment · add a comment · add comment · view comments · show comments · write a comment · join the conversation · reply · report
    cancel reply · like this: · like · likes · like loading... · about us · about · contact · contact us · privacy · privacy policy · cookie policy
    cookies · cookie settings · accept · accept all · accept cookies · accept all cookies · reject all · manage cookies · i agree · got it
    terms of use · terms of service · terms and conditions · terms & conditions · terms · sitemap · site map · careers · all rights reserved
    the article from the source · source link · link to source · original article · original source · view original · source · source:
    view all posts · view all · see all · about the author · about the authors · about author · author · written by · image credit · photo credit
    zum inhalt springen · zum inhalt · nach oben · zurück nach oben · teilen · artikel teilen · drucken · kommentare · kommentar schreiben
    mehr zum thema · lesen sie auch · auch interessant · anzeige · werbung · startseite · suche · anmelden · impressum · datenschutz
    aller au contenu · aller au contenu principal · haut de page · retour en haut · partager · imprimer · commentaires · laisser un commentaire
    lire aussi · à lire aussi · articles liés · sur le même sujet · publicité · accueil · rechercher · s'abonner · abonnez-vous · se connecter
    mentions légales · ir al contenido · saltar al contenido · volver arriba · compartir · imprimir · comentarios · deja un comentario
    lee también · lea también · artículos relacionados · noticias relacionadas · te puede interesar · publicidad · inicio · buscar · suscríbete
    iniciar sesión · vai al contenuto · torna su · condividi · stampa · commenti · lascia un commento · leggi anche · articoli correlati
    pubblicità · ir para o conteúdo · voltar ao topo · compartilhar · partilhar · comentários · deixe um comentário · leia também · leia mais
    artigos relacionados · publicidade · doorgaan naar artikel · deel · delen · reacties · lees ook · lees meer · gerelateerde artikelen
    przejdź do treści · udostępnij · komentarze · czytaj także · czytaj też · zobacz też · reklama · içeriğe atla · paylaş · yorumlar
    ilgili haberler · перейти к содержимому · наверх · поделиться · комментарии · читайте также · по теме · реклама · главная · поиск
    читайте також · поділитися · коментарі · إلى الأعلى · العودة إلى الأعلى · شارك · مشاركة · طباعة · تعليقات · التعليقات · اترك تعليقا · اترك رد
    اقرأ أيضا · إقرأ أيضا · اقرأ المزيد · مواضيع ذات صلة · مقالات ذات صلة · أخبار ذات صلة · إعلان · الرئيسية · بحث · תפריט · שתף · תגובות
    קראו גם · کپی لینک · اشتراک گذاری · نظرات · مطالب مرتبط · بازگشت به بالا
    """.replace("\n", " · ").split(" · ")
)  # fmt: skip
# The first words of the patterns below; trying all of them on every line would take most of the time.
_FIRST = frozenset((
    "posted", "published", "updated", "last", "first", "modified", "share", "follow", "like", "find",
    "join", "watch", "subscribe", "sign", "register", "log", "read", "to", "continue", "continuing", "you",
    "this", "we", "by", "your", "required", "learn", "c", "copyright", "filed", "tagged", "tag", "tags",
    "category", "categories", "topic", "topics", "keyword", "keywords", "estimated", "reading", "view",
    "see", "show", "more", "recommended", "click", "listen", "lire", "lesen", "читайте", "download", "get",
    "photo", "image", "picture", "please", "enable", "javascript", "page", "advertisement",
))  # fmt: skip
_NOTICES = ("this site", "we use", "your e", "by continuing", "by using")
_ANYWHERE = ("all rights reserved", "when you subscribe")
_PATTERNS = regex.compile(
    r"""
      (?:posted|published|updated|last\ (?:updated|modified)|first\ published|modified)\b(?=.*\d|.*\bby\ \p{Lu}|.{0,30}$).*
    | (?:share|follow|like|find|join|watch)\ (?:this|us|me|our)\b.*\b(?:facebook|twitter|instagram|telegram|whatsapp|youtube|linkedin|channel)\b.*
    | (?:subscribe|sign\ up|register|log\ in|sign\ in)\ (?:to|for|now|here|with|today)\b.*
    | read\ more\ of\ this\ content\b.* | .*\bwhen\ you\ subscribe\b.* | (?:to\ )?continue\ reading\b.* | you\ have\ (?:read|reached)\b.*\bfree\ articles?\b.*
    | this\ site\ uses\ (?:akismet|cookies)\b.* | we\ use\ cookies\b.* | by\ (?:continuing|using)\b.*\bcookies?\b.*
    | your\ e-?mail\ address\ will\ not\ be\ published\b.* | required\ fields\ are\ marked\b.* | learn\ how\ your\ comment\ data\b.*
    | (?:\(?c\)?|©|copyright)\s*(?:©\s*)?(?:\d{4}|by)\b.* | .{0,80}\ball\ rights\ reserved\.?
    | (?:filed\ under|tagged(?:\ (?:with|in|as))?|tags?|categor(?:y|ies)|topics?|keywords?)\s*:.*
    | \d+\s+(?:comments?|shares?|views?|likes?|min(?:ute)?s?\ read|minutes?\ ago|hours?\ ago|days?\ ago|reads?)\b\.?
    | \d+\ min(?:ute)?s?\ (?:of\ )?read(?:ing)?(?:\ time)? | (?:estimated\ )?read(?:ing)?\ time\b.{0,30}
    | (?:view|see|read|show|more)\ (?:all\ )?(?:posts?|articles?|stories|news)\ (?:by|from|in|on)\b.* | more\ (?:from|by|in)\ .{1,40}
    | (?:recommended|you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested))\b.{0,40} | click\ here\b.{0,80}
    | (?:read|see|watch|listen|lire|lesen\ sie|читайте)\ (?:also|more|next|aussi|auch|также)\s*:.*
    | (?:download|get)\ (?:the|our)\ .{0,30}\bapp\b.{0,40} | (?:photo|image|picture)\ (?:credit|source|by)s?\s*:.{0,80}
    | (?:please\ )?enable\ javascript\b.* | javascript\ is\ (?:disabled|required)\b.* | page\ \d+(?:\ of\ \d+)? | advertisement\b.{0,25}
    """,
    regex.IGNORECASE | regex.VERBOSE,
)
# Below these lines nothing of the article comes any more, when they stand in its last half.
_END = regex.compile(
    r"""leave\ a\ (?:reply|comment).* | (?:\d+\s+)?comments? | post\ a\ comment | about\ the\ authors?.* | view\ all\ posts\b.*
      | published\ by\ \p{Lu}.* | (?:kommentare|commentaires|comentarios|комментарии|التعليقات) | join\ the\ conversation""",
    regex.IGNORECASE | regex.VERBOSE,
)
# Below these lines come links: lines that look like headlines, up to the next line that looks like a story.
_LINKS = regex.compile(
    r"""(?:related|recommended|popular|latest|recent|trending|most|top|more)(?:\ (?:articles?|stories|posts?|news|content|links|topics|coverage|read
      |popular|now|for\ you|from\b.*))?:? | (?:you\ (?:may|might)\ (?:also\ )?like|read\ (?:also|more)|see\ also|editors?['’]?s?\ picks?|don['’]t\ miss):?
      | (?:lire\ aussi|à\ lire\ aussi|lesen\ sie\ auch|mehr\ zum\ thema|artículos\ relacionados|articoli\ correlati|читайте\ также|مواضيع\ ذات\ صلة
      |مقالات\ ذات\ صلة|اقرأ\ أيضا):?""",
    regex.IGNORECASE | regex.VERBOSE,
)
_NAME = r"\p{Lu}[\p{L}\p{M}'’.-]*(?:\s+(?:(?:al|el|bin|ibn|de|da|di|van|von|der|den|la|le)[\s-]+)*\p{Lu}[\p{L}\p{M}'’.-]*){1,3}"
_BYLINE = regex.compile(
    rf"(?:[Bb]y|BY|[Pp]ar|[Vv]on|[Pp]or|Written by|Words by|Reporting by|Story by|Author:)\s+(?P<name>{_NAME}(?:(?:,| and| &)\s+{_NAME})*)\s*[:,|]?"
)
_POSTED_BY = regex.compile(rf"(?:posted|published)\b.*?\bby\s+(?P<name>(?-i:{_NAME}))\s*", regex.IGNORECASE)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATE = (
    r"(?:(?P<iso>\d{4}[-/.]\d{2}[-/.]\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    rf"|{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})"
    rf"|{_DAY.replace('day', 'day2')}\s+{_MONTH.replace('month', 'month2')},?\s+(?P<year2>\d{{4}}))"
)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_DATE_WORD = (
    r"(?:date|dated|published|posted|updated|last\ updated|publication\ date)(?:\ (?:on|at))?\s*:?\s+"
)
# In front of a headline only with the word before it, or as 2021-07-11: a headline may begin with a day.
_DATE_HEADER = regex.compile(
    rf"\s*(?:{_DATE_WORD}{_WEEKDAY}|(?=\d{{4}}-\d{{2}}-\d{{2}})){_DATE}(?=\s|$)\s*[|·–—-]?\s*",
    regex.IGNORECASE,
)
_DATE_LINE = regex.compile(
    rf"\s*(?:{_DATE_WORD})?{_WEEKDAY}{_DATE}(?:\s*(?:,|at|\|)?\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{{2,4}})?)?\s*",
    regex.IGNORECASE,
)
_ANY_DATE = regex.compile(_DATE, regex.IGNORECASE)
_STOP = regex.compile(r"[.!?…。؟۔]+[\"'”’»)\]]*$")


@dataclass(frozen=True)
class Furniture:
    """Where page furniture stands (sorted, disjoint), and what it tells: the day as YYYY-MM-DD and the author.

    `title` is the first line of the article itself, cut at a word at 80 characters; "" where there is none.
    """

    outside: tuple[Bounds, ...] = ()
    date: str | None = None
    author: str | None = None
    title: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a text; `words` is empty where it is too long to be furniture, `out` whether it stands outside."""

    start: int
    end: int
    words: str
    out: bool = False


def find(text: str, known: Collection[int] = ()) -> Furniture:
    """The furniture of a clean text; the lines that begin at `known` are. A text that would be nothing else has none."""
    lines = lines_of(text)
    told: dict[str, str] = {}
    lines = [_judged(line, place, told) for place, line in enumerate(lines)]
    if known:
        lines = [replace(line, out=line.out or line.start in known) for line in lines]
    lines = _below(text, lines)
    header = _header(text, lines, told)
    if all(line.out for line in lines):
        return Furniture(title=_title(lines, text, 0))
    outside = tuple(sorted((*_joined(text, lines), *((header,) if header else ()))))
    return Furniture(
        outside, told.get("date"), told.get("author"), _title(lines, text, header[1] if header else 0)
    )


def lines_of(text: str) -> list[Line]:
    """The lines that hold anything; `words` of a line too long to be furniture is not made."""
    made = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line and not line.isspace():
            made.append(Line(start, end, " ".join(line.split()) if len(line) <= 2 * LONGEST else ""))
        start = end + 1
    return made


def _judged(line: Line, place: int, told: dict[str, str]) -> Line:
    words = line.words
    if not words or len(words) > LONGEST:
        return line
    bare = words.strip(" .:»›>«‹<|·•*-–—→←↑▲").lower().replace("’", "'")
    out = bare in _PHRASES or _fits_pattern(words)
    if place < _HEAD and len(words) <= _BYLINE_LENGTH:
        out = _tells(words, told, out=out)
    return replace(line, out=True) if out else line


def _tells(words: str, told: dict[str, str], *, out: bool) -> bool:
    """Take author and day from a line at the head of a text; tells whether it is furniture."""
    by = _BYLINE.fullmatch(words)
    posted = None if by else _POSTED_BY.fullmatch(words)
    if by:
        told["author"] = by["name"].rstrip(" :,|")
    elif posted:
        told.setdefault("author", posted["name"].rstrip(" :,|"))
    if any(map(str.isdigit, words)) and (out or by or posted or _DATE_LINE.fullmatch(words)):
        day = day_of(words)
        if day:
            told.setdefault("date", day)
            return True
    return bool(out or by or posted)


def _fits_pattern(words: str) -> bool:
    low = words.lower()
    first = low.split(" ", 1)[0].strip("():.,©!")
    if not (first in _FIRST or not first or first[0].isdigit() or any(part in low for part in _ANYWHERE)):
        return False
    # A sentence may begin like that ("Published on Monday, the report …"); of furniture only notices are sentences.
    sentence = len(words) > 60 and _STOP.search(words)
    return bool(_PATTERNS.fullmatch(words)) and not (sentence and not low.startswith(_NOTICES))


def _below(text: str, lines: list[Line]) -> list[Line]:
    """What stands below a line that ends an article, or that heads a list of links."""
    made = list(lines)
    for place, line in enumerate(lines):
        if not line.words or len(line.words) > LONGEST or not line.out:
            continue
        rest = lines[place + 1 :]
        if _END.fullmatch(line.words) and 2 * line.start > len(text) and _may_end(text, line):
            return [*made[: place + 1], *(replace(below, out=True) for below in rest)]
        if _LINKS.fullmatch(line.words):
            for below in range(place + 1, len(lines)):
                if not _is_link(lines[below]):
                    break
                made[below] = replace(made[below], out=True)
    return made


def _may_end(text: str, line: Line) -> bool:
    biography = line.words.lower().startswith(("published by", "about", "view all"))
    return not biography or len(text) - line.end <= _LONGEST_BIOGRAPHY


def _is_link(line: Line) -> bool:
    return bool(line.words) and len(line.words) <= _LINK and not _STOP.search(line.words)


def _header(text: str, lines: Sequence[Line], told: dict[str, str]) -> Bounds | None:
    """The date that a scraper set in front of the first line of the story."""
    first = next((line for line in lines if not line.out), None)
    if first is None:
        return None
    found = _DATE_HEADER.match(text, first.start, first.end)
    day = _day(found) if found else None
    if not found or not day or not text[found.end() : first.end].strip():
        return None
    told["date"] = day
    return first.start, found.end()


def _day(found: regex.Match[str] | None) -> str | None:
    """The day of a match of `_DATE` as YYYY-MM-DD, None where the calendar has no such day."""
    if not found:
        return None
    try:
        if found["iso"]:
            year, month, day = (int(part) for part in regex.split(r"[-/.]", found["iso"]))
        else:
            name = (found["month"] or found["month2"]).lower()[:3]
            month = 1 + _MONTHS.index(name)
            year, day = int(found["year"] or found["year2"]), int(found["day"] or found["day2"])
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def day_of(words: str) -> str | None:
    """The first day that a text names without doubt, as YYYY-MM-DD: `11/7/2021` is none."""
    return _day(_ANY_DATE.search(words))


def _joined(text: str, lines: Sequence[Line]) -> tuple[Bounds, ...]:
    """Stretches of furniture; lines of it with nothing but blanks between them are one."""
    made: list[Bounds] = []
    before = False
    for line in lines:
        if line.out:
            if before:
                made[-1] = (made[-1][0], line.end)
            else:
                made.append((line.start, line.end))
        before = line.out
    return tuple(made)


def _title(lines: Sequence[Line], text: str, after: int) -> str:
    first = next((line for line in lines if not line.out), None)
    if first is None:
        return ""
    start = max(first.start, after)
    return shorten(" ".join(text[start : min(first.end, start + 1000)].split()), TITLE_LENGTH)
