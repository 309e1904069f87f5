import fc from 'fast-check';
import type { TestApp } from '../harness/app.ts';
import { newTenant, type Person, type Tenant } from '../harness/tenant.ts';
import type { Answer, AttackClient } from './attack-client.ts';

const roles = ['viewer', 'member', 'admin'] as const;
type Role = (typeof roles)[number];
const statuses = ['open', 'in_progress', 'resolved', 'closed', 'cancelled'] as const;

interface Modelled {
  title: string;
  status: string;
  version: number;
  isDeleted: boolean;
}

interface Someone {
  readonly person: Person;
  /** What they are in the team; undefined for who is no member of it any more. */
  role: Role | undefined;
  isActive: boolean;
}

interface Organization {
  readonly tenant: Tenant;
  readonly people: readonly Someone[];
  readonly incidents: Map<string, Modelled>;
}

/** A step: who does what to which organization's incident or person. */
export interface Step {
  readonly kind:
    | 'create'
    | 'retitle'
    | 'move'
    | 'delete'
    | 'restore'
    | 'read'
    | 'comment'
    | 'role'
    | 'activity'
    | 'remove';
  readonly org: 0 | 1;
  /** Of which organization whoever acts is. */
  readonly from: 0 | 1;
  readonly actor: number;
  readonly pick: number;
  readonly title: string;
}

const half = fc.constantFrom(0 as const, 1 as const);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom<Step['kind']>(
        'create',
        'create',
        'create',
        'retitle',
        'retitle',
        'move',
        'delete',
        'restore',
        'read',
        'comment',
        'role',
        'activity',
        'remove',
      ),
      org: half,
      from: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, half).map((other) => other),
      actor: fc.nat(3),
      pick: fc.nat(8),
      title: fc.string({ minLength: 1, maxLength: 12 }),
    })
    .map(({ from, ...step }) => ({ ...step, from: from ?? step.org })),
  { minLength: 20, maxLength: 40, size: 'max' },
);

/** Two organizations as they must be, beside those that are. */
export class Model {
  readonly #client: AttackClient;
  readonly #organizations: readonly Organization[];

  private constructor(client: AttackClient, organizations: readonly Organization[]) {
    this.#client = client;
    this.#organizations = organizations;
  }

  static async create(app: TestApp, client: AttackClient): Promise<Model> {
    const made = await Promise.all(
      [0, 1].map(async () => {
        const tenant = await newTenant(app);
        const others = await Promise.all(
          roles.map(async (role) => ({ person: await tenant.person(role), role, isActive: true })),
        );
        const owner: Someone = { person: tenant.owner, role: 'admin', isActive: true };
        return { tenant, people: [owner, ...others], incidents: new Map<string, Modelled>() };
      }),
    );
    return new Model(client, made);
  }

