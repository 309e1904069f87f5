export type { ChecklistName } from './checklists.ts';
export { goThrough } from './go-through.ts';
export { renderChecklist } from './render.ts';
