-- What the school counts: people, marks, money; added up as rows change, so that a board reads months and classes and not
-- students and fees. Which metrics there are, and what a row counts for, is told by rules/statistics.py; the functions
-- below say the same of rows.
-- Whoever changes a row only adds lines to school_figure_change, so that no two cashiers wait for one sum; a job folds those
-- into school_figure now and then, and readers take the lines that are not folded yet with them.
-- on_date is a day of attendance, or the first day of a month. branch_id is whose student, teacher or money it is; what is
-- counted by class is wherever the class is.
create table school_figure (
    metric varchar(18) not null constraint school_figure_metric_is_known check (metric in (
        'STUDENTS', 'CLASS_STUDENTS', 'TEACHERS', 'CLASS_TEACHERS', 'ATTENDANCE_PRESENT', 'ATTENDANCE_LATE',
        'ATTENDANCE_ABSENT', 'ATTENDANCE_LEAVE', 'INCOME', 'EXPENSES', 'FEES_CHARGED', 'FEES_COLLECTED', 'FEES_OUTSTANDING',
        'FEES_CREDIT')),
    branch_id uuid,
    class_id uuid,
    on_date date,
    currency varchar(3),
    amount numeric(30) not null,
    constraint school_figure_is_one unique nulls not distinct (metric, on_date, class_id, currency, branch_id)
);
create index school_figure_of_nothing on school_figure (metric) where amount = 0;

create table school_figure_change (
    metric varchar(18) not null,
    branch_id uuid,
    class_id uuid,
    on_date date,
    currency varchar(3),
    amount numeric(30) not null
) with (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);

-- The figures up to this moment; a figure may be in several rows.
create view school_figures_now as
select metric, branch_id, class_id, on_date, currency, amount from school_figure
union all
select metric, branch_id, class_id, on_date, currency, amount from school_figure_change;

-- What one row counts for.
create function figures_of_student(s student)
returns table (metric text, branch_id uuid, class_id uuid, on_date date, currency text, amount numeric)
language sql immutable as $$
    select 'STUDENTS', s.branch_id, null::uuid, null::date, null::text, 1::numeric where s.enrolled_count > 0
$$;

create function figures_of_enrolment(e enrolment)
returns table (metric text, branch_id uuid, class_id uuid, on_date date, currency text, amount numeric)
language sql immutable as $$
    select 'CLASS_STUDENTS', null::uuid, e.class_id, null::date, null::text, 1::numeric
    where e.class_id is not null and e.status = 'ENROLLED'
$$;

create function figures_of_teacher(t teacher)
returns table (metric text, branch_id uuid, class_id uuid, on_date date, currency text, amount numeric)
language sql immutable as $$
    select 'TEACHERS', t.branch_id, null::uuid, null::date, null::text, 1::numeric where t.active
$$;

-- An assignment that has an end is over, whichever day that is: sums follow from rows, and not from the calendar.
create function figures_of_teaching(t teaching)
returns table (metric text, branch_id uuid, class_id uuid, on_date date, currency text, amount numeric)
language sql immutable as $$
    select 'CLASS_TEACHERS', null::uuid, t.class_id, null::date, null::text, 1::numeric
    where t.class_id is not null and t.until_on is null
$$;

create function figures_of_attendance(a attendance)
returns table (metric text, branch_id uuid, class_id uuid, on_date date, currency text, amount numeric)
language sql immutable as $$
    select 'ATTENDANCE_' || a.status, null::uuid, a.class_id, a.on_date, null::text, 1::numeric where a.class_id is not null
$$;

-- What is charged and owed, in the month in which it is due.
create function figures_of_school_fee(f school_fee)
returns table (metric text, branch_id uuid, class_id uuid, on_date date, currency text, amount numeric)
language sql immutable as $$
    select n.metric, f.branch_id, null::uuid, date_trunc('month', f.due_on::timestamp)::date, f.currency::text, n.amount::numeric
    from (values ('FEES_CHARGED', f.due_minor), ('FEES_OUTSTANDING', greatest(f.due_minor - f.paid_minor, 0)),
                 ('FEES_CREDIT', greatest(f.paid_minor - f.due_minor, 0))) n (metric, amount)
    where f.voided_at is null and n.amount <> 0
$$;

-- Money that came for a fee, or went back, in the month in which it did; it is where the fee is.
create function figures_of_fee_payment(p fee_payment)
returns table (metric text, branch_id uuid, class_id uuid, on_date date, currency text, amount numeric)
language sql stable as $$
    select 'FEES_COLLECTED', (select f.branch_id from school_fee f where f.id = p.fee_id), null::uuid,
           date_trunc('month', p.paid_on::timestamp)::date, p.currency::text, p.amount_minor::numeric
    where p.amount_minor <> 0
