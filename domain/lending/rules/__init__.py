"""The pure rules of lending: terms, facts, and the state of a loan that follows from them.

``replay(terms, facts, as_of)`` is the whole booked state of a loan. A service adds or takes back one fact, replays, and
books the difference; back-dated and undone payments need nothing else.
"""

from domain.lending.rules.apr import CashFlow, apr
from domain.lending.rules.delinquency import BUCKETS, Bucket, Exposure, bucket_of, par
from domain.lending.rules.engine import payoff, quote, replay

__all__ = ["BUCKETS", "Bucket", "CashFlow", "Exposure", "apr", "bucket_of", "par", "payoff", "quote", "replay"]
