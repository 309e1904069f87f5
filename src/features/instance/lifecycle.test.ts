import { expect, test } from 'vitest';
import { Lifecycle } from './lifecycle.ts';

function observed() {
  const told: boolean[] = [];
  return { told, lifecycle: new Lifecycle((isDraining) => told.push(isDraining)) };
}

test('an instance starts, serves, drains and serves again', () => {
  const { told, lifecycle } = observed();
  const phases = [lifecycle.phase];
  for (const step of ['started', 'drain', 'undrain'] as const) {
    lifecycle[step]();
    phases.push(lifecycle.phase);
  }
  expect(phases).toEqual(['starting', 'serving', 'draining', 'serving']);
  expect(told).toEqual([true, false]);
});

test('an instance that stops drains to its end', () => {
  const { told, lifecycle } = observed();
  lifecycle.started();
  lifecycle.stop();
  lifecycle.undrain();
  expect(lifecycle.phase).toBe('draining');
  expect(told).toEqual([true]);
});

test('an instance told to drain while it starts does not begin to serve', () => {
  const { lifecycle } = observed();
  lifecycle.drain();
  lifecycle.started();
  expect(lifecycle.phase).toBe('draining');
  lifecycle.undrain();
  expect(lifecycle.phase).toBe('serving');
});
