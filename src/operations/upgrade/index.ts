export { checkUpgrade } from './check-upgrade.ts';
export { renderUpgrade } from './render-upgrade.ts';
