-- What the prices were reduced by; the amounts of a sale and its lines are those after it.
alter table mill_sale
    add column discount_minor bigint not null default 0 constraint mill_sale_discount_not_negative check (discount_minor >= 0),
    -- What became of it with investors, and what they, or the rules of their market, said.
    add column finance_status varchar(9) constraint mill_sale_finance_is_known check (finance_status in (
        'OFFERED', 'REFUSED', 'LISTED', 'FUNDED', 'DEFAULTED', 'SETTLED', 'ENDED')),
    add column finance_note varchar(500) not null default '',
    add constraint mill_sale_finance_is_whole check ((finance_status is null) = (offered_at is null));
alter table mill_sale_line
    add column discount_minor bigint not null default 0
        constraint mill_sale_line_discount_not_negative check (discount_minor >= 0);

create constraint trigger mill_sale_discount_is_its_lines after insert or update of discount_minor on mill_sale
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_sale', 'mill_sale_line', 'sale_id', 'discount_minor');

-- A financed invoice that was repaid pays its sale: no money comes to the till, the bank or a wallet of the mill by that.
alter table mill_payment
    drop constraint mill_payment_kind_is_known,
    drop constraint mill_payment_is_of_its_document,
    alter column method drop not null,
    add constraint mill_payment_kind_is_known check (kind in (
        'SALE_RECEIPT', 'SALE_REFUND', 'SALE_FINANCED', 'SUPPLIER_PAYMENT', 'SUPPLIER_REFUND')),
    add constraint mill_payment_is_of_its_document check (
        (sale_id is not null) = (kind in ('SALE_RECEIPT', 'SALE_REFUND', 'SALE_FINANCED'))
        and (purchase_id is not null) = (kind in ('SUPPLIER_PAYMENT', 'SUPPLIER_REFUND'))
        and (sale_return_id is null or kind = 'SALE_REFUND')),
    add constraint mill_payment_financed_has_no_method check ((method is null) = (kind = 'SALE_FINANCED'));
create unique index mill_payment_financed_once on mill_payment (sale_id)
    where kind = 'SALE_FINANCED' and reversed_at is null;

-- What customers owe, and are owed.
create index mill_sale_open on mill_sale (branch_id, customer_id)
    where due_minor <> 0 and status in ('DELIVERED', 'PAID', 'PART_RETURNED', 'RETURNED');
