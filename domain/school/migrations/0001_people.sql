-- The school's people: when there is school, in which classes, who learns and who teaches there, and who came.
--
-- Days are inclusive at both ends everywhere. Who wrote something is an actor, and the house itself is one that is no user:
-- so columns such as created_by_id refer to nothing.

-- Exclusions of days for the same class, student or teacher.
create extension if not exists btree_gist;

-- A year of school. Weekdays are the days of the week with school as ISO 8601 numbers them.
create table academic_year (
    id uuid primary key,
    title varchar(80) not null constraint academic_year_title_is_unique unique
        constraint academic_year_title_is_trimmed check (title = btrim(title) and title <> ''),
    starts_on date not null,
    ends_on date not null,
    weekdays smallint[] not null constraint academic_year_weekdays_are_days
        check (cardinality(weekdays) between 1 and 7 and weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[]),
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint academic_year_version_is_positive check (version >= 1),
    constraint academic_year_runs_forward check (ends_on >= starts_on),
    constraint academic_year_is_no_longer_than_550_days check (ends_on - starts_on < 550),
    constraint academic_years_do_not_overlap exclude using gist (daterange(starts_on, ends_on, '[]') with &&)
);

-- A part of a year. Terms are moved together, so it is asked at the end of the transaction whether they overlap.
create table term (
    id uuid primary key,
    year_id uuid not null references academic_year (id),
    title varchar(80) not null constraint term_title_is_trimmed check (title = btrim(title) and title <> ''),
    position smallint not null constraint term_position_is_positive check (position >= 1),
    starts_on date not null,
    ends_on date not null,
    constraint term_runs_forward check (ends_on >= starts_on),
    -- What names a term names its year as well.
    constraint term_is_of_one_year unique (id, year_id),
    constraint term_title_is_unique_in_its_year unique (year_id, title) deferrable initially deferred,
    constraint term_position_is_unique_in_its_year unique (year_id, position) deferrable initially deferred,
    constraint terms_do_not_overlap exclude using gist (year_id with =, daterange(starts_on, ends_on, '[]') with &&)
        deferrable initially deferred
);

create table school_holiday (
    id uuid primary key,
    year_id uuid not null references academic_year (id),
    title varchar(80) not null constraint school_holiday_title_is_trimmed check (title = btrim(title) and title <> ''),
    starts_on date not null,
    ends_on date not null,
    constraint school_holiday_runs_forward check (ends_on >= starts_on)
);
create index school_holiday_by_year on school_holiday (year_id, starts_on);

