import { type Static, Type } from 'typebox';
import { scopes } from '../../platform/auth/scopes.ts';
import {
  annotated,
  exactly,
  MillisecondTimestamp,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import {
  CreatedAt,
  exampleIds,
  OrgId,
  TeamId,
  UpdatedAt,
  UserId,
} from '../../platform/schemas/shared-fields.ts';

/** Days that a key lasts: where nothing is said, and at most (NIST SP 800-57 has one to two years at most). */
export const lifetimeDays = { default: 90, max: 365 } as const;
/** A week. */
const overlapSecondsMax = 604_800;

const KeyId = annotated(Uuid, { description: 'The id of the key.', examples: [exampleIds.apiKey] });
const KeyName = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'What the key is for, in words of yours.',
  examples: ['Agent of the platform team'],
});
const KeyScope = oneOf(scopes, {
  title: 'Scope',
  description: 'What a key may be used for. Each operation names the scope that it takes.',
  examples: ['incidents:write'],
});
const KeyScopes = Type.Array(KeyScope, {
  minItems: 1,
  maxItems: scopes.length,
  uniqueItems: true,
  description: 'What it may be used for: the less the better.',
  examples: [['incidents:read', 'incidents:write']],
});
const TeamIds = Type.Array(TeamId, {
  maxItems: 100,
  uniqueItems: true,
  description:
    'The teams in which it may be used; empty for the whole organization, which takes one of its admins.',
  examples: [[exampleIds.team]],
});
const AddressRange = Type.String({
  pattern: '^[0-9A-Fa-f:.]{2,45}(?:/[0-9]{1,3})?$',
  description: 'An IP address, or a network of them in CIDR notation.',
  examples: ['203.0.113.0/24'],
});
const AddressRanges = Type.Array(AddressRange, {
  maxItems: 100,
  uniqueItems: true,
  description: 'From where it may be used; empty for everywhere.',
});
const ExpiresAt = annotated(MillisecondTimestamp, { description: 'When it ends by itself, in UTC.' });

const fields = {
  id: KeyId,
  org_id: OrgId,
  user_id: annotated(UserId, {
    description: 'For whom it acts: it may never do more than they may at that moment.',
  }),
  is_of_service_account: Type.Boolean({
    description: 'Whether it acts for a service account, and not for a person.',
    examples: [false],
  }),
  name: KeyName,
  state: oneOf(['active', 'expired', 'revoked', 'ended'], {
    title: 'API Key State',
    description:
      'Whether it is taken. `ended`: its user was deactivated or deleted since it was made, or the service was restored from a backup.',
  }),
  scopes: KeyScopes,
  team_ids: TeamIds,
  address_ranges: AddressRanges,
  expires_at: ExpiresAt,
  previous_until: nullable(
    annotated(Timestamp, {
      description: 'Until when the key that was rotated away is taken, too, in UTC; null where none is.',
    }),
  ),
  last_used_at: nullable(
    annotated(Timestamp, { description: 'When it was used last, to the minute, in UTC; null where never.' }),
  ),
  last_used_address: nullable(
    Type.String({ description: 'The IP address that it was used from then.', examples: ['203.0.113.7'] }),
  ),
  created_by: annotated(UserId, { description: 'Who made it.' }),
  updated_by: annotated(UserId, { description: 'Who changed it last.' }),
  created_at: CreatedAt,
  updated_at: UpdatedAt,
  revoked_at: nullable(
    annotated(Timestamp, { description: 'When it was revoked, in UTC; null where it is not.' }),
  ),
};

export const ApiKey = exactly(fields, {
  title: 'API Key',
  description: 'What a program calls with, as far as it is shown again.',
});
export type ApiKey = Static<typeof ApiKey>;

export const ApiKeyWithSecret = exactly(
  {
    ...fields,
    key: Type.String({
      pattern: '^brw_[0-9A-Za-z]{49}$',
      description:
        'The key itself, for `Authorization: Bearer`. It is shown this once: the service keeps nothing from which it could be had again.',
      examples: ['brw_EXAMPLEexampleEXAMPLEexampleEXAMPLEexampleE000000'],
    }),
  },
  {
    title: 'API Key With Secret',
    description: 'A key that was just made, and the one time that it is shown.',
  },
);
export type ApiKeyWithSecret = Static<typeof ApiKeyWithSecret>;

export const ApiKeyPage = pageOf(ApiKey, 'API Key Page');
export const ApiKeyListQuery = exactly(pageQuery);
export type ApiKeyListQuery = Static<typeof ApiKeyListQuery>;
export const ApiKeyPath = exactly({ key_id: KeyId });

const NewExpiry = annotated(ExpiresAt, {
  description: `When it ends by itself, in UTC: within ${lifetimeDays.max} days; after ${lifetimeDays.default} where nothing is said.`,
});

export const NewApiKey = exactly(
  {
    name: KeyName,
    scopes: KeyScopes,
    team_ids: withDefault(TeamIds, []),
    address_ranges: withDefault(AddressRanges, []),
    expires_at: Type.Optional(NewExpiry),
    service_account_id: Type.Optional(
      annotated(UserId, {
        description:
          'The service account that it is to act for; the caller where nothing is said. For admins of the organization.',
      }),
    ),
  },
  { title: 'New API Key', description: 'A key to make: what it may, where, from where and how long.' },
);
export type NewApiKey = Static<typeof NewApiKey>;

export const ApiKeyUpdate = exactly(
  {
    name: Type.Optional(KeyName),
    address_ranges: Type.Optional(AddressRanges),
    expires_at: Type.Optional(
      annotated(ExpiresAt, { description: 'When it ends by itself, in UTC: earlier than so far.' }),
    ),
  },
  { title: 'API Key Update', description: 'Fields of a key to change; what is left out stays.' },
);
export type ApiKeyUpdate = Static<typeof ApiKeyUpdate>;

export const Rotation = exactly(
  {
    overlap_seconds: withDefault(
      Type.Integer({
        minimum: 0,
        maximum: overlapSecondsMax,
        description:
          'How long the key so far is taken beside the new one: up to a week. 0 where it has leaked.',
        examples: [3600],
      }),
      0,
    ),
    expires_at: Type.Optional(
      annotated(ExpiresAt, {
        description: `When the new one ends by itself, in UTC: within ${lifetimeDays.max} days; as before where nothing is said.`,
      }),
    ),
  },
  { title: 'Rotation', description: 'How a key is replaced by a new one.' },
);
export type Rotation = Static<typeof Rotation>;
