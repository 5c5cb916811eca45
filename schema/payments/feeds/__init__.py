"""Reconciliation, live: statistics, results, discrepancies and alarms, each by itself and all in one feed."""
