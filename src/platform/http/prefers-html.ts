import { mediaQuality } from '../system/quality-values.ts';

/** True where a page is liked better than JSON: a browser that follows a link. Programs ask for JSON, for anything or for nothing. */
export const prefersHtml = (accept: string | undefined): boolean =>
  accept !== undefined && mediaQuality(accept, 'text/html') > mediaQuality(accept, 'application/json');
