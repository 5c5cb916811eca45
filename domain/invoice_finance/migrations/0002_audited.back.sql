drop trigger bid_is_audited on bid;
drop trigger invoice_is_audited on invoice;
