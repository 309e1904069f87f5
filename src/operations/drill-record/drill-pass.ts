import { type Static, Type } from 'typebox';

export const Pass = Type.Object({
  drill: Type.String(),
  /** When it began, in UTC. */
  passedAt: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' }),
  /** Of the program. */
  version: Type.String(),
  isFull: Type.Boolean(),
  seconds: Type.Number(),
  figures: Type.Array(Type.Object({ name: Type.String(), value: Type.Number(), unit: Type.String() })),
});
/** That a drill passed, and what it measured. */
export type DrillPass = Readonly<Static<typeof Pass>>;
