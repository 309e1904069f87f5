/** As Prometheus writes it: `30s`, `5m`, `6h`, `3d`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a duration as Prometheus writes it: `90s`, `1h30m`. Throws where it is none. */
export function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([smhd])/g)];
  if (parts.map(([part]) => part).join('') !== duration || parts.length === 0) {
    throw new Error(`${duration} is not a duration such as 90s or 1h30m`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitSeconds[unit ?? ''] ?? 0), 0);
}
