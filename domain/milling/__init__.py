"""Milling: the flour mill's items and stock, purchases, production and sales."""