$$;

-- Two postings: when it was made, and when it was reversed.
create function figures_of_school_transaction(t school_transaction)
returns table (metric text, branch_id uuid, class_id uuid, on_date date, currency text, amount numeric)
language sql immutable as $$
    select case t.kind when 'INCOME' then 'INCOME' else 'EXPENSES' end, t.branch_id, null::uuid,
           date_trunc('month', n.on_date::timestamp)::date, t.currency::text, n.amount::numeric
    from (values (t.on_date, t.amount_minor), (t.reversed_on, -t.amount_minor)) n (on_date, amount)
    where n.on_date is not null
$$;

-- The change of a row is what it counts for now, less what it counted for before. A row that is not there counts for nothing.
do $$
declare
    counted text;
begin
    foreach counted in array array['student', 'enrolment', 'teacher', 'teaching', 'attendance', 'school_fee', 'fee_payment',
                                   'school_transaction'] loop
        execute format($f$
            create function %1$s_figures_change() returns trigger language plpgsql as $t$
            begin
                insert into school_figure_change (metric, branch_id, class_id, on_date, currency, amount)
                select d.metric, d.branch_id, d.class_id, d.on_date, d.currency, sum(d.sign * d.amount)
                from (select 1 as sign, n.* from figures_of_%1$s(new) n
                      union all
                      select -1, o.* from figures_of_%1$s(old) o) d
                group by d.metric, d.branch_id, d.class_id, d.on_date, d.currency
                having sum(d.sign * d.amount) <> 0;
                return null;
            end $t$;
            create trigger %1$s_figures_change after insert or update or delete on %1$I
                for each row execute function %1$s_figures_change()
        $f$, counted);
    end loop;
end $$;

-- Fold the changes into the figures; whoever reads meanwhile sees both before or both after.
create function fold_school_figures() returns bigint language plpgsql as $$
declare
    folded bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('school_figure', 0));
    with taken as (delete from school_figure_change returning *), kept as (
        insert into school_figure as f (metric, branch_id, class_id, on_date, currency, amount)
        select metric, branch_id, class_id, on_date, currency, sum(amount) from taken
        group by metric, branch_id, class_id, on_date, currency
        on conflict on constraint school_figure_is_one do update set amount = f.amount + excluded.amount
    )
    select count(*) into folded from taken;
    delete from school_figure where amount = 0;
    return folded;
end $$;

-- What the rows as they stand add up to, had they come through the triggers.
create view school_figures_recounted as
select d.metric, d.branch_id, d.class_id, d.on_date, d.currency, sum(d.amount) as amount
from (select n.* from student r cross join lateral figures_of_student(r) n
      union all
      select n.* from enrolment r cross join lateral figures_of_enrolment(r) n
      union all
      select n.* from teacher r cross join lateral figures_of_teacher(r) n
      union all
      select n.* from teaching r cross join lateral figures_of_teaching(r) n
      union all
      select n.* from attendance r cross join lateral figures_of_attendance(r) n
      union all
      select n.* from school_fee r cross join lateral figures_of_school_fee(r) n
      union all
      select n.* from fee_payment r cross join lateral figures_of_fee_payment(r) n
      union all
      select n.* from school_transaction r cross join lateral figures_of_school_transaction(r) n) d
group by d.metric, d.branch_id, d.class_id, d.on_date, d.currency
having sum(d.amount) <> 0;

-- Figures that are kept otherwise than the rows say: none, as long as nobody has written past the triggers.
create view school_figures_astray as
select metric, branch_id, class_id, on_date, currency, sum(kept) as kept, sum(counted) as counted
from (select metric, branch_id, class_id, on_date, currency, amount as kept, 0 as counted from school_figures_now
      union all
      select metric, branch_id, class_id, on_date, currency, 0, amount from school_figures_recounted) f
group by metric, branch_id, class_id, on_date, currency
having sum(kept) <> sum(counted);

-- Begin the figures anew, for rows that came past the triggers. Whoever changes a row waits until it is done.
create function retake_school_figures() returns bigint language plpgsql as $$
declare
    figures bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('school_figure', 0));
    lock table school_figure_change in exclusive mode;
    delete from school_figure_change;
    delete from school_figure;
    insert into school_figure (metric, branch_id, class_id, on_date, currency, amount)
    select metric, branch_id, class_id, on_date, currency, amount from school_figures_recounted;
    get diagnostics figures = row_count;
    return figures;
end $$;

-- Fees of which somebody was told that they are high; another threshold asks which of them are so no more.
create index school_fee_alerted on school_fee (currency, arrears_minor) where arrears_alerted;
