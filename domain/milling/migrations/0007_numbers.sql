-- A generated column that a constraint makes a key counts as changed by every update of a row with a trigger, so each update
-- would wait for everybody who only names the row: in a circle, when both name and change several. As an index over what is
-- never null it is no key, and just as unique.
alter table mill_purchase drop constraint mill_purchase_number_is_unique;
create unique index mill_purchase_number_is_unique on mill_purchase (number) where number is not null;
alter table mill_landed_cost drop constraint mill_landed_cost_number_is_unique;
create unique index mill_landed_cost_number_is_unique on mill_landed_cost (number) where number is not null;
alter table mill_purchase_return drop constraint mill_purchase_return_number_is_unique;
create unique index mill_purchase_return_number_is_unique on mill_purchase_return (number) where number is not null;
alter table mill_production drop constraint mill_production_number_is_unique;
create unique index mill_production_number_is_unique on mill_production (number) where number is not null;
alter table stock_document drop constraint stock_document_number_is_unique;
create unique index stock_document_number_is_unique on stock_document (number) where number is not null;
alter table mill_sale drop constraint mill_sale_number_is_unique;
create unique index mill_sale_number_is_unique on mill_sale (number) where number is not null;
alter table mill_sale_return drop constraint mill_sale_return_number_is_unique;
create unique index mill_sale_return_number_is_unique on mill_sale_return (number) where number is not null;
alter table mill_payment drop constraint mill_payment_number_is_unique;
create unique index mill_payment_number_is_unique on mill_payment (number) where number is not null;
