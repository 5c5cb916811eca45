-- Whoever says that they were never told can be shown when they turned it off.
create trigger notification_preferences_are_audited after insert or update or delete on notification_preferences
    for each row execute function audit_row('notification_preferences:user_id', 'updated_at');
