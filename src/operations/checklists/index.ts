export { type ChecklistName, checklists } from './checklists.ts';
export { goThrough } from './go-through.ts';
export { renderChecklist } from './render.ts';
