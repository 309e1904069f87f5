import { backupConfiguration } from '../operations/backup/index.ts';
import { commandConfig } from './command-config.ts';
import { report } from './outcome.ts';

export interface BackupConfigOptions {
  readonly from: string;
  readonly into?: string;
  readonly json?: boolean;
}

/** Copies `.env` and the compose files, mode 0600; encrypted where backups are. */
export async function backupConfig({ from, into, json = false }: BackupConfigOptions): Promise<void> {
  const { recipient } = commandConfig().backup;
  const copies = await backupConfiguration(from, { ...(into === undefined ? {} : { into }), recipient });
  report({ exitCode: 0, text: copies.map((copy) => `${copy}\n`).join(''), json: { copies } }, { json });
}
