drop index school_fee_alerted;
drop view school_figures_astray, school_figures_recounted, school_figures_now;
do $$
declare
    counted text;
begin
    foreach counted in array array['student', 'enrolment', 'teacher', 'teaching', 'attendance', 'school_fee', 'fee_payment',
                                   'school_transaction'] loop
        execute format($f$
            drop trigger %1$s_figures_change on %1$I;
            drop function %1$s_figures_change();
            drop function figures_of_%1$s(%1$I);
        $f$, counted);
    end loop;
end $$;
drop function retake_school_figures(), fold_school_figures();
drop table school_figure_change, school_figure;
