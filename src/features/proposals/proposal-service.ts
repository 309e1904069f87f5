import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import { isOrganizationAdmin, teamRoleOf } from '../../platform/auth/principal.ts';
import { change, type RecordEntry } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError, invalid } from '../../platform/errors/api-error.ts';
import type { ErrorCode } from '../../platform/errors/catalogue.ts';
import { type Cursors, listName, newestFirst, type Page, paginate } from '../../platform/http/cursor.ts';
import {
  type AgentConfig,
  type AgentConfigService,
  applyUpdate,
  lockedConfig,
  withoutSecrets,
  withStoredSecrets,
} from '../agent-configs/index.ts';
import type {
  Decision,
  NewProposal,
  OrganizationProposalQuery,
  Proposal,
  ProposalListQuery,
  ProposalStatus,
} from './proposal-schemas.ts';
import { type ProposalRow, proposalStore } from './proposal-store.ts';

export interface ProposalServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly configs: AgentConfigService;
}

const hoursByDefault = 168;
const hourMs = 3_600_000;
/** How many may be open for a configuration. */
const openMax = 50;

/** Changes of agent configurations that agents and people propose, and that somebody else decides on: docs/adr/0054-proposals.md. */
export class ProposalService {
  readonly #options: ProposalServiceOptions;

  constructor(options: ProposalServiceOptions) {
    this.#options = options;
  }

  async create(caller: Caller, configId: string, draft: NewProposal): Promise<Proposal> {
    const { db, configs } = this.#options;
    const { org_id: orgId } = await configs.authorized(caller, configId);
    const fields = draft.change;
    return await change(db, caller, orgId, async (tx, record) => {
      const config = await lockedConfig(tx, orgId, configId);
      if (config.version !== (draft.base_version ?? config.version)) {
        throw new ApiError('proposal.stale');
      }
      requireDifference(config, withStoredSecrets(fields, config));
      const proposals = proposalStore(tx, orgId);
      await requireEvidence(tx, caller, orgId, draft.evidence?.incident_ids ?? []);
      if ((await proposals.countOpen(configId)) >= openMax) {
        throw new ApiError('proposal.too_many');
      }
      const id = uuidv7();
      await proposals.insert({
        id,
        config_id: configId,
        base_version: config.version,
        change: JSON.stringify(fields),
        reason: draft.reason,
        incident_ids: draft.evidence?.incident_ids ?? [],
        run_id: draft.evidence?.run_id ?? null,
        proposed_by: caller.userId,
        api_key_id: caller.apiKeyId,
        key_created_by: caller.apiKeyId === null ? null : await proposals.keyMaker(caller.apiKeyId),
        expires_at: new Date(Date.now() + (draft.expires_in_hours ?? hoursByDefault) * hourMs).toISOString(),
      });
      const made = await readProposal(tx, orgId, id);
      record({ ...resourceOf(made), at: made.created_at, action: 'proposal.created', after: made });
      return made;
    });
  }

  async list(caller: Caller, configId: string, query: ProposalListQuery): Promise<Page<Proposal>> {
    const { org_id: orgId } = await this.#options.configs.authorized(caller, configId);
    return await this.#page(caller, orgId, { configId, status: query.status }, query);
  }

  /** Of the teams that the caller may read. */
  async listOfOrganization(
    caller: Caller,
    orgId: string,
    query: OrganizationProposalQuery,
  ): Promise<Page<Proposal>> {
    const principal = await caller.pending.known();
    caller.authorize({ orgId });
    const { status, waiting_for_me: isWaiting } = query;
    const isMine = (teamId: string): boolean =>
      isWaiting !== true || teamRoleOf(principal, orgId, teamId) === 'admin';
    const filter = {
      teamIds: isOrganizationAdmin(principal, orgId) ? 'all' : [...principal.teams.keys()].filter(isMine),
      status: isWaiting === true ? ('open' as const) : status,
      notOf: isWaiting === true ? caller.userId : undefined,
    } as const;
    return await this.#page(caller, orgId, filter, query);
  }

