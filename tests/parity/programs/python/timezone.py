# The machine's own zone must not show: a guest is in UTC, wherever it runs.
import time
from datetime import datetime

print(time.tzname, time.timezone, time.daylight)
print(time.localtime(1_700_000_000)[:6], time.strftime("%Z %z", time.localtime(0)))
print(datetime.fromtimestamp(1_720_000_000), datetime(2024, 7, 1).astimezone().isoformat())
print(time.mktime((2024, 7, 1, 12, 0, 0, 0, 0, -1)))