create table program (
    id uuid primary key,
    code varchar(16) not null constraint program_code_is_unique unique
        constraint program_code_is_plain check (code ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$'),
    title varchar(80) not null constraint program_title_is_trimmed check (title = btrim(title) and title <> ''),
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint program_version_is_positive check (version >= 1)
);
create index program_by_title on program (title, id);

create table subject (
    id uuid primary key,
    code varchar(16) not null constraint subject_code_is_unique unique
        constraint subject_code_is_plain check (code ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$'),
    title varchar(80) not null constraint subject_title_is_trimmed check (title = btrim(title) and title <> ''),
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint subject_version_is_positive check (version >= 1)
);
create index subject_by_title on subject (title, id);

-- Students who are taught together, on a campus, which is a branch; without one it is for those who see every branch.
create table school_class (
    id uuid primary key,
    code varchar(16) not null constraint school_class_code_is_unique unique
        constraint school_class_code_is_plain check (code ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$'),
    title varchar(80) not null constraint school_class_title_is_trimmed check (title = btrim(title) and title <> ''),
    program_id uuid not null references program (id),
    level smallint not null constraint school_class_level_is_bounded check (level between 0 and 30),
    -- Null for as many as come.
    capacity int constraint school_class_capacity_is_bounded check (capacity between 1 and 1000),
    -- In how many lessons of a day the roll is called; 0 where it is called once a day.
    lessons smallint not null default 0 constraint school_class_lessons_are_bounded check (lessons between 0 and 12),
    branch_id uuid references branch (id),
    next_class_id uuid references school_class (id),
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint school_class_version_is_positive check (version >= 1),
    constraint school_class_is_not_after_itself check (next_class_id <> id),
    -- What names a class names its programme as well.
    constraint school_class_is_of_one_program unique (id, program_id)
);
create index school_class_by_branch on school_class (branch_id, level, code, id);
create index school_class_by_level on school_class (level, code, id);

-- For who brings no admission number.
create sequence student_admission_serial as bigint;

create table student (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(24) not null generated always as (
        'STU-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored,
    admission_number varchar(24) not null constraint student_admission_number_is_unique unique
        constraint student_admission_number_is_plain check (admission_number ~ '^[A-Z0-9]+([/.-][A-Z0-9]+)*$'),
    full_name varchar(120) not null
        constraint student_full_name_is_trimmed check (full_name = btrim(full_name) and full_name <> ''),
    born_on date,
    sex varchar(6) constraint student_sex_is_known check (sex in ('FEMALE', 'MALE')),
    branch_id uuid references branch (id),
    user_id uuid constraint student_user_is_unique unique references app_user (id),
    -- How many enrolments stand, kept by enrolment_is_counted(). Above 0 it is one student of the school.
    enrolled_count int not null default 0 constraint student_enrolled_count_not_negative check (enrolled_count >= 0),
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    version int not null default 1 constraint student_version_is_positive check (version >= 1),
    constraint student_deleted_is_not_enrolled check (deleted_at is null or enrolled_count = 0)
);
create unique index student_number_is_unique on student (number) where number is not null;
create index student_by_full_name on student (full_name, id);
create index student_by_branch on student (branch_id, full_name, id);

create table student_guardian (
    id uuid primary key,
    student_id uuid not null references student (id),
    user_id uuid not null references app_user (id),
    relation varchar(14) not null constraint student_guardian_relation_is_known check (relation in (
        'MOTHER', 'FATHER', 'GRANDPARENT', 'SIBLING', 'RELATIVE', 'LEGAL_GUARDIAN', 'SPONSOR', 'OTHER')),
    is_primary boolean not null,
    since_at timestamptz not null,
    constraint student_guardian_once unique (student_id, user_id)
);
create unique index student_guardian_has_one_primary on student_guardian (student_id) where is_primary;
create index student_guardian_by_user on student_guardian (user_id, student_id);

-- For who brings no number of a contract.
create sequence teacher_serial as bigint;

create table teacher (
    id uuid primary key,
    number varchar(24) not null constraint teacher_number_is_unique unique
        constraint teacher_number_is_plain check (number ~ '^[A-Z0-9]+([/.-][A-Z0-9]+)*$'),
    full_name varchar(120) not null
        constraint teacher_full_name_is_trimmed check (full_name = btrim(full_name) and full_name <> ''),
    user_id uuid constraint teacher_user_is_unique unique references app_user (id),
    branch_id uuid references branch (id),
    active boolean not null default true,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint teacher_version_is_positive check (version >= 1)
);
create index teacher_by_full_name on teacher (full_name, id);
create index teacher_by_branch on teacher (branch_id, full_name, id);

-- Who teaches what in which class. Without a subject it is who is responsible for the class, and that is one at a time.
create table teaching (
    id uuid primary key,
    teacher_id uuid not null references teacher (id),
    class_id uuid not null references school_class (id),
    subject_id uuid references subject (id),
    from_on date not null,
    until_on date,
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint teaching_version_is_positive check (version >= 1),
    constraint teaching_runs_forward check (until_on >= from_on),
    constraint teaching_has_one_class_teacher exclude using gist (
        class_id with =, daterange(from_on, until_on, '[]') with &&) where (subject_id is null),
    constraint teaching_is_assigned_once exclude using gist (
        teacher_id with =, class_id with =, subject_id with =, daterange(from_on, until_on, '[]') with &&)
        where (subject_id is not null)
);
create index teaching_by_class on teaching (class_id, from_on);
create index teaching_by_teacher on teaching (teacher_id, from_on);

-- What is done for many. parameters are what was asked for, counts how many of each outcome there are by now.
create table school_run (
    id uuid primary key,
    serial bigint not null generated always as identity,
    number varchar(24) not null generated always as (
        'RUN-' || lpad(serial::text, greatest(6, length(serial::text)), '0')) stored,
    kind varchar(10) not null constraint school_run_kind_is_known check (kind in (
        'PROMOTION', 'BILLING', 'LATE_FEES', 'CARRY_OVER', 'RESYNC')),
    status varchar(9) not null constraint school_run_status_is_known check (status in (
        'QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    parameters jsonb not null constraint school_run_parameters_are_an_object check (jsonb_typeof(parameters) = 'object'),
    total int not null constraint school_run_total_not_negative check (total >= 0),
    counts jsonb not null default '{}' constraint school_run_counts_are_an_object check (jsonb_typeof(counts) = 'object'),
    branch_id uuid references branch (id),
    failure varchar(500) not null default '',
    requested_by_id uuid not null,
    requested_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    correlation_id uuid not null,
    constraint school_run_ends_when_it_is_over
        check ((finished_at is not null) = (status in ('DONE', 'FAILED', 'CANCELLED'))),
    constraint school_run_says_why_it_failed check ((failure <> '') = (status = 'FAILED'))
);
create unique index school_run_number_is_unique on school_run (number) where number is not null;
create index school_run_by_kind on school_run (kind, requested_at desc, id desc);
create index school_run_by_age on school_run (requested_at desc, id desc);

-- For whom a run is, in their order: a student or a fee, as the kind of the run has it.
create table school_run_subject (
    run_id uuid not null references school_run (id),
    position int not null constraint school_run_subject_position_not_negative check (position >= 0),
    subject_id uuid not null,
    primary key (run_id, position),
    constraint school_run_subject_once unique (run_id, subject_id)
);

-- What a run did for one of them; the record is what was made.
create table school_run_result (
    id uuid primary key,
    run_id uuid not null references school_run (id),
    subject_id uuid not null,
    position int not null constraint school_run_result_position_not_negative check (position >= 0),
    outcome varchar(20) not null constraint school_run_result_outcome_is_said check (outcome <> ''),
    reason varchar(60),
    record_id uuid,
    message varchar(300) not null default '',
    at timestamptz not null,
    constraint school_run_result_once unique (run_id, subject_id),
    constraint school_run_result_is_of_a_subject foreign key (run_id, subject_id)
        references school_run_subject (run_id, subject_id)
);
create index school_run_result_in_order on school_run_result (run_id, position, id);

-- A student is here for a programme, in a year or one of its terms. class_id is the class of the last stay.
create table enrolment (
    id uuid primary key,
    student_id uuid not null references student (id),
    program_id uuid not null references program (id),
    year_id uuid not null references academic_year (id),
    term_id uuid,
    class_id uuid,
    branch_id uuid references branch (id),
    status varchar(11) not null constraint enrolment_status_is_known check (status in (
        'APPLIED', 'ENROLLED', 'PROMOTED', 'REPEATED', 'TRANSFERRED', 'WITHDRAWN', 'GRADUATED')),
    applied_on date not null,
    -- The one before, of who was promoted or repeats: it leads to one enrolment at most.
    from_enrolment_id uuid constraint enrolment_is_promoted_once unique,
    run_id uuid references school_run (id),
    created_by_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint enrolment_version_is_positive check (version >= 1),
    -- What names an enrolment names its student, and its programme, as well.
    constraint enrolment_is_of_one_student unique (id, student_id),
    constraint enrolment_is_of_one_program unique (id, student_id, program_id),
    constraint enrolment_term_is_of_its_year foreign key (term_id, year_id) references term (id, year_id),
    constraint enrolment_class_is_of_its_program foreign key (class_id, program_id) references school_class (id, program_id),
    constraint enrolment_follows_one_of_the_student
        foreign key (from_enrolment_id, student_id) references enrolment (id, student_id),
    constraint enrolment_does_not_follow_itself check (from_enrolment_id <> id)
);
create unique index enrolment_is_once on enrolment (student_id, program_id, year_id, term_id) nulls not distinct
    where status not in ('TRANSFERRED', 'WITHDRAWN');
create index enrolment_by_student on enrolment (student_id, created_at desc, id desc);
create index enrolment_by_class on enrolment (class_id, year_id, status);
create index enrolment_by_branch on enrolment (branch_id, created_at desc, id desc);
create index enrolment_by_age on enrolment (created_at desc, id desc);

-- Days in one class. A student is in one class of a programme on a day, whatever the enrolment.
create table enrolment_stay (
    id uuid primary key,
    enrolment_id uuid not null,
    student_id uuid not null,
    program_id uuid not null,
    class_id uuid not null,
    from_on date not null,
    until_on date not null,
    constraint enrolment_stay_runs_forward check (until_on >= from_on),
    constraint enrolment_stay_begins_once unique (enrolment_id, from_on) deferrable initially deferred,
    constraint enrolment_stay_is_of_its_enrolment
        foreign key (enrolment_id, student_id, program_id) references enrolment (id, student_id, program_id),
    constraint enrolment_stay_class_is_of_its_program
        foreign key (class_id, program_id) references school_class (id, program_id),
    constraint enrolment_stays_do_not_overlap exclude using gist (
        student_id with =, program_id with =, daterange(from_on, until_on, '[]') with &&) deferrable initially deferred
);
create index enrolment_stay_by_class on enrolment_stay (class_id, from_on);
create index enrolment_stay_by_student on enrolment_stay (student_id, from_on);

-- The roll. A mark is for a day, or for a lesson of it where the class is marked in lessons.
create table attendance (
    id uuid primary key,
    student_id uuid not null references student (id),
    on_date date not null,
    class_id uuid not null references school_class (id),
    lesson smallint constraint attendance_lesson_is_bounded check (lesson between 1 and 12),
    status varchar(7) not null constraint attendance_status_is_known check (status in ('PRESENT', 'LATE', 'ABSENT', 'LEAVE')),
    note varchar(200) not null default '' constraint attendance_note_is_trimmed check (note = btrim(note)),
    marked_by_id uuid not null,
    marked_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1 constraint attendance_version_is_positive check (version >= 1),
    constraint attendance_is_marked_once unique nulls not distinct (student_id, on_date, class_id, lesson),
    constraint attendance_day_has_come check (on_date <= (marked_at at time zone 'UTC')::date)
);
create index attendance_by_class on attendance (class_id, on_date, lesson);
create index attendance_by_day on attendance (on_date, id);

-- What a mark was before: one row for each change of it.
create table attendance_correction (
    id uuid primary key,
    attendance_id uuid not null references attendance (id),
    before_status varchar(7) not null
        constraint attendance_correction_before_is_known check (before_status in ('PRESENT', 'LATE', 'ABSENT', 'LEAVE')),
    after_status varchar(7) not null
        constraint attendance_correction_after_is_known check (after_status in ('PRESENT', 'LATE', 'ABSENT', 'LEAVE')),
    before_note varchar(200) not null default '',
    after_note varchar(200) not null default '',
    reason varchar(300) not null default '',
    corrected_by_id uuid not null,
    corrected_at timestamptz not null,
    constraint attendance_correction_changes_something
        check ((before_status, before_note) is distinct from (after_status, after_note))
);
create index attendance_correction_by_mark on attendance_correction (attendance_id, corrected_at);

-- Who teaches which class as a user, and whom: who was in the class on a day of the assignment.
create view taught_class as
    select teaching.id, teacher.user_id, teaching.class_id, teaching.until_on
    from teaching join teacher on teacher.id = teaching.teacher_id
    where teacher.user_id is not null;

create view taught_student as
    select stay.id, teacher.user_id, stay.student_id, teaching.until_on
    from teaching
    join teacher on teacher.id = teaching.teacher_id
    join enrolment_stay stay on stay.class_id = teaching.class_id and stay.until_on >= teaching.from_on
        and (teaching.until_on is null or stay.from_on <= teaching.until_on)
    where teacher.user_id is not null;

-- Whether there is school on a day: it is inside a year and a term of it, if it has terms, and neither a holiday nor a
-- weekend. The same as AcademicYear.kind_of() of the rules says.
create function is_school_day(day date) returns boolean language sql stable as $$
    select exists (
        select from academic_year y
        where day between y.starts_on and y.ends_on
          and extract(isodow from day)::smallint = any (y.weekdays)
          and not exists (select from school_holiday h where h.year_id = y.id and day between h.starts_on and h.ends_on)
          and (not exists (select from term t where t.year_id = y.id)
               or exists (select from term t where t.year_id = y.id and day between t.starts_on and t.ends_on)))
$$;

-- At the end of a transaction that changes the calendar, terms and holidays are inside their year, everybody's stays inside
-- their period, and no day on which somebody was marked has ceased to be one of school. Locking the year keeps marks out
-- meanwhile, which read it for share.
create function school_calendar_holds() returns trigger language plpgsql as $$
declare
    of_year constant uuid := (to_jsonb(coalesce(new, old)) ->> case tg_table_name when 'academic_year' then 'id' else 'year_id' end)::uuid;
    year academic_year;
    first date;
    last date;
begin
    select * into year from academic_year where id = of_year for no key update;
    if exists (select from term where year_id = of_year and not (starts_on >= year.starts_on and ends_on <= year.ends_on)) then
        raise exception 'a term is outside its year' using errcode = 'check_violation', constraint = 'term_is_inside_its_year';
    end if;
    if exists (select from school_holiday
               where year_id = of_year and not (starts_on >= year.starts_on and ends_on <= year.ends_on)) then
        raise exception 'a holiday is outside its year' using errcode = 'check_violation',
            constraint = 'school_holiday_is_inside_its_year';
    end if;
    if tg_table_name <> 'school_holiday' and exists (
               select from enrolment e
               left join term t on t.id = e.term_id
               join enrolment_stay s on s.enrolment_id = e.id
               where e.year_id = of_year
                 and not (s.from_on >= coalesce(t.starts_on, year.starts_on) and s.until_on <= coalesce(t.ends_on, year.ends_on))) then
        raise exception 'somebody is in a class outside the period' using errcode = 'check_violation',
            constraint = 'enrolment_stay_is_inside_its_period';
    end if;
    first := year.starts_on;
    last := year.ends_on;
    -- A holiday takes none but its own days away: a year may have hundreds of them, and each asks for itself.
    if tg_table_name = 'school_holiday' then
        if tg_op = 'DELETE' then
            return null;
        end if;
        first := new.starts_on;
        last := new.ends_on;
    elsif tg_table_name = 'academic_year' and tg_op = 'UPDATE' then
        first := least(first, (to_jsonb(old) ->> 'starts_on')::date);
        last := greatest(last, (to_jsonb(old) ->> 'ends_on')::date);
    end if;
    if exists (select from attendance where on_date between first and last)
       and exists (select from generate_series(first, last, interval '1 day') as day
                   where not is_school_day(day::date) and exists (select from attendance where on_date = day::date)) then
        raise exception 'somebody was marked on a day that is none of school' using errcode = 'check_violation',
            constraint = 'attendance_is_of_a_school_day';
    end if;
    return null;
end $$;
create constraint trigger academic_year_holds after update of starts_on, ends_on, weekdays on academic_year
    deferrable initially deferred for each row execute function school_calendar_holds();
create constraint trigger term_holds after insert or update or delete on term
    deferrable initially deferred for each row execute function school_calendar_holds();
create constraint trigger school_holiday_holds after insert or update or delete on school_holiday
    deferrable initially deferred for each row execute function school_calendar_holds();

-- Who was enrolled in a class was so on its campus.
create function school_class_stays_of_its_branch() returns trigger language plpgsql as $$
begin
    if exists (select from enrolment_stay where class_id = old.id) then
        raise exception 'the class has students' using errcode = 'check_violation', constraint = 'school_class_stays_of_its_branch';
    end if;
    return new;
end $$;
create trigger school_class_stays_of_its_branch before update on school_class
    for each row when (new.branch_id is distinct from old.branch_id) execute function school_class_stays_of_its_branch();

-- Who has guardians has a primary one.
create function student_guardian_one_is_primary() returns trigger language plpgsql as $$
declare
    of_student constant uuid := coalesce(new.student_id, old.student_id);
begin
    if exists (select from student_guardian where student_id = of_student)
       and not exists (select from student_guardian where student_id = of_student and is_primary) then
        raise exception 'nobody of the family is the primary guardian' using errcode = 'check_violation',
            constraint = 'student_guardian_one_is_primary';
    end if;
    return null;
end $$;
create constraint trigger student_guardian_one_is_primary after insert or update or delete on student_guardian
    deferrable initially deferred for each row execute function student_guardian_one_is_primary();

-- An enrolment goes its way, and whose it is and for what does not change.
create function enrolment_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'an enrolment is kept' using errcode = 'check_violation', constraint = 'enrolment_moves';
    elsif tg_op = 'INSERT' then
        if new.status not in ('APPLIED', 'ENROLLED') then
            raise exception 'no enrolment begins as %', new.status using errcode = 'check_violation', constraint = 'enrolment_moves';
        end if;
        return new;
    end if;
    if new.status <> old.status and (old.status || '>' || new.status) not in (
        'APPLIED>ENROLLED', 'APPLIED>WITHDRAWN', 'ENROLLED>PROMOTED', 'ENROLLED>REPEATED', 'ENROLLED>TRANSFERRED',
        'ENROLLED>WITHDRAWN', 'ENROLLED>GRADUATED') then
        raise exception 'an enrolment does not go from % to %', old.status, new.status using errcode = 'check_violation',
            constraint = 'enrolment_moves';
    end if;
    if (new.id, new.student_id, new.program_id, new.year_id, new.term_id, new.from_enrolment_id, new.created_by_id, new.created_at)
       is distinct from
       (old.id, old.student_id, old.program_id, old.year_id, old.term_id, old.from_enrolment_id, old.created_by_id, old.created_at) then
        raise exception 'whose enrolment it is does not change' using errcode = 'check_violation', constraint = 'enrolment_moves';
    end if;
    return new;
end $$;
create trigger enrolment_moves before insert or update or delete on enrolment
    for each row execute function enrolment_moves();

-- The student's count of enrolments that stand, and that a whole year and one of its terms are the same place twice. The
-- student is locked, so that two who enrol the same student see each other.
create function enrolment_is_counted() returns trigger language plpgsql as $$
declare
    change int := (new.status = 'ENROLLED')::int;
    of_student student;
begin
    if tg_op = 'UPDATE' then
        change := change - (old.status = 'ENROLLED')::int;
    end if;
    update student set enrolled_count = enrolled_count + change where id = new.student_id returning * into of_student;
    if of_student.deleted_at is not null and tg_op = 'INSERT' then
        raise exception 'the student was deleted' using errcode = 'check_violation', constraint = 'student_deleted_is_not_enrolled';
    end if;
    if new.status not in ('TRANSFERRED', 'WITHDRAWN') and exists (
        select from enrolment e
        where e.student_id = new.student_id and e.program_id = new.program_id and e.year_id = new.year_id and e.id <> new.id
          and e.status not in ('TRANSFERRED', 'WITHDRAWN')
          and (e.term_id is null or new.term_id is null or e.term_id = new.term_id)) then
        raise exception 'the student has an enrolment for this programme and period' using errcode = 'unique_violation',
            constraint = 'enrolment_is_once';
    end if;
    return null;
end $$;
create trigger enrolment_is_counted after insert or update of status on enrolment
    for each row execute function enrolment_is_counted();

-- At the end of a transaction an enrolment is what its stays are: none for an applicant, otherwise one after the other
-- without a gap, inside the period, the last of them in its class.
create function enrolment_is_its_stays() returns trigger language plpgsql as $$
declare
    of_enrolment constant uuid :=
        (to_jsonb(coalesce(new, old)) ->> case tg_table_name when 'enrolment' then 'id' else 'enrolment_id' end)::uuid;
    fault text;
begin
    select case
            when e.class_id is distinct from s.last_class then 'it is not in the class of the last stay'
            when e.status = 'APPLIED' and s.many > 0 then 'an applicant is in no class'
            when e.status not in ('APPLIED', 'WITHDRAWN') and s.many = 0 then 'who is enrolled is in a class'
            when s.last - s.first + 1 <> s.days then 'a day is left out'
            when s.first < coalesce(t.starts_on, y.starts_on) or s.last > coalesce(t.ends_on, y.ends_on) then
                'it reaches out of its period' end
    into fault
    from enrolment e
    join academic_year y on y.id = e.year_id
    left join term t on t.id = e.term_id
    cross join lateral (
        select count(*) as many, min(from_on) as first, max(until_on) as last, sum(until_on - from_on + 1) as days,
               (array_agg(class_id order by from_on desc))[1] as last_class
        from enrolment_stay where enrolment_id = e.id) s
    where e.id = of_enrolment;
    if fault is not null then
        raise exception 'an enrolment is not its stays: %', fault using errcode = 'check_violation',
            constraint = 'enrolment_is_its_stays';
    end if;
    return null;
end $$;
create constraint trigger enrolment_is_its_stays after insert or update of status, class_id on enrolment
    deferrable initially deferred for each row execute function enrolment_is_its_stays();
create constraint trigger enrolment_stays_are_it after insert or update or delete on enrolment_stay
    deferrable initially deferred for each row execute function enrolment_is_its_stays();

-- A stay can be shortened, and be in another class, as long as nobody was marked on what is taken away of it.
create function enrolment_stay_keeps_its_marks() returns trigger language plpgsql as $$
begin
    if exists (select from attendance a
               where a.student_id = old.student_id and a.class_id = old.class_id and a.on_date between old.from_on and old.until_on
                 and not exists (select from enrolment_stay s
                                 where s.student_id = a.student_id and s.class_id = a.class_id
                                   and a.on_date between s.from_on and s.until_on)) then
        raise exception 'the student was marked in the class' using errcode = 'check_violation',
            constraint = 'enrolment_stay_keeps_its_marks';
    end if;
    return null;
end $$;
create constraint trigger enrolment_stay_keeps_its_marks after update or delete on enrolment_stay
    deferrable initially deferred for each row execute function enrolment_stay_keeps_its_marks();

-- Only who is in the class on a day is marked there, on days of school, in a lesson that the class has. The year and the stay
-- are locked for share, so that neither changes meanwhile.
create function attendance_is_possible() returns trigger language plpgsql as $$
declare
    class_lessons smallint;
begin
    perform from academic_year where new.on_date between starts_on and ends_on for share;
    if not is_school_day(new.on_date) then
        raise exception '% is no day of school', new.on_date using errcode = 'check_violation',
            constraint = 'attendance_is_of_a_school_day';
    end if;
    perform from enrolment_stay
        where student_id = new.student_id and class_id = new.class_id and new.on_date between from_on and until_on for share;
    if not found then
        raise exception 'the student was not in the class that day' using errcode = 'check_violation',
            constraint = 'attendance_is_of_the_class';
    end if;
    select lessons into class_lessons from school_class where id = new.class_id;
    if (class_lessons = 0) is distinct from (new.lesson is null) or new.lesson > class_lessons then
        raise exception 'the class is not marked in this lesson' using errcode = 'check_violation',
            constraint = 'attendance_lesson_is_one_of_the_class';
    end if;
    return new;
end $$;
create trigger attendance_is_possible before insert on attendance for each row execute function attendance_is_possible();

create function attendance_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a mark is corrected, and not removed' using errcode = 'check_violation', constraint = 'attendance_is_kept';
    end if;
    if (new.id, new.student_id, new.on_date, new.class_id, new.lesson)
       is distinct from (old.id, old.student_id, old.on_date, old.class_id, old.lesson) then
        raise exception 'whose mark it is does not change' using errcode = 'check_violation', constraint = 'attendance_is_kept';
    end if;
    return new;
end $$;
create trigger attendance_is_kept before update or delete on attendance for each row execute function attendance_is_kept();

-- At the end of a transaction there is a correction for each change of a mark, and the last one says what it is now.
create function attendance_changes_are_told() returns trigger language plpgsql as $$
begin
    if exists (
        select from attendance a
        cross join lateral (select count(*) as many from attendance_correction c where c.attendance_id = a.id) told
        where a.id = new.id and a.version <> 1 + told.many) then
        raise exception 'the correction of a mark is not told' using errcode = 'check_violation',
            constraint = 'attendance_changes_are_told';
    end if;
    return null;
end $$;
create constraint trigger attendance_changes_are_told after update on attendance deferrable initially deferred for each row
    when ((new.status, new.note, new.version) is distinct from (old.status, old.note, old.version))
    execute function attendance_changes_are_told();

create function attendance_version_grows() returns trigger language plpgsql as $$
begin
    if new.version <> old.version + 1 then
        raise exception 'a corrected mark has the next version' using errcode = 'check_violation',
            constraint = 'attendance_changes_are_told';
    end if;
    return new;
end $$;
create trigger attendance_version_grows before update on attendance for each row
    when ((new.status, new.note, new.version) is distinct from (old.status, old.note, old.version))
    execute function attendance_version_grows();

create function attendance_correction_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'what a mark was is kept' using errcode = 'check_violation', constraint = 'attendance_correction_is_kept';
end $$;
create trigger attendance_correction_is_kept before update or delete on attendance_correction
    for each row execute function attendance_correction_is_kept();

create function school_run_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a run is kept' using errcode = 'check_violation', constraint = 'school_run_moves';
    elsif new.status <> old.status and (old.status || '>' || new.status) not in (
        'QUEUED>RUNNING', 'QUEUED>DONE', 'QUEUED>FAILED', 'QUEUED>CANCELLED', 'RUNNING>DONE', 'RUNNING>FAILED',
        'RUNNING>CANCELLED', 'FAILED>QUEUED', 'FAILED>RUNNING', 'FAILED>CANCELLED') then
        raise exception 'a run does not go from % to %', old.status, new.status using errcode = 'check_violation',
            constraint = 'school_run_moves';
    elsif (new.id, new.serial, new.kind, new.parameters, new.requested_by_id, new.requested_at)
          is distinct from (old.id, old.serial, old.kind, old.parameters, old.requested_by_id, old.requested_at) then
        raise exception 'what a run is for does not change' using errcode = 'check_violation', constraint = 'school_run_moves';
    end if;
    return new;
end $$;
create trigger school_run_moves before update or delete on school_run for each row execute function school_run_moves();

-- Who changed what, before and after.
create trigger academic_year_is_audited after insert or update or delete on academic_year
    for each row execute function audit_row('academic_year', 'version', 'updated_at');
create trigger term_is_audited after insert or update or delete on term
    for each row execute function audit_row('academic_year:year_id');
create trigger school_holiday_is_audited after insert or update or delete on school_holiday
    for each row execute function audit_row('academic_year:year_id');
create trigger program_is_audited after insert or update or delete on program
    for each row execute function audit_row('program', 'version', 'updated_at');
create trigger subject_is_audited after insert or update or delete on subject
    for each row execute function audit_row('subject', 'version', 'updated_at');
create trigger school_class_is_audited after insert or update or delete on school_class
    for each row execute function audit_row('school_class', 'version', 'updated_at');
create trigger student_is_audited after insert or update or delete on student
    for each row execute function audit_row('student', 'version', 'updated_at', 'enrolled_count');
create trigger student_guardian_is_audited after insert or update or delete on student_guardian
    for each row execute function audit_row('student:student_id');
create trigger teacher_is_audited after insert or update or delete on teacher
    for each row execute function audit_row('teacher', 'version', 'updated_at');
create trigger teaching_is_audited after insert or update or delete on teaching
    for each row execute function audit_row('teaching', 'version', 'updated_at');
create trigger enrolment_is_audited after insert or update or delete on enrolment
    for each row execute function audit_row('enrolment', 'version', 'updated_at');
create trigger attendance_is_audited after insert or update or delete on attendance
    for each row execute function audit_row('attendance', 'version', 'updated_at');
