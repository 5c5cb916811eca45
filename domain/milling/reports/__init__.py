"""The mill on paper: what lies where and what it is worth, what moved, what was bought, sold and milled; a list to count by.

Each is for staff who read the mill, of the warehouses that they see. Days are of UTC, from their first moment to their last.
Rows are read in one snapshot, so that what happens meanwhile is not half in them.
"""

from domain.milling.reports.documents import productions, purchases, sales
from domain.milling.reports.stock import stock_count_list, stock_movements, stock_statement, stock_valuation

__all__ = [
    "productions",
    "purchases",
    "sales",
    "stock_count_list",
    "stock_movements",
    "stock_statement",
    "stock_valuation",
]
