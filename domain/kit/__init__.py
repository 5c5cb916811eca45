"""Words without a business: money, time, ids, errors, the unit of work. Everything else may import from here."""
