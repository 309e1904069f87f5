import { isIP } from 'node:net';
import { quote } from './kinds.ts';
import type { Readings } from './read-settings.ts';

/** What browsers would refuse of the settings of passkeys: WebAuthn, 5.1.3 and 5.1.4. */
export function passkeyFaults({ passkeyOrigins, passkeyRpId }: Readings): string[] {
  const origins = passkeyOrigins.value.map((origin) => new URL(origin));
  const [first] = origins;
  if (first === undefined) {
    return passkeyRpId.given
      ? [
          'METADATA_PASSKEY_RP_ID: is set without METADATA_PASSKEY_ORIGIN; set both, or neither for no passkeys',
        ]
      : [];
  }
  const rpId = passkeyRpId.value ?? first.hostname;
  const isDomain = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(rpId) && isIP(rpId) === 0;
  return [
    ...(isDomain
      ? []
      : [`METADATA_PASSKEY_RP_ID: ${quote(rpId)} is no domain in lower case; write one such as example.com`]),
    ...origins
      .filter(({ protocol, hostname }) => protocol !== 'https:' && !/(^|\.)localhost$/.test(hostname))
      .map(
        ({ origin }) =>
          `METADATA_PASSKEY_ORIGIN: ${quote(origin)} is plain HTTP, which is taken on localhost only; give https://`,
      ),
    ...origins
      .filter(({ hostname }) => hostname !== rpId && !hostname.endsWith(`.${rpId}`))
      .map(
        ({ origin }) =>
          `METADATA_PASSKEY_ORIGIN: ${quote(origin)} is neither ${rpId} nor below it; set METADATA_PASSKEY_RP_ID to a domain that all pages share`,
      ),
  ];
}
