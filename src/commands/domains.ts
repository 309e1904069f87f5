import { type DomainClaim, domainStore, isPublicMailDomain, readDomain } from '../features/domains/index.ts';
import { organizationStore } from '../features/organizations/index.ts';
import { operator } from '../platform/audit/audit-entry.ts';
import { changeBy, type RecordEntry } from '../platform/changes/change.ts';
import { momentOf } from '../platform/changes/moment.ts';
import type { Transaction } from '../platform/database/transaction.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { commandConfig } from './command-config.ts';
import { findOrganization } from './find-organization.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { report } from './outcome.ts';

export interface DomainOptions {
  readonly claim?: string;
  readonly provider?: string;
  readonly release?: string;
  readonly json?: boolean;
}

/**
 * Shows the domains of an organization, and gives it one, or takes one, on the operator's word, with an audit entry: see
 * docs/adr/0049-just-in-time-members.md.
 */
export async function domains(organization: string, options: DomainOptions): Promise<void> {
  const config = commandConfig();
  const claim = options.claim === undefined ? undefined : requireDomain(options.claim);
  const release = options.release === undefined ? undefined : requireDomain(options.release);
  const names = config.oidcProviders.map(({ name }) => name);
  const provider = options.provider ?? (names.length === 1 ? names[0] : undefined);
  if (claim !== undefined && (provider === undefined || !names.includes(provider))) {
    throw new OperationError(
      `Say with --provider which provider is believed about the addresses; configured are: ${names.join(', ') || 'none'}`,
    );
  }
  await using database = await openMigratedDatabase(config);
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 10_000 });
  const orgId = await findOrganization(session.db, organization);
  if (orgId === undefined) {
    throw new OperationError(`There is no organization with the id or slug "${organization}"`);
  }
  const claims = await changeBy(session.db, operator, orgId, async (tx, record) => {
    await organizationStore(tx).lock(orgId);
    if (claim !== undefined && provider !== undefined) {
      await give(tx, record, { org_id: orgId, domain: claim, provider });
    }
    if (release !== undefined) {
      await take(tx, record, orgId, release);
    }
    return await domainStore(tx, orgId).list();
  });
  const lines = claims.map(({ domain, provider: believed }) => `  ${domain}  by ${believed}\n`);
  report(
    {
      exitCode: 0,
      text: lines.length === 0 ? 'The organization has no domain\n' : `Domains:\n${lines.join('')}`,
      json: {
        organization: orgId,
        domains: claims.map(({ domain, provider: by }) => ({ domain, provider: by })),
      },
    },
    options,
  );
}

function requireDomain(text: string): string {
  const domain = readDomain(text);
  if (domain === undefined) {
    throw new OperationError(`"${text}" is no domain; give one such as acme.example`);
  }
  if (isPublicMailDomain(domain)) {
    throw new OperationError(`Everybody gets an address at ${domain}: it is no organization's`);
  }
  return domain;
}

async function give(tx: Transaction, record: RecordEntry, claim: DomainClaim): Promise<void> {
  const { org_id: orgId, domain, provider } = claim;
  const store = domainStore(tx, orgId);
  const before = (await store.list()).find((each) => each.domain === domain);
  if (before?.provider === provider) {
    return;
  }
  if (!(await store.claim(claim))) {
    throw new OperationError(`Another organization has ${domain}; release it there first`);
  }
  const resource = { resourceType: 'organization', resourceId: orgId };
  const at = await momentOf(tx, orgId, resource);
  record({ ...resource, at, action: 'domain.claimed', before: before ?? null, after: { domain, provider } });
}

async function take(tx: Transaction, record: RecordEntry, orgId: string, domain: string): Promise<void> {
  if (!(await domainStore(tx, orgId).release(domain))) {
    throw new OperationError(`The organization does not have ${domain}`);
  }
  const resource = { resourceType: 'organization', resourceId: orgId };
  record({
    ...resource,
    at: await momentOf(tx, orgId, resource),
    action: 'domain.released',
    before: { domain },
  });
}
