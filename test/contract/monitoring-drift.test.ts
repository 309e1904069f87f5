import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultOptions, monitoringFiles } from '../../monitoring/generate/files.ts';

const root = join(import.meta.dirname, '../../');
const generated = monitoringFiles(defaultOptions);
const hint = 'run npm run monitoring:generate';

describe('the files of Prometheus and Alertmanager', () => {
  test.each([...generated])('%s is what the catalogue makes of it', (path, text) => {
    expect(readFileSync(join(root, path), 'utf8') === text, `${path} differs: ${hint}`).toBe(true);
  });

  test.each(['deploy/prometheus/rules', 'deploy/prometheus/tests', 'deploy/alertmanager'])(
    '%s has no file that is not made any more',
    (folder) => {
      const committed = readdirSync(join(root, folder)).map((file) => `${folder}/${file}`);
      expect(committed.filter((path) => !generated.has(path))).toEqual([]);
    },
  );
});
