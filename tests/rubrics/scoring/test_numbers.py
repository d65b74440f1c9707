from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.numbers import LARGEST, NumberError, Reason, format_points, parse_number
from tests.rubrics.scoring.samples import D, quick

HALF, WHOLE = D("0.5"), D(1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5"),
        ("0", "0"),
        ("5.00", "5"),
        ("005", "5"),
        (".5", "0.5"),
        ("５", "5"),
        ("５．０", "5"),
        ("５．０分", "5"),
        ("9０.５", "90.5"),
        ("９０．５", "90.5"),
        ("90。5", "90.5"),
        ("90｡5", "90.5"),
        ("90．5", "90.5"),
        ("5分", "5"),
        ("5 分", "5"),
        ("5\u3000分", "5"),
        (" 5\t", "5"),
        ("\u3000５\u3000", "5"),
        ("\xa05\r\n", "5"),
        ("5." + "0" * 30, "5"),
    ],
)
def test_takes_what_people_type_for_points(text: str, value: str) -> None:
    assert parse_number(text, maximum=D(100), step=HALF) == D(value)


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\t\r\n", "\xa0"])
def test_blank_is_no_number_and_no_error(text: str) -> None:
    assert parse_number(text, maximum=D(5), step=HALF) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,000", "1000"), ("1，000", "1000"), ("２０，０００元", "20000"), ("1,234,567 元", "1234567"), ("3 次", "3")],
)
def test_takes_counts_with_thousands_and_units(text: str, value: str) -> None:
    assert parse_number(text, maximum=None, step=WHOLE, units=("次", "元")) == D(value)


@pytest.mark.parametrize(("text", "value"), [("101.9％", "101.9"), ("101.9%", "101.9"), ("１０１．９％", "101.9")])
def test_takes_either_per_cent_sign(text: str, value: str) -> None:
    assert parse_number(text, maximum=None, step=D("0.1"), units=("％",)) == D(value)


def test_takes_the_longer_of_two_units() -> None:
    assert parse_number("5人次", maximum=None, step=WHOLE, units=("次", "人次")) == 5


NOT_NUMBERS = """
NaN nan sNaN Infinity inf 1e1 1E1 ５ｅ１ 1_0 １＿０ ½ 1½ ② 5② ⑤ 五 Ⅴ ٥ ٩٠ ५ 𝟓 ₅ ⁵ ㈤
5..0 5。。0 5. 90。 . 。 5.0.0 90·5 90、5 90,5 90：5 1,000 1'000 5．０．分 +5 ＋5 --5 5- - 5/1
5% 5元 分 5分分 分5 5点 0x5 #5 '5 =5 (5) 5; True None
"""


@pytest.mark.parametrize("text", [*NOT_NUMBERS.split(), "5 0", "５　０", "5 .0", "5\n0", "\x005", "5\x0b0", "5\u200b"])
def test_refuses_what_is_not_a_number(text: str) -> None:
    assert _reason(text) is Reason.NOT_A_NUMBER


@pytest.mark.parametrize("text", ["1,00", "1,0000", ",100", "1,,000", "0,500", "1000,000", "1,000,00", "1 000"])
def test_refuses_broken_thousands_even_for_counts(text: str) -> None:
    assert _reason(text, maximum=None, step="0.5") is Reason.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("text", "maximum", "step", "reason"),
    [
        ("-0", "5", "0.5", Reason.NEGATIVE),
        ("-5", "5", "0.5", Reason.NEGATIVE),
        ("－５", "5", "0.5", Reason.NEGATIVE),
        ("\N{MINUS SIGN}5分", "5", "0.5", Reason.NEGATIVE),
        ("0.3", "5", "0.5", Reason.OFF_STEP),
        ("4.99", "5", "0.5", Reason.OFF_STEP),
        ("4.999999999999999999999999", "5", "0.5", Reason.OFF_STEP),
        ("2", "10", "5", Reason.OFF_STEP),
        ("1.5", "5", "1", Reason.NOT_WHOLE),
        ("5.5", "5", "0.5", Reason.TOO_LARGE),
        ("5.1", "5", "0.5", Reason.TOO_LARGE),
        ("100", "5", "0.5", Reason.TOO_LARGE),
        ("9" * 32, "5", "0.5", Reason.TOO_LARGE),
        ("9" * 33, "5", "0.5", Reason.TOO_LONG),
        ("0" * 32 + "5", "5", "0.5", Reason.TOO_LONG),
        ("x" * 100_000, "5", "0.5", Reason.TOO_LONG),
    ],
)
def test_refuses_numbers_that_may_not_stand(text: str, maximum: str, step: str, reason: Reason) -> None:
    assert _reason(text, maximum, step) is reason


def test_a_count_without_maximum_still_has_a_ceiling() -> None:
    assert parse_number(f"{LARGEST}", maximum=None, step=WHOLE) == LARGEST
    assert _reason(f"{LARGEST + 1}", maximum=None, step="1") is Reason.TOO_LARGE


def test_the_error_carries_what_the_sentence_needs() -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(" 5.3分 ", maximum=D(6), step=HALF)
    error = caught.value
    assert (error.reason, error.text, error.maximum, error.step) == (Reason.OFF_STEP, " 5.3分 ", D(6), HALF)


@quick
@given(st.text(alphabet="0123456789０５９.．。,，-－eE_ 　分½②٥+%", max_size=8), st.sampled_from(["0.1", "0.5", "1"]))
def test_whatever_is_typed_a_number_that_passes_may_stand(text: str, step: str) -> None:
    try:
        value = parse_number(text, maximum=D(90), step=D(step))
    except NumberError:
        return
    assert (value is None) == (not text.strip())
    assert value is None or (0 <= value <= 90 and value % D(step) == 0 and str(value)[0] != "-")


@quick
@given(st.integers(0, 10_000), st.sampled_from(["0.01", "0.1", "0.5", "1", "10"]))
def test_what_is_shown_can_be_typed_again(n: int, step: str) -> None:
    value = n * D(step)
    shown = format_points(value)
    wide = shown.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    assert parse_number(shown, maximum=value, step=D(step)) == value == parse_number(wide, maximum=value, step=D(step))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("0", "0"),
        ("-0.0", "0"),
        ("0.00", "0"),
        ("90", "90"),
        ("90.00", "90"),
        ("9E+1", "90"),
        ("89.50", "89.5"),
        ("88.2352", "88.2352"),
        ("0.0005", "0.0005"),
        ("1E-7", "0.0000001"),
        ("-1.50", "-1.5"),
        ("100", "100"),
    ],
)
def test_points_are_written_without_exponent_or_trailing_zeros(value: str | None, text: str) -> None:
    assert format_points(None if value is None else D(value)) == text


def _reason(text: str, maximum: str | None = "100", step: str = "0.5") -> Reason:
    with pytest.raises(NumberError) as caught:
        parse_number(text, maximum=None if maximum is None else Decimal(maximum), step=Decimal(step))
    return caught.value.reason
