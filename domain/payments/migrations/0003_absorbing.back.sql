alter table payment_application drop column written_off_minor;
