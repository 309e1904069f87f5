import type { Diagnosis } from '../../operations/doctor/check.ts';

/**
 * Whether a finding may come from how busy this machine is at the moment, which no fault of the system is: that something takes
 * long, or that a check could not look in time.
 */
export const isOfSpeed = ({ severity, about }: Pick<Diagnosis, 'severity' | 'about'>): boolean =>
  severity === 'unknown' || about === 'speed';
