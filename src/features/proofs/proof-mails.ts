/** How long tokens are good. */
export const resetSeconds = 3_600;
export const verificationSeconds = 86_400;

/** Where a mail leads to: with the token in the fragment, which browsers send to no server; without a page, to the API. */
export function wayWith(
  token: string,
  {
    linkUrl,
    action,
    route,
  }: { readonly linkUrl: string | undefined; readonly action: string; readonly route: string },
): string {
  return linkUrl === undefined
    ? `Hand this token to ${route}:\n\n${token}\n`
    : `${linkUrl}#${action}=${token}\n`;
}

export const resetMail = (token: string, linkUrl: string | undefined) => ({
  subject: 'A new password for Brownie',
  text: [
    'Somebody asked for a new password for the Brownie account with this address.\n\n',
    'If it was you, set one within an hour. All your sessions end with it.\n\n',
    wayWith(token, { linkUrl, action: 'password-reset', route: 'POST /api/v1/auth/password/reset' }),
    '\nIf it was not you, there is nothing to do: without this mail nobody changes the password.\n',
  ].join(''),
});

export const verificationMail = (token: string, linkUrl: string | undefined) => ({
  subject: 'Is this address yours?',
  text: [
    'Somebody who is logged in to Brownie says that this address is theirs.\n\n',
    'If it was you, prove it within a day, while you are logged in.\n\n',
    wayWith(token, { linkUrl, action: 'email-verification', route: 'POST /api/v1/auth/email/verify' }),
    '\nIf it was not you, there is nothing to do: without this mail nobody proves it.\n',
  ].join(''),
});
