-- The school's people: when there is school, in which classes, who learns and who teaches there.

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
