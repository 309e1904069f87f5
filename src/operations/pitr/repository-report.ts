/** What was read of a repository, and what is wrong with it. */
export interface RepositoryReport {
  /** In words; empty where nothing is wrong. */
  readonly faults: readonly string[];
  readonly backups: number;
  /** Of the write-ahead log. */
  readonly segments: number;
}

/** Reads what `pgbackrest verify --output=text --verbose` says. */
export function readReport(text: string): RepositoryReport {
  const faults: string[] = [];
  let [backups, segments, about] = [0, 0, 'repository'];
  for (const line of text.split('\n').map((each) => each.trim())) {
    const [, archive, total] = /^archiveId: ([^,]+), total WAL checked: (\d+)/.exec(line) ?? [];
    const [, label, status] = /^backup: ([^,]+), status: ([^,]+)/.exec(line) ?? [];
    if (archive !== undefined) {
      about = `archive ${archive}`;
      segments += Number(total);
    } else if (label !== undefined) {
      about = `backup ${label}`;
      backups += 1;
      if (status !== 'valid' && status !== 'in-progress') {
        faults.push(`${about} is ${status}`);
      }
    } else {
      faults.push(...countsAbove0(line).map((count) => `${about}: ${count}`));
    }
  }
  if (!/^status: ok$/m.test(text) && faults.length === 0) {
    faults.push(`pgbackrest says: ${text.trim().split('\n').slice(0, 3).join(', ') || 'nothing'}`);
  }
  return { faults, backups, segments };
}

/** `missing: 0, checksum invalid: 1, size invalid: 0, other: 0` */
const countsAbove0 = (line: string): string[] =>
  line.split(', ').filter((part) => /^(missing|checksum invalid|size invalid|other): [1-9]\d*$/.test(part));
