/** The name of the backup made at a moment: `backup_20251024_120000`, in UTC. */
export function backupName(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  return `backup_${date.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}`;
}

export const isBackupName = (name: string): boolean => /^backup_\d{8}_\d{6}$/.test(name);

/** What a backup is called until it is whole. A folder so named is never taken for a backup. */
export const draftName = (name: string): string => `.${name}.partial`;

export const isDraftName = (name: string): boolean => /^\.backup_\d{8}_\d{6}\.partial$/.test(name);

/** What a backup is made of; each name gets `.age` where it is encrypted. */
export const files = { dump: 'database.dump', globals: 'globals.sql', folder: 'folder.tar.gz' } as const;

/** What is in the copy of the folder of an embedded database; all but the data may be missing. */
export const folderParts = {
  data: 'postgres',
  credentials: 'credentials.json',
  secret: 'jwt-secret',
} as const;

export const fileName = (file: keyof typeof files, recipient: string | null | undefined): string =>
  recipient == null ? files[file] : `${files[file]}.age`;
