import type { Alert, DashboardId } from '../alert.ts';

/** Units of Grafana: what its axis and legend write. */
export type Unit =
  | 'bytes'
  | 'count per minute'
  | 'duration'
  | 'number'
  | 'requests per second'
  | 'seconds'
  | 'share';

/** A query and the name of what it shows, with `{{label}}`. */
export interface Target {
  readonly expr: string;
  readonly legend: string;
  /** Of this Prometheus, not of the environment that was chosen. */
  readonly isOfAll?: true;
}

/** A rule of an alert, whose threshold a panel draws. */
export interface Watch {
  readonly alert: Alert;
  /** Which of its rules; the first where nothing is said. */
  readonly rule?: number;
}

/** What a panel shows. Where it stands follows from the order. */
export interface Panel {
  /** `states` draws each series as a bar whose colour is its value; `table` lists what is there now. */
  readonly kind: 'graph' | 'number' | 'states' | 'table';
  readonly title: string;
  /** What it tells a person, and what is bad. */
  readonly description: string;
  readonly unit: Unit;
  readonly targets: readonly [Target, ...Target[]];
  /** Alerts that watch what it shows: their thresholds are drawn, their runbooks linked. */
  readonly watchedBy?: readonly Watch[];
  /** Where no alert watches it and a low value is bad all the same. */
  readonly redBelow?: number;
  /** Words in the place of values. */
  readonly words?: Readonly<Record<number, string>>;
  /** Of 24 columns; 8 where nothing is said. */
  readonly width?: number;
  readonly isStacked?: boolean;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly [Panel, ...Panel[]];
}

export interface Dashboard {
  readonly id: DashboardId;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly [Row, ...Row[]];
}
