export { InvitationAcceptance } from './invitation-acceptance.ts';
export { invitationRoutes } from './invitation-routes.ts';
export { InvitationService } from './invitation-service.ts';
