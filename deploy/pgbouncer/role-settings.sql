-- What the service asks of each connection and PgBouncer leaves out (ignore_startup_parameters). The values are the defaults
-- of METADATA_POSTGRES_STATEMENT_TIMEOUT_MS, …_LOCK_TIMEOUT_MS and …_IDLE_IN_TRANSACTION_TIMEOUT_MS: behind PgBouncer it is here
-- that they are changed. As the owner of the role, in the database brownie.
alter role brownie_service in database brownie set statement_timeout = '5000ms';
alter role brownie_service in database brownie set lock_timeout = '2000ms';
alter role brownie_service in database brownie set idle_in_transaction_session_timeout = '10000ms';
