"""Ways to write small iCal feeds."""

ON = "DTSTART;VALUE=DATE:"


CLOSED = "DTSTART;VALUE=DATE:20270503 | SUMMARY:Inventory"
TIMED = "DTSTART:20260501T090000Z | DTEND:20260501T100000Z | SUMMARY:Meeting"


def feed(*events: str) -> str:
    """A feed of events, each given as its lines; a new one begins with its own UID."""
    parts = [
        f"BEGIN:VEVENT\r\nUID:{i}@shop\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for i, event in enumerate("\r\n".join(lines.split(" | ")) for lines in events)
    ]
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//shop//EN\r\n"
    return f"{head}{''.join(parts)}END:VCALENDAR\r\n"


MEETINGS = feed(CLOSED, TIMED)
"""A feed with a closed day and a meeting, which closes none."""
