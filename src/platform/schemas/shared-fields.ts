import { annotated, nullable, Timestamp, Uuid } from './common-schemas.ts';

/** The ids in the examples of documents: each thing has one of its own. */
export const exampleIds = {
  organization: '01890a5d-ac96-774b-bcce-b302099a8057',
  team: '01890a5d-ac97-7c31-9a4e-5d1f0b6e2c14',
  user: '01890a5d-ac98-72e0-8f05-1c9b7a3d4e25',
  colleague: '01890a7f-1b02-7d46-b7c3-0e8f6a5d9b36',
  incident: '01993f1c-4e10-7a58-8d21-9b0c5e7f3a47',
  event: '01993f1c-7a33-7b6c-a9f4-3d2e1c0b8f58',
  agentConfig: '0198c2d4-0f5a-7e79-8b36-7a6f5e4d3c69',
  config: '0198c2d9-1a6b-7f80-9c47-8b7a6f5e4d7a',
  proposal: '01993f22-3b15-7c42-a7d0-5e6f7a8b9c0d',
  stat: '01993f20-9c84-7f8a-b148-2c1d0e9f8b7a',
  auditEvent: '01993f1c-4e15-709b-85ca-6f5e4d3c2b8b',
  request: '01993f1c-4e0f-71ac-97dc-5e4d3c2b1a9c',
  attempt: 'alert-4711-attempt',
  session: '01890a5d-ac96-774b-bcce-b302099a80a1',
  apiKey: '01993f1c-5d20-7c91-8e57-4f1a0b6c2d93',
  invitation: '01993f1c-6b41-7d02-9c68-5a2b1c7d3ea4',
  passkey: '01993f1c-8d63-7f24-8e8a-7c4d3e9fa0c6',
  groupMapping: '01993f1c-7c52-7e13-8d79-6b3c2d8e4fb5',
} as const;

const id = (description: string, example: string) => annotated(Uuid, { description, examples: [example] });

/** Fields that many resources have. */
export const OrgId = id('The organization that it belongs to.', exampleIds.organization);
export const OrganizationId = id('The same as `org_id`.', exampleIds.organization);
export const TeamId = id('The team that it belongs to.', exampleIds.team);
export const UserId = id('A user of the organization.', exampleIds.user);
export const CreatedBy = nullable(
  id('The user who made it; null where no user is known to have.', exampleIds.user),
);
export const UpdatedBy = nullable(
  id('The user who changed it last; null where no user is known to have.', exampleIds.colleague),
);
export const CreatedAt = annotated(Timestamp, { description: 'When it was made, in UTC.' });
export const UpdatedAt = annotated(Timestamp, {
  description: 'When it was changed last, in UTC.',
  examples: ['2025-10-24T04:12:30.500Z'],
});
export const DeletedAt = nullable(
  annotated(Timestamp, { description: 'When it was deleted, in UTC; null where it is not.' }),
);
export const DeletedBy = nullable(
  id('The user who deleted it; null where it is not deleted.', exampleIds.colleague),
);

/** Ids that a body may repeat, as v1 clients do. */
export const RepeatedOrganizationId = id(
  'The organization once more, as v1 clients send it; any other than its own is refused: 422 `request.path_mismatch`.',
  exampleIds.organization,
);
export const RepeatedTeamId = id(
  'The team once more, as v1 clients send it; any other than its own is refused: 422 `request.path_mismatch`.',
  exampleIds.team,
);
