"""When must we have answered? A calendar alone: no case, no database, no desk."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from aftersales import load_calendars

desk = load_calendars(Path(__file__).with_name("calendars.yaml"))["desk"]
asked = datetime(2026, 12, 23, 16, 10, tzinfo=ZoneInfo(desk.zone))
due = desk.due(asked, "2 business days")
print(due.at.astimezone(ZoneInfo(desk.zone)))
print("counted:", *due.why["counted"])
for day, reason in due.why["skipped"]:
    print("skipped:", day, reason)
