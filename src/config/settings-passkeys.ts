import { text } from './kinds.ts';
import { originList } from './network-kinds.ts';
import { optionalSetting, setting } from './setting.ts';

const section = 'passkeys';

export const passkeySettings = {
  passkeyOrigins: setting(originList(), {
    name: 'METADATA_PASSKEY_ORIGIN',
    section,
    default: [],
    description:
      'The pages that ask people for passkeys (WebAuthn): scheme, host and port as a browser sends them. Empty: no passkey is added, nor used. ' +
      '`http://` is taken on `localhost` only. How they are added and used: [second-factor.md](second-factor.md#passkeys).',
    example: '["https://app.example.com"]',
  }),
  passkeyRpId: optionalSetting(text('domain'), {
    name: 'METADATA_PASSKEY_RP_ID',
    section,
    absent: 'the host of the first page',
    description:
      'The domain that passkeys are for (WebAuthn’s RP ID): the host of each page, or what it is below. **Whoever changes it makes every passkey useless.**',
    example: 'example.com',
  }),
};
