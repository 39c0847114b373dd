"""Policies: decision tables that say what may be offered, and answer other questions."""

from aftersales.domain.policy.again import Standing, judged_again, priced_gift
from aftersales.domain.policy.amounts import Amount, Rounding
from aftersales.domain.policy.answers import with_answers
from aftersales.domain.policy.channels import Allowance, ChannelRule, Channels
from aftersales.domain.policy.decider import Decider
from aftersales.domain.policy.decision import (
    CountsAs,
    LeftOut,
    Option,
    OptionsDecision,
    Remedy,
    ReturnAnswer,
    RowsDecision,
    RuleRef,
    Spent,
    Step,
    Undecided,
    WhenUnknown,
)
from aftersales.domain.policy.floors import Floor, Floors
from aftersales.domain.policy.handling import Handling, HandlingRule
from aftersales.domain.policy.options import decide_options
from aftersales.domain.policy.plain import Brief, in_brief
from aftersales.domain.policy.remedies import RemedyRule
from aftersales.domain.policy.rows import (
    Choose,
    Column,
    ColumnType,
    Row,
    RowsTable,
    decide_rows,
    explain_rows,
    ladder,
)
from aftersales.domain.policy.table import (
    BANDS,
    NONE_NEEDED,
    ApprovalBand,
    Combination,
    EachOptionCap,
    Extra,
    GoodwillCap,
    Label,
    Limits,
    Matrix,
    OptionPolicy,
    OptionsRule,
    Policies,
    Swap,
)

__all__ = [
    "BANDS",
    "NONE_NEEDED",
    "Allowance",
    "Amount",
    "ApprovalBand",
    "Brief",
    "ChannelRule",
    "Channels",
    "Choose",
    "Column",
    "ColumnType",
    "Combination",
    "CountsAs",
    "Decider",
    "EachOptionCap",
    "Extra",
    "Floor",
    "Floors",
    "GoodwillCap",
    "Handling",
    "HandlingRule",
    "Label",
    "LeftOut",
    "Limits",
    "Matrix",
    "Option",
    "OptionPolicy",
    "OptionsDecision",
    "OptionsRule",
    "Policies",
    "Remedy",
    "RemedyRule",
    "ReturnAnswer",
    "Rounding",
    "Row",
    "RowsDecision",
    "RowsTable",
    "RuleRef",
    "Spent",
    "Standing",
    "Step",
    "Swap",
    "Undecided",
    "WhenUnknown",
    "decide_options",
    "decide_rows",
    "explain_rows",
    "in_brief",
    "judged_again",
    "ladder",
    "with_answers",
    "priced_gift",
]
