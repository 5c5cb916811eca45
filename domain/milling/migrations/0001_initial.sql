-- The mill. Quantities are of an item's base unit unless a column says otherwise; amounts are minor units of the mill's one
-- currency. What stock is worth follows from movements alone (see rules/); everything that is derived from them can be rebuilt.

-- What is kept in stock. Items are the whole mill's; how much of one is where is told by its bins.
create table mill_item (
    id uuid primary key,
    code varchar(30) not null constraint mill_item_code_is_unique unique
        constraint mill_item_code_is_plain check (code ~ '^[A-Z0-9][A-Z0-9_.-]*$'),
    name varchar(120) not null constraint mill_item_name_is_trimmed check (name = btrim(name) and name <> ''),
    description varchar(500) not null default '',
    category varchar(12) not null constraint mill_item_category_is_known check (category in (
        'RAW_MATERIAL', 'FINISHED', 'BY_PRODUCT', 'PACKAGING')),
    base_unit varchar(20) not null
        constraint mill_item_base_unit_is_trimmed check (base_unit = btrim(base_unit) and base_unit <> ''),
    valuation_method varchar(14) not null
        constraint mill_item_valuation_is_known check (valuation_method in ('FIFO', 'MOVING_AVERAGE')),
    allow_negative boolean not null default false,
    -- At this level or under it stock is low; 0 for an item that nobody watches. A bin may say otherwise.
    reorder_level numeric(18, 3) not null default 0 constraint mill_item_reorder_level_not_negative check (reorder_level >= 0),
    reorder_quantity numeric(18, 3) not null default 0
        constraint mill_item_reorder_quantity_not_negative check (reorder_quantity >= 0),
    lead_time_days int not null default 0
        constraint mill_item_lead_time_is_bounded check (lead_time_days between 0 and 3650),
    weight_kg numeric(18, 6) not null default 1 constraint mill_item_weight_not_negative check (weight_kg >= 0),
    currency char(3) not null,
    sale_price_minor bigint constraint mill_item_sale_price_not_negative check (sale_price_minor >= 0),
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint mill_item_version_is_positive check (version >= 1)
);
create index mill_item_by_category on mill_item (category, name, id);
create index mill_item_by_name on mill_item (name, id);
create index mill_item_by_age on mill_item (created_at, id);

-- Other units of an item: how many base units one of them is, such as 90 for a bag of an item kept in kg.
create table mill_item_unit (
    id uuid primary key,
    item_id uuid not null references mill_item (id),
    unit varchar(20) not null constraint mill_item_unit_is_trimmed check (unit = btrim(unit) and unit <> ''),
    factor numeric(18, 6) not null constraint mill_item_unit_factor_is_positive check (factor > 0),
    constraint mill_item_unit_once unique (item_id, unit)
);

-- Where stock lies. Without a branch it is for those who see every branch. Without a capacity it never fills up.
create table mill_warehouse (
    id uuid primary key,
    code varchar(30) not null constraint mill_warehouse_code_is_unique unique
        constraint mill_warehouse_code_is_plain check (code ~ '^[A-Z0-9][A-Z0-9_.-]*$'),
    name varchar(120) not null constraint mill_warehouse_name_is_trimmed check (name = btrim(name) and name <> ''),
    address varchar(300) not null default '',
    branch_id uuid references branch (id),
    capacity_kg numeric(18, 3) constraint mill_warehouse_capacity_is_positive check (capacity_kg > 0),
    alert_percent int not null constraint mill_warehouse_alert_is_a_percentage check (alert_percent between 1 and 100),
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint mill_warehouse_version_is_positive check (version >= 1)
);
create index mill_warehouse_by_branch on mill_warehouse (branch_id, name, id);
create index mill_warehouse_by_name on mill_warehouse (name, id);

-- Whom the mill buys from.
create table mill_supplier (
    id uuid primary key,
    name varchar(120) not null constraint mill_supplier_name_is_trimmed check (name = btrim(name) and name <> ''),
    phone varchar(20),
    email varchar(254),
    address varchar(300) not null default '',
    tax_number varchar(40) not null default '',
    -- How many days after the bill it is due.
    payment_days int not null default 0
        constraint mill_supplier_payment_days_are_bounded check (payment_days between 0 and 365),
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint mill_supplier_version_is_positive check (version >= 1)
);
-- Two suppliers of one name would be taken for each other.
create unique index mill_supplier_name_is_unique on mill_supplier (lower(name)) where active;
create index mill_supplier_by_name on mill_supplier (name, id);

-- Whom the mill sells to by name; some of them are registered users. Somebody at the counter is no customer here.
create table mill_customer (
    id uuid primary key,
    name varchar(120) not null constraint mill_customer_name_is_trimmed check (name = btrim(name) and name <> ''),
    phone varchar(20),
    email varchar(254),
    address varchar(300) not null default '',
    tax_number varchar(40) not null default '',
    user_id uuid constraint mill_customer_user_is_unique unique,
    payment_days int not null default 0
        constraint mill_customer_payment_days_are_bounded check (payment_days between 0 and 365),
    currency char(3) not null,
    -- How much may be owed at most; null for no limit, 0 for nothing on credit.
    credit_limit_minor bigint constraint mill_customer_credit_limit_not_negative check (credit_limit_minor >= 0),
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint mill_customer_version_is_positive check (version >= 1)
);
create index mill_customer_by_name on mill_customer (name, id);

-- Facts: what happened to stock. Ordered by (effective_at, seq). A count says what was found and has no quantity of its own; a
-- movement of value alone has quantity 0. value_minor is what the document states, null where the cost follows from others.
create table stock_movement (
    id uuid primary key,
    seq bigint not null generated always as identity,
    item_id uuid not null references mill_item (id),
    warehouse_id uuid not null references mill_warehouse (id),
    kind varchar(21) not null,
    quantity numeric(18, 3),
    counted numeric(18, 3) constraint stock_movement_counted_not_negative check (counted >= 0),
    value_minor bigint,
    -- The movement whose cost it takes or corrects.
    source_id uuid references stock_movement (id),
    -- The production or repack that shares its cost among its outputs, and by which rule.
    pool_id uuid,
    cost_rule varchar(5) constraint stock_movement_cost_rule_is_known check (cost_rule in ('FIXED', 'SHARE', 'REST')),
    cost_value numeric(18, 0) constraint stock_movement_cost_value_not_negative check (cost_value >= 0),
    document_kind varchar(15) not null constraint stock_movement_document_is_known check (document_kind in (
        'PURCHASE', 'PURCHASE_RETURN', 'LANDED_COST', 'PRODUCTION', 'SALE', 'SALE_RETURN', 'STOCK_DOCUMENT')),
    document_id uuid not null,
    line_no int not null constraint stock_movement_line_is_positive check (line_no >= 1),
    effective_at timestamptz not null,
    recorded_at timestamptz not null,
    actor_id uuid not null,
    note varchar(300) not null default '',
    -- The sign of a quantity follows from the kind; an unknown kind has none and is refused.
    constraint stock_movement_quantity_fits_its_kind check (case
        when kind in ('OPENING', 'RECEIPT', 'PURCHASE_RECEIPT', 'SALE_RETURN', 'TRANSFER_IN', 'PRODUCTION_OUTPUT',
                      'PRODUCTION_BY_PRODUCT', 'REPACK_IN') then quantity is not null and quantity > 0
        when kind in ('ISSUE', 'PURCHASE_RETURN', 'SALE_DELIVERY', 'TRANSFER_OUT', 'PRODUCTION_CONSUME', 'REPACK_OUT')
            then quantity is not null and quantity < 0
        when kind in ('BILL_DIFFERENCE', 'LANDED_COST') then quantity is not null and quantity = 0
        when kind = 'ADJUSTMENT' then quantity is not null and quantity <> 0
        when kind = 'COUNT' then quantity is null
        else false end),
    constraint stock_movement_count_says_what_was_found check ((kind = 'COUNT') = (counted is not null)),
    constraint stock_movement_value_only_says_its_value
        check (kind not in ('BILL_DIFFERENCE', 'LANDED_COST') or (value_minor is not null and source_id is not null)),
    constraint stock_movement_value_not_negative check (value_minor >= 0 or kind = 'BILL_DIFFERENCE'),
    constraint stock_movement_transfer_has_a_source check (kind <> 'TRANSFER_IN' or source_id is not null),
    constraint stock_movement_pool_fits_its_kind check ((pool_id is not null) = (kind in (
        'PRODUCTION_CONSUME', 'PRODUCTION_OUTPUT', 'PRODUCTION_BY_PRODUCT', 'REPACK_OUT', 'REPACK_IN'))),
    constraint stock_movement_cost_rule_is_whole check (
        (cost_rule is null or pool_id is not null)
        and (cost_rule is not null and cost_rule in ('FIXED', 'SHARE')) = (cost_value is not null)),
    constraint stock_movement_share_is_a_share check (cost_rule <> 'SHARE' or cost_value <= 10000),
    constraint stock_movement_is_not_in_the_future check (effective_at <= recorded_at)
);
create index stock_movement_by_bin on stock_movement (item_id, warehouse_id, effective_at, seq);
create index stock_movement_by_item on stock_movement (item_id, effective_at, seq);
create index stock_movement_by_warehouse on stock_movement (warehouse_id, effective_at, seq);
create index stock_movement_by_time on stock_movement (effective_at, seq);
create index stock_movement_by_document on stock_movement (document_id, line_no);
create index stock_movement_by_source on stock_movement (source_id) where source_id is not null;
create index stock_movement_by_pool on stock_movement (pool_id) where pool_id is not null;

