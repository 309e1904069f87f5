import { expect, test } from 'vitest';
import { rolesIn, statementsFor } from './roles.ts';

const globals = `--
-- Roles
--
CREATE ROLE brownie_app;
ALTER ROLE brownie_app WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE "brownie-owner";
ALTER ROLE "brownie-owner" WITH NOSUPERUSER INHERIT CREATEROLE LOGIN;
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER;
ALTER ROLE postgres SET log_statement TO 'all';
GRANT brownie_app TO "brownie-owner" WITH ADMIN OPTION GRANTED BY postgres;
GRANT pg_monitor TO postgres GRANTED BY postgres;
`;

test('only what is missing is made, with its memberships', () => {
  expect(statementsFor(globals, ['brownie-owner'])).toEqual([
    'CREATE ROLE "brownie-owner";',
    'ALTER ROLE "brownie-owner" WITH NOSUPERUSER INHERIT CREATEROLE LOGIN;',
    'GRANT brownie_app TO "brownie-owner" WITH ADMIN OPTION;',
  ]);
  expect(statementsFor(globals, [])).toEqual([]);
});

test('its roles are known by their names', () => {
  expect(rolesIn(globals)).toEqual(['brownie_app', 'brownie-owner', 'postgres']);
});
