import { randomBytes } from 'node:crypto';

const lengthMax = 100;

/** The part of a name that a slug can show: lower-case ASCII letters and digits with single hyphens; may be empty. */
const readable = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

const cut = (slug: string, length: number): string => slug.slice(0, length).replace(/-+$/, '');

/**
 * Slugs to try for a name, best first: the readable one where there is one, then ones with a random tail, which no
 * other name has. Any Unicode name gives valid ones (`^[a-z0-9-]{1,100}$`).
 */
export function slugCandidates(name: string, fallback: string): string[] {
  const slug = cut(readable(name), lengthMax);
  const tail = randomBytes(5).toString('hex');
  const unique = `${cut(slug === '' ? fallback : slug, lengthMax - tail.length - 1)}-${tail}`;
  return slug === '' ? [unique] : [slug, unique];
}
