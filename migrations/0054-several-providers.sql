-- Which provider a login was begun with, by its name in the configuration; null: the first, by a release that knew one only.
alter table oidc_logins add column provider text;
