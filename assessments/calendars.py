"""Counting days: calendar days, working days, and days that no calendar has.

The day that begins a window is its day 1, and its last day belongs to it to the last second (domain.md I6): a notice of
10 days from 1 June ends with 10 June. What runs *after* something happened, as the days for settling an objection,
begins on the day after it.

Working days are those of the official calendar, with the weekends that are worked to make up for a holiday (调休). The
State Council says each winter what the next year's are; for a year that is not known yet Saturday and Sunday are off,
and `doubt` says so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

import chinese_calendar
from django.utils.translation import gettext as _

from assessments.models import DayCount

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WORDS = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")


def counts(day: date, count: str) -> bool:
    """Whether a day is one of those that are counted."""
    return count == DayCount.CALENDAR or is_workday(day)


def is_workday(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def last_day(first: date, days: int, count: str) -> date:
    """The last day of a window of so many days; its day 1 is `first`, or the first day after it that counts."""
    if days < 1:
        raise ValueError(days)
    day, left = first, days - counts(first, count)
    while left:
        day += ONE_DAY
        left -= counts(day, count)
    return day


def due_day(after: date, days: int, count: str) -> date:
    """The last of so many days after the day on which something happened."""
    return last_day(after + ONE_DAY, days, count)


def doubt(first: date, last: date, count: str) -> str:
    """A sentence where working days were counted in a year whose holidays are not known yet; else empty."""
    unknown = [year for year in range(first.year, last.year + 1) if count == DayCount.WORKING and not _known(year)]
    if not unknown:
        return ""
    return _(
        "The official holidays of %(year)s are not known to this version, so only Saturdays and Sundays were left out. "
        "Please check the last day."
    ) % {"year": unknown[0]}


def _known(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def day_of(year: int, words: str) -> tuple[date, str]:
    """The day that words as “2月30日” mean in a year, and a sentence where the month has no such day (domain.md I5).

    Then it is the last day of the month. Raises ValueError with a sentence where the words name no month and day.
    """
    found = WORDS.search(words)
    month, number = (int(found["month"]), int(found["day"])) if found else (0, 0)
    if not 1 <= month <= 12 or not 1 <= number <= 31:
        raise ValueError(_("“%(words)s” is not a day like 2月28日.") % {"words": words})
    end = month_end(year, month)
    if number <= end.day:
        return date(year, month, number), ""
    warning = _("%(year)s has no %(words)s: the last day of the month counts, %(day)s.")
    return end, warning % {"year": year, "words": found[0] if found else words, "day": end.isoformat()}
