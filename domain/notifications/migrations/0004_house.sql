-- What concerns the whole house may go to an address of its own instead of each administrator's.
alter table notification_delivery
    add column to_house boolean not null default false,
    add constraint delivery_to_the_house_has_its_address check (not to_house or address is not null);
