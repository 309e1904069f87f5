export { FactorCheck, type Proof } from './factor-check.ts';
export { factorStore } from './factor-store.ts';
export { secondFactorRoutes } from './second-factor-routes.ts';
export { Code } from './second-factor-schemas.ts';
export { SecondFactorService } from './second-factor-service.ts';
