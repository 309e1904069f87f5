import { bad, good, type Kind, quote, text, wholeNumber } from './kinds.ts';
import { serviceUrl } from './network-kinds.ts';
import { postgresDsn } from './postgres-dsn.ts';
import { optionalSetting, setting } from './setting.ts';

const section = 'backup';

export const backupSettings = {
  backupDsn: optionalSetting(postgresDsn(), {
    name: 'METADATA_BACKUP_DSN',
    section,
    absent: 'the value of METADATA_POSTGRES_MIGRATION_DSN',
    description:
      'The database, as a role that sees every row: one with `bypassrls` and `pg_read_all_data`, or a superuser. ' +
      'Any other is refused.',
    example: 'postgresql://brownie_backup@db.example.com:5432/brownie?sslmode=verify-full',
  }),
  restoreDsn: optionalSetting(postgresDsn(), {
    name: 'METADATA_BACKUP_RESTORE_DSN',
    section,
    absent: 'the backup DSN',
    description:
      'The server that backups are restored to, as a superuser; its database is only used to connect.',
    example: 'postgresql://postgres@standby.example.com:5432/postgres?sslmode=verify-full',
  }),
  backupDirectory: optionalSetting(text('folder'), {
    name: 'METADATA_BACKUP_DIR',
    section,
    absent: '`backups`',
    description:
      'The folder of the backups, relative to the working directory. It also keeps when the last backup and the last drill succeeded, for the metrics.',
    example: '/var/backups/brownie',
  }),
  backupRetentionDays: setting(wholeNumber({ min: 1, max: 36_500 }), {
    name: 'METADATA_BACKUP_RETENTION_DAYS',
    section,
    default: 30,
    description:
      'The age at which `brownie backup prune` removes a backup; never one of the last three good ones.',
    example: '90',
  }),
  backupRecipient: optionalSetting(ageRecipient(), {
    name: 'METADATA_BACKUP_AGE_RECIPIENT',
    section,
    absent: 'not set: backups are not encrypted',
    description: 'The public key that backups are encrypted for, with [age](https://age-encryption.org).',
    example: 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p',
  }),
  backupIdentityPath: optionalSetting(text('file'), {
    name: 'METADATA_BACKUP_AGE_IDENTITY_PATH',
    section,
    absent: 'not set',
    description:
      'The file of the private key, to restore with. Keep it away from the machine that makes the backups.',
    example: '/run/secrets/backup-identity.txt',
  }),
  backupS3Url: optionalSetting(s3Url(), {
    name: 'METADATA_BACKUP_S3_URL',
    section,
    absent: 'not set: backups are not copied',
    description:
      'Where each backup is copied to. Credentials and region come from the usual variables of AWS ' +
      '(`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`) or the role of the machine.',
    example: 's3://acme-backups/brownie',
  }),
  backupS3Endpoint: optionalSetting(serviceUrl(), {
    name: 'METADATA_BACKUP_S3_ENDPOINT',
    section,
    absent: 'that of AWS',
    description: 'The address of a storage that speaks S3 and is not AWS.',
    example: 'https://minio.example.com:9000',
  }),
};

/** Where backups are copied to: `s3://bucket` or `s3://bucket/prefix`. */
export function s3Url(): Kind<string> {
  return {
    expects: '`s3://bucket/prefix`',
    secret: false,
    parse: (raw) =>
      /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w!.*'()/-]*)?$/.test(raw.trim())
        ? good(raw.trim().replace(/\/+$/, ''))
        : bad(`${quote(raw)} is not a place of S3; write s3://bucket/prefix`),
    format: (value) => value,
  };
}

/** A public key of age: https://age-encryption.org/v1. */
export function ageRecipient(): Kind<string> {
  return {
    expects: 'public key of age',
    secret: false,
    parse: (raw) =>
      /^age1[02-9ac-hj-np-z]{58}$/.test(raw.trim())
        ? good(raw.trim())
        : bad(
            'is not a public key of age; make a pair with: age-keygen, and give the line that begins with age1',
          ),
    format: (value) => value,
  };
}
