import { type Static, Type } from 'typebox';
import { annotated, exactly, nullable, Timestamp } from '../../platform/schemas/common-schemas.ts';

import { Assertion, Passkey } from './passkey-schemas.ts';

export const Code = Type.String({
  maxLength: 100,
  description: 'Six digits of the authenticator, or a recovery code.',
  examples: ['287082'],
});

export const SecondFactor = exactly(
  {
    totp_confirmed_at: nullable(
      annotated(Timestamp, {
        description: 'Since when one-time passwords are asked for; null: they are not.',
      }),
    ),
    passkeys: Type.Array(Passkey, { description: 'The passkeys of the caller, the oldest first.' }),
    recovery_codes_left: Type.Integer({
      description: 'How many recovery codes were not used yet.',
      examples: [10],
    }),
  },
  { title: 'Second Factor', description: 'What a login of the caller takes beside the password.' },
);
export type SecondFactor = Static<typeof SecondFactor>;

export const NewFactor = exactly(
  {
    current_password: Type.Optional(
      Type.String({
        maxLength: 1_024,
        description:
          'The password of the caller. Without one: log in by the provider, not ten minutes before.',
        examples: ['correct-horse-battery-staple'],
      }),
    ),
  },
  { title: 'New Factor', description: 'A second factor to be added.' },
);
export type NewFactor = Static<typeof NewFactor>;

export const ProposedFactor = exactly(
  {
    otpauth_uri: Type.String({
      description: 'For the authenticator, as a link or in a QR code. It holds the secret.',
      examples: [
        'otpauth://totp/Brownie%20Metadata:ada%40example.com?issuer=Brownie%20Metadata&secret=GEZDGNBV…',
      ],
    }),
    secret: Type.String({
      description: 'The secret, to be typed, in base32.',
      examples: ['GEZDGNBVGY3TQOJQ…'],
    }),
  },
  { title: 'Proposed Factor', description: 'What an authenticator needs, shown this once.' },
);
export type ProposedFactor = Static<typeof ProposedFactor>;

export const FirstCode = exactly(
  { code: Code },
  { title: 'First Code', description: 'That the authenticator has the secret.' },
);
export type FirstCode = Static<typeof FirstCode>;

export const FactorProof = exactly(
  {
    code: Type.Optional(Code),
    passkey: Type.Optional(
      annotated(Assertion, {
        description: 'In its place: what a passkey signed of `POST /auth/mfa/passkeys/challenge`.',
      }),
    ),
  },
  {
    minProperties: 1,
    maxProperties: 1,
    title: 'Factor Proof',
    description: 'That the caller has a second factor at hand: a code, or a passkey.',
  },
);
export type FactorProof = Static<typeof FactorProof>;

export const RecoveryCodes = exactly(
  {
    recovery_codes: Type.Array(Type.String({ examples: ['k3vt-8qmw-xr6y-n2bh'] }), {
      description:
        'For who has lost the device: each stands for a code, once. They are shown this once; empty where there are some of another factor.',
    }),
  },
  { title: 'Recovery Codes', description: 'What to keep where the authenticator is not.' },
);
export type RecoveryCodes = Static<typeof RecoveryCodes>;
