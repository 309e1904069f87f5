/** As Prometheus writes it: `30s`, `5m`, `6h`, `3d`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

export type Labels = Readonly<Record<string, string>>;
