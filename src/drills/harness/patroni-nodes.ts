import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Child } from '../../platform/programs/launch.ts';
import { isOk } from '../../platform/programs/service-instance.ts';
import { freePort } from '../../platform/system/free-port.ts';
import { until } from '../../platform/system/until.ts';

/** A machine of the cluster. */
export interface PatroniNode {
  readonly name: string;
  /** Of PostgreSQL, on 127.0.0.1. */
  readonly port: number;
  /** Of Patroni's REST interface. */
  readonly restPort: number;
  /** Its data are in `data` there. */
  readonly folder: string;
}

/** As Patroni has it (REST interface, GET /cluster). */
interface Member {
  readonly name: string;
  readonly role: 'leader' | 'sync_standby' | 'replica';
  readonly state: string;
}

type Launch = (node: PatroniNode) => Promise<Child>;

const stopTimeoutMs = 20_000;

/** The three nodes, and what can happen to them. */
export class PatroniNodes implements AsyncDisposable {
  readonly all: readonly [PatroniNode, PatroniNode, PatroniNode];
  readonly #launch: Launch;
  readonly #running = new Map<PatroniNode, Child>();

  private constructor(all: PatroniNodes['all'], launch: Launch) {
    this.all = all;
    this.#launch = launch;
  }

  /** Starts pg1 to pg3, each in a folder of its own; resolves as soon as the processes are there. */
  static async start(directory: string, launch: Launch): Promise<PatroniNodes> {
    const node = async (name: string): Promise<PatroniNode> => ({
      name,
      port: await freePort(),
      restPort: await freePort(),
      folder: join(directory, name),
    });
    const nodes = new PatroniNodes([await node('pg1'), await node('pg2'), await node('pg3')], launch);
    await Promise.all(nodes.all.map((each) => nodes.launch(each)));
    return nodes;
  }

  async launch(node: PatroniNode): Promise<void> {
    this.#running.set(node, await this.#launch(node));
  }

  /** Whether one leads and two follow, one of them synchronously. */
  async isWhole(): Promise<boolean> {
    const members = await this.#members();
    const works = members.filter(({ state }) => ['running', 'streaming'].includes(state));
    return (
      works.length === this.all.length &&
      ['leader', 'sync_standby'].every((role) => works.some((each) => each.role === role))
    );
  }

  /** The node of a role. Throws where there is none. */
  async withRole(role: Member['role']): Promise<PatroniNode> {
    const member = (await this.#members()).find((each) => each.role === role);
    const node = this.all.find(({ name }) => name === member?.name);
    if (node === undefined) {
      throw new Error(`the cluster has no ${role}`);
    }
    return node;
  }

  /** Asks for a planned switchover; resolves when Patroni says that it has been. */
  async switchOver(from: PatroniNode, to: PatroniNode): Promise<void> {
    const reply = await fetch(`http://127.0.0.1:${from.restPort}/switchover`, {
      method: 'POST',
      body: JSON.stringify({ leader: from.name, candidate: to.name }),
    });
    if (!reply.ok) {
      throw new Error(`Patroni did not switch over: ${reply.status} ${await reply.text()}`);
    }
  }

  /** Resolves, with that moment, once another node than this one says that it leads. Rejects where none does in time. */
  async untilOtherLeads(before: PatroniNode, timeoutMs: number): Promise<number> {
    const others = this.all.filter((node) => node !== before);
    const isLed = async (): Promise<boolean> => {
      const asked = others.map(({ restPort }) => isOk(`http://127.0.0.1:${restPort}/primary`));
      return (await Promise.all(asked)).includes(true);
    };
    if (!(await until(isLed, { timeoutMs, everyMs: 20 }))) {
      throw new Error(`nobody leads:\n${await this.logTails()}`);
    }
    return performance.now();
  }

  /** Ends a machine as a failing power supply does: Patroni and PostgreSQL at the same moment. */
  async kill(node: PatroniNode): Promise<void> {
    const [line = ''] = (await readFile(join(node.folder, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    const patroni = this.#running.get(node);
    process.kill(Number(line), 'SIGKILL');
    this.#running.delete(node);
    await patroni?.end('SIGKILL');
  }

  async logTails(): Promise<string> {
    const tails = [...this.#running].map(async ([{ name }, child]) => `${name}: ${await child.logTail()}`);
    return (await Promise.all(tails)).join('\n');
  }

  async #members(): Promise<readonly Member[]> {
    for (const { restPort } of this.all) {
      const reply = await fetch(`http://127.0.0.1:${restPort}/cluster`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => undefined);
      if (reply?.ok) {
        return ((await reply.json()) as { readonly members: readonly Member[] }).members;
      }
    }
    return [];
  }

  /** @NOTE Patroni stops its PostgreSQL, as long as it is told to end kindly. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#running.values()].map((child) =>
        child.end('SIGTERM', { signal: 'SIGKILL', afterMs: stopTimeoutMs }),
      ),
    );
  }
}
