/** What a backup is made of; each name gets `.age` where it is encrypted. */
export const files = { dump: 'database.dump', globals: 'globals.sql' } as const;

export const fileName = (file: keyof typeof files, recipient: string | null | undefined): string =>
  recipient == null ? files[file] : `${files[file]}.age`;
