import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs.credit_code import ALPHABET, NotACodeError, Reason, check_character, parse

bodies = st.text(ALPHABET, min_size=17, max_size=17)

REAL = "91350100M000100Y43"  # the example of the standard


def test_example_of_the_standard():
    assert parse(REAL) == REAL


@pytest.mark.parametrize(
    "typed", [" 91350100m000100y43 ", "９１３５０１００Ｍ０００１００Ｙ４３", "91350100 M000100Y 43"]
)
def test_one_form(typed):
    assert parse(typed) == REAL


def test_nothing_is_no_code():
    assert parse(" \u3000") == ""


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("'91350100M000100Y43", Reason.SPREADSHEET),
        ("9.15E+17", Reason.SPREADSHEET),
        ("915E17", Reason.SPREADSHEET),
        ("913501001234567.0", Reason.SPREADSHEET),
        ("913501001234567000", Reason.SPREADSHEET),
        ("91350100M000100Y4", Reason.LENGTH),
        ("91350100M000100I43", Reason.ALPHABET),
        ("91350100M000100Y44", Reason.CHECK),
        ("٩1350100M000100Y43", Reason.ALPHABET),
    ],
)
def test_reason(typed, reason):
    with pytest.raises(NotACodeError) as caught:
        parse(typed)
    assert caught.value.reason is reason


@given(bodies)
def test_a_code_with_its_check_character_is_one(body):
    assert parse(body + check_character(body)) == body + check_character(body)


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_is_noticed(body, place, char):
    code = body + check_character(body)
    changed = code[:place] + char + code[place + 1 :]
    if changed != code:
        with pytest.raises(NotACodeError):
            parse(changed)
