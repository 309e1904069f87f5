import { until } from '../../src/platform/system/until.ts';
import type { Row } from './catalogue.ts';
import { pgbench } from './pgbench.ts';
import {
  cpuMicroseconds,
  endedChildrenMicroseconds,
  forgetPeaks,
  peakResidentBytes,
} from './process-tree.ts';
import type { Stage } from './stage.ts';
import type { Service, Subject } from './subjects.ts';
import { wrk } from './wrk.ts';

/** What one turn of a row came to. */
export interface Sample {
  /** A second, answered with a status below 400. */
  readonly rate: number;
  /** Of all that was asked, answered otherwise or not at all. */
  readonly refusedShare: number;
  /** CPU time a request of the processes that answer: the service and its parent, the floor, pgbench. */
  readonly ownMicroseconds: number;
  readonly postgresMicroseconds: number;
  readonly p50Ms: number;
  /** Null where pgbench does not say. */
  readonly p99Ms: number | null;
  /** Of the processes that answer; 0 for pgbench. */
  readonly peakResidentBytes: number;
}

export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

export interface Setting {
  readonly stage: Stage;
  readonly service: Service;
  /** Another version of it, with data of its own. */
  readonly earlier?: Service | undefined;
  /** What they are measured against, on the data of the service. */
  readonly floors: Readonly<Record<'http' | 'fastify', Subject>>;
}

/** More clients of pgbench only wait for each other. */
const clientsMax = 32;
const quietTimeoutMs = 60_000;

/** Puts load on one row for a while. Resolves once the servers have done with what wrk left behind. */
export async function measure(row: Row, load: Load, setting: Setting): Promise<Sample> {
  const { service, earlier = service, floors, stage } = setting;
  switch (row.subject) {
    case 'pgbench':
      return await measureTransactions(row, load, setting);
    case 'service':
      return await measureRequests(row, { subject: service, service }, load, stage);
    case 'earlier':
      return await measureRequests(row, { subject: earlier, service: earlier }, load, stage);
    default:
      return await measureRequests(row, { subject: floors[row.subject], service }, load, stage);
  }
}

/** @param service whose rows the subject is asked for */
async function measureRequests(
  { requests = () => [], connectionsMax = Number.POSITIVE_INFINITY }: Row,
  { subject, service }: { readonly subject: Subject; readonly service: Service },
  load: Load,
  stage: Stage,
): Promise<Sample> {
  const used = () => Promise.all([cpuMicroseconds(subject.pid), cpuMicroseconds(stage.postgresPid)]);
  const connections = Math.min(load.connections, connectionsMax);
  const send = (seconds: number) =>
    wrk(subject.url, requests(service), { connections, seconds, directory: stage.directory });
  // Not counted: pools open the connections that they gave up while others were measured.
  await send(1);
  await untilQuiet(used);
  await forgetPeaks(subject.pid);
  const before = await used();
  const served = await send(load.seconds);
  const after = await used();
  const peak = await peakResidentBytes(subject.pid);
  await untilQuiet(used);
  const count = Math.max(1, served.good + served.bad);
  const each = (which: 0 | 1): number => (after[which] - before[which]) / count;
  return {
    rate: served.good / served.seconds,
    refusedShare: served.bad / count,
    ownMicroseconds: each(0),
    postgresMicroseconds: each(1),
    p50Ms: served.p50Ms,
    p99Ms: served.p99Ms,
    peakResidentBytes: peak,
  };
}

/** @NOTE pgbench connects within its time, for 20 to 80 ms each: what that takes is found out before, and taken away. */
async function measureTransactions(
  { name, script = () => '' }: Row,
  { connections, seconds }: Load,
  { stage, service }: Setting,
): Promise<Sample> {
  const dsn = name === 'pgbench-create' ? service.dsns.service : service.dsns.superuser;
  const options = { clients: Math.min(connections, clientsMax), directory: stage.directory };
  const used = () => Promise.all([endedChildrenMicroseconds(), cpuMicroseconds(stage.postgresPid)]);
  const atFirst = await used();
  const { connectingSeconds } = await pgbench(dsn, script(service), { transactions: 1 }, options);
  const before = await used();
  const limit = { seconds: Math.ceil(seconds + 1.5 * connectingSeconds) };
  const { count, rate, averageMs } = await pgbench(dsn, script(service), limit, options);
  const after = await used();
  const each = (which: 0 | 1): number =>
    (after[which] - before[which] - (before[which] - atFirst[which])) / Math.max(1, count - options.clients);
  return {
    rate,
    refusedShare: 0,
    ownMicroseconds: each(0),
    postgresMicroseconds: each(1),
    p50Ms: averageMs,
    p99Ms: null,
    peakResidentBytes: 0,
  };
}

/** Until nobody works any more: what is still computed for a client that has left would be charged to the next row. */
async function untilQuiet(used: () => Promise<number[]>): Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  const isQuiet = async (): Promise<boolean> => {
    const now = (await used()).reduce((sum, each) => sum + each, 0);
    const isSame = now - last <= 10_000;
    last = now;
    return isSame;
  };
  await until(isQuiet, { timeoutMs: quietTimeoutMs, everyMs: 50 });
}
