import { InvalidArgumentError } from 'commander';

/** Reads an option that is where a service is reached: an http or https address, without slashes at its end. */
export function baseUrl(text: string): string {
  const { protocol, search, hash } = URL.parse(text) ?? {};
  if ((protocol !== 'http:' && protocol !== 'https:') || search !== '' || hash !== '') {
    throw new InvalidArgumentError('It must be like https://brownie.example.com.');
  }
  return text.replace(/\/+$/, '');
}