-- A movement that is cancelled is left out of history, as if it had never been.
create table stock_cancellation (
    movement_id uuid primary key references stock_movement (id),
    reason varchar(500) not null constraint stock_cancellation_says_why check (btrim(reason) <> ''),
    cancelled_at timestamptz not null,
    actor_id uuid not null
);

-- Cost that a production or repack shares among its outputs besides what it consumed. What a pool has is the sum of its rows; a
-- document that is cancelled takes its own back by a negative one.
create table stock_pool (
    id uuid primary key,
    pool_id uuid not null,
    amount_minor bigint not null constraint stock_pool_amount_is_not_zero check (amount_minor <> 0),
    document_id uuid not null,
    recorded_at timestamptz not null,
    actor_id uuid not null
);
create index stock_pool_by_pool on stock_pool (pool_id);

create function stock_history_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'check_violation', constraint = 'stock_history_is_kept';
end $$;
create trigger stock_movement_is_kept before update or delete on stock_movement
    for each row execute function stock_history_is_kept();
create trigger stock_cancellation_is_kept before update or delete on stock_cancellation
    for each row execute function stock_history_is_kept();
create trigger stock_pool_is_kept before update or delete on stock_pool
    for each row execute function stock_history_is_kept();
create trigger stock_movement_is_not_emptied before truncate on stock_movement
    for each statement execute function stock_history_is_kept();
create trigger stock_cancellation_is_not_emptied before truncate on stock_cancellation
    for each statement execute function stock_history_is_kept();
create trigger stock_pool_is_not_emptied before truncate on stock_pool
    for each statement execute function stock_history_is_kept();

-- Derived: what each movement is worth in the books now; none for one that is cancelled. What of its cost found no stock to
-- be in is its variance.
create table stock_posting (
    movement_id uuid primary key references stock_movement (id),
    quantity numeric(18, 3) not null,
    value_minor bigint not null,
    variance_minor bigint not null default 0
);

-- Derived, but for reorder_level and reserved: an item in a warehouse now. state is what the rules go on from.
create table stock_bin (
    id uuid not null default gen_random_uuid() constraint stock_bin_id_is_unique unique,
    item_id uuid not null references mill_item (id),
    warehouse_id uuid not null references mill_warehouse (id),
    on_hand numeric(18, 3) not null default 0,
    reserved numeric(18, 3) not null default 0 constraint stock_bin_reserved_not_negative check (reserved >= 0),
    available numeric(18, 3) not null generated always as (on_hand - reserved) stored,
    value_minor bigint not null default 0,
    last_at timestamptz,
    last_seq bigint,
    state jsonb not null default '{}',
    -- Where it differs from the item's.
    reorder_level numeric(18, 3) constraint stock_bin_reorder_level_not_negative check (reorder_level >= 0),
    version int not null default 1 constraint stock_bin_version_is_positive check (version >= 1),
    primary key (item_id, warehouse_id),
    constraint stock_bin_empty_is_worth_nothing check (on_hand <> 0 or value_minor = 0),
    constraint stock_bin_last_is_whole check ((last_at is null) = (last_seq is null))
);
create index stock_bin_by_warehouse on stock_bin (warehouse_id, item_id);

-- Only looked at when a bin is under zero, so that all others pay nothing for it.
create function stock_bin_may_be_negative() returns trigger language plpgsql as $$
begin
    if not (select allow_negative from mill_item where id = new.item_id) then
        raise exception 'this item is never under zero' using errcode = 'check_violation',
            constraint = 'stock_bin_never_under_zero';
    end if;
    return new;
end $$;
create trigger stock_bin_may_be_negative before insert or update on stock_bin
    for each row when (new.on_hand < 0) execute function stock_bin_may_be_negative();

-- Derived: the state of a bin after some movement, so that a replay need not begin at the beginning.
create table stock_snapshot (
    item_id uuid not null,
    warehouse_id uuid not null,
    effective_at timestamptz not null,
    seq bigint not null,
    state jsonb not null,
    primary key (item_id, warehouse_id, effective_at, seq)
);

-- Derived: sums of postings by day (UTC) of the moment at which they took effect.
create table stock_day (
    item_id uuid not null,
    warehouse_id uuid not null,
    day date not null,
    received numeric(18, 3) not null default 0 constraint stock_day_received_not_negative check (received >= 0),
    issued numeric(18, 3) not null default 0 constraint stock_day_issued_not_negative check (issued >= 0),
    -- Delivered to customers less what they brought back.
    sold numeric(18, 3) not null default 0,
    received_value_minor bigint not null default 0,
    issued_value_minor bigint not null default 0,
    movements int not null default 0 constraint stock_day_movements_not_negative check (movements >= 0),
    primary key (item_id, warehouse_id, day)
);
create index stock_day_by_day on stock_day (day, warehouse_id, item_id);

-- What a document holds back of a bin until it takes the goods or lets them go.
create table stock_reservation (
    id uuid not null default gen_random_uuid() constraint stock_reservation_id_is_unique unique,
    document_kind varchar(15) not null,
    document_id uuid not null,
    item_id uuid not null,
    warehouse_id uuid not null,
    quantity numeric(18, 3) not null constraint stock_reservation_is_positive check (quantity > 0),
    primary key (document_id, item_id, warehouse_id),
    foreign key (item_id, warehouse_id) references stock_bin (item_id, warehouse_id)
);
create index stock_reservation_by_bin on stock_reservation (item_id, warehouse_id);

