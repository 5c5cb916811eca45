"""The figures of reconciliation in the API, when they are bad enough to tell somebody, and forgetting old results."""
