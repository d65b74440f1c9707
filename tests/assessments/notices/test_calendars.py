"""Days as unions count them; the official calendars of 2025 and 2026 are in the library."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.calendars import ONE_DAY, day_of, doubt, due_day, is_workday, last_day, month_end
from assessments.models import DayCount

CALENDAR, WORKING = DayCount.CALENDAR, DayCount.WORKING
days_known = st.dates(date(2010, 1, 1), date(2026, 8, 31))


def counted(first: date, last: date, count: str) -> int:
    """Independently: how many days from the first to the last, both included, are of the kind that is counted."""
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(count == CALENDAR or is_workday(day) for day in every)


@pytest.mark.parametrize(
    ("first", "days", "count", "last"),
    [
        (date(2026, 6, 1), 10, CALENDAR, date(2026, 6, 10)),
        (date(2026, 6, 1), 1, CALENDAR, date(2026, 6, 1)),
        (date(2026, 2, 25), 10, CALENDAR, date(2026, 3, 6)),
        (date(2028, 2, 25), 10, CALENDAR, date(2028, 3, 5)),
        # 1 to 7 October are off, the Saturday after them is worked (调休)
        (date(2026, 9, 28), 10, WORKING, date(2026, 10, 15)),
        # a window that begins on a holiday has its day 1 on the first working day
        (date(2026, 10, 1), 1, WORKING, date(2026, 10, 8)),
        # Sunday 28 September 2025 is worked for the holiday
        (date(2025, 9, 27), 1, WORKING, date(2025, 9, 28)),
    ],
)
def test_the_last_day_of_a_window(first, days, count, last):
    assert last_day(first, days, count) == last


@given(days_known, st.integers(1, 60), st.sampled_from(DayCount.values))
def test_a_window_has_just_its_days_and_ends_on_one_of_them(first, days, count):
    last = last_day(first, days, count)
    assert counted(first, last, count) == days
    assert counted(first, last - ONE_DAY, count) == days - 1
    assert last_day(first, days + 1, count) > last


@given(days_known, st.integers(1, 60), st.sampled_from(DayCount.values))
def test_what_runs_after_a_day_does_not_count_it(day, days, count):
    assert due_day(day, days, count) == last_day(day + ONE_DAY, days, count)
    assert counted(day + ONE_DAY, due_day(day, days, count), count) == days


@pytest.mark.parametrize("days", [0, -1])
def test_a_window_has_at_least_a_day(days):
    with pytest.raises(ValueError, match=str(days)):
        last_day(date(2026, 6, 1), days, CALENDAR)


def test_in_a_year_that_is_not_known_yet_weekends_are_off_and_it_is_said():
    far = date(2090, 10, 2)  # a Monday, and surely a holiday
    assert last_day(far, 6, WORKING) == date(2090, 10, 9)
    assert "2090" in doubt(far, date(2090, 10, 9), WORKING)
    assert doubt(far, date(2090, 10, 9), CALENDAR) == ""
    assert doubt(date(2026, 3, 2), date(2026, 3, 13), WORKING) == ""


@pytest.mark.parametrize(
    ("year", "words", "day", "warned"),
    [
        (2026, "2月30日", date(2026, 2, 28), True),
        (2028, "每年2月30日前", date(2028, 2, 29), True),
        (2026, "2月28日", date(2026, 2, 28), False),
        (2026, "12月31号", date(2026, 12, 31), False),
        (2026, "11月31日", date(2026, 11, 30), True),
    ],
)
def test_a_day_that_no_calendar_has_is_the_last_of_its_month(year, words, day, warned):
    found, warning = day_of(year, words)
    assert (found, bool(warning)) == (day, warned)
    assert not warned or day.isoformat() in warning


@pytest.mark.parametrize("words", ["", "年底", "13月1日", "2月32日", "0月0日", "2月"])
def test_words_that_are_no_day_are_refused(words):
    with pytest.raises(ValueError, match="2月28日"):
        day_of(2026, words)


@given(st.integers(1900, 2200), st.integers(1, 12))
def test_the_day_after_the_end_of_a_month_is_the_first_of_another(year, month):
    end = month_end(year, month)
    assert (end.month, (end + ONE_DAY).day) == (month, 1)
