"""The school at a glance, its statistics, and who owes very much: once and live."""
