export { EmailVerification } from './email-verification.ts';
export { mailTokenHash, newMailToken } from './mail-token.ts';
export { PasswordReset } from './password-reset.ts';
export { wayWith } from './proof-mails.ts';
export { proofRoutes } from './proof-routes.ts';
export { proofStore } from './proof-store.ts';
