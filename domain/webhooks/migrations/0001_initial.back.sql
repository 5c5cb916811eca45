drop table webhook_attempt;
drop table webhook_endpoint;
