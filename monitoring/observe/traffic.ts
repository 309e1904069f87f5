import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

interface Login {
  readonly email: string;
  readonly password: string;
}

/**
 * A little of everything that clients do, a few requests a second, until `signal` says stop. It works in an organization of
 * its own, whose login is kept in `loginFile`, so that another run finds it again.
 */
export async function generateTraffic(
  service: string,
  loginFile: string,
  signal: AbortSignal,
): Promise<void> {
  const login = await readLogin(loginFile);
  const send = async (method: string, path: string, token: string, body?: object): Promise<Response> =>
    await fetch(`${service}/api/v1${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const logIn = async (): Promise<string> => {
    const reply = await send('POST', '/auth/login', '', login);
    return reply.ok ? ((await reply.json()) as { access_token: string }).access_token : '';
  };
  let token = await logIn();
  if (token === '') {
    const [name] = login.email.split('@');
    const names = { username: name, organization_name: `Observed ${name}`, team_name: 'Platform' };
    const reply = await send('POST', '/auth/signup', '', { ...login, ...names });
    if (!reply.ok) {
      throw new Error(
        `the traffic generator can neither log in nor sign up (${reply.status}: ${await reply.text()}); remove ${loginFile} to begin anew`,
      );
    }
    token = await logIn();
  }
  const { team_id: team, id } = (await (await send('GET', '/auth/me', token)).json()) as Record<
    string,
    string
  >;

  for (let turn = 0; !signal.aborted; turn++) {
    try {
      await send('GET', `/users/${id}`, token);
      await send('GET', `/teams/${team}/incidents?limit=20`, token);
      if (turn % 5 === 0) {
        await send('POST', `/teams/${team}/incidents`, token, { title: `Observed incident ${turn}` });
      }
      if (turn % 100 === 0) {
        await send('GET', '/users/not-an-id', token);
        token = (await logIn()) || token;
      }
    } catch {
      // The service may be away: that is what people want to look at.
    }
    await delay(250, undefined, { signal }).catch(() => undefined);
  }
}

async function readLogin(file: string): Promise<Login> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // @NOTE another one each time: where the file is lost and the database is not, nobody can take over the account of before.
    const email = `traffic-${randomBytes(4).toString('hex')}@observe.example`;
    const login = { email, password: randomBytes(18).toString('base64url') };
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(login), { mode: 0o600 });
    return login;
  }
}