  /** Takes a step in both, and answers where they part. */
  async take(step: Step): Promise<readonly string[]> {
    const target = this.#organizations[step.org] as Organization;
    const actors = (this.#organizations[step.from] as Organization).people;
    const actor = actors[step.actor % actors.length] as Someone;
    const isOwner = actor === actors[0];
    const rank = step.from === step.org ? this.#rankOf(actor, isOwner) : -1;
    const [id, incident] = [...target.incidents][step.pick % Math.max(1, target.incidents.size)] ?? [];
    const subject = target.people[1 + (step.pick % 3)] as Someone;
    const send = (method: string, path: string, body?: object): Promise<Answer> =>
      this.#client.send({
        method,
        path,
        token: actor.person.client.token,
        body: body && JSON.stringify(body),
      });
    const told = (answer: Answer, expected: number): readonly string[] => [
      ...answer.faults,
      ...(answer.status === expected
        ? []
        : [
            `${step.kind} by ${step.from}/${step.actor} in ${step.org}: expected ${expected}, got ${answer.status} ${answer.text.slice(0, 200)}`,
          ]),
    ];
    /** Whoever is not in the organization is told that there is nothing; whoever is, that they may not. */
    const refusal = (least: number): number | undefined =>
      !actor.isActive ? 401 : rank < 0 ? 404 : rank < least ? 403 : undefined;
    switch (step.kind) {
      case 'create': {
        const answer = await send('POST', `/teams/${target.tenant.teamId}/incidents`, { title: step.title });
        const refused = refusal(2);
        if (refused === undefined && answer.status === 200) {
          target.incidents.set(answer.body.id, {
            title: step.title,
            status: 'open',
            version: 1,
            isDeleted: false,
          });
        }
        return told(answer, refused ?? 200);
      }
      case 'retitle':
      case 'move': {
        if (incident === undefined) {
          return [];
        }
        const change =
          step.kind === 'retitle'
            ? { title: step.title }
            : { status: statuses[step.pick % statuses.length] ?? 'open' };
        const answer = await send('PUT', `/incidents/${id}`, change);
        const refused = incident.isDeleted ? (actor.isActive ? 404 : 401) : refusal(2);
        if (refused === undefined && answer.status === 200) {
          const isChange = Object.entries(change).some(
            ([name, value]) => incident[name as 'title'] !== value,
          );
          Object.assign(incident, change, { version: incident.version + (isChange ? 1 : 0) });
        }
        return told(answer, refused ?? 200);
      }
      case 'delete':
      case 'restore': {
        if (incident === undefined) {
          return [];
        }
        const isDeletion = step.kind === 'delete';
        const answer = await (isDeletion
          ? send('DELETE', `/incidents/${id}`)
          : send('POST', `/incidents/${id}/restore`));
        const refused = isDeletion && incident.isDeleted ? (actor.isActive ? 404 : 401) : refusal(3);
        const expected = refused ?? (!isDeletion && !incident.isDeleted ? 409 : 200);
        if (expected === 200 && answer.status === 200) {
          Object.assign(incident, { isDeleted: isDeletion, version: incident.version + 1 });
        }
        return told(answer, expected);
      }
      case 'read': {
        if (incident === undefined) {
          return [];
        }
        const answer = await send('GET', `/incidents/${id}`);
        const refused = incident.isDeleted ? (actor.isActive ? 404 : 401) : refusal(1);
        const { isDeleted, ...fields } = incident;
        const shown = Object.fromEntries(Object.keys(fields).map((name) => [name, answer.body?.[name]]));
        return [
          ...told(answer, refused ?? 200),
          ...(refused === undefined && JSON.stringify(shown) !== JSON.stringify(fields)
            ? [
                `read ${JSON.stringify(shown)} where ${JSON.stringify(fields)} was written, deleted: ${isDeleted}`,
              ]
            : []),
        ];
      }
      case 'comment': {
        if (incident === undefined) {
          return [];
        }
        const answer = await send('POST', `/incidents/${id}/comments`, { comment: step.title });
        return told(answer, incident.isDeleted ? (actor.isActive ? 404 : 401) : (refusal(2) ?? 201));
      }
      case 'role': {
        const role = roles[step.pick % 3] as Role;
        const answer = await send('PUT', `/teams/${target.tenant.teamId}/members/${subject.person.id}`, {
          role,
        });
        const refused = refusal(3) ?? (subject.role === undefined ? 404 : undefined);
        if (refused === undefined && answer.status === 200) {
          subject.role = role;
        }
        return told(answer, refused ?? 200);
      }
      case 'remove': {
        const answer = await send('DELETE', `/teams/${target.tenant.teamId}/members/${subject.person.id}`);
        const refused = refusal(3) ?? (subject.role === undefined ? 404 : undefined);
        if (refused === undefined && answer.status === 200) {
          subject.role = undefined;
        }
        return told(answer, refused ?? 200);
      }
      case 'activity': {
        if (!isOwner) {
          return [];
        }
        const isActive = step.pick % 2 === 0;
        const answer = await send('PUT', `/users/${subject.person.id}`, { is_active: isActive });
        const refused = refusal(3);
        if (refused === undefined && answer.status === 200 && !isActive) {
          // @NOTE their sessions are over, and being active again brings none of them back.
          subject.isActive = false;
        }
        return told(answer, refused ?? 200);
      }
    }
  }

  /** Whether what is listed in the end is what was written, row for row. */
  async parted(): Promise<readonly string[]> {
    const compared = this.#organizations.map(async ({ tenant, incidents }) => {
      const path = `/teams/${tenant.teamId}/incidents?limit=100&include_deleted=true`;
      const answer = await this.#client.send({ method: 'GET', path, token: tenant.owner.client.token });
      const listed = (answer.body?.items ?? []).map(
        ({ id, title, status, version, deleted_at }: Record<string, unknown>) =>
          JSON.stringify([id, title, status, version, deleted_at !== null]),
      ) as string[];
      const kept = [...incidents].map(([id, { title, status, version, isDeleted }]) =>
        JSON.stringify([id, title, status, version, isDeleted]),
      );
      return listed.sort().join() === kept.sort().join()
        ? []
        : [`the list is ${listed.join()}, the model ${kept.join()}`];
    });
    return (await Promise.all(compared)).flat();
  }

  #rankOf = ({ role, isActive }: Someone, isOwner: boolean): number =>
    !isActive ? -1 : isOwner ? 3 : role === undefined ? 0 : roles.indexOf(role) + 1;
}
