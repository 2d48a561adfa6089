"""Language codes of tags (ISO 639-1, 639-2, 639-3) as the English names we keep."""

from typing import Final

_NAMES: Final = {
    "arabic": "ar ara",
    "bulgarian": "bg bul",
    "catalan": "ca cat",
    "chinese": "zh zho chi cmn",
    "croatian": "hr hrv",
    "czech": "cs ces cze",
    "danish": "da dan",
    "dutch": "nl nld dut",
    "english": "en eng",
    "estonian": "et est",
    "finnish": "fi fin",
    "french": "fr fra fre",
    "german": "de deu ger",
    "greek": "el ell gre",
    "hebrew": "he heb",
    "hindi": "hi hin",
    "hungarian": "hu hun",
    "icelandic": "is isl ice",
    "indonesian": "id ind",
    "irish": "ga gle",
    "italian": "it ita",
    "japanese": "ja jpn",
    "korean": "ko kor",
    "latin": "la lat",
    "latvian": "lv lav",
    "lithuanian": "lt lit",
    "norwegian": "no nb nn nor nob nno",
    "persian": "fa fas per",
    "polish": "pl pol",
    "portuguese": "pt por",
    "romanian": "ro ron rum",
    "russian": "ru rus",
    "serbian": "sr srp",
    "slovak": "sk slk slo",
    "slovenian": "sl slv",
    "spanish": "es spa",
    "swedish": "sv swe",
    "thai": "th tha",
    "turkish": "tr tur",
    "ukrainian": "uk ukr",
    "vietnamese": "vi vie",
    "welsh": "cy cym wel",
}
_BY_CODE: Final = {
    code: name for name, codes in _NAMES.items() for code in codes.split()
}
_UNKNOWN: Final = ("und", "xxx", "mul", "zxx", "mis")


def language_name(text: str) -> str:
    """The name in lower case ("english"); other words as they are, "" for "und"."""
    word = text.strip().strip("\0").lower()
    if word in _UNKNOWN:
        return ""
    return _BY_CODE.get(word.replace("_", "-").partition("-")[0], word)
