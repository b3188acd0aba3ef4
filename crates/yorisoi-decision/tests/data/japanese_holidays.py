"""Writes japanese_holidays.csv: Japan's public holidays of 2000-2050 by two independent libraries.

pip install holidays==0.108 jpholiday==1.0.3   (both MIT)
"""

import datetime
import pathlib

import holidays
import jpholiday

first = set(holidays.Japan(years=range(2000, 2051), categories=("public",)))
day, second = datetime.date(2000, 1, 1), set()
while day.year <= 2050:
    if jpholiday.is_holiday(day):
        second.add(day)
    day += datetime.timedelta(days=1)
assert first == second, sorted(first ^ second)
lines = "".join(f"{day}\n" for day in sorted(first))
pathlib.Path(__file__).with_suffix(".csv").write_text(lines)
