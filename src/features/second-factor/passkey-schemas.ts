import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  nullable,
  oneOf,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';
import { exampleIds } from '../../platform/schemas/shared-fields.ts';

/** @NOTE fields that WebAuthn names keep its names: browsers read and write them (Level 3, 5.1.8 to 5.1.10). */
const base64url = (maxLength: number, description: string, example: string) =>
  Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength, description, examples: [example] });

const credentialId = 'Y3JlZGVudGlhbC1vbmU';
/** 1,023 bytes at most: WebAuthn, 5.1.1. */
const CredentialId = base64url(1_364, 'What the authenticator calls the passkey.', credentialId);
const ClientData = base64url(
  8_192,
  'What the browser says of the ceremony.',
  'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
);
const AuthenticatorData = base64url(16_384, 'What the authenticator says of it.', 'SZYN5YgOjGh0NBcPZHZgW4');
const Attachment = Type.String({
  maxLength: 40,
  description: 'Where the authenticator is: `platform` or `cross-platform`.',
  examples: ['platform'],
});
const Extensions = Type.Object(
  {},
  { description: 'What extensions of the browser answered. Nothing is made of it.' },
);
const Transport = Type.String({
  maxLength: 40,
  description: 'A way to the authenticator, as WebAuthn names it.',
  examples: ['internal'],
});
const credential = {
  id: CredentialId,
  rawId: annotated(CredentialId, { description: 'The same.' }),
  type: oneOf(['public-key'], { description: 'What it is.', examples: ['public-key'] }),
  authenticatorAttachment: Type.Optional(Attachment),
  clientExtensionResults: Type.Optional(Extensions),
};

export const NewCredential = exactly(
  {
    ...credential,
    response: exactly(
      {
        clientDataJSON: ClientData,
        attestationObject: base64url(
          16_384,
          'The new public key, and what it is of.',
          'o2NmbXRkbm9uZWdhdHRTdG10oA',
        ),
        authenticatorData: Type.Optional(AuthenticatorData),
        publicKey: Type.Optional(base64url(16_384, 'The public key alone.', 'MFkwEwYHKoZIzj0CAQYIKoZIzj0D')),
        publicKeyAlgorithm: Type.Optional(
          Type.Integer({ description: 'The algorithm of it, as COSE counts them.', examples: [-7] }),
        ),
        transports: Type.Optional(
          Type.Array(Transport, { maxItems: 10, description: 'Ways to the authenticator.' }),
        ),
      },
      { description: 'What the authenticator made.' },
    ),
  },
  {
    title: 'New Credential',
    description: 'What `navigator.credentials.create()` answered, as its `toJSON()` writes it.',
  },
);
export type NewCredential = Static<typeof NewCredential>;

export const Assertion = exactly(
  {
    ...credential,
    response: exactly(
      {
        clientDataJSON: ClientData,
        authenticatorData: AuthenticatorData,
        signature: base64url(8_192, 'The signature over both.', 'MEUCIQDTGVxhrSIVUC'),
        userHandle: Type.Optional(
          nullable(base64url(88, 'Whose it is, where the authenticator knows.', 'AZAAAAAAcACAAAAAAAAAAQ')),
        ),
        attestationObject: Type.Optional(
          nullable(base64url(16_384, 'Nothing is made of it.', 'o2NmbXRkbm9uZQ')),
        ),
      },
      { description: 'What the authenticator signed.' },
    ),
  },
  {
    title: 'Assertion',
    description: 'What `navigator.credentials.get()` answered, as its `toJSON()` writes it.',
  },
);
export type Assertion = Static<typeof Assertion>;

export const exampleAssertion = {
  id: credentialId,
  rawId: credentialId,
  type: 'public-key' as const,
  response: {
    clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
    authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4',
    signature: 'MEUCIQDTGVxhrSIVUC',
  },
};

export const exampleCredential = {
  id: credentialId,
  rawId: credentialId,
  type: 'public-key' as const,
  response: {
    clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
    attestationObject: 'o2NmbXRkbm9uZWdhdHRTdG10oA',
  },
};

const Challenge = Type.String({
  description: 'What the authenticator signs: good once, for five minutes.',
  examples: ['Zk8vQ1wYy5hM0uJ2sXb7tRc4eLp9aNd6fGiKoHjVmTq'],
});
const Timeout = Type.Integer({
  description: 'How long the browser may take, in milliseconds.',
  examples: [300_000],
});
const Verification = oneOf(['required'], {
  description: 'The authenticator makes sure who it is, by a PIN, a finger or a face.',
  examples: ['required'],
});
const Known = exactly(
  {
    id: CredentialId,
    type: credential.type,
    transports: Type.Array(Transport, { description: 'Ways to the authenticator.' }),
  },
  { description: 'A passkey of the user.' },
);

