"""What people type as a name, a login or a phone number -> the one form that is stored and compared. Pure functions."""

from __future__ import annotations

from unicodedata import category, normalize

from pypinyin import lazy_pinyin

PINYIN_LENGTH = 180
INITIALS_LENGTH = 59


def clean_text(typed: str) -> str:
    """NFKC, without control and invisible characters, runs of blanks as one blank.

    A soft break pasted from Word (U+000B) becomes a blank: left in, it would break a later export to Excel.
    """
    visible = "".join(
        " " if char.isspace() else char
        for char in normalize("NFKC", typed)
        if char.isspace() or category(char) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join(visible.split())


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


def sort_key(name: str) -> str:
    """Pinyin, a blank, and the initials: sorts Chinese names alike under every collation, and finds them by either.

    沈阳市第12中学 -> 'shenyangshidi12zhongxue sysd12zx'
    """
    syllables = ["".join(filter(str.isalnum, syllable)).lower() for syllable in lazy_pinyin(name)]
    written = name.lower()
    initials = "".join(syllable if syllable in written else syllable[0] for syllable in syllables)
    return f"{''.join(syllables)[:PINYIN_LENGTH]} {initials[:INITIALS_LENGTH]}"
