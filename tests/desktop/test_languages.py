"""Languages by script and function words; nothing where the text does not tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.languages import language

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("0*.txt"))
SENTENCES = {
    "ar": "أعلنت الحكومة أن خمسة جنود أصيبوا في الهجوم على القاعدة وقال شهود عيان إن الصواريخ جاءت من الشمال",
    "bg": "Правителството заяви, че петима войници са ранени при нападението и ракетите са дошли от север на базата",
    "da": "Regeringen siger, at fem soldater blev såret ved angrebet på basen, og at raketterne kom fra nord efter midnat",
    "de": "Die Regierung erklärte, dass fünf Soldaten bei dem Angriff auf den Stützpunkt verletzt wurden",
    "el": "Η κυβέρνηση ανακοίνωσε ότι πέντε στρατιώτες τραυματίστηκαν",
    "en": "The army said that three rockets were fired at the base and that nobody was hurt in the attack",
    "es": "El ejército informó de que tres cohetes cayeron cerca de la embajada y que no hubo heridos en el ataque",
    "fa": "دولت اعلام کرد که پنج سرباز در حمله به پایگاه زخمی شده اند و موشک ها از شمال آمده است",
    "fr": "Le gouvernement a annoncé que cinq soldats ont été blessés dans une attaque contre la base",
    "he": "הממשלה הודיעה כי חמישה חיילים נפצעו בהתקפה על הבסיס",
    "hi": "सरकार ने कहा कि हमले में पांच सैनिक घायल हो गए और रॉकेट उत्तर से आए थे",
    "it": "Il governo ha annunciato che cinque soldati sono stati feriti in un attacco contro la base",
    "ja": "政府は基地への攻撃で兵士五人が負傷したと発表した。",
    "ko": "정부는 기지에 대한 공격으로 군인 다섯 명이 부상을 입었다고 발표했다.",
    "nl": "De regering heeft gezegd dat vijf soldaten gewond zijn geraakt bij een aanval op de basis",
    "pl": "Rząd oświadczył, że pięciu żołnierzy zostało rannych w ataku na bazę i że rakiety nadleciały z północy",
    "pt": "O governo anunciou que cinco soldados ficaram feridos em um ataque contra a base e que não há mortos",
    "ru": "Правительство заявило, что в результате нападения на базу ранены пять солдат и что ракеты прилетели с севера",
    "sv": "Regeringen uppger att fem soldater har skadats i en attack mot basen och att raketerna kom från norr",
    "uk": "Уряд заявив, що внаслідок нападу на базу поранено п'ять солдатів і що ракети прилетіли з півночі",
    "ur": "حکومت نے کہا ہے کہ حملے میں پانچ فوجی زخمی ہوئے ہیں اور راکٹ شمال سے آئے",
    "zh": "政府宣布，基地遭到袭击，五名士兵受伤。据目击者称，火箭弹来自北方。",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_tells_its_language(code: str) -> None:
    assert language(SENTENCES[code]) == code


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_seeds_are_english(path: Path) -> None:
    assert language(path.read_text("utf-8")) == "en"


@pytest.mark.parametrize(
    "text", ["", "12 34 🚀", "Ok.", "x" * 5000, "lorem ipsum dolor amet " * 50, "e\u0301\u00a0"]
)
def test_what_tells_nothing_has_no_language(text: str) -> None:
    assert language(text) is None


def test_a_name_in_another_script_changes_nothing() -> None:
    assert language(SENTENCES["en"] + " by محمد بن سلمان and Владимир") == "en"
    assert language(SENTENCES["ar"] + " CNN BBC 2021") == "ar"
