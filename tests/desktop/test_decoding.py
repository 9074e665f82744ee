"""Bytes to text: what is certain, what is guessed, what is refused, and that nothing is replaced on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.decoding import ENCODINGS, MIXED, Decoded, choices, decode
from desktop.errors import UserError
from desktop.text import clean

TEXTS = {
    "fr": "Le président a déclaré que l'attaque contre l'ambassade était inacceptable. Selon des témoins, près de quarante "
    "personnes ont été blessées à proximité du marché.",
    "de": "Bei dem Angriff auf den Stützpunkt wurden fünf Soldaten verletzt. Die Behörden äußerten sich zunächst nicht.",
    "pl": "Rząd oświadczył, że żołnierze zostali zaatakowani w pobliżu granicy. Według świadków źródła wojskowe potwierdziły "
    "śmierć pięciu osób.",
    "cs": "Vláda oznámila, že při útoku na základnu bylo zraněno pět vojáků. Podle svědků přiletěly rakety ze severu.",
    "ru": "Правительство заявило, что в результате нападения на базу ранены пять солдат. По словам очевидцев, ракеты прилетели.",
    "el": "Η κυβέρνηση ανακοίνωσε ότι πέντε στρατιώτες τραυματίστηκαν στην επίθεση κατά της βάσης.",
    "tr": "Hükümet, üsse yönelik saldırıda beş askerin yaralandığını açıkladı. Görgü tanıklarına göre roketler kuzeyden geldi.",
    "ar": "أعلنت الحكومة أن خمسة جنود أصيبوا في الهجوم على القاعدة. وقال شهود عيان إن الصواريخ جاءت من الشمال.",
    "he": "הממשלה הודיעה כי חמישה חיילים נפצעו בהתקפה על הבסיס. לדברי עדי ראייה, הרקטות הגיעו מצפון.",
    "ja": "政府は基地への攻撃で兵士五人が負傷したと発表した。目撃者によると、ロケット弾は北から飛来したという。",
    "zh": "政府宣布，基地遭到袭击，五名士兵受伤。据目击者称，火箭弹来自北方。",
    "ko": "정부는 기지에 대한 공격으로 군인 다섯 명이 부상을 입었다고 발표했다. 목격자들에 따르면 로켓은 북쪽에서 날아왔다.",
}
WRITTEN = [
    ("fr", "latin-1"), ("fr", "cp1252"), ("fr", "mac-roman"), ("fr", "cp850"), ("de", "cp1252"), ("pl", "iso-8859-2"),
    ("pl", "cp1250"), ("cs", "iso-8859-2"), ("cs", "cp1250"), ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "cp866"),
    ("el", "cp1253"), ("el", "iso-8859-7"), ("tr", "cp1254"), ("ar", "cp1256"), ("ar", "iso-8859-6"), ("he", "cp1255"),
    ("ja", "shift_jis"), ("ja", "euc-jp"), ("ja", "iso-2022-jp"), ("zh", "gb18030"), ("ko", "euc-kr"), ("de", "utf-16-le"),
    ("ar", "utf-16-le"), ("fr", "utf-16-be"),
]  # fmt: skip


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_the_guess_is_right_for_texts_of_many_languages(language: str, encoding: str, count: int) -> None:
    text = (TEXTS[language] + "\n") * count
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.guessed) == (text, True)


@pytest.mark.parametrize(
    "text",
    [
        "“Déjà vu” – the café’s owner said it costs €5…", "Für die Größe – “äöü” – 20 €", "Il a dit « oui » à l’été, où çà ? Œuvre.",
        "£20 and 30°C", "Smith’s", "naïve", "The café’s owner said “non”.", "Señor Peña dijo “sí” el año pasado…",
    ],
)  # fmt: skip
def test_a_few_words_of_cp1252_are_no_other_encoding(text: str) -> None:
    assert decode(text.encode("cp1252")) == Decoded(text, "cp1252", guessed=True)


@given(st.binary(max_size=400))
def test_whatever_is_read_is_read_whole_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data)
    except UserError:
        return
    assert "\ufffd" not in decoded.text or "\ufffd" in data.decode(errors="ignore")
    assert not any("\ud800" <= char <= "\udfff" for char in decoded.text)
    if not decoded.guessed:
        again = decoded.text.encode(decoded.encoding)
        assert again == data or data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))


def test_single_bytes_of_cp1252_in_utf8_are_read_as_meant() -> None:
    data = "Żółć 🚀 café “quoted”.\n".encode() + b"He said \x93yes\x94 at the caf\xe9."
    decoded = decode(data)
    assert decoded == Decoded("Żółć 🚀 café “quoted”.\nHe said “yes” at the café.", MIXED, guessed=True)


def test_the_guess_looks_where_the_text_stops_being_ascii() -> None:
    text = "The army said so. " * 20_000 + "Le café était fermé, a déclaré le président à la presse."
    assert decode(text.encode("cp1252")).text == text


def test_choices_begin_with_the_guess_and_can_all_read_the_file() -> None:
    data = TEXTS["pl"].encode("cp1250")
    offered = choices(data)
    assert offered[0] == "cp1250"
    assert {"cp1252", "iso8859_2"} <= set(offered) <= set(ENCODINGS)
    assert "utf_8" not in offered
    for name in offered:
        data.decode(name)


def test_files_of_another_kind_are_told_by_their_beginning() -> None:
    with pytest.raises(UserError, match="a PDF") as raised:
        decode(b"%PDF-1.7 and more")
    assert "name it .pdf" in str(raised.value)


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32", "utf-8"])
def test_marks_tell_the_encoding(name: str) -> None:
    decoded = decode("Zażółć 🚀 قال".encode(name))
    assert clean(decoded.text).text == "Zażółć 🚀 قال"
    assert not decoded.guessed


def test_another_encoding_is_guessed_and_said_to_be() -> None:
    given = "The café’s owner said: “déjà vu”, and the naïve garçon left for Curaçao. "
    for count in (1, 5, 500):
        decoded = decode((given * count).encode("cp1252"))
        assert decoded == Decoded(given * count, "cp1252", guessed=True)


def test_a_named_encoding_is_taken_at_its_word() -> None:
    decoded = decode("żółć".encode("iso-8859-2"), "iso-8859-2")
    assert (decoded.text, decoded.guessed) == ("żółć", False)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00\x00", bytes(range(256)) * 4]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match="not a text file"):
        decode(data)


def test_text_in_another_encoding_than_the_one_named() -> None:
    with pytest.raises(UserError, match="not text in ascii") as raised:
        decode("abcé".encode(), "ascii")
    assert raised.value.position == "byte 3"


@pytest.mark.parametrize("name", ["klingon", "hex", "undefined", "rot13", "bad\udcff"])
def test_encodings_that_are_none(name: str) -> None:
    with pytest.raises(UserError, match="no encoding is called"):
        decode(b"abc", name)
