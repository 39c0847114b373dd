"""Tables out to spreadsheets and back, and decision tables of others in."""

from aftersales.definitions.interchange.csv_text import read_csv, write_csv
from aftersales.definitions.interchange.exchange import (
    Imported,
    PolicyFile,
    exported,
    imported,
    policy_files,
)

__all__ = [
    "Imported",
    "PolicyFile",
    "exported",
    "imported",
    "policy_files",
    "read_csv",
    "write_csv",
]
