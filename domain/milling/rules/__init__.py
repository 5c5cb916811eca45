"""The pure rules of the flour mill: what is in stock, what it is worth, and what follows from that.

``replay(items, movements)`` is the whole stock of the mill as a function of its movements. A service adds or cancels
movements, walks the bins that this touches again, and books the difference; nothing else is needed for back-dated goods,
returns, transfers, production and costs that become known later.
"""

from domain.milling.rules.movements import BinKey, Movement, Posting, takes_cost_from
from domain.milling.rules.replay import ItemRule, Short, Walk, in_order, replay, spare
from domain.milling.rules.valuation import BinState, RateUnknown

__all__ = [
    "BinKey",
    "BinState",
    "ItemRule",
    "Movement",
    "Posting",
    "RateUnknown",
    "Short",
    "Walk",
    "in_order",
    "replay",
    "spare",
    "takes_cost_from",
]
