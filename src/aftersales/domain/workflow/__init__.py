"""Workflows: what they declare, and the machine that moves a case along them."""

from aftersales.domain.workflow.definition import (
    Action,
    Always,
    CaseDeadline,
    Deadline,
    FollowUp,
    Party,
    Reopen,
    State,
    Transition,
    Warning,
    Workflow,
)
from aftersales.domain.workflow.machine import REOPEN, WorkflowMachine

__all__ = [
    "REOPEN",
    "Action",
    "Always",
    "CaseDeadline",
    "Deadline",
    "FollowUp",
    "Party",
    "Reopen",
    "State",
    "Transition",
    "Warning",
    "Workflow",
    "WorkflowMachine",
]
