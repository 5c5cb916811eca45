drop trigger school_entry_is_named on journal_entry;
drop function school_transaction_says_its_entry(school_transaction);
drop table user_activity_archive, user_activity_log, school_setting, arrears_alert, student_advance, school_transaction,
    fee_payment, fee_late_charge, fee_line, school_fee, student_discount, fee_schedule_line, fee_schedule, fee_structure_line,
    fee_structure, fee_category;
drop sequence school_receipt_serial;
drop function school_fee_is_kept(), school_fee_status(bigint, bigint, bigint, timestamptz), school_fee_agrees(),
    fee_line_is_of_now(), school_receipt_is_numbered(), school_receipt_number(bigint, date), school_money_is_kept(),
    fee_payment_is_booked(), fee_payment_is_collected_once(), student_advance_is_there(), student_advance_is_booked(),
    school_transaction_is_kept(), school_transaction_is_booked(), school_entry_is_named(), user_activity_is_archived();
