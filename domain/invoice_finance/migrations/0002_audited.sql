-- Payments, payouts and journal entries never change; what the parties agree on does.
create trigger invoice_is_audited after insert or update or delete on invoice
    for each row execute function audit_row('invoice');
create trigger bid_is_audited after insert or update or delete on bid
    for each row execute function audit_row('bid');
