drop table notification_inbox;
drop table notification;
