"""Which language a text is in, told by its script and its function words; for choosing a tokenizer, not for linguistics.

A text that is too short, or in a language not in the tables, has none: nothing is better than a wrong one.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import regex

# How much of a text is looked at: its beginning and, past a heading in another language, its middle.
_SAMPLE = 800
_FEWEST_LETTERS = 12
# The share of words that must be function words of a language, and how far it must be ahead of the next one.
_SHARE, _AHEAD = 0.08, 1.15
_FEWEST_WORDS = 3
_WHOLE = 2520  # so that shares of up to ten languages are whole numbers

# The most frequent function words of each language, as far as they tell it from its neighbours.
_WORDS = {
    "ca": "el la els les de que i a en un una per amb no es són va ser aquest aquesta dels com més ha entre seva també però",
    "cs": "a se v na je že o s z do i to k ve pro za by ale si po jako jsem které který podle byl jeho jsou také nebo při už",
    "da": "og i at det er en den til af på for med de ikke der som et har om var fra kan blev efter men sig også han under",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei",
    "en": "the of and to in a is that for it was on with as by at from are this be have has not they which his were an said",
    "es": "de la que el en y a los se del las por un con no una su para es al lo como más pero sus fue este ha entre también según",
    "et": "ja on ei et ka see oli kui oma ta aga mis ning või seda mida ning pole kes välja pärast ole juba siis veel",
    "fi": "ja on ei se että oli hän mutta ovat kun myös ole joka mukaan sen jos kuin tai vain olla sekä mitä ovat jo niin",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec aux son cette ont été",
    "hr": "i je u na da se su za od s koji a će kao to iz o ne bi nije što koja ili koje samo prema nakon kako bio također ali",
    "hu": "a az és hogy nem is egy meg ez csak már de volt el mint ha szerint után még vagy azt akkor pedig amely között ki lesz",
    "id": "yang dan di dengan untuk pada dari ini dalam tidak akan itu ke oleh adalah telah mereka sebagai juga karena bisa kami tersebut atau",
    "it": "di che e la il un a per in una non è del sono con della da si le dei al nel anche come più alla ha gli delle stato",
    "lt": "ir į kad yra su iš tai buvo ne bet apie kaip už po nuo prie jis dar savo taip arba jau bus kuri pagal",
    "lv": "un ir ar no uz ka par tas bija ne kas arī pēc bet lai kā viņš vai gan tika savu jau ja šo pie",
    "nb": "og i det er på som en til for av at med de den ikke har om et var fra men å kan ble etter også sier skal",
    "nl": "de van het een en in is dat op te zijn voor met niet aan er die om ook als maar bij naar uit door over hij was ze wordt",
    "pl": "w i na się z do nie że jest to o jak za od po dla przez jego ale który także są oraz tym było co już przy został",
    "pt": "de a que o e do da em um para com não uma os no se na por mais as dos como mas ao ele das foi seu sua são também pelo",
    "ro": "de și în a la cu pe că o din nu un care este au mai pentru fi ce prin sau lui fost după sunt său dar ar",
    "sk": "a sa v na je že o s z do aj to k vo pre za by ale si po ako ktoré ktorý podľa bol jeho sú tiež alebo pri už",
    "sl": "in je v na da se so za od s ki pa bi ni kot tudi po z iz še ne ali kako bil pri tem jih bilo do",
    "sq": "të e në dhe i për me një që nga u ka është më si se do ishte kjo por nuk janë ky",
    "sv": "och i att det som en på är av för med den till inte om ett har de var från men sig så också kan efter enligt hon",
    "sw": "na ya wa kwa ni katika za la kuwa hiyo hii cha yake kama huo alisema pia baada bila wao",
    "tl": "ang ng sa na mga ay at si ni para hindi ito kay nang mula siya rin nito ayon",
    "tr": "ve bir bu da de için ile olarak daha çok ne gibi olan sonra kadar ise ancak var en ama göre oldu değil diye tarafından",
    "vi": "và của là có trong cho được không các một với này đã những người để khi đến từ cũng về tại ra",
    "be": "і ў на з не што да як па за ад гэта у а але для яго ці паводле быў яны пра таксама",
    "bg": "на и да в за се от не е са с че по като с до при след това са ще или който беше към още също си",
    "mk": "на и да во за се од не е со дека по како што ќе до при тоа ги ја беше според или ова",
    "ru": "и в не на что с по как это из за от к для о он а но его были был у так до после также которые которых при",
    "sr": "и је у на да се су за од са који а ће као то из о не би није што која или које само према након",
    "uk": "і в не на що з у та до як це за від про для його по але є був також які після були або під",
    "ar": "في من على أن إلى التي عن مع الذي هذا هذه ما لا كان بعد قال أو كما بين وقال وفي كل قد لم ذلك خلال",
    "ckb": "لە بە و کە بۆ ئەو ئەم لەگەڵ هەر دەکات بوو نییە دوای هەیە کرد",
    "fa": "و در به از که این را با است برای آن یک خود تا بر کرد شد هم نیز می ها بود شده اند گفت",
    "ps": "د په او چې ته کې له دا سره یې دي ده هم نه یو شوي کړي دی ولایت",
    "ur": "کے کی میں ہے اور سے کا کو نے پر کہ اس یہ ہیں ایک بھی کر نہیں تھا گیا ان تو ہو",
    "hi": "के में की है और से का को ने पर कि यह हैं एक भी कर नहीं था इस लिए हो गया",
    "mr": "आहे आणि या व तर हे ते की होते आहेत हा ही असे करण्यात नाही मध्ये होता",
    "ne": "र को मा छ हो पनि गरेको भएको लागि यो थियो गर्न भने हुने तथा",
}  # fmt: skip

# Scripts that tell the language by themselves, or as far as a tokenizer goes.
_SCRIPTS = {
    "Greek": "el", "Hebrew": "he", "Armenian": "hy", "Georgian": "ka", "Thai": "th", "Hangul": "ko", "Bengali": "bn",
    "Tamil": "ta", "Telugu": "te", "Kannada": "kn", "Malayalam": "ml", "Gujarati": "gu", "Gurmukhi": "pa", "Sinhala": "si",
    "Khmer": "km", "Lao": "lo", "Myanmar": "my", "Ethiopic": "am", "Tibetan": "bo",
}  # fmt: skip
_SHARED = ("Latin", "Cyrillic", "Arabic", "Devanagari", "Han", "Kana")
_LATIN = regex.compile(r"\p{Latin}")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_SCRIPT = regex.compile(
    "|".join(
        [rf"(?P<{name}>\p{{{name}}})" for name in (*_SCRIPTS, *_SHARED[:-1])]
        + [r"(?P<Kana>[\p{Hiragana}\p{Katakana}])"]
    )
)


def language(text: str) -> str | None:
    """The ISO 639 code of the language of a text, None where that cannot be told."""
    sample = _sample(text)
    scripts = _scripts(sample)
    if sum(scripts.values()) < _FEWEST_LETTERS:
        return None
    # Kana beside Chinese characters is Japanese, however few.
    if scripts["Kana"] * 10 > sum(scripts.values()):
        return "ja"
    script = scripts.most_common(1)[0][0]
    if script == "Han":
        return "zh"
    return _SCRIPTS.get(script) or _by_words(sample)


def likeness(text: str) -> float:
    """The share of a text that is function words of the one language that knows most of them, 0 to 1."""
    hits, _, total = _hits(_sample(text))
    return max(hits.values(), default=0) / total if total else 0.0


def _sample(text: str) -> str:
    if len(text) <= 2 * _SAMPLE:
        return text
    middle = len(text) // 2
    return text[:_SAMPLE] + " " + text[middle : middle + _SAMPLE]


def _scripts(sample: str) -> Counter[str]:
    some = sample[:600] + sample[-300:]
    plain = len(some.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    others = "" if some.isascii() else "".join(char for char in some if char > "\x7f")
    latin = plain + len(_LATIN.findall(others))
    if 2 * latin > plain + sum(map(str.isalpha, others)):
        return Counter(Latin=latin)  # the usual case; telling all scripts apart takes a millisecond
    return Counter(match.lastgroup or "" for match in _SCRIPT.finditer(some))


def _by_words(sample: str) -> str | None:
    hits, weights, total = _hits(sample)
    ranked = weights.most_common(2)
    if not ranked or hits[ranked[0][0]] < max(_FEWEST_WORDS, _SHARE * total):
        return None
    if len(ranked) > 1 and ranked[0][1] < _AHEAD * ranked[1][1]:
        return None
    return ranked[0][0]


def _hits(sample: str) -> tuple[Counter[str], Counter[str], int]:
    """How many words of a sample each language knows; the same, a word of several counting as less; how many there are."""
    known = _known()
    hits: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    words = Counter(sample.lower().split())  # function words seldom have a stop or a comma at them
    for word in words.keys() & known.keys():
        codes, count = known[word], words[word]
        for code in codes:
            hits[code] += count
            weights[code] += count * (_WHOLE // len(codes))
    return hits, weights, words.total()


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """For each function word the languages that have it."""
    known: dict[str, tuple[str, ...]] = {}
    for code, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            known[word] = (*known.get(word, ()), code)
    return known
