import type { Random } from './random.ts';

/** When an incident begins, in milliseconds since 1970; in a burst it shares its cause with others of that hour. */
export interface Moment {
  readonly at: number;
  /** Number of the burst, or null outside of any. */
  readonly burst: number | null;
}

const hourMs = 3_600_000;
const byHour = [3, 2, 2, 2, 2, 3, 5, 8, 11, 13, 13, 12, 10, 12, 13, 13, 12, 11, 9, 7, 6, 6, 5, 4];
const byWeekday = [4, 11, 11, 10, 10, 9, 5];
const burstsPerYear = 80;

/**
 * The beginnings of incidents, oldest first: more on weekdays and in working hours (UTC), growing over the period,
 * with bursts in which everything breaks at once.
 */
export function incidentMoments(
  random: Random,
  { count, from, to }: { readonly count: number; readonly from: number; readonly to: number },
): Moment[] {
  const hours = Math.max(1, Math.floor((to - from) / hourMs));
  const bursts = new Map<number, number>();
  for (let burst = 0; burst < (burstsPerYear * hours) / 8_760; burst += 1) {
    bursts.set(random.int(0, hours - 1), burst);
  }
  const sums = new Float64Array(hours);
  let sum = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    sum +=
      weightOf(new Date(from + hour * hourMs)) * (0.8 + (0.4 * hour) / hours) * (bursts.has(hour) ? 12 : 1);
    sums[hour] = sum;
  }
  return Array.from({ length: count }, () => {
    const hour = firstAtLeast(sums, random.next() * sum);
    const at = Math.min(to - 1, Math.floor(from + (hour + random.next()) * hourMs));
    return { at, burst: bursts.get(hour) ?? null };
  }).toSorted((one, other) => one.at - other.at);
}

const weightOf = (date: Date): number =>
  (byHour[date.getUTCHours()] ?? 1) * (byWeekday[date.getUTCDay()] ?? 1);

/** Index of the first of ascending sums that reaches a value. */
function firstAtLeast(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
