drop table notification_preferences;
drop table notification_delivery;
drop function delivery_content_stays();
drop function delivery_moves();
alter table notification
    drop column channels,
    drop column type;
