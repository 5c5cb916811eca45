"""Milling as clients see it: stock, purchases, production and sales of the flour mill."""
