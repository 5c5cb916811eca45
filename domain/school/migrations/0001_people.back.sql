drop table academic_year;
