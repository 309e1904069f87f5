export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** An instant, given in milliseconds since 1970, as the API writes it. */
export const iso = (at: number): string => new Date(at).toISOString();
