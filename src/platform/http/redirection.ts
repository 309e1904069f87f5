/** An answer of a route that declares `redirects`: 302 to another page, and what the browser is to keep for its way back. */
export class Redirection {
  readonly url: string;
  /** Values of Set-Cookie. */
  readonly cookies: readonly string[];

  constructor(url: string, cookies: readonly string[] = []) {
    this.url = url;
    this.cookies = cookies;
  }
}
