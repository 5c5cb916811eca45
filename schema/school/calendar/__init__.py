"""Years, terms, holidays, programmes, subjects and classes."""
