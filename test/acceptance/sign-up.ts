const json = { 'content-type': 'application/json' };

/** Asks for an account, an organization and a team: always the same ones. */
export const askToSignUp = (url: string): Promise<Response> =>
  fetch(`${url}/api/v1/auth/signup`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({
      email: 'ada@example.com',
      username: 'ada',
      password: 'correct-horse-battery-staple',
      organization_name: 'Acme',
      team_name: 'Platform',
    }),
  });

/** Signs up; answers the headers of requests with a JSON body by who did. */
export async function signUp(url: string): Promise<Readonly<Record<string, string>>> {
  const reply = await askToSignUp(url);
  if (reply.status !== 200) {
    throw new Error(`nobody could sign up: ${reply.status} ${await reply.text()}`);
  }
  const { access_token: token } = (await reply.json()) as { access_token: string };
  return { ...json, authorization: `Bearer ${token}` };
}
