export { currentMaintenance, type Maintenance } from './maintenance-rows.ts';
export { MaintenanceWatch } from './maintenance-watch.ts';
export { maintenanceRefusal } from './refusal.ts';
export { EndPassedError, type SwitchedOn, turnOff, turnOn } from './switch-maintenance.ts';
