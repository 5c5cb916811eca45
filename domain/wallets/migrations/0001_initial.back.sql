drop table wallet;
