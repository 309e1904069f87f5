import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';
import { CreatedAt, exampleIds, OrgId, TeamId } from '../../platform/schemas/shared-fields.ts';
import { AgentConfigUpdate } from '../agent-configs/index.ts';

const { organization_id, team_id, ...changeable } = AgentConfigUpdate.properties;
const ProposedChange = exactly(changeable, {
  title: 'Proposed Change',
  description: 'Fields of an agent configuration, as an update names them; those that are left out stay.',
  minProperties: 1,
});

const ProposalId = annotated(Uuid, {
  description: 'The id of the proposal.',
  examples: [exampleIds.proposal],
});
const ConfigId = annotated(Uuid, {
  description: 'The agent configuration that is to be changed.',
  examples: [exampleIds.agentConfig],
});
const BaseVersion = Type.Integer({
  minimum: 1,
  maximum: 2_147_483_647,
  description:
    'The version of the configuration that it is made for: once there is a later one, it is `stale`.',
});
const Reason = Type.String({
  minLength: 1,
  maxLength: 10_000,
  description: 'Why, for whoever decides.',
  examples: ['Two of three triages ended by the limit of 300 s, with nothing found.'],
});
const Evidence = exactly(
  {
    incident_ids: Type.Array(annotated(Uuid, { examples: [exampleIds.incident] }), {
      maxItems: 20,
      description: 'Incidents that show it, which the proposer may read.',
    }),
    run_id: nullable(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'The run of the agent that found it, as you call it; null for none.',
        examples: ['run-4711'],
      }),
    ),
  },
  { title: 'Proposal Evidence', description: 'What a proposal goes by.' },
);
const Note = nullable(
  Type.String({ maxLength: 10_000, description: 'What whoever decides says of it; null for nothing.' }),
);

export const ProposalStatus = oneOf(['open', 'approved', 'rejected', 'withdrawn', 'expired', 'stale'], {
  title: 'Proposal Status',
  description:
    'Where a proposal stands. `expired`: nobody decided in time; `stale`: the configuration has changed since. Both can be decided no more.',
});
export type ProposalStatus = Static<typeof ProposalStatus>;

export const Proposal = exactly(
  {
    id: ProposalId,
    org_id: OrgId,
    config_id: ConfigId,
    team_id: TeamId,
    base_version: BaseVersion,
    change: annotated(ProposedChange, { description: 'The fields to be changed, secrets in them masked.' }),
    reason: Reason,
    evidence: Evidence,
    status: ProposalStatus,
    proposed_by: annotated(Uuid, {
      description: 'Who proposed it, or whom their key acts for.',
      examples: [exampleIds.user],
    }),
    api_key_id: nullable(
      annotated(Uuid, {
        description: 'The API key that it was proposed with; null for none.',
        examples: [exampleIds.apiKey],
      }),
    ),
    created_at: CreatedAt,
    expires_at: annotated(Timestamp, { description: 'Until when it can be decided, in UTC.' }),
    decided_by: nullable(
      annotated(Uuid, {
        description: 'Who decided; null where nobody has.',
        examples: [exampleIds.colleague],
      }),
    ),
    decided_at: nullable(annotated(Timestamp, { description: 'When, in UTC; null where nobody has.' })),
    note: Note,
    version: nullable(
      Type.Integer({
        minimum: 1,
        description: 'The version of the configuration that an approved one became; else null.',
      }),
    ),
  },
  { title: 'Proposal', description: 'A change of an agent configuration that somebody else decides on.' },
);
export type Proposal = Static<typeof Proposal>;

export const NewProposal = exactly(
  {
    base_version: Type.Optional(
      annotated(BaseVersion, {
        description:
          'The version that you have read, and that it is made for; the one of now where it is left out.',
      }),
    ),
    change: annotated(ProposedChange, { description: 'The fields to be changed, as an update names them.' }),
    reason: Reason,
    evidence: Type.Optional(Evidence),
    expires_in_hours: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 720,
        description: 'How long it can be decided; 168, a week, by default.',
      }),
    ),
  },
  { title: 'New Proposal', description: 'A change to be proposed.' },
);
export type NewProposal = Static<typeof NewProposal>;

export const Decision = exactly(
  { note: Type.Optional(Note) },
  { title: 'Decision', description: 'What whoever decides says of it.' },
);
export type Decision = Static<typeof Decision>;

export const ProposalPath = exactly({ proposal_id: ProposalId });
const status = Type.Optional(annotated(ProposalStatus, { description: 'Only those that stand so.' }));
export const ProposalListQuery = exactly({ status, ...pageQuery });
export type ProposalListQuery = Static<typeof ProposalListQuery>;
export const OrganizationProposalQuery = exactly({
  status,
  waiting_for_me: Type.Optional(
    Type.Boolean({
      description: 'Only open ones that you may decide: of teams that you are an admin in, and not your own.',
    }),
  ),
  ...pageQuery,
});
export type OrganizationProposalQuery = Static<typeof OrganizationProposalQuery>;
export const ProposalPage = pageOf(Proposal, 'Proposal Page');
