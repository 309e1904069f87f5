import { bad, good, type Kind, quote } from './kinds.ts';

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

/** The address of a service, without credentials in it. */
export function serviceUrl(): Kind<string> {
  return {
    expects: 'URL, http:// or https://',
    secret: false,
    parse: (raw) => {
      const url = URL.parse(raw.trim());
      return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
        ? good(raw.trim())
        : bad(
            'is not a URL with http:// or https:// and without user and password; write https://s3.example.com',
          );
    },
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
