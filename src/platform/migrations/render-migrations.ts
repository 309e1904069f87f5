import type { MigrationProgress } from './apply-migrations.ts';
import { type Migration, migrationLabel } from './migration.ts';
import { historyFault, type MigrationStatus } from './migration-status.ts';

/** A migration as `brownie migrate --status` shows it. */
export interface MigrationRow {
  readonly number: number;
  readonly name: string;
  readonly state: 'applied' | 'changed' | 'ahead' | 'pending';
  /** RFC 3339; null while it is pending. */
  readonly appliedAt: string | null;
}

/** Every migration that the database or the files know, in the order of the numbers. */
export const migrationRows = ({ applied, pending, changed, ahead }: MigrationStatus): MigrationRow[] =>
  [
    ...applied.map((row) => ({ ...row, state: 'applied' as const })),
    ...changed.map((row) => ({ ...row.applied, state: 'changed' as const })),
    ...ahead.map((row) => ({ ...row, state: 'ahead' as const })),
    ...pending.map((row) => ({ ...row, appliedAt: null, state: 'pending' as const })),
  ]
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, name, state, appliedAt }) => ({ number, name, state, appliedAt }));

/** The text of `brownie migrate --status`: a table of number, name, state and time, and a line that sums it up. */
export function renderStatus(status: MigrationStatus): string {
  const cells = migrationRows(status).map(({ number, name, state, appliedAt }) => [
    String(number).padStart(4, '0'),
    name,
    state,
    appliedAt ?? '-',
  ]);
  return lines([...table([['number', 'name', 'state', 'applied at'], ...cells]), '', summaryOf(status)]);
}

/** The text of `brownie migrate --dry-run`: what would be applied, or why nothing would. Touches nothing. */
export function renderDryRun(status: MigrationStatus): string {
  const refusal = historyFault(status);
  if (refusal !== null) {
    return lines([`Nothing would be applied: ${refusal}.`]);
  }
  if (status.pending.length === 0) {
    return lines(['Nothing would be applied: the schema is up to date.']);
  }
  const cells = status.pending.map((migration) => [
    `  ${migration.file}`,
    size(migration.sizeBytes),
    bounds(migration),
    migration.summary ?? '-',
  ]);
  return lines([`${count(status.pending.length)} would be applied:`, ...table(cells)]);
}

/** One line about the progress of a run, without a line break. */
export function renderProgress(progress: MigrationProgress): string {
  if (progress.kind === 'waiting') {
    const { holder } = progress;
    const who = holder === null ? '' : `: pid ${holder.pid} (${holder.applicationName || 'unnamed'})`;
    return `waiting for another run on this database${who}`;
  }
  const label = migrationLabel(progress.migration);
  switch (progress.kind) {
    case 'applying':
      return `${label}: applying`;
    case 'retrying': {
      const { tries, sqlState, delayMs } = progress.retry;
      return `${label}: a lock is held by others (SQLSTATE ${sqlState}, try ${tries}), next try in ${seconds(delayMs)}`;
    }
    case 'repairing':
      return `${label}: index ${progress.indexName} was left invalid, building it again`;
    case 'applied':
      return `${label}: applied in ${seconds(progress.durationMs)}`;
  }
}

function summaryOf({ applied, pending, changed, ahead }: MigrationStatus): string {
  if (applied.length + changed.length + ahead.length === 0) {
    return `Nothing is applied; ${pending.length} pending.`;
  }
  const parts = [`${applied.length} applied`, `${pending.length} pending`];
  if (changed.length > 0) {
    parts.push(`${changed.length} changed after being applied`);
  }
  if (ahead.length > 0) {
    parts.push(`${ahead.length} ahead (applied by newer code)`);
  }
  return `${parts.join(', ')}.`;
}

function bounds({ transactional, lockTimeout, statementTimeout }: Migration): string {
  return transactional
    ? `lock ${lockTimeout}, statement ${statementTimeout}`
    : `no transaction, ${statementTimeout}`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function count(migrations: number): string {
  return migrations === 1 ? '1 migration' : `${migrations} migrations`;
}

function size(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : `${(bytes / 1_000).toFixed(1)} kB`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(durationMs < 100 ? 3 : 1)} s`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
