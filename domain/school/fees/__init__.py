"""The heart of the school's money: a fee under its lock, and the one way in which it changes."""

from domain.school.fees.alerts import look_at_arrears
from domain.school.fees.chain import CATEGORY
from domain.school.fees.lines import GENERAL, MAX_LINES, ChargedLine, charged_lines, require_lines, single_line
from domain.school.fees.locking import Desk, LiveTransaction, locked_fee, locked_fee_of_ward
from domain.school.fees.money import Taken
from domain.school.fees.opening import NewFee, open_fee, title_of
from domain.school.fees.outcome import Settled
from domain.school.fees.settling import settle
from domain.school.fees.telling import figures_of, payment_figures

__all__ = [
    "CATEGORY",
    "GENERAL",
    "MAX_LINES",
    "ChargedLine",
    "Desk",
    "LiveTransaction",
    "NewFee",
    "Settled",
    "Taken",
    "charged_lines",
    "figures_of",
    "locked_fee",
    "locked_fee_of_ward",
    "look_at_arrears",
    "open_fee",
    "payment_figures",
    "require_lines",
    "settle",
    "single_line",
    "title_of",
]
