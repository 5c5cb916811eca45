-- Numbers are keys again.
drop index mill_payment_number_is_unique;
alter table mill_payment add constraint mill_payment_number_is_unique unique (number);
drop index mill_sale_return_number_is_unique;
alter table mill_sale_return add constraint mill_sale_return_number_is_unique unique (number);
drop index mill_sale_number_is_unique;
alter table mill_sale add constraint mill_sale_number_is_unique unique (number);
drop index stock_document_number_is_unique;
alter table stock_document add constraint stock_document_number_is_unique unique (number);
drop index mill_production_number_is_unique;
alter table mill_production add constraint mill_production_number_is_unique unique (number);
drop index mill_purchase_return_number_is_unique;
alter table mill_purchase_return add constraint mill_purchase_return_number_is_unique unique (number);
drop index mill_landed_cost_number_is_unique;
alter table mill_landed_cost add constraint mill_landed_cost_number_is_unique unique (number);
drop index mill_purchase_number_is_unique;
alter table mill_purchase add constraint mill_purchase_number_is_unique unique (number);
