import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readFences, readImports, repository } from './imports.ts';

/** For each fence one import that breaks it: from which file, to which file or package. */
const trials: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'no-cycle': ['src/demo/a.ts', 'src/demo/a.ts'],
  'src/bin': ['src/bin/a.ts', 'src/commands/b.ts'],
  'src/cli': ['src/cli/a.ts', 'src/service/b.ts'],
  'src/commands': ['src/commands/a.ts', 'src/cli/b.ts'],
  'src/service': ['src/service/a.ts', 'src/operations/backup/b.ts'],
  'src/features': ['src/features/users/a.ts', 'src/config/index.ts'],
  'src/drills': ['src/drills/a.ts', 'src/service/b.ts'],
  'src/operations': ['src/operations/backup/a.ts', 'src/drills/b.ts'],
  'src/demo': ['src/demo/a.ts', 'src/features/users/index.ts'],
  'src/platform': ['src/platform/http/a.ts', 'src/features/users/index.ts'],
  'src/config': ['src/config/a.ts', 'src/platform/errors/b.ts'],
  monitoring: ['monitoring/render/a.ts', 'src/commands/b.ts'],
  bench: ['bench/a.ts', 'src/commands/b.ts'],
  scripts: ['scripts/a.ts', 'src/commands/b.ts'],
  sdk: ['sdk/a.ts', 'src/platform/http/b.ts'],
  'src/features/organizations': ['src/features/organizations/a.ts', 'src/features/users/index.ts'],
  'src/features/users': ['src/features/users/a.ts', 'src/features/teams/index.ts'],
  'src/features/teams': ['src/features/teams/a.ts', 'src/features/users/b.ts'],
  'src/features/proofs': ['src/features/proofs/a.ts', 'src/features/sessions/index.ts'],
  'src/features/scim': ['src/features/scim/a.ts', 'src/features/sessions/index.ts'],
  'src/features/invitations': ['src/features/invitations/a.ts', 'src/features/sessions/index.ts'],
  'src/features/external-groups': ['src/features/external-groups/a.ts', 'src/features/sessions/index.ts'],
  'src/features/second-factor': ['src/features/second-factor/a.ts', 'src/features/teams/index.ts'],
  'src/features/domains': ['src/features/domains/a.ts', 'src/features/organizations/index.ts'],
  'src/features/sessions': ['src/features/sessions/a.ts', 'src/features/incidents/index.ts'],
  'src/features/incidents': ['src/features/incidents/a.ts', 'src/features/agent-configs/index.ts'],
  'src/features/agent-configs': ['src/features/agent-configs/a.ts', 'src/features/stats/index.ts'],
  'src/features/configs': ['src/features/configs/a.ts', 'src/features/incidents/index.ts'],
  'src/features/api-keys': ['src/features/api-keys/a.ts', 'src/features/teams/index.ts'],
  'src/features/stats': ['src/features/stats/a.ts', 'src/features/users/index.ts'],
  'src/features/audit-trail': ['src/features/audit-trail/a.ts', 'src/features/users/index.ts'],
  'src/features/proposals': ['src/features/proposals/a.ts', 'src/features/incidents/index.ts'],
  'src/features/mcp': ['src/features/mcp/a.ts', 'src/features/incidents/index.ts'],
  'src/features/instance': ['src/features/instance/a.ts', 'src/features/organizations/index.ts'],
  'src/platform/audit': ['src/platform/audit/a.ts', 'src/platform/http/b.ts'],
  'src/platform/auth': ['src/platform/auth/a.ts', 'src/platform/http/b.ts'],
  'src/platform/backup-state': ['src/platform/backup-state/a.ts', 'src/platform/errors/b.ts'],
  'src/platform/changes': ['src/platform/changes/a.ts', 'src/platform/http/b.ts'],
  'src/platform/database': ['src/platform/database/a.ts', 'src/platform/auth/b.ts'],
  'src/platform/documents': ['src/platform/documents/a.ts', 'src/platform/database/b.ts'],
  'src/platform/embedded-postgres': ['src/platform/embedded-postgres/a.ts', 'src/platform/migrations/b.ts'],
  'src/platform/errors': ['src/platform/errors/a.ts', 'src/platform/http/b.ts'],
  'src/platform/http': ['src/platform/http/a.ts', 'src/platform/documents/b.ts'],
  'src/platform/mail': ['src/platform/mail/a.ts', 'src/platform/http/b.ts'],
  'src/platform/maintenance': ['src/platform/maintenance/a.ts', 'src/platform/database/b.ts'],
  'src/platform/migrations': ['src/platform/migrations/a.ts', 'src/platform/database/b.ts'],
  'src/platform/observability': ['src/platform/observability/a.ts', 'src/platform/http/b.ts'],
  'src/platform/operator-events': ['src/platform/operator-events/a.ts', 'src/platform/maintenance/b.ts'],
  'src/platform/process': ['src/platform/process/a.ts', 'src/platform/http/b.ts'],
  'src/platform/programs': ['src/platform/programs/a.ts', 'src/platform/database/b.ts'],
  'src/platform/redis': ['src/platform/redis/a.ts', 'src/platform/tracing/b.ts'],
  'src/platform/replicas': ['src/platform/replicas/a.ts', 'src/platform/http/b.ts'],
  'src/platform/schemas': ['src/platform/schemas/a.ts', 'src/platform/http/b.ts'],
  'src/platform/system': ['src/platform/system/a.ts', 'src/platform/errors/b.ts'],
  'src/platform/tls': ['src/platform/tls/a.ts', 'src/platform/http/b.ts'],
  'src/platform/tracing': ['src/platform/tracing/a.ts', 'src/platform/http/b.ts'],
  'src/operations/backup': ['src/operations/backup/a.ts', 'src/operations/pitr/b.ts'],
  'src/operations/balancing': ['src/operations/balancing/a.ts', 'src/operations/probing/b.ts'],
  'src/operations/certificates': ['src/operations/certificates/a.ts', 'src/operations/doctor/b.ts'],
  'src/operations/checklists': ['src/operations/checklists/a.ts', 'src/operations/backup/b.ts'],
  'src/operations/doctor': ['src/operations/doctor/a.ts', 'src/operations/checklists/b.ts'],
  'src/operations/drill-record': ['src/operations/drill-record/a.ts', 'src/operations/doctor/b.ts'],
  'src/operations/erasure': ['src/operations/erasure/a.ts', 'src/operations/backup/b.ts'],
  'src/operations/incident-log': ['src/operations/incident-log/a.ts', 'src/operations/checklists/b.ts'],
  'src/operations/pitr': ['src/operations/pitr/a.ts', 'src/operations/doctor/b.ts'],
  'src/operations/support': ['src/operations/support/a.ts', 'src/operations/backup/b.ts'],
  'src/operations/retention': ['src/operations/retention/a.ts', 'src/operations/backup/b.ts'],
  'src/operations/upgrade': ['src/operations/upgrade/a.ts', 'src/operations/backup/b.ts'],
  'src/operations/probing': ['src/operations/probing/a.ts', 'src/operations/doctor/b.ts'],
  'src/operations/backup/store': [
    'src/operations/backup/store/a.ts',
    'src/operations/backup/database/index.ts',
  ],
  'src/operations/backup/database': [
    'src/operations/backup/database/a.ts',
    'src/operations/backup/store/b.ts',
  ],
  'src/operations/backup/create': [
    'src/operations/backup/create/a.ts',
    'src/operations/backup/verify/index.ts',
  ],
  'src/operations/backup/copy': ['src/operations/backup/copy/a.ts', 'src/operations/backup/verify/index.ts'],
  'src/operations/backup/verify': [
    'src/operations/backup/verify/a.ts',
    'src/operations/backup/restore/index.ts',
  ],
  'src/operations/backup/restore': [
    'src/operations/backup/restore/a.ts',
    'src/operations/backup/create/index.ts',
  ],
  'monitoring/alerts': ['monitoring/alerts/a.ts', 'monitoring/dashboards/b.ts'],
  'monitoring/slo': ['monitoring/slo/a.ts', 'monitoring/alerts/b.ts'],
  'monitoring/dashboards': ['monitoring/dashboards/a.ts', 'monitoring/render/b.ts'],
  'monitoring/documents': ['monitoring/documents/a.ts', 'monitoring/render/b.ts'],
  'monitoring/histories': ['monitoring/histories/a.ts', 'monitoring/alerts/b.ts'],
  'monitoring/render': ['monitoring/render/a.ts', 'monitoring/alerts/b.ts'],
  'monitoring/generate': ['monitoring/generate/a.ts', 'monitoring/observe/b.ts'],
  'monitoring/observe': ['monitoring/observe/a.ts', 'monitoring/generate/b.ts'],
  'every-part-has-a-fence': ['src/service/a.ts', 'src/platform/unknown-part/b.ts'],
  'features-by-the-front-door': ['src/service/a.ts', 'src/features/users/b.ts'],
  'backups-by-their-doors': ['src/commands/a.ts', 'src/operations/backup/verify/b.ts'],
  'configuration-by-the-front-door': ['src/commands/a.ts', 'src/config/env.ts'],
  'source-knows-no-test': ['src/platform/http/a.ts', 'src/platform/http/b.fixture.ts'],
  'acceptance-is-a-black-box': ['test/acceptance/a.test.ts', 'src/platform/errors/b.ts'],
  'client-needs-nothing': ['sdk/a.ts', 'fast-check'],
  'no-unknown-package': ['src/platform/http/a.ts', 'no-such-package'],
  'no-dev-dependency-in-source': ['src/platform/http/a.ts', 'fast-check'],
};

test('each fence has its trial', async () => {
  const { forbidden = [] } = await readFences();
  expect(Object.keys(trials).sort()).toEqual(forbidden.map(({ name }) => name ?? '').sort());
});

test('each fence refuses the import that breaks it', async () => {
  const root = await mkdtemp(join(tmpdir(), 'fences-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const file of ['package.json', 'node_modules']) {
    await symlink(join(repository, file), join(root, file));
  }
  const wanted = await Promise.all(
    Object.entries(trials).map(async ([rule, [from, to]], index) => {
      const file = from.replace('/a.', `/a${index}.`);
      const target = from === to ? file : to;
      const isPackage = !target.includes('/');
      await write(join(root, file), `import ${JSON.stringify(isPackage ? to : pathTo(file, target))};\n`);
      if (!isPackage && target !== file) {
        await write(join(root, target), 'export const b = 1;\n');
      }
      return { rule, from: file };
    }),
  );

  const { violations } = await readImports(root, ['src', 'monitoring', 'test', 'scripts', 'bench', 'sdk']);

  expect(
    wanted.filter((each) => !violations.some(({ rule, from }) => rule === each.rule && from === each.from)),
  ).toEqual([]);
});

const pathTo = (from: string, to: string): string => {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
};

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
