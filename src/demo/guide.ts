import { type DemoLogin, demoLogins } from './demo-logins.ts';
import { demoOrganization } from './demo-organization.ts';

export interface GuideOptions {
  /** Of the service: `http://localhost:8080`. */
  readonly url: string;
  /** Undefined where nobody knows it any more. */
  readonly password: string | undefined;
  /** Of the team that the examples look at; undefined where it is gone. */
  readonly teamId: string | undefined;
}

/** What to know and to do once the organization is there. */
export function guide(options: GuideOptions): string {
  const { url, password } = options;
  const width = Math.max(...demoLogins.map(({ role }) => role.length));
  const lines = demoLogins.map(({ role, email, name }) => `    ${role.padEnd(width)}  ${email} (${name})`);
  const shown =
    password === undefined
      ? 'was printed when it was set; `brownie demo --reset-passwords` sets a new one'
      : `${password} (the same for all of them)`;
  return `
  Address   ${url}
  Password  ${shown}
  Logins
${lines.join('\n')}

  Start the service with \`npm start\` if it is not running, then try:

${examples(options)}
  Every route is explained at ${url}/docs.
`;
}

function examples({ url, password = 'the-password', teamId }: GuideOptions): string {
  const [{ email } = { email: '' }]: readonly Pick<DemoLogin, 'email'>[] = demoLogins;
  const body = JSON.stringify({ email, password });
  const get = (path: string): string =>
    `    curl -s "${url}/api/v1${path}" -H "Authorization: Bearer $TOKEN"\n`;
  return [
    `    TOKEN=$(curl -s ${url}/api/v1/auth/login -H 'Content-Type: application/json' \\\n`,
    `      -d '${body}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')\n`,
    teamId === undefined ? '' : get(`/teams/${teamId}/incidents?priority=critical&limit=5`),
    get(`/organizations/${demoOrganization.id}/stats?metric_name=mttr_minutes&limit=5`),
    get(`/organizations/${demoOrganization.id}/audit-events?limit=5`),
  ].join('');
}
