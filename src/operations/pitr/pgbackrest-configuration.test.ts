import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  defaultLayout,
  renderConfiguration,
  renderServerSettings,
  serverSettings,
} from './pgbackrest-configuration.ts';
import { defaultRepository } from './repository.ts';

test('deploy/pgbackrest/pgbackrest.conf is that of the default layout; if not: write it anew', () => {
  const file = join(import.meta.dirname, '../../../deploy/pgbackrest/pgbackrest.conf');
  expect(readFileSync(file, 'utf8')).toBe(renderConfiguration(defaultLayout));
});

test('a key is written, and only with it a cipher', () => {
  expect(renderConfiguration({ ...defaultLayout, cipherPass: 'kept' })).toContain(
    'repo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass=kept\n',
  );
  expect(renderConfiguration(defaultLayout)).not.toContain('cipher');
});

test('PostgreSQL is told in lines that it takes', () => {
  expect(renderServerSettings(serverSettings(defaultRepository))).toContain(
    "archive_command = 'pgbackrest --config=/etc/pgbackrest/pgbackrest.conf --stanza=brownie archive-push %p'\n",
  );
});
