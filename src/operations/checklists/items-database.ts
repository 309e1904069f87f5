import { allKeys } from '../../platform/auth/key-ring/index.ts';
import { costliestStatements, statementLine } from '../doctor/checks/activity-slow-queries.ts';
import { judgeKeyAge } from '../doctor/checks/secrets-key-ring.ts';
import type { DoctorContext } from '../doctor/index.ts';
import { fromDiagnoses } from './from-doctor.ts';
import { fail, type Item, needsPerson, pass } from './item.ts';

const cannotLook = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const certificateExpiration: Item = {
  title: 'Check certificate expiration',
  look: async ({ diagnoses }) => fromDiagnoses(await diagnoses('certificates')),
};

export const updateCertificates: Item = {
  title: 'Update certificates',
  look: async ({ diagnoses }) => fromDiagnoses(await diagnoses('certificates')),
};

export const databaseDisk: Item = {
  title: 'Check database disk usage',
  async look({ diagnoses, doctor }) {
    const disk = await diagnoses('disk');
    try {
      return fromDiagnoses(disk, await sizes(doctor));
    } catch (error) {
      return needsPerson(
        [cannotLook(error), 'look at it on the machine of the database'],
        'df --human-readable',
      );
    }
  },
};

async function sizes(doctor: DoctorContext): Promise<readonly string[]> {
  const session = await doctor.service();
  const { size } = await session.row<{ size: string }>(
    'select pg_size_pretty(pg_database_size(current_database())) as size',
  );
  const tables = await session.rows<{ line: string }>(
    `select relid::regclass || ': ' || pg_size_pretty(pg_total_relation_size(relid)) as line
     from pg_stat_user_tables order by pg_total_relation_size(relid) desc limit 5`,
  );
  return [`the database takes ${size}`, ...tables.map(({ line }) => `  ${line}`)];
}

/** A key that has signed for a month is due. */
const keyDaysMax = 30;

export const rotateSecrets: Item = {
  title: 'Rotate JWT secrets',
  async look({ doctor }) {
    const command = 'brownie jwt stage && brownie jwt promote';
    try {
      const keys = await allKeys((await doctor.service()).sender);
      const { severity, finding } = judgeKeyAge(keys, keyDaysMax);
      return severity === 'ok' ? pass([finding]) : fail([finding], command);
    } catch (error) {
      return needsPerson([cannotLook(error)], 'brownie jwt status');
    }
  },
};

export const optimizeQueries: Item = {
  title: 'Review and optimize queries',
  async look({ diagnoses, doctor }) {
    const found = await diagnoses('activity', 'tables');
    try {
      const statements = await costliestStatements(await doctor.service());
      return typeof statements === 'string'
        ? fromDiagnoses(found)
        : fromDiagnoses(found, ['what cost most:', ...statements.map((each) => `  ${statementLine(each)}`)]);
    } catch (error) {
      return needsPerson([cannotLook(error)], 'brownie doctor --only activity tables');
    }
  },
};
