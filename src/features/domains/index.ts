export { claimOf, type DomainClaim, domainStore } from './domain-store.ts';
export { isPublicMailDomain, readDomain } from './mail-domain.ts';
