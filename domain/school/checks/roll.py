"""The invariants of students, classes and the roll, recomputed from enrolments, stays and marks."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check

DOMAIN: Final = "school"

CHECKS: Final = (
    Check(
        DOMAIN,
        "students_count_their_enrolments",
        "What a student's row says of enrolments that stand is how many there are, and who was deleted has none.",
        """select s.number || ' counts ' || s.enrolled_count || ' enrolments, there are ' || coalesce(e.many, 0)
           from student s
           left join (select student_id, count(*) as many from enrolment where status = 'ENROLLED' group by 1) e
               on e.student_id = s.id
           where s.enrolled_count <> coalesce(e.many, 0) or (s.deleted_at is not null and coalesce(e.many, 0) > 0)""",
    ),
    Check(
        DOMAIN,
        "nobody_is_enrolled_twice",
        "A student has one enrolment for a programme and a period; a whole year has its terms in it.",
        """select 'student ' || a.student_id || ' has enrolments ' || a.id || ' and ' || b.id || ' for one period'
           from enrolment a
           join enrolment b on b.student_id = a.student_id and b.program_id = a.program_id and b.year_id = a.year_id
                           and b.id > a.id and (a.term_id is null or b.term_id is null or a.term_id = b.term_id)
           where a.status not in ('TRANSFERRED', 'WITHDRAWN') and b.status not in ('TRANSFERRED', 'WITHDRAWN')""",
    ),
    Check(
        DOMAIN,
        "one_class_a_day",
        "A student is in one class of a programme on a day.",
        """select 'student ' || a.student_id || ' is in two classes on ' || greatest(a.from_on, b.from_on)
           from enrolment_stay a
           join enrolment_stay b on b.student_id = a.student_id and b.program_id = a.program_id and b.id > a.id
                                and b.from_on <= a.until_on and a.from_on <= b.until_on""",
    ),
    Check(
        DOMAIN,
        "enrolments_are_their_stays",
        "Stays follow one another inside the period of their enrolment, the last is in its class; an applicant has none.",
        """select 'enrolment ' || e.id || ' is not what its stays are' from enrolment e
           join academic_year y on y.id = e.year_id
           left join term t on t.id = e.term_id
           cross join lateral (
               select count(*) as many, min(from_on) as first, max(until_on) as last,
                      sum(until_on - from_on + 1) as days, (array_agg(class_id order by from_on desc))[1] as last_class,
                      bool_and((s.student_id, s.program_id) = (e.student_id, e.program_id)) as its_own
               from enrolment_stay s where s.enrolment_id = e.id) s
           where e.class_id is distinct from s.last_class or not s.its_own
              or (e.status = 'APPLIED' and s.many > 0) or (e.status not in ('APPLIED', 'WITHDRAWN') and s.many = 0)
              or s.last - s.first + 1 <> s.days
              or s.first < coalesce(t.starts_on, y.starts_on) or s.last > coalesce(t.ends_on, y.ends_on)""",
    ),
    Check(
        DOMAIN,
        "promotions_lead_from_one_to_the_next",
        "An enrolment that follows another one is of the same student, and the other one is over.",
        """select 'enrolment ' || n.id || ' follows one that is not over, or is somebody else''s'
           from enrolment n join enrolment o on o.id = n.from_enrolment_id
           where o.student_id <> n.student_id or o.status not in ('PROMOTED', 'REPEATED')""",
    ),
    Check(
        DOMAIN,
        "classes_are_within_capacity",
        "No class has more students for a year or a term than it has places.",
        """select 'class ' || c.code || ' has ' || n.many || ' students in ' || c.capacity || ' places'
           from (select w.class_id, max(w.many + coalesce(t.many, 0)) as many
                 from (select class_id, year_id, count(*) filter (where term_id is null) as many
                       from enrolment where status = 'ENROLLED' group by 1, 2) w
                 left join (select class_id, year_id, term_id, count(*) as many from enrolment
                            where status = 'ENROLLED' and term_id is not null group by 1, 2, 3) t
                     on (t.class_id, t.year_id) = (w.class_id, w.year_id)
                 group by 1) n
           join school_class c on c.id = n.class_id
           where n.many > c.capacity""",
    ),
    Check(
        DOMAIN,
        "marks_are_of_the_class_and_the_day",
        "Who is marked was in the class that day, and it was a day of school.",
        """select 'student ' || a.student_id || ' is marked in class ' || a.class_id || ' on ' || a.on_date
                  || case when is_school_day(a.on_date) then ', and was not in it' else ', which is no day of school' end
           from attendance a
           where not is_school_day(a.on_date)
              or not exists (select from enrolment_stay s where s.student_id = a.student_id and s.class_id = a.class_id
                                                              and a.on_date between s.from_on and s.until_on)""",
    ),
    Check(
        DOMAIN,
        "marks_are_what_they_were_corrected_to",
        "A mark is what its last correction says, and there is one for each of its versions after the first.",
        """select 'mark ' || a.id || ' is not what its corrections say' from attendance a
           cross join lateral (
               select count(*) as many,
                      (array_agg(after_status order by corrected_at desc, id desc))[1] as status,
                      (array_agg(after_note order by corrected_at desc, id desc))[1] as note
               from attendance_correction where attendance_id = a.id) c
           where a.version <> 1 + c.many or (c.many > 0 and (a.status, a.note) <> (c.status, c.note))""",
    ),
    Check(
        DOMAIN,
        "calendars_are_in_order",
        "Terms and holidays are inside their year, and neither years nor the terms of one overlap.",
        """select 'term ' || t.title || ' is outside of ' || y.title from term t join academic_year y on y.id = t.year_id
           where t.starts_on < y.starts_on or t.ends_on > y.ends_on
           union all
           select 'holiday ' || h.title || ' is outside of ' || y.title
           from school_holiday h join academic_year y on y.id = h.year_id
           where h.starts_on < y.starts_on or h.ends_on > y.ends_on
           union all
           select 'years ' || a.title || ' and ' || b.title || ' overlap' from academic_year a
           join academic_year b on b.id > a.id and b.starts_on <= a.ends_on and a.starts_on <= b.ends_on
           union all
           select 'terms ' || a.title || ' and ' || b.title || ' overlap' from term a
           join term b on b.year_id = a.year_id and b.id > a.id and b.starts_on <= a.ends_on and a.starts_on <= b.ends_on""",
    ),
    Check(
        DOMAIN,
        "families_have_a_primary_guardian",
        "Exactly one of a student's guardians is the primary one.",
        """select 'student ' || student_id || ' has ' || count(*) filter (where is_primary) || ' primary guardians'
           from student_guardian group by student_id having count(*) filter (where is_primary) <> 1""",
    ),
    Check(
        DOMAIN,
        "classes_have_one_class_teacher",
        "One teacher at a time is responsible for a class.",
        """select 'class ' || a.class_id || ' has two class teachers on ' || greatest(a.from_on, b.from_on)
           from teaching a join teaching b on b.class_id = a.class_id and b.id > a.id
           where a.subject_id is null and b.subject_id is null
             and b.from_on <= coalesce(a.until_on, 'infinity') and a.from_on <= coalesce(b.until_on, 'infinity')""",
    ),
    Check(
        DOMAIN,
        "runs_count_their_results",
        "What a run says of outcomes is how many of its results have each.",
        """select r.number || ' counts ' || r.counts || ', its results are ' || coalesce(c.counts, '{}')
           from school_run r
           left join (select run_id, jsonb_object_agg(outcome, many) as counts
                      from (select run_id, outcome, count(*) as many from school_run_result group by 1, 2) o
                      group by 1) c on c.run_id = r.id
           where r.counts <> coalesce(c.counts, '{}')""",
    ),
)
