"""What people type as a name, a login or a phone number -> the one form that is stored and compared. Pure functions."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, normalize

from pypinyin import lazy_pinyin
from pypinyin.seg.simpleseg import seg

PINYIN_LENGTH = 180
INITIALS_LENGTH = 59


def clean_text(typed: str) -> str:
    """NFKC, without control and invisible characters, runs of blanks as one blank.

    A soft break pasted from Word (U+000B) becomes a blank: left in, it would break a later export to Excel.
    """
    text = normalize("NFKC", typed)
    if not text.isprintable():  # a quick look: most texts are
        text = "".join(
            " " if char.isspace() else char
            for char in text
            if char.isspace() or category(char) not in {"Cc", "Cf", "Cs"}
        )
    return " ".join(text.split())


def clean_name(typed: str) -> str:
    """A name as it is stored: clean, and in a Chinese name with the full-width brackets that documents print."""
    name = clean_text(typed)
    return name if name.isascii() else name.replace(" (", "(").replace("(", "（").replace(")", "）")


def clean_username(typed: str) -> str:
    return clean_text(typed).replace(" ", "").lower()


def clean_phone(typed: str) -> str:
    """Digits alone, without the country code of a mainland mobile number; as typed where something else is in it."""
    phone = clean_text(typed).translate({ord(sign): None for sign in " -()"})
    for prefix in ("+86", "0086"):
        if phone.startswith(prefix) and len(phone) == len(prefix) + 11:
            return phone.removeprefix(prefix)
    return phone


@lru_cache(50_000)
def _pinyin(word: str) -> tuple[str, ...]:
    """Kept, as names are made of few words: a list of 100,000 takes a quarter of the time."""
    return tuple(lazy_pinyin(word))


def sort_key(name: str) -> str:
    """Pinyin, a blank, and the initials: sorts Chinese names alike under every collation, and finds them by either.

    沈阳市第12中学 -> 'shenyangshidi12zhongxue sysd12zx'
    """
    spoken = (syllable for word in seg(name) for syllable in _pinyin(word))
    syllables = ["".join(filter(str.isalnum, syllable)).lower() for syllable in spoken]
    written = name.lower()
    initials = "".join(syllable if syllable in written else syllable[0] for syllable in syllables)
    return f"{''.join(syllables)[:PINYIN_LENGTH]} {initials[:INITIALS_LENGTH]}"
