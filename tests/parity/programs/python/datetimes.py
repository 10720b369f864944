import calendar
from datetime import UTC, date, datetime, timedelta, timezone

moment = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
print(moment.isoformat(), moment.astimezone(UTC), moment.timestamp())
print(moment.strftime("%A %d %B %Y %j %U %I:%M %p %z"), moment.isocalendar())
print(date(2024, 1, 31) + timedelta(days=30), (date(2025, 1, 1) - date(1900, 1, 1)).days)
print(datetime.strptime("Jun 12 1998 07:05", "%b %d %Y %H:%M"), datetime.fromisoformat("2024-12-31T23:00:00+00:00"))
print(datetime.fromtimestamp(1_700_000_000, UTC), datetime.min, timedelta.max)
print(calendar.month(2024, 2), calendar.isleap(1900))
try:
    date(2023, 2, 29)
except ValueError as error:
    print("ValueError:", error)
