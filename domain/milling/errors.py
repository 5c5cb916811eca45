

class OpeningKnown(Conflict):
    """What was there of this item when the books began is in the books already."""

    code = "OPENING_KNOWN"


class CountOutdated(Conflict):
    """Stock has moved since the list was made that was counted by."""

    code = "COUNT_OUTDATED"
