-- brownie: no-transaction
-- Each request without a second factor looks whether an organization of its caller asks for one: few do.

create index concurrently if not exists organizations_mfa_required_idx on organizations (id) where mfa_required;
