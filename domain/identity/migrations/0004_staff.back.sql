drop index app_user_staff;
