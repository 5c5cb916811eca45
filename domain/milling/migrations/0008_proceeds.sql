-- What investors paid for an invoice of a sale goes into the wallet of whoever offered it, and is the mill's: RECEIVED is what
-- came into that wallet, COLLECTED what the mill took from there, SPENT what paid a supplier from there.
create table mill_proceeds (
    id uuid primary key,
    serial bigint not null generated always as identity,
    seller_id uuid not null references app_user (id),
    kind varchar(9) not null constraint mill_proceeds_kind_is_known check (kind in ('RECEIVED', 'COLLECTED', 'SPENT')),
    sale_id uuid references mill_sale (id),
    -- The invoice on the investors' market.
    invoice_id uuid,
    payment_id uuid references mill_payment (id),
    branch_id uuid references branch (id),
    currency char(3) not null,
    -- Under zero for what left the wallet.
    amount_minor bigint not null,
    entry_id uuid not null references journal_entry (id),
    created_by_id uuid not null,
    created_at timestamptz not null,
    correlation_id uuid not null,
    constraint mill_proceeds_come_and_go check ((kind = 'RECEIVED') = (amount_minor > 0) and amount_minor <> 0),
    constraint mill_proceeds_are_of_a_sale check (
        (kind = 'RECEIVED') = (sale_id is not null) and (kind = 'RECEIVED') = (invoice_id is not null)),
    constraint mill_proceeds_are_spent_by_a_payment check ((kind = 'SPENT') = (payment_id is not null))
);
create index mill_proceeds_by_seller on mill_proceeds (seller_id, currency, serial);
create index mill_proceeds_by_sale on mill_proceeds (sale_id) where sale_id is not null;
create index mill_proceeds_by_invoice on mill_proceeds (invoice_id) where invoice_id is not null;
create unique index mill_proceeds_spent_once on mill_proceeds (payment_id) where payment_id is not null;
create index mill_proceeds_by_entry on mill_proceeds (entry_id);

create function mill_proceeds_are_kept() returns trigger language plpgsql as $$
begin
    raise exception 'what came and went stays as it is' using errcode = 'check_violation', constraint = 'mill_proceeds_are_kept';
end $$;
create trigger mill_proceeds_are_kept before update or delete on mill_proceeds
    for each row execute function mill_proceeds_are_kept();

-- Nobody takes more from a seller than came to them.
create function mill_proceeds_are_there() returns trigger language plpgsql as $$
begin
    if (select sum(amount_minor) from mill_proceeds where seller_id = new.seller_id and currency = new.currency) < 0 then
        raise exception 'more was taken than came' using errcode = 'check_violation', constraint = 'mill_proceeds_are_there';
    end if;
    return null;
end $$;
create constraint trigger mill_proceeds_are_there after insert on mill_proceeds
    deferrable initially deferred for each row execute function mill_proceeds_are_there();

-- Out of a wallet its owner alone pays a supplier, with what the wallet holds of the mill's, and that is not taken back.
alter table mill_payment
    add constraint mill_payment_supplier_is_paid_by_the_owner check (
        kind not in ('SUPPLIER_PAYMENT', 'SUPPLIER_REFUND') or wallet_owner_id is null
        or (kind = 'SUPPLIER_PAYMENT' and wallet_owner_id = created_by_id and reversed_at is null));
