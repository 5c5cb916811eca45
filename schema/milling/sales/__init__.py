"""Sales of the mill as clients see them: offers, orders, deliveries, returns, payments, invoices."""
