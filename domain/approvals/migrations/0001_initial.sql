-- Something that a business does only when a second person agrees. The business opens the request with the thing it is
-- about, and closes it with the decision, each time in its own transaction; this table is where all of them queue.
create table approval (
    id uuid primary key,
    kind varchar(40) not null constraint approval_kind_is_a_word check (kind ~ '^[A-Z][A-Z_]*$'),
    subject_id uuid not null,
    title varchar(200) not null constraint approval_title_is_trimmed check (title = btrim(title) and title <> ''),
    amount_minor bigint,
    currency char(3),
    branch_id uuid constraint approval_branch_exists references branch,
    requested_by uuid not null,
    requested_at timestamptz not null,
    status varchar(9) not null
        constraint approval_status_is_known check (status in ('PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    decided_by uuid,
    decided_at timestamptz,
    comment varchar(1000) constraint approval_comment_is_trimmed check (comment = btrim(comment) and comment <> ''),
    constraint approval_amount_has_a_currency check ((amount_minor is null) = (currency is null)),
    constraint approval_decision_is_whole
        check ((status = 'PENDING') = (decided_by is null) and (status = 'PENDING') = (decided_at is null)),
    constraint approval_decision_comes_after check (decided_at >= requested_at),
    -- Withdrawing is the maker's own affair, deciding never is.
    constraint approval_maker_is_not_checker
        check (status not in ('APPROVED', 'REJECTED') or decided_by <> requested_by),
    constraint approval_rejection_says_why check (status <> 'REJECTED' or comment is not null)
);
create unique index approval_one_pending on approval (kind, subject_id) where status = 'PENDING';
create index approval_by_subject on approval (subject_id, requested_at);
create index approval_queue on approval (branch_id, kind, requested_at, id) where status = 'PENDING';
create index approval_by_age on approval (requested_at, id);
create index approval_by_maker on approval (requested_by, requested_at, id);

-- A request is decided once, is not rewritten, and stays.
create function approval_is_decided_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.status = 'PENDING' then
            return new;
        end if;
        raise exception 'a request begins pending'
            using errcode = 'check_violation', constraint = 'approval_is_decided_once';
    end if;
    if tg_op = 'UPDATE' and old.status = 'PENDING' and new.status <> 'PENDING'
        and (new.id, new.kind, new.subject_id, new.title, new.requested_by, new.requested_at)
            = (old.id, old.kind, old.subject_id, old.title, old.requested_by, old.requested_at)
        and (new.amount_minor, new.currency, new.branch_id)
            is not distinct from (old.amount_minor, old.currency, old.branch_id)
    then
        return new;
    end if;
    raise exception 'a request is decided once and not rewritten'
        using errcode = 'check_violation', constraint = 'approval_is_decided_once';
end $$;
create trigger approval_is_decided_once before insert or update or delete on approval
    for each row execute function approval_is_decided_once();
create trigger approval_is_audited after insert or update or delete on approval
    for each row execute function audit_row('approval');
