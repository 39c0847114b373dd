"""Floor 3. The application: transactions and the clock live here, decisions do not."""

from aftersales.desk.answers import (
    Accepted,
    Answer,
    Done,
    Failed,
    Unknown,
    accepted,
    done,
    failed,
    unknown,
)
from aftersales.desk.catalogs import CatalogSource, Published
from aftersales.desk.context import NaiveInstant, utc_now
from aftersales.desk.delivering import DeliveryReport
from aftersales.desk.desk import Desk
from aftersales.desk.explaining import DueExplained, Explanation
from aftersales.desk.messages import Content, option_text, remedy_text
from aftersales.desk.moving import CaseMoved, DueMoved, Preview
from aftersales.desk.publications import Publication, Publications
from aftersales.desk.simulations import RecordedSimulation, Simulations
from aftersales.desk.ticking import TickReport
from aftersales.desk.view import CaseView
from aftersales.store import PastCase

__all__ = [
    "Accepted",
    "Answer",
    "CaseMoved",
    "CaseView",
    "CatalogSource",
    "Content",
    "DeliveryReport",
    "Desk",
    "Done",
    "DueExplained",
    "DueMoved",
    "Explanation",
    "Failed",
    "NaiveInstant",
    "PastCase",
    "Preview",
    "Publication",
    "Publications",
    "Published",
    "RecordedSimulation",
    "Simulations",
    "TickReport",
    "Unknown",
    "accepted",
    "done",
    "failed",
    "option_text",
    "remedy_text",
    "unknown",
    "utc_now",
]