  async get(caller: Caller, id: string): Promise<Proposal> {
    return shown(await this.#authorized(caller, id));
  }

  /** The configuration changes with it, in the same transaction. Throws 409 where another one was faster, whatever it did. */
  async approve(caller: Caller, id: string, { note = null }: Decision): Promise<Proposal> {
    return await this.#decide(caller, id, requireOther, async (tx, record, { proposal, config }) => {
      const after = await applyUpdate(tx, record, caller, config, proposal.change);
      if (after === undefined) {
        throw new ApiError('proposal.changes_nothing');
      }
      return { status: 'approved', note, version: after.version };
    });
  }

  reject(caller: Caller, id: string, { note = null }: Decision): Promise<Proposal> {
    return this.#decide(caller, id, requireOther, async () => ({ status: 'rejected', note, version: null }));
  }

  withdraw(caller: Caller, id: string): Promise<Proposal> {
    return this.#decide(caller, id, requireOwn, async () => ({
      status: 'withdrawn',
      note: null,
      version: null,
    }));
  }

  #page(
    caller: Caller,
    orgId: string,
    filter: Parameters<ReturnType<typeof proposalStore>['page']>[0],
    query: ProposalListQuery | OrganizationProposalQuery,
  ): Promise<Page<Proposal>> {
    const { db, cursors } = this.#options;
    const proposals = proposalStore(db.read({ orgId }, true, caller), orgId);
    return paginate<typeof Proposal>({
      cursors,
      list: listName('proposals', { orgId, configId: filter.configId, ...query }),
      query,
      key: newestFirst,
      positionOf: (proposal) => ({ at: proposal.created_at, id: proposal.id }),
      fetch: async (range) => (await proposals.page(filter, range)).map(shown),
    });
  }

  async #authorized(caller: Caller, id: string): Promise<ProposalRow> {
    const found = await locate(this.#options.db, caller, { kind: 'proposal', id }, (within, orgId) =>
      proposalStore(within, orgId).find(id),
    );
    caller.authorize({ orgId: found.org_id, teamId: found.team_id });
    return found;
  }

  async #decide(
    caller: Caller,
    id: string,
    requireWho: (caller: Caller, proposal: ProposalRow) => void,
    work: (tx: Transaction, record: RecordEntry, locked: Locked) => Promise<Outcome>,
  ): Promise<Proposal> {
    const { org_id: orgId, config_id: configId } = await this.#authorized(caller, id);
    return await change(this.#options.db, caller, orgId, async (tx, record) => {
      const config = await lockedConfig(tx, orgId, configId);
      const proposal = await proposalStore(tx, orgId).lock(id);
      if (proposal === undefined) {
        throw new ApiError('proposal.not_found');
      }
      requireWho(caller, proposal);
      const why = closed[proposal.status];
      if (why !== undefined) {
        throw new ApiError(why);
      }
      const outcome = await work(tx, record, { proposal, config });
      const at = await momentOf(tx, orgId, resourceOf(proposal), proposal.created_at);
      await proposalStore(tx, orgId).decide(id, { ...outcome, by: caller.userId, at });
      const after = await readProposal(tx, orgId, id);
      record({
        ...resourceOf(proposal),
        at,
        action: `proposal.${outcome.status}`,
        before: shown(proposal),
        after,
      });
      return after;
    });
  }
}

interface Locked {
  readonly proposal: ProposalRow;
  readonly config: AgentConfig;
}
interface Outcome {
  readonly status: 'approved' | 'rejected' | 'withdrawn';
  readonly note: string | null;
  readonly version: number | null;
}

/** Why a proposal can be decided no more. */
const closed: Readonly<Partial<Record<ProposalStatus, ErrorCode>>> = {
  approved: 'proposal.decided',
  rejected: 'proposal.decided',
  withdrawn: 'proposal.decided',
  expired: 'proposal.expired',
  stale: 'proposal.stale',
};

/** @NOTE four eyes: neither who proposed it, nor who made the key that did. */
function requireOther({ userId }: Caller, { proposed_by, key_created_by }: ProposalRow): void {
  if (userId === proposed_by || userId === key_created_by) {
    throw new ApiError('proposal.own');
  }
}

function requireOwn({ userId }: Caller, { proposed_by }: ProposalRow): void {
  if (userId !== proposed_by) {
    throw new ApiError('proposal.not_yours');
  }
}

function requireDifference(config: AgentConfig, fields: Partial<AgentConfig>): void {
  const isSame = Object.entries(fields).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(config[name as keyof AgentConfig]),
  );
  if (isSame) {
    throw new ApiError('proposal.changes_nothing');
  }
}

/** Throws 422 for an incident that is not there, or that the caller may not read: in the same words. */
async function requireEvidence(
  tx: Transaction,
  { principal }: Caller,
  orgId: string,
  incidentIds: readonly string[],
): Promise<void> {
  const found = await proposalStore(tx, orgId).incidents(incidentIds);
  const readable = new Set(
    found
      .filter(({ team_id: teamId }) => teamRoleOf(principal, orgId, teamId) !== undefined)
      .map(({ id }) => id),
  );
  const odd = incidentIds.findIndex((id) => !readable.has(id.toLowerCase()));
  if (odd >= 0) {
    throw invalid(`/evidence/incident_ids/${odd}`, 'is no incident that you may read');
  }
}

async function readProposal(tx: Transaction, orgId: string, id: string): Promise<Proposal> {
  const row = await proposalStore(tx, orgId).find(id);
  if (row === undefined) {
    throw new ApiError('proposal.not_found');
  }
  return shown(row);
}

const shown = ({ key_created_by: _, ...proposal }: ProposalRow): Proposal => ({
  ...proposal,
  change: withoutSecrets(proposal.change),
});

const resourceOf = ({ id, team_id }: Pick<Proposal, 'id' | 'team_id'>) => ({
  resourceType: 'proposal',
  resourceId: id,
  teamId: team_id,
});
