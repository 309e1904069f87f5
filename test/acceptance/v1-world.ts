import { randomUUID } from 'node:crypto';

interface Me {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly org_id: string;
  readonly team_id: string;
}
type Headers = Readonly<Record<string, string>>;

/** Two organizations of a running service, and the means of the owner of the first. */
export interface World {
  readonly me: Me;
  /** The owner of the other organization. */
  readonly stranger: Me;
  /** Paths of the owner's team. */
  readonly incidents: string;
  readonly stats: string;
  /** Sends a string as it is, anything else as JSON. */
  readonly post: (path: string, body: unknown, headers?: Headers) => Promise<Response>;
  readonly put: (path: string, body: unknown) => Promise<Response>;
  readonly get: (path: string, headers?: Headers) => Promise<Response>;
  readonly remove: (path: string) => Promise<Response>;
  /** Signs somebody else up. */
  readonly signUp: (fields: object) => Promise<Response>;
  /** Makes a user in the owner's team. */
  readonly newUser: (fields: object) => Promise<Response>;
  readonly logIn: (email: string, password: string) => Promise<string>;
}

/** Follows no redirect. */
export async function openWorld(url: string): Promise<World> {
  let own: Headers = {};
  const send = (method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Response> =>
    fetch(`${url}/api/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...own,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const person = () => {
    const name = `u-${randomUUID().slice(0, 8)}`;
    return { email: `${name}@example.com`, username: name };
  };
  const signUp = (fields: object): Promise<Response> =>
    send('POST', '/auth/signup', {
      ...person(),
      password: 'gH4 kx!9qZ-7wN2',
      organization_name: `Org ${randomUUID()}`,
      team_name: 'Platform',
      ...fields,
    });
  const tokenOf = async (reply: Response): Promise<string> =>
    ((await reply.json()) as { access_token: string }).access_token;
  const enter = async (): Promise<Me> => {
    own = { authorization: `Bearer ${await tokenOf(await signUp({}))}` };
    return (await (await send('GET', '/auth/me')).json()) as Me;
  };
  const stranger = await enter();
  const me = await enter();
  return {
    me,
    stranger,
    incidents: `/teams/${me.team_id}/incidents`,
    stats: `/teams/${me.team_id}/stats`,
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body) => send('PUT', path, body),
    get: (path, headers) => send('GET', path, undefined, headers),
    remove: (path) => send('DELETE', path),
    signUp,
    newUser: (fields) =>
      send('POST', `/organizations/${me.org_id}/users`, { ...person(), team_id: me.team_id, ...fields }),
    logIn: async (email, password) => await tokenOf(await send('POST', '/auth/login', { email, password })),
  };
}
