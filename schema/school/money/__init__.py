"""The income and the expenses that the school sees in its books."""
