export { collect } from './collect.ts';
export { createRedactor } from './redactor.ts';
export { tarFile } from './tar-file.ts';
