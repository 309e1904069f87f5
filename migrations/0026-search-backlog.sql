-- brownie: no-transaction
-- brownie: statement_timeout=24h
-- Makes the rows of 0024 for what was there before, a thousand a transaction.

call fill_search_entries();
