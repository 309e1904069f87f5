import { setTimeout as delay } from 'node:timers/promises';
import { OperationError } from '../platform/errors/operation-error.ts';
import { commandConfig } from './command-config.ts';
import { instanceUrl, type OperatorClient, operatorClient } from './operator-client.ts';
import { type Outcome, report } from './outcome.ts';

export interface DrainOptions {
  /** Of the instance: `http://10.0.0.7:9090`; the one on this machine by default. */
  readonly url?: string;
  /** How long to wait for the requests under way, in seconds. */
  readonly wait: number;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

interface Phase {
  readonly phase: string;
  readonly in_flight: number;
}

/** How long no request may be under way before it counts as drained: a load balancer has to notice first. */
const idleForMs = 2_000;

/** Takes one instance out of service, and waits for what it has in hand. Exit code 3 where that takes too long. */
export async function drain(options: DrainOptions): Promise<void> {
  const { url, client } = connect(options.url);
  if (options.dryRun) {
    report(await wouldChange(url, client), options);
    return;
  }
  let state = await client.send<Phase>('POST', '/ops/drain');
  const deadline = performance.now() + options.wait * 1000;
  let idleSince = performance.now();
  while (performance.now() - idleSince < idleForMs && performance.now() < deadline) {
    await delay(100);
    state = await client.send<Phase>('GET', '/ops/info');
    idleSince = state.in_flight === 0 ? idleSince : performance.now();
  }
  const isIdle = performance.now() - idleSince >= idleForMs;
  report(
    {
      exitCode: isIdle ? 0 : 3,
      text: isIdle
        ? `${url} is drained: not ready, and no request has been under way for 2 s. Put it back with \`brownie undrain\`.\n`
        : `${url} drains: not ready, but requests still came in the last 2 s. Its load balancer may not have noticed yet.\n`,
      json: { url, phase: state.phase, inFlight: state.in_flight },
    },
    options,
  );
}

/** Puts one instance back into service. */
export async function undrain(options: Omit<DrainOptions, 'wait'>): Promise<void> {
  const { url, client } = connect(options.url);
  if (options.dryRun) {
    report(await wouldChange(url, client), options);
    return;
  }
  const { phase, in_flight: inFlight } = await client.send<Phase>('DELETE', '/ops/drain');
  const isServing = phase === 'serving';
  report(
    {
      exitCode: isServing ? 0 : 3,
      text: isServing ? `${url} serves.\n` : `${url} is still ${phase}: it starts, or it was told to stop.\n`,
      json: { url, phase, inFlight },
    },
    options,
  );
}

function connect(given: string | undefined): { url: string; client: OperatorClient } {
  const config = commandConfig();
  const { token } = config.operations;
  if (token === undefined) {
    throw new OperationError('METADATA_OPERATOR_TOKEN is not set: give it the value that the instance has');
  }
  const url = given ?? instanceUrl(config);
  return { url, client: operatorClient(url, token) };
}

async function wouldChange(url: string, client: OperatorClient): Promise<Outcome> {
  const { phase, in_flight: inFlight } = await client.send<Phase>('GET', '/ops/info');
  return {
    exitCode: 0,
    text: `Nothing was changed. ${url} is ${phase}, with ${inFlight} requests under way.\n`,
    json: { dryRun: true, url, phase, inFlight },
  };
}
