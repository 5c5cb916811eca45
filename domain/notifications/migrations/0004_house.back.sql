alter table notification_delivery drop column to_house;
