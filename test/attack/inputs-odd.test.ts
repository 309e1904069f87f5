import { test } from 'vitest';
import { attackHalf } from './attack-half.ts';

test('random input, right and with one thing changed, finds no fault in the second, fourth and every other operation', async () => {
  await attackHalf(1);
});
