drop index mill_sale_open;
drop index mill_payment_financed_once;
alter table mill_payment
    drop constraint mill_payment_financed_has_no_method,
    drop constraint mill_payment_is_of_its_document,
    drop constraint mill_payment_kind_is_known,
    alter column method set not null,
    add constraint mill_payment_kind_is_known check (kind in (
        'SALE_RECEIPT', 'SALE_REFUND', 'SUPPLIER_PAYMENT', 'SUPPLIER_REFUND')),
    add constraint mill_payment_is_of_its_document check (
        (sale_id is not null) = (kind in ('SALE_RECEIPT', 'SALE_REFUND'))
        and (purchase_id is not null) = (kind in ('SUPPLIER_PAYMENT', 'SUPPLIER_REFUND'))
        and (sale_return_id is null or kind = 'SALE_REFUND'));
drop trigger mill_sale_discount_is_its_lines on mill_sale;
alter table mill_sale_line drop column discount_minor;
alter table mill_sale
    drop constraint mill_sale_finance_is_whole,
    drop column finance_note,
    drop column finance_status,
    drop column discount_minor;
