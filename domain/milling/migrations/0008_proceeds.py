"""What sellers hold of the mill's money because investors financed invoices of its sales."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("milling", "0007_numbers")])
