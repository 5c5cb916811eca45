"""The register of personal data: every column of text, JSON and bytes of the database, as personal or as free of it.

A test reads the database's own description and fails for a column that is not here, so nothing new is forgotten.
"""

from domain.privacy.register.kinds import Holding, Kind, Room
from domain.privacy.register.rooms import ROOMS, audited_kinds, holdings_of, personal_columns

__all__ = ["ROOMS", "Holding", "Kind", "Room", "audited_kinds", "holdings_of", "personal_columns"]
