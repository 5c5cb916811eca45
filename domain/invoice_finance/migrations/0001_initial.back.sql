drop table invoice_message;
drop table payout;
drop table invoice_payment;
drop table bid;
drop table investment;
drop table invoice;
drop function invoice_money_rows_are_kept();
drop function invoice_terms_are_fixed();
