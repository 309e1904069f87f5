export { proposalRoutes } from './proposal-routes.ts';
export { ProposalService } from './proposal-service.ts';
