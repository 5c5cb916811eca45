alter table stock_posting reset (fillfactor);
drop index mill_production_by_cancellation, mill_purchase_by_cancellation, mill_sale_by_cancellation;
drop trigger mill_item_weighs_otherwise on mill_item;
drop trigger stock_postings_change on stock_posting;
drop trigger stock_postings_go on stock_posting;
drop trigger stock_postings_come on stock_posting;
drop trigger mill_purchase_return_days_change on mill_purchase_return;
drop trigger mill_sale_return_days_change on mill_sale_return;
drop trigger mill_production_days_change on mill_production;
drop trigger mill_purchase_days_change on mill_purchase;
drop trigger mill_sale_line_days_change on mill_sale_line;
drop trigger mill_sale_days_change on mill_sale;
drop trigger mill_sale_days_begin on mill_sale;
drop function retake_mill_days(), fold_mill_days(), mill_item_weighs_otherwise(), stock_postings_change(),
    stock_postings_go(), stock_postings_come(), mill_return_days_change(), mill_production_days_change(), mill_purchase_days_change(),
    mill_sale_line_days_change(), mill_sale_days_change();
drop view mill_days_recomputed, mill_daily;
drop function mill_days_of_movement(text, timestamptz, numeric, bigint, bigint),
    mill_days_of_line(mill_sale, mill_sale_line),
    mill_days_of_production(mill_production), mill_days_of_purchase(mill_purchase), mill_days_of_sale(mill_sale);
drop function mill_day_of(timestamptz);
drop table mill_day_change, mill_day;