-- What somebody should look at: an item that runs out somewhere, or a warehouse that fills up. Raised once per crossing.
create table stock_alert (
    id uuid primary key,
    kind varchar(18) not null constraint stock_alert_kind_is_known check (kind in (
        'LOW_STOCK', 'OUT_OF_STOCK', 'WAREHOUSE_CAPACITY')),
    priority varchar(8) not null constraint stock_alert_priority_is_known check (priority in (
        'CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
    state varchar(12) not null constraint stock_alert_state_is_known check (state in ('OPEN', 'ACKNOWLEDGED', 'RESOLVED')),
    item_id uuid references mill_item (id),
    warehouse_id uuid not null references mill_warehouse (id),
    branch_id uuid references branch (id),
    -- As it was when the alert was raised: how much there was, and the level it fell to; of a warehouse in kg and its capacity.
    on_hand numeric(18, 3) not null,
    threshold numeric(18, 3) not null,
    used_percent numeric(9, 2),
    raised_at timestamptz not null,
    acknowledged_by_id uuid,
    acknowledged_at timestamptz,
    comment varchar(500) not null default '',
    resolved_at timestamptz,
    constraint stock_alert_is_about_one_thing check ((kind = 'WAREHOUSE_CAPACITY') = (item_id is null)),
    constraint stock_alert_acknowledgement_is_whole check (
        (acknowledged_by_id is null) = (acknowledged_at is null)
        and (state <> 'ACKNOWLEDGED' or acknowledged_at is not null) and (state <> 'OPEN' or acknowledged_at is null)),
    constraint stock_alert_resolution_is_whole check ((state = 'RESOLVED') = (resolved_at is not null))
);
create unique index stock_alert_open_once_of_bin on stock_alert (item_id, warehouse_id, kind)
    where state <> 'RESOLVED' and item_id is not null;
create unique index stock_alert_open_once_of_warehouse on stock_alert (warehouse_id, kind)
    where state <> 'RESOLVED' and item_id is null;
create index stock_alert_by_branch on stock_alert (branch_id, state, raised_at, id);
create index stock_alert_by_age on stock_alert (raised_at, id);

-- How an item is made: what goes in, and what else comes out, for one output quantity of it.
create table mill_bom (
    id uuid primary key,
    code varchar(30) not null constraint mill_bom_code_is_unique unique
        constraint mill_bom_code_is_plain check (code ~ '^[A-Z0-9][A-Z0-9_.-]*$'),
    name varchar(120) not null constraint mill_bom_name_is_trimmed check (name = btrim(name) and name <> ''),
    item_id uuid not null references mill_item (id),
    output_quantity numeric(18, 3) not null constraint mill_bom_output_is_positive check (output_quantity > 0),
    -- Cost of labour, power and wear for one output quantity.
    currency char(3) not null,
    overhead_minor bigint not null default 0 constraint mill_bom_overhead_not_negative check (overhead_minor >= 0),
    note varchar(500) not null default '',
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint mill_bom_version_is_positive check (version >= 1)
);
create index mill_bom_by_item on mill_bom (item_id, name, id);
create index mill_bom_by_name on mill_bom (name, id);

create table mill_bom_line (
    id uuid primary key,
    bom_id uuid not null references mill_bom (id),
    line_no int not null constraint mill_bom_line_no_is_positive check (line_no >= 1),
    role varchar(10) not null constraint mill_bom_line_role_is_known check (role in ('INPUT', 'BY_PRODUCT')),
    item_id uuid not null references mill_item (id),
    unit varchar(20) not null,
    quantity numeric(18, 3) not null constraint mill_bom_line_quantity_is_positive check (quantity > 0),
    base_quantity numeric(18, 3) not null constraint mill_bom_line_base_quantity_is_positive check (base_quantity > 0),
    -- Of a by-product: FIXED is minor units for one base unit, SHARE basis points of the whole cost.
    cost_rule varchar(5) constraint mill_bom_line_cost_rule_is_known check (cost_rule in ('FIXED', 'SHARE')),
    cost_value numeric(18, 6) constraint mill_bom_line_cost_value_not_negative check (cost_value >= 0),
    constraint mill_bom_line_once unique (bom_id, line_no),
    constraint mill_bom_line_cost_rule_is_whole check (
        (role = 'BY_PRODUCT') = (cost_rule is not null) and (cost_rule is null) = (cost_value is null)),
    constraint mill_bom_line_share_is_a_share check (cost_rule <> 'SHARE' or cost_value <= 10000)
);

-- An order to a supplier, the goods that came, and the bill for them. billed_minor is null until there is a bill; credited is
-- what returns took off it. Payments less refunds are what was paid; all of it is the sum of the rows that say so.
create table mill_purchase (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'PO-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored
        constraint mill_purchase_number_is_unique unique,
    supplier_id uuid not null references mill_supplier (id),
    supplier_name varchar(120) not null,
    warehouse_id uuid not null references mill_warehouse (id),
    branch_id uuid references branch (id),
    status varchar(13) not null constraint mill_purchase_status_is_known check (status in (
        'DRAFT', 'RECEIVED', 'BILLED', 'PART_RETURNED', 'RETURNED', 'CANCELLED')),
    currency char(3) not null,
    amount_minor bigint not null constraint mill_purchase_amount_not_negative check (amount_minor >= 0),
    billed_minor bigint constraint mill_purchase_billed_not_negative check (billed_minor >= 0),
    landed_minor bigint not null default 0 constraint mill_purchase_landed_not_negative check (landed_minor >= 0),
    returned_minor bigint not null default 0 constraint mill_purchase_returned_not_negative check (returned_minor >= 0),
    credited_minor bigint not null default 0,
    paid_minor bigint not null default 0 constraint mill_purchase_paid_not_negative check (paid_minor >= 0),
    refunded_minor bigint not null default 0,
    -- What is owed to the supplier; under zero when the supplier owes.
    due_minor bigint not null generated always as (
        coalesce(billed_minor, 0) - credited_minor - paid_minor + refunded_minor) stored,
    reference varchar(60) not null default '',
    note varchar(500) not null default '',
    expected_on date,
    received_at timestamptz,
    received_by_id uuid,
    bill_number varchar(60),
    billed_on date,
    billed_at timestamptz,
    billed_by_id uuid,
    due_on date,
    cancelled_at timestamptz,
    cancelled_by_id uuid,
    cancel_reason varchar(500) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1 constraint mill_purchase_version_is_positive check (version >= 1),
    constraint mill_purchase_receipt_is_whole check ((received_at is null) = (received_by_id is null)),
    constraint mill_purchase_received_says_when check (status in ('DRAFT', 'CANCELLED') or received_at is not null),
    constraint mill_purchase_draft_has_no_receipt check (status <> 'DRAFT' or received_at is null),
    constraint mill_purchase_bill_is_whole check (
        (billed_minor is null) = (billed_at is null) and (billed_minor is null) = (billed_by_id is null)
        and (billed_minor is null) = (billed_on is null)),
    constraint mill_purchase_billed_has_a_bill check (status <> 'BILLED' or billed_minor is not null),
    constraint mill_purchase_unbilled_has_no_bill check (status not in ('DRAFT', 'RECEIVED') or billed_minor is null),
    constraint mill_purchase_cancellation_is_whole check (
        (status = 'CANCELLED') = (cancelled_at is not null) and (cancelled_by_id is null) = (cancelled_at is null)),
    constraint mill_purchase_return_status_is_a_return check ((status in ('PART_RETURNED', 'RETURNED')) or returned_minor = 0),
    constraint mill_purchase_credit_is_within_bill check (credited_minor between 0 and coalesce(billed_minor, 0)),
    constraint mill_purchase_refund_is_within_payments check (refunded_minor between 0 and paid_minor)
);
create index mill_purchase_by_branch on mill_purchase (branch_id, status, created_at, id);
create index mill_purchase_by_status on mill_purchase (status, created_at, id);
create index mill_purchase_by_age on mill_purchase (created_at, id);
create index mill_purchase_by_receipt on mill_purchase (received_at, branch_id) where received_at is not null;
create index mill_purchase_by_supplier on mill_purchase (supplier_id, created_at, id);
create index mill_purchase_by_warehouse on mill_purchase (warehouse_id, created_at, id);
create index mill_purchase_owed on mill_purchase (branch_id, due_on) where billed_minor is not null and due_minor > 0;
-- A supplier's bill is entered once.
create unique index mill_purchase_bill_once on mill_purchase (supplier_id, lower(bill_number))
    where bill_number is not null and status <> 'CANCELLED';

-- quantity is of the line's unit and what was ordered; base_quantity is the same in base units. amount_minor is what the goods
-- cost: those ordered, and from the receipt on those that came. unit_price_minor is null where the amount alone was said.
create table mill_purchase_line (
    id uuid primary key,
    purchase_id uuid not null references mill_purchase (id),
    line_no int not null constraint mill_purchase_line_no_is_positive check (line_no >= 1),
    item_id uuid not null references mill_item (id),
    item_name varchar(120) not null,
    unit varchar(20) not null,
    quantity numeric(18, 3) not null constraint mill_purchase_line_quantity_is_positive check (quantity > 0),
    base_quantity numeric(18, 3) not null constraint mill_purchase_line_base_quantity_is_positive check (base_quantity > 0),
    unit_price_minor bigint constraint mill_purchase_line_price_not_negative check (unit_price_minor >= 0),
    amount_minor bigint not null constraint mill_purchase_line_amount_not_negative check (amount_minor >= 0),
    billed_minor bigint constraint mill_purchase_line_billed_not_negative check (billed_minor >= 0),
    landed_minor bigint not null default 0 constraint mill_purchase_line_landed_not_negative check (landed_minor >= 0),
    -- Both in base units.
    received_quantity numeric(18, 3) not null default 0
        constraint mill_purchase_line_received_not_negative check (received_quantity >= 0),
    returned_quantity numeric(18, 3) not null default 0,
    returned_minor bigint not null default 0 constraint mill_purchase_line_returned_not_negative check (returned_minor >= 0),
    movement_id uuid references stock_movement (id),
    constraint mill_purchase_line_once unique (purchase_id, line_no),
    constraint mill_purchase_line_received_has_a_movement check ((movement_id is not null) = (received_quantity > 0)),
    constraint mill_purchase_line_returned_is_within_received check (returned_quantity between 0 and received_quantity)
);
create index mill_purchase_line_by_item on mill_purchase_line (item_id, purchase_id);

-- Freight, duty and the like that a purchase cost besides its goods, shared among its lines.
create table mill_landed_cost (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'LC-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored
        constraint mill_landed_cost_number_is_unique unique,
    purchase_id uuid not null references mill_purchase (id),
    branch_id uuid references branch (id),
    status varchar(9) not null constraint mill_landed_cost_status_is_known check (status in ('POSTED', 'CANCELLED')),
    description varchar(300) not null
        constraint mill_landed_cost_says_what_for check (description = btrim(description) and description <> ''),
    currency char(3) not null,
    amount_minor bigint not null constraint mill_landed_cost_is_positive check (amount_minor > 0),
    allocate_by varchar(8) not null
        constraint mill_landed_cost_allocation_is_known check (allocate_by in ('VALUE', 'QUANTITY')),
    entry_id uuid references journal_entry (id),
    cancelled_at timestamptz,
    cancelled_by_id uuid,
    cancel_reason varchar(500) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1 constraint mill_landed_cost_version_is_positive check (version >= 1),
    constraint mill_landed_cost_cancellation_is_whole check (
        (status = 'CANCELLED') = (cancelled_at is not null) and (cancelled_by_id is null) = (cancelled_at is null))
);
create index mill_landed_cost_by_purchase on mill_landed_cost (purchase_id, created_at, id);

create table mill_landed_cost_share (
    id uuid primary key,
    landed_cost_id uuid not null references mill_landed_cost (id),
    purchase_line_id uuid not null references mill_purchase_line (id),
    amount_minor bigint not null constraint mill_landed_cost_share_not_negative check (amount_minor >= 0),
    -- None for a line whose share came to nothing.
    movement_id uuid references stock_movement (id),
    constraint mill_landed_cost_share_once unique (landed_cost_id, purchase_line_id)
);

-- Goods that go back to the supplier. amount_minor is what the supplier owes or no longer asks for them.
create table mill_purchase_return (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'DN-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored
        constraint mill_purchase_return_number_is_unique unique,
    purchase_id uuid not null references mill_purchase (id),
    warehouse_id uuid not null references mill_warehouse (id),
    branch_id uuid references branch (id),
    status varchar(9) not null constraint mill_purchase_return_status_is_known check (status in ('POSTED', 'CANCELLED')),
    currency char(3) not null,
    amount_minor bigint not null constraint mill_purchase_return_amount_not_negative check (amount_minor >= 0),
    -- What of it was taken off a bill.
    credited_minor bigint not null default 0,
    reason varchar(500) not null constraint mill_purchase_return_says_why check (btrim(reason) <> ''),
    returned_at timestamptz not null,
    entry_id uuid references journal_entry (id),
    cancelled_at timestamptz,
    cancelled_by_id uuid,
    cancel_reason varchar(500) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1 constraint mill_purchase_return_version_is_positive check (version >= 1),
    constraint mill_purchase_return_credit_is_within_amount check (credited_minor between 0 and amount_minor),
    constraint mill_purchase_return_cancellation_is_whole check (
        (status = 'CANCELLED') = (cancelled_at is not null) and (cancelled_by_id is null) = (cancelled_at is null))
);
create index mill_purchase_return_by_purchase on mill_purchase_return (purchase_id, created_at, id);
create index mill_purchase_return_by_branch on mill_purchase_return (branch_id, created_at, id);
create index mill_purchase_return_by_age on mill_purchase_return (created_at, id);

create table mill_purchase_return_line (
    id uuid primary key,
    purchase_return_id uuid not null references mill_purchase_return (id),
    line_no int not null constraint mill_purchase_return_line_no_is_positive check (line_no >= 1),
    purchase_line_id uuid not null references mill_purchase_line (id),
    item_id uuid not null references mill_item (id),
    unit varchar(20) not null,
    quantity numeric(18, 3) not null constraint mill_purchase_return_line_quantity_is_positive check (quantity > 0),
    base_quantity numeric(18, 3) not null
        constraint mill_purchase_return_line_base_quantity_is_positive check (base_quantity > 0),
    amount_minor bigint not null constraint mill_purchase_return_line_amount_not_negative check (amount_minor >= 0),
    movement_id uuid references stock_movement (id),
    constraint mill_purchase_return_line_once unique (purchase_return_id, line_no)
);
create index mill_purchase_return_line_by_purchase_line on mill_purchase_return_line (purchase_line_id);

-- Milling: inputs are taken when it starts, outputs come in when it is completed. The costs and weights are those of its
-- movements as they are posted now.
create table mill_production (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'PR-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored
        constraint mill_production_number_is_unique unique,
    bom_id uuid references mill_bom (id),
    item_id uuid not null references mill_item (id),
    item_name varchar(120) not null,
    warehouse_id uuid not null references mill_warehouse (id),
    output_warehouse_id uuid not null references mill_warehouse (id),
    branch_id uuid references branch (id),
    status varchar(11) not null constraint mill_production_status_is_known check (status in (
        'PLANNED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
    planned_quantity numeric(18, 3) not null constraint mill_production_plan_is_positive check (planned_quantity > 0),
    output_quantity numeric(18, 3) not null default 0
        constraint mill_production_output_not_negative check (output_quantity >= 0),
    input_kg numeric(18, 3) not null default 0 constraint mill_production_input_kg_not_negative check (input_kg >= 0),
    output_kg numeric(18, 3) not null default 0 constraint mill_production_output_kg_not_negative check (output_kg >= 0),
    by_product_kg numeric(18, 3) not null default 0
        constraint mill_production_by_product_kg_not_negative check (by_product_kg >= 0),
    -- Extraction: the weight of the main output in percent of that of the inputs; null while nothing has come out.
    yield_percent numeric(9, 2) constraint mill_production_yield_not_negative check (yield_percent >= 0),
    currency char(3) not null,
    input_cost_minor bigint not null default 0,
    overhead_minor bigint not null default 0 constraint mill_production_overhead_not_negative check (overhead_minor >= 0),
    by_product_cost_minor bigint not null default 0,
    output_cost_minor bigint not null default 0,
    note varchar(500) not null default '',
    planned_on date,
    started_at timestamptz,
    started_by_id uuid,
    completed_at timestamptz,
    completed_by_id uuid,
    cancelled_at timestamptz,
    cancelled_by_id uuid,
    cancel_reason varchar(500) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1 constraint mill_production_version_is_positive check (version >= 1),
    constraint mill_production_start_is_whole check ((started_at is null) = (started_by_id is null)),
    constraint mill_production_completion_is_whole check (
        (completed_at is null) = (completed_by_id is null) and (completed_at is null or started_at is not null)),
    constraint mill_production_planned_takes_nothing check (
        status <> 'PLANNED' or (started_at is null and input_cost_minor = 0 and input_kg = 0)),
    constraint mill_production_in_progress_has_begun check (
        status <> 'IN_PROGRESS' or (started_at is not null and completed_at is null)),
    constraint mill_production_completed_has_output check (
        status <> 'COMPLETED' or (completed_at is not null and output_quantity > 0)),
    constraint mill_production_cost_is_shared_out check (
        status <> 'COMPLETED' or input_cost_minor + overhead_minor = by_product_cost_minor + output_cost_minor),
    constraint mill_production_cancellation_is_whole check (
        (status = 'CANCELLED') = (cancelled_at is not null) and (cancelled_by_id is null) = (cancelled_at is null))
);
create index mill_production_by_branch on mill_production (branch_id, status, created_at, id);
create index mill_production_by_status on mill_production (status, created_at, id);
create index mill_production_by_age on mill_production (created_at, id);
create index mill_production_by_completion on mill_production (completed_at, branch_id) where completed_at is not null;
create index mill_production_by_item on mill_production (item_id, created_at, id);
create index mill_production_by_warehouse on mill_production (warehouse_id, created_at, id);
create index mill_production_by_bom on mill_production (bom_id) where bom_id is not null;

-- Quantities in base units. The movements of a line are those of its production with its number; there may be several. cost is
-- what they took or brought, always positive; cost_rule is as in a bill of materials: FIXED for one base unit.
create table mill_production_line (
    id uuid primary key,
    production_id uuid not null references mill_production (id),
    line_no int not null constraint mill_production_line_no_is_positive check (line_no >= 1),
    role varchar(10) not null constraint mill_production_line_role_is_known check (role in ('INPUT', 'OUTPUT', 'BY_PRODUCT')),
    item_id uuid not null references mill_item (id),
    item_name varchar(120) not null,
    planned_quantity numeric(18, 3) not null
        constraint mill_production_line_plan_not_negative check (planned_quantity >= 0),
    actual_quantity numeric(18, 3) not null default 0
        constraint mill_production_line_actual_not_negative check (actual_quantity >= 0),
    cost_rule varchar(5) constraint mill_production_line_cost_rule_is_known check (cost_rule in ('FIXED', 'SHARE')),
    cost_value numeric(18, 6) constraint mill_production_line_cost_value_not_negative check (cost_value >= 0),
    cost_minor bigint not null default 0,
    constraint mill_production_line_once unique (production_id, line_no),
    constraint mill_production_line_cost_rule_is_whole check (
        (role = 'BY_PRODUCT') = (cost_rule is not null) and (cost_rule is null) = (cost_value is null)),
    constraint mill_production_line_share_is_a_share check (cost_rule <> 'SHARE' or cost_value <= 10000)
);
create unique index mill_production_line_one_output on mill_production_line (production_id) where role = 'OUTPUT';
create index mill_production_line_by_item on mill_production_line (item_id, production_id);

-- A document about stock alone: no partner, no price. Of a transfer, to_warehouse_id is where the goods go.
create table stock_document (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'SD-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored
        constraint stock_document_number_is_unique unique,
    kind varchar(10) not null constraint stock_document_kind_is_known check (kind in (
        'OPENING', 'RECEIPT', 'ISSUE', 'TRANSFER', 'COUNT', 'ADJUSTMENT', 'REPACK')),
    status varchar(9) not null constraint stock_document_status_is_known check (status in ('POSTED', 'CANCELLED')),
    warehouse_id uuid not null references mill_warehouse (id),
    to_warehouse_id uuid references mill_warehouse (id),
    branch_id uuid references branch (id),
    -- Why the books were wrong.
    cause varchar(10) constraint stock_document_cause_is_known check (cause in (
        'DAMAGE', 'SPILLAGE', 'EXPIRY', 'THEFT', 'LOSS', 'FOUND', 'SAMPLE', 'CORRECTION', 'OTHER')),
    reason varchar(500) not null default '',
    reference varchar(60) not null default '',
    currency char(3) not null,
    -- Cost that a repack adds to what it repacks.
    overhead_minor bigint not null default 0 constraint stock_document_overhead_not_negative check (overhead_minor >= 0),
    -- What the stock of the mill gained by it as it was posted then; of a transfer what moved.
    value_minor bigint not null default 0,
    occurred_at timestamptz not null,
    entry_id uuid references journal_entry (id),
    cancelled_at timestamptz,
    cancelled_by_id uuid,
    cancel_reason varchar(500) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1 constraint stock_document_version_is_positive check (version >= 1),
    constraint stock_document_transfer_goes_elsewhere check (
        (kind = 'TRANSFER') = (to_warehouse_id is not null) and (to_warehouse_id is null or to_warehouse_id <> warehouse_id)),
    constraint stock_document_overhead_is_of_a_repack check (kind = 'REPACK' or overhead_minor = 0),
    constraint stock_document_cause_is_of_an_adjustment check ((kind = 'ADJUSTMENT') = (cause is not null)),
    constraint stock_document_cancellation_is_whole check (
        (status = 'CANCELLED') = (cancelled_at is not null) and (cancelled_by_id is null) = (cancelled_at is null))
);
create index stock_document_by_branch on stock_document (branch_id, status, created_at, id);
create index stock_document_by_kind on stock_document (kind, created_at, id);
create index stock_document_by_age on stock_document (created_at, id);
create index stock_document_by_time on stock_document (occurred_at, id);
create index stock_document_by_warehouse on stock_document (warehouse_id, created_at, id);
create index stock_document_by_target on stock_document (to_warehouse_id, created_at, id) where to_warehouse_id is not null;

-- quantity is of the line's unit: what moved, what was found (COUNT), or a difference of either sign (ADJUSTMENT).
create table stock_document_line (
    id uuid primary key,
    stock_document_id uuid not null references stock_document (id),
    line_no int not null constraint stock_document_line_no_is_positive check (line_no >= 1),
    -- Of a repack: what is taken apart, and what is made of it.
    role varchar(6) constraint stock_document_line_role_is_known check (role in ('INPUT', 'OUTPUT')),
    item_id uuid not null references mill_item (id),
    item_name varchar(120) not null,
    unit varchar(20) not null,
    quantity numeric(18, 3) not null,
    base_quantity numeric(18, 3) not null,
    -- The value that was stated, if any.
    amount_minor bigint constraint stock_document_line_amount_not_negative check (amount_minor >= 0),
    -- As it was posted then: signed, and of a transfer what came in.
    moved_quantity numeric(18, 3) not null default 0,
    value_minor bigint not null default 0,
    movement_id uuid references stock_movement (id),
    -- Of a transfer: the movement at the other end.
    to_movement_id uuid references stock_movement (id),
    constraint stock_document_line_once unique (stock_document_id, line_no)
);
create index stock_document_line_by_item on stock_document_line (item_id, stock_document_id);

-- Goods sold. returned, paid and refunded are sums of the rows that say so; due is what the customer owes, and under zero what
-- is owed to the customer.
create table mill_sale (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'SO-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored
        constraint mill_sale_number_is_unique unique,
    customer_id uuid references mill_customer (id),
    customer_name varchar(120) not null
        constraint mill_sale_customer_is_trimmed check (customer_name = btrim(customer_name) and customer_name <> ''),
    warehouse_id uuid not null references mill_warehouse (id),
    branch_id uuid references branch (id),
    status varchar(13) not null constraint mill_sale_status_is_known check (status in (
        'DRAFT', 'CONFIRMED', 'DELIVERED', 'PAID', 'PART_RETURNED', 'RETURNED', 'CANCELLED')),
    currency char(3) not null,
    amount_minor bigint not null constraint mill_sale_amount_not_negative check (amount_minor >= 0),
    returned_minor bigint not null default 0,
    paid_minor bigint not null default 0 constraint mill_sale_paid_not_negative check (paid_minor >= 0),
    refunded_minor bigint not null default 0,
    due_minor bigint not null generated always as (amount_minor - returned_minor - paid_minor + refunded_minor) stored,
    note varchar(500) not null default '',
    confirmed_at timestamptz,
    confirmed_by_id uuid,
    delivered_at timestamptz,
    delivered_by_id uuid,
    invoice_number varchar(30) constraint mill_sale_invoice_number_is_unique unique,
    invoiced_at timestamptz,
    due_on date,
    -- When it was offered to investors, and the invoice that they finance.
    offered_at timestamptz,
    finance_invoice_id uuid,
    cancelled_at timestamptz,
    cancelled_by_id uuid,
    cancel_reason varchar(500) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1 constraint mill_sale_version_is_positive check (version >= 1),
    constraint mill_sale_confirmation_is_whole check ((confirmed_at is null) = (confirmed_by_id is null)),
    constraint mill_sale_confirmed_says_when check (status <> 'CONFIRMED' or confirmed_at is not null),
    constraint mill_sale_delivery_is_whole check ((delivered_at is null) = (delivered_by_id is null)),
    constraint mill_sale_delivered_says_when check (
        (status not in ('DELIVERED', 'PAID', 'PART_RETURNED', 'RETURNED') or delivered_at is not null)
        and (status not in ('DRAFT', 'CONFIRMED') or delivered_at is null)),
    constraint mill_sale_paid_owes_nothing check (status <> 'PAID' or due_minor <= 0),
    constraint mill_sale_return_is_within_amount check (returned_minor between 0 and amount_minor),
    constraint mill_sale_return_status_is_a_return check ((status in ('PART_RETURNED', 'RETURNED')) or returned_minor = 0),
    constraint mill_sale_refund_is_within_payments check (refunded_minor between 0 and paid_minor),
    constraint mill_sale_cancelled_keeps_no_money check (status <> 'CANCELLED' or paid_minor = refunded_minor),
    constraint mill_sale_invoice_is_whole check (
        (invoice_number is null) = (invoiced_at is null) and (invoice_number is null or due_on is not null)),
    constraint mill_sale_offer_is_of_an_invoice check (offered_at is null or invoice_number is not null),
    constraint mill_sale_finance_is_of_an_offer check (finance_invoice_id is null or offered_at is not null),
    constraint mill_sale_cancellation_is_whole check (
        (status = 'CANCELLED') = (cancelled_at is not null) and (cancelled_by_id is null) = (cancelled_at is null))
);
create index mill_sale_by_branch on mill_sale (branch_id, status, created_at, id);
create index mill_sale_by_status on mill_sale (status, created_at, id);
create index mill_sale_by_age on mill_sale (created_at, id);
create index mill_sale_by_delivery on mill_sale (delivered_at, branch_id) where delivered_at is not null;
create index mill_sale_by_customer on mill_sale (customer_id, created_at, id) where customer_id is not null;
create index mill_sale_by_warehouse on mill_sale (warehouse_id, created_at, id);
create index mill_sale_owed on mill_sale (branch_id, due_on) where delivered_at is not null and due_minor > 0;
create index mill_sale_financed on mill_sale (finance_invoice_id) where finance_invoice_id is not null;
create sequence mill_sale_invoice_number;

create table mill_sale_line (
    id uuid primary key,
    sale_id uuid not null references mill_sale (id),
    line_no int not null constraint mill_sale_line_no_is_positive check (line_no >= 1),
    item_id uuid not null references mill_item (id),
    item_name varchar(120) not null,
    unit varchar(20) not null,
    quantity numeric(18, 3) not null constraint mill_sale_line_quantity_is_positive check (quantity > 0),
    base_quantity numeric(18, 3) not null constraint mill_sale_line_base_quantity_is_positive check (base_quantity > 0),
    unit_price_minor bigint constraint mill_sale_line_price_not_negative check (unit_price_minor >= 0),
    amount_minor bigint not null constraint mill_sale_line_amount_not_negative check (amount_minor >= 0),
    -- In base units; nothing comes back that was not delivered.
    returned_quantity numeric(18, 3) not null default 0,
    returned_minor bigint not null default 0,
    movement_id uuid references stock_movement (id),
    constraint mill_sale_line_once unique (sale_id, line_no),
    constraint mill_sale_line_returned_is_within_delivered check (
        returned_quantity between 0 and case when movement_id is null then 0 else base_quantity end),
    constraint mill_sale_line_credit_is_within_amount check (returned_minor between 0 and amount_minor)
);
create index mill_sale_line_by_item on mill_sale_line (item_id, sale_id);

-- Goods that come back from a customer; amount_minor is what they were sold for. Without a refund method it is set off against
-- what the customer owes.
create table mill_sale_return (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'CN-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored
        constraint mill_sale_return_number_is_unique unique,
    sale_id uuid not null references mill_sale (id),
    warehouse_id uuid not null references mill_warehouse (id),
    branch_id uuid references branch (id),
    status varchar(9) not null constraint mill_sale_return_status_is_known check (status in ('POSTED', 'CANCELLED')),
    currency char(3) not null,
    amount_minor bigint not null constraint mill_sale_return_amount_not_negative check (amount_minor >= 0),
    refund_method varchar(6) constraint mill_sale_return_method_is_known check (refund_method in (
        'CASH', 'BANK', 'MPESA', 'WALLET')),
    refunded_minor bigint not null default 0,
    reason varchar(500) not null constraint mill_sale_return_says_why check (btrim(reason) <> ''),
    returned_at timestamptz not null,
    entry_id uuid references journal_entry (id),
    cancelled_at timestamptz,
    cancelled_by_id uuid,
    cancel_reason varchar(500) not null default '',
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    correlation_id uuid not null,
    version int not null default 1 constraint mill_sale_return_version_is_positive check (version >= 1),
    constraint mill_sale_return_refund_is_within_amount check (
        refunded_minor between 0 and case when refund_method is null then 0 else amount_minor end),
    constraint mill_sale_return_cancellation_is_whole check (
        (status = 'CANCELLED') = (cancelled_at is not null) and (cancelled_by_id is null) = (cancelled_at is null))
);
create index mill_sale_return_by_sale on mill_sale_return (sale_id, created_at, id);
create index mill_sale_return_by_branch on mill_sale_return (branch_id, created_at, id);
create index mill_sale_return_by_age on mill_sale_return (created_at, id);
create index mill_sale_return_by_time on mill_sale_return (returned_at, id);

create table mill_sale_return_line (
    id uuid primary key,
    sale_return_id uuid not null references mill_sale_return (id),
    line_no int not null constraint mill_sale_return_line_no_is_positive check (line_no >= 1),
    sale_line_id uuid not null references mill_sale_line (id),
    item_id uuid not null references mill_item (id),
    unit varchar(20) not null,
    quantity numeric(18, 3) not null constraint mill_sale_return_line_quantity_is_positive check (quantity > 0),
    base_quantity numeric(18, 3) not null constraint mill_sale_return_line_base_quantity_is_positive check (base_quantity > 0),
    amount_minor bigint not null constraint mill_sale_return_line_amount_not_negative check (amount_minor >= 0),
    movement_id uuid references stock_movement (id),
    constraint mill_sale_return_line_once unique (sale_return_id, line_no)
);
create index mill_sale_return_line_by_sale_line on mill_sale_return_line (sale_line_id);

-- Money from and to customers and suppliers. A payment stays as it is and can be reversed, once.
create table mill_payment (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(20) not null generated always as (
        'PY-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored
        constraint mill_payment_number_is_unique unique,
    kind varchar(16) not null constraint mill_payment_kind_is_known check (kind in (
        'SALE_RECEIPT', 'SALE_REFUND', 'SUPPLIER_PAYMENT', 'SUPPLIER_REFUND')),
    method varchar(6) not null constraint mill_payment_method_is_known check (method in ('CASH', 'BANK', 'MPESA', 'WALLET')),
    sale_id uuid references mill_sale (id),
    sale_return_id uuid references mill_sale_return (id),
    purchase_id uuid references mill_purchase (id),
    branch_id uuid references branch (id),
    currency char(3) not null,
    amount_minor bigint not null constraint mill_payment_is_positive check (amount_minor > 0),
    -- The code of mobile money, the number of a cheque or a transfer.
    reference varchar(60) not null default '',
    -- Whose wallet it came from or went to.
    wallet_owner_id uuid,
    note varchar(300) not null default '',
    paid_at timestamptz not null,
    entry_id uuid not null references journal_entry (id),
    reversed_at timestamptz,
    reversed_by_id uuid,
    reversal_reason varchar(500) not null default '',
    reversal_entry_id uuid references journal_entry (id),
    created_by_id uuid not null,
    created_at timestamptz not null,
    correlation_id uuid not null,
    constraint mill_payment_is_of_its_document check (
        (sale_id is not null) = (kind in ('SALE_RECEIPT', 'SALE_REFUND'))
        and (purchase_id is not null) = (kind in ('SUPPLIER_PAYMENT', 'SUPPLIER_REFUND'))
        and (sale_return_id is null or kind = 'SALE_REFUND')),
    constraint mill_payment_wallet_has_an_owner check ((method = 'WALLET') = (wallet_owner_id is not null)),
    constraint mill_payment_reversal_is_whole check (
        (reversed_at is null) = (reversed_by_id is null) and (reversed_at is null) = (reversal_entry_id is null))
);
create index mill_payment_by_sale on mill_payment (sale_id, created_at, id) where sale_id is not null;
create index mill_payment_by_purchase on mill_payment (purchase_id, created_at, id) where purchase_id is not null;
create index mill_payment_by_branch on mill_payment (branch_id, created_at, id);
create index mill_payment_by_age on mill_payment (created_at, id);
create index mill_payment_by_time on mill_payment (paid_at, id);
-- The receipt of mobile money is recorded once.
create unique index mill_payment_reference_once on mill_payment (upper(reference))
    where method = 'MPESA' and reference <> '' and reversed_at is null;

-- What is in the books of stock keeps its meaning: how an item is counted and valued, and whose warehouse it is, are fixed by
-- the first movement.
create function mill_item_keeps_its_nature() returns trigger language plpgsql as $$
begin
    if (new.category, new.base_unit, new.valuation_method, new.currency)
       is distinct from (old.category, old.base_unit, old.valuation_method, old.currency)
       and exists (select from stock_movement where item_id = old.id) then
        raise exception 'the item has movements' using errcode = 'check_violation', constraint = 'mill_item_keeps_its_nature';
    end if;
    if old.allow_negative and not new.allow_negative
       and exists (select from stock_bin where item_id = old.id and on_hand < 0) then
        raise exception 'the item is under zero somewhere' using errcode = 'check_violation',
            constraint = 'mill_item_is_nowhere_under_zero';
    end if;
    return new;
end $$;
create trigger mill_item_keeps_its_nature before update on mill_item
    for each row execute function mill_item_keeps_its_nature();

create function mill_warehouse_stays_of_its_branch() returns trigger language plpgsql as $$
begin
    if exists (select from stock_movement where warehouse_id = old.id) then
        raise exception 'the warehouse has movements' using errcode = 'check_violation',
            constraint = 'mill_warehouse_stays_of_its_branch';
    end if;
    return new;
end $$;
create trigger mill_warehouse_stays_of_its_branch before update on mill_warehouse
    for each row when (new.branch_id is distinct from old.branch_id) execute function mill_warehouse_stays_of_its_branch();

-- A document goes its way: it begins in one of the statuses of the first argument, and goes from one to another only as the
-- others say. Its number, branch, currency and maker stay; it is never deleted.
create function mill_document_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a document is kept' using errcode = 'check_violation', constraint = tg_name;
    elsif tg_op = 'INSERT' then
        if not new.status = any (string_to_array(tg_argv[0], ' ')) then
            raise exception 'nothing begins as %', new.status using errcode = 'check_violation', constraint = tg_name;
        end if;
        return new;
    end if;
    if new.status <> old.status and not (old.status || '>' || new.status) = any (string_to_array(tg_argv[1], ' ')) then
        raise exception 'there is no way from % to %', old.status, new.status using errcode = 'check_violation',
            constraint = tg_name;
    end if;
    if (new.id, new.serial, new.branch_id, new.currency, new.created_by_id, new.created_at)
       is distinct from (old.id, old.serial, old.branch_id, old.currency, old.created_by_id, old.created_at) then
        raise exception 'whose document it is does not change' using errcode = 'check_violation', constraint = tg_name;
    end if;
    return new;
end $$;
create trigger mill_purchase_moves before insert or update or delete on mill_purchase
    for each row execute function mill_document_moves('DRAFT RECEIVED BILLED',
        'DRAFT>RECEIVED DRAFT>BILLED DRAFT>CANCELLED '
        'RECEIVED>BILLED RECEIVED>PART_RETURNED RECEIVED>RETURNED RECEIVED>CANCELLED '
        'BILLED>RECEIVED BILLED>PART_RETURNED BILLED>RETURNED BILLED>CANCELLED '
        'PART_RETURNED>RECEIVED PART_RETURNED>BILLED PART_RETURNED>RETURNED '
        'RETURNED>RECEIVED RETURNED>BILLED RETURNED>PART_RETURNED');
create trigger mill_sale_moves before insert or update or delete on mill_sale
    for each row execute function mill_document_moves('DRAFT CONFIRMED DELIVERED PAID',
        'DRAFT>CONFIRMED DRAFT>DELIVERED DRAFT>PAID DRAFT>CANCELLED '
        'CONFIRMED>DELIVERED CONFIRMED>PAID CONFIRMED>CANCELLED '
        'DELIVERED>PAID DELIVERED>PART_RETURNED DELIVERED>RETURNED DELIVERED>CANCELLED '
        'PAID>DELIVERED PAID>PART_RETURNED PAID>RETURNED PAID>CANCELLED '
        'PART_RETURNED>DELIVERED PART_RETURNED>PAID PART_RETURNED>RETURNED '
        'RETURNED>DELIVERED RETURNED>PAID RETURNED>PART_RETURNED');
create trigger mill_production_moves before insert or update or delete on mill_production
    for each row execute function mill_document_moves('PLANNED IN_PROGRESS COMPLETED',
        'PLANNED>IN_PROGRESS PLANNED>COMPLETED PLANNED>CANCELLED '
        'IN_PROGRESS>COMPLETED IN_PROGRESS>CANCELLED COMPLETED>CANCELLED');
create trigger stock_document_moves before insert or update or delete on stock_document
    for each row execute function mill_document_moves('POSTED', 'POSTED>CANCELLED');
create trigger mill_landed_cost_moves before insert or update or delete on mill_landed_cost
    for each row execute function mill_document_moves('POSTED', 'POSTED>CANCELLED');
create trigger mill_purchase_return_moves before insert or update or delete on mill_purchase_return
    for each row execute function mill_document_moves('POSTED', 'POSTED>CANCELLED');
create trigger mill_sale_return_moves before insert or update or delete on mill_sale_return
    for each row execute function mill_document_moves('POSTED', 'POSTED>CANCELLED');

create function stock_alert_moves() returns trigger language plpgsql as $$
begin
    if (old.state || '>' || new.state) not in ('OPEN>ACKNOWLEDGED', 'OPEN>RESOLVED', 'ACKNOWLEDGED>RESOLVED')
       or (new.kind, new.item_id, new.warehouse_id, new.branch_id, new.raised_at)
          is distinct from (old.kind, old.item_id, old.warehouse_id, old.branch_id, old.raised_at) then
        raise exception 'an alert cannot go from % to %', old.state, new.state using errcode = 'check_violation',
            constraint = 'stock_alert_moves';
    end if;
    return new;
end $$;
create trigger stock_alert_moves before update on stock_alert for each row
    when (new.state <> old.state or (new.kind, new.warehouse_id, new.raised_at) <> (old.kind, old.warehouse_id, old.raised_at))
    execute function stock_alert_moves();

-- A line whose goods have moved tells what moved.
create function mill_line_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'the goods of this line have moved' using errcode = 'check_violation', constraint = 'mill_line_is_kept';
    end if;
    if (new.id, new.line_no, new.item_id, new.unit, new.quantity, new.base_quantity, new.movement_id)
       is distinct from (old.id, old.line_no, old.item_id, old.unit, old.quantity, old.base_quantity, old.movement_id) then
        raise exception 'the goods of this line have moved' using errcode = 'check_violation', constraint = 'mill_line_is_kept';
    end if;
    return new;
end $$;
create trigger mill_purchase_line_is_kept before update or delete on mill_purchase_line
    for each row when (old.movement_id is not null) execute function mill_line_is_kept();
create trigger mill_sale_line_is_kept before update or delete on mill_sale_line
    for each row when (old.movement_id is not null) execute function mill_line_is_kept();
create trigger mill_purchase_return_line_is_kept before update or delete on mill_purchase_return_line
    for each row when (old.movement_id is not null) execute function mill_line_is_kept();
create trigger mill_sale_return_line_is_kept before update or delete on mill_sale_return_line
    for each row when (old.movement_id is not null) execute function mill_line_is_kept();
create trigger stock_document_line_is_kept before update or delete on stock_document_line
    for each row when (old.movement_id is not null) execute function mill_line_is_kept();

create function mill_payment_is_kept() returns trigger language plpgsql as $$
declare
    -- The number is generated of the serial, and not yet known here.
    reversal constant text[] := '{number,reversed_at,reversed_by_id,reversal_reason,reversal_entry_id}';
begin
    if tg_op = 'UPDATE' and old.reversed_at is null and (to_jsonb(new) - reversal) = (to_jsonb(old) - reversal) then
        return new;
    end if;
    raise exception 'a payment is kept as it is' using errcode = 'check_violation', constraint = 'mill_payment_is_kept';
end $$;
create trigger mill_payment_is_kept before update or delete on mill_payment
    for each row execute function mill_payment_is_kept();

-- At the end of a transaction a document is the sum of its lines. Arguments: the document's table, its lines' table, the column
-- by which a line names its document, and the column that is summed; a document without the sum (null) has none in its lines.
create function mill_document_is_its_lines() returns trigger language plpgsql as $$
declare
    of_document constant boolean := tg_table_name = tg_argv[0];
    document_id uuid := (to_jsonb(coalesce(new, old)) ->> case when of_document then 'id' else tg_argv[2] end)::uuid;
    stated bigint;
    summed bigint;
begin
    execute format('select d.%1$I, (select sum(l.%1$I) from %3$I l where l.%4$I = d.id) from %2$I d where d.id = $1',
        tg_argv[3], tg_argv[0], tg_argv[1], tg_argv[2]) into stated, summed using document_id;
    if coalesce(stated, 0) <> coalesce(summed, 0) then
        raise exception 'the document says %, its lines %', stated, summed using errcode = 'check_violation',
            constraint = tg_argv[0] || '_is_its_lines';
    end if;
    return null;
end $$;
create constraint trigger mill_purchase_is_its_lines after insert or update of amount_minor on mill_purchase
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_purchase', 'mill_purchase_line', 'purchase_id', 'amount_minor');
create constraint trigger mill_purchase_lines_are_it after insert or delete or update of amount_minor on mill_purchase_line
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_purchase', 'mill_purchase_line', 'purchase_id', 'amount_minor');
create constraint trigger mill_purchase_bill_is_its_lines after update of billed_minor on mill_purchase
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_purchase', 'mill_purchase_line', 'purchase_id', 'billed_minor');
create constraint trigger mill_sale_is_its_lines after insert or update of amount_minor on mill_sale
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_sale', 'mill_sale_line', 'sale_id', 'amount_minor');
create constraint trigger mill_sale_lines_are_it after insert or delete or update of amount_minor on mill_sale_line
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_sale', 'mill_sale_line', 'sale_id', 'amount_minor');
create constraint trigger mill_landed_cost_is_its_shares after insert on mill_landed_cost
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_landed_cost', 'mill_landed_cost_share', 'landed_cost_id', 'amount_minor');
create constraint trigger mill_purchase_return_is_its_lines after insert on mill_purchase_return
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_purchase_return', 'mill_purchase_return_line', 'purchase_return_id',
        'amount_minor');
create constraint trigger mill_sale_return_is_its_lines after insert on mill_sale_return
    deferrable initially deferred for each row
    execute function mill_document_is_its_lines('mill_sale_return', 'mill_sale_return_line', 'sale_return_id', 'amount_minor');

-- Who changed what, before and after. Movements are their own memory, and what follows from them needs none.
create trigger mill_item_is_audited after insert or update or delete on mill_item
    for each row execute function audit_row('mill_item', 'version', 'updated_at');
create trigger mill_item_unit_is_audited after insert or update or delete on mill_item_unit
    for each row execute function audit_row('mill_item:item_id');
create trigger mill_warehouse_is_audited after insert or update or delete on mill_warehouse
    for each row execute function audit_row('mill_warehouse', 'version', 'updated_at');
create trigger mill_supplier_is_audited after insert or update or delete on mill_supplier
    for each row execute function audit_row('mill_supplier', 'version', 'updated_at');
create trigger mill_customer_is_audited after insert or update or delete on mill_customer
    for each row execute function audit_row('mill_customer', 'version', 'updated_at');
create trigger mill_bom_is_audited after insert or update or delete on mill_bom
    for each row execute function audit_row('mill_bom', 'version', 'updated_at');
create trigger mill_bom_line_is_audited after insert or update or delete on mill_bom_line
    for each row execute function audit_row('mill_bom:bom_id');
create trigger mill_purchase_is_audited after insert or update or delete on mill_purchase
    for each row execute function audit_row('mill_purchase', 'version', 'updated_at');
create trigger mill_landed_cost_is_audited after insert or update or delete on mill_landed_cost
    for each row execute function audit_row('mill_landed_cost', 'version', 'updated_at');
create trigger mill_purchase_return_is_audited after insert or update or delete on mill_purchase_return
    for each row execute function audit_row('mill_purchase_return', 'version', 'updated_at');
create trigger mill_production_is_audited after insert or update or delete on mill_production
    for each row execute function audit_row('mill_production', 'version', 'updated_at');
create trigger stock_document_is_audited after insert or update or delete on stock_document
    for each row execute function audit_row('stock_document', 'version', 'updated_at');
create trigger mill_sale_is_audited after insert or update or delete on mill_sale
    for each row execute function audit_row('mill_sale', 'version', 'updated_at');
create trigger mill_sale_return_is_audited after insert or update or delete on mill_sale_return
    for each row execute function audit_row('mill_sale_return', 'version', 'updated_at');
create trigger mill_payment_is_audited after insert or update or delete on mill_payment
    for each row execute function audit_row('mill_payment');
