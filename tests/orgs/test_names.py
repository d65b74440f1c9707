import pytest

from orgs.names import clean_name, clean_phone, clean_username, sort_key


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  沈阳市　总工会 ", "沈阳市 总工会"),
        ("总工会\x0b（本级）\u200b", "总工会（本级）"),
        ("总工会 (本级)", "总工会（本级）"),
        ("Ｎｏ．１ (a)", "No.1 (a)"),
        ("\x00\x1f\ufeff", ""),
    ],
)
def test_name_has_one_form(typed, stored):
    assert clean_name(typed) == stored
    assert clean_name(stored) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("１３９ ００００-0001", "13900000001"),
        ("+86 139 0000 0001", "13900000001"),
        ("008613900000001", "13900000001"),
        ("024-2322 0000", "02423220000"),
        ("+49 30 123456", "+4930123456"),
    ],
)
def test_phone_has_one_form(typed, stored):
    assert clean_phone(typed) == stored


def test_username_is_small_and_without_blanks():
    assert clean_username(" Ｚhang Wei ") == "zhangwei"


def test_sort_key_is_pinyin_and_initials():
    assert sort_key("沈阳市第12中学（本级）") == "shenyangshidi12zhongxuebenji sysd12zxbj"
    assert sort_key("重庆") == "chongqing cq"
    assert len(sort_key("总" * 120)) <= 240
