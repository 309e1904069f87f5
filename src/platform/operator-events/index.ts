export { insertOperatorEvent, type Operator, type OperatorAction, operatorHere } from './operator-events.ts';
