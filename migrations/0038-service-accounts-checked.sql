-- Every user is one of the kinds, and has what its kind may have.

alter table users validate constraint users_kind_check;
alter table users validate constraint users_service_account_check;
