-- brownie: no-transaction
-- brownie: statement_timeout=24h
-- The entries of earlier releases, into the chain.

call link_earlier_audit_events();