export const CreationOptions = exactly(
  {
    challenge: Challenge,
    rp: exactly(
      {
        id: Type.String({ description: 'The domain that passkeys are for.', examples: ['example.com'] }),
        name: Type.String({ description: 'What browsers call it.', examples: ['Brownie Metadata'] }),
      },
      { description: 'Whom the passkey is for.' },
    ),
    user: exactly(
      {
        id: base64url(88, 'The id of the user, its 16 bytes.', 'AZAAAAAAcACAAAAAAAAAAQ'),
        name: Type.String({ description: 'Their e-mail address.', examples: ['ada@example.com'] }),
        displayName: Type.String({ description: 'What browsers show.', examples: ['ada@example.com'] }),
      },
      { description: 'Whose it is.' },
    ),
    pubKeyCredParams: Type.Array(
      exactly({
        type: credential.type,
        alg: Type.Integer({ description: 'An algorithm, as COSE counts them.', examples: [-7] }),
      }),
      { description: 'Which keys are taken, the best first: EdDSA, ES256, RS256.' },
    ),
    timeout: Timeout,
    attestation: oneOf(['none'], { description: 'Nothing is asked of its maker.', examples: ['none'] }),
    authenticatorSelection: exactly(
      {
        residentKey: oneOf(['preferred'], {
          description:
            'Where the authenticator can, it remembers whose the passkey is: then it logs in by itself.',
          examples: ['preferred'],
        }),
        userVerification: Verification,
      },
      { description: 'Which authenticators are taken.' },
    ),
    excludeCredentials: Type.Array(Known, { description: 'Those that the user has already.' }),
  },
  {
    title: 'Creation Options',
    description:
      'For `PublicKeyCredential.parseCreationOptionsFromJSON()` and `navigator.credentials.create()`.',
  },
);
export type CreationOptions = Static<typeof CreationOptions>;

export const RequestOptions = exactly(
  {
    challenge: Challenge,
    rpId: Type.String({ description: 'The domain that passkeys are for.', examples: ['example.com'] }),
    timeout: Timeout,
    userVerification: Verification,
    allowCredentials: Type.Array(Known, {
      description: 'Which passkeys are taken; none is named where nobody has said who logs in.',
    }),
  },
  {
    title: 'Request Options',
    description: 'For `PublicKeyCredential.parseRequestOptionsFromJSON()` and `navigator.credentials.get()`.',
  },
);
export type RequestOptions = Static<typeof RequestOptions>;

const PasskeyId = annotated(Uuid, { description: 'The id of the passkey.', examples: [exampleIds.passkey] });
const PasskeyName = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'What its user calls it.',
  examples: ['Laptop'],
});

export const Passkey = exactly(
  {
    id: PasskeyId,
    name: PasskeyName,
    created_at: annotated(Timestamp, { description: 'When it was added.' }),
    last_used_at: nullable(annotated(Timestamp, { description: 'When it was used last; null: not yet.' })),
  },
  { title: 'Passkey', description: 'A passkey of the caller.' },
);
export type Passkey = Static<typeof Passkey>;

export const PasskeyPath = exactly({ passkey_id: PasskeyId });

export const NewPasskey = exactly(
  { name: PasskeyName, credential: NewCredential },
  { title: 'New Passkey', description: 'A passkey to be added, as the authenticator made it.' },
);
export type NewPasskey = Static<typeof NewPasskey>;

export const PasskeyUpdate = exactly(
  { name: PasskeyName },
  { title: 'Passkey Update', description: 'Another name for a passkey.' },
);
export type PasskeyUpdate = Static<typeof PasskeyUpdate>;

export const AddedPasskey = exactly(
  {
    passkey: Passkey,
    recovery_codes: Type.Array(Type.String({ examples: ['k3vt-8qmw-xr6y-n2bh'] }), {
      description:
        'With the first factor: each stands for it, once, and they are shown this once. Else empty.',
    }),
  },
  { title: 'Added Passkey', description: 'The passkey, and what to keep where the authenticator is not.' },
);
export type AddedPasskey = Static<typeof AddedPasskey>;
