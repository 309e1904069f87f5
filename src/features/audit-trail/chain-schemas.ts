import { type Static, Type } from 'typebox';
import { annotated, exactly, nullable, Timestamp, Uuid } from '../../platform/schemas/common-schemas.ts';
import { exampleIds, OrgId } from '../../platform/schemas/shared-fields.ts';
import { AuditEvent } from './audit-schemas.ts';

const exampleHash = '3f786850e387550fdab836ed7e6dc881de23001b0c9a4b1e6d7f2a5c8d9e0f11';
const exampleKey = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';

const seq = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [4711] });
const hash = (description: string) =>
  Type.String({ pattern: '^[0-9a-f]{64}$', description, examples: [exampleHash] });
const key = (description: string) => Type.String({ description, examples: [exampleKey] });

export const ChainQuery = exactly({
  after_seq: Type.Optional(
    seq('Only what stands behind this place in the chain; what is before it is believed.'),
  ),
});
export type ChainQuery = Static<typeof ChainQuery>;

export const ChainLink = exactly(
  {
    seq: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The place of the entry in the chain: from 1, without a gap.',
      examples: [4711],
    }),
    previous: hash('The hash of the entry before it; 64 zeros before the first.'),
    hash: hash(
      'SHA-256 of four lines without a break at the end: `previous`, `seq`, `recorded_at` (empty where it is null) and `entry`, to the byte as it stands here.',
    ),
    recorded_at: nullable(
      annotated(Timestamp, {
        description: 'When it was written, by the clock; null for what was there before the chain.',
      }),
    ),
    entry: AuditEvent,
  },
  {
    title: 'Audit Chain Link',
    description: 'An entry of the audit trail and its link in the chain: one line.',
  },
);

export const ChainCheckpoint = exactly(
  {
    organization_id: OrgId,
    seq: seq('How many entries the chain has; 0 where it has none.'),
    hash: hash('The hash of the last of them; 64 zeros where there is none.'),
    signed_at: annotated(Timestamp, { description: 'When it was signed, in UTC.' }),
    key_id: key('The public key that verifies it, as `GET /audit-keys` names it: its thumbprint (RFC 7638).'),
    public_key: key('The key itself: Ed25519, 32 bytes in base64url.'),
    signature: Type.String({
      description:
        'Ed25519 over five lines, each with its line break: `brownie-audit-checkpoint-v1`, `organization_id`, `seq`, `hash`, `signed_at`.',
      examples: ['hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'],
    }),
  },
  {
    title: 'Audit Checkpoint',
    description:
      'Where the chain of the audit trail stands, signed. Whoever keeps it proves later what was before it.',
  },
);

export const ChainVerification = exactly(
  {
    ok: Type.Boolean({
      description: 'Whether nothing is wrong, as far as it was looked at.',
      examples: [true],
    }),
    first_bad_seq: nullable(
      seq('The first place in the chain that does not hold what was sealed there; null where there is none.'),
    ),
    unlinked_event_id: nullable(
      annotated(Uuid, {
        description:
          'An entry that has no place and waits for none: it was not written as the service does it.',
        examples: [exampleIds.auditEvent],
      }),
    ),
    verified_seq: seq('Up to which place it was looked at.'),
    complete: Type.Boolean({
      description: 'False where the time was up: ask again with `after_seq` at `verified_seq`.',
      examples: [true],
    }),
    pruned: nullable(
      annotated(ChainCheckpoint, {
        description:
          'The checkpoint up to which the operator removed the oldest entries, where the chain begins; null where there are all.',
      }),
    ),
  },
  {
    title: 'Audit Chain Verification',
    description: 'What was found when the audit trail was compared with its chain.',
  },
);
export type ChainVerification = Static<typeof ChainVerification>;

export const AuditKeys = exactly(
  {
    keys: Type.Array(
      exactly(
        {
          kty: Type.Literal('OKP', { description: 'The family of keys (RFC 8037).' }),
          crv: Type.Literal('Ed25519', { description: 'The curve.' }),
          use: Type.Literal('sig', { description: 'What it is for: signatures.' }),
          kid: key('Its thumbprint (RFC 7638).'),
          x: key('The public key, 32 bytes in base64url.'),
        },
        { title: 'Audit Key', description: 'A public key as a JSON Web Key.' },
      ),
      { maxItems: 10, description: 'The one that signs now is the first.' },
    ),
  },
  {
    title: 'Audit Keys',
    description: 'The public keys of the checkpoints of audit trails, as a JWK Set (RFC 7517).',
  },
);
