/** Time for a post-mortem: the guide names none; memories and logs do not last much longer. */
export const postMortemWorkingDays = 5;

/** The day, UTC, by which the post-mortem is held: `2026-12-02`. Public holidays are not known. */
export function postMortemDue(closedAt: Date): string {
  const day = new Date(closedAt);
  for (let left = postMortemWorkingDays; left > 0; ) {
    day.setUTCDate(day.getUTCDate() + 1);
    left -= isWeekend(day) ? 0 : 1;
  }
  return day.toISOString().slice(0, 10);
}

const isWeekend = (day: Date): boolean => day.getUTCDay() === 0 || day.getUTCDay() === 6;
