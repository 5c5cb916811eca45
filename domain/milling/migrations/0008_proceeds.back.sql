alter table mill_payment drop constraint mill_payment_supplier_is_paid_by_the_owner;
drop table mill_proceeds;
drop function mill_proceeds_are_there();
drop function mill_proceeds_are_kept();
