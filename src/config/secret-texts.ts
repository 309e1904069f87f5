import { type ConfigSource, openEnvironment } from './env.ts';
import { allSettings } from './settings.ts';

/** What other programs call their secrets, such as AWS_SECRET_ACCESS_KEY and PGPASSWORD. */
const secretName = /(PASSWORD|SECRET|TOKEN|KEY)$/i;

/**
 * Every secret of a source, as it is written and, of addresses and lists, the password or value by itself: for whoever has to keep
 * them out of a text. Those of settings at fault are among them, and those of other programs in the environment.
 */
export function secretTexts(source: ConfigSource<string | undefined>): readonly string[] {
  const environment = openEnvironment(source);
  const configured = allSettings
    .filter(({ secret }) => secret)
    .map((setting) => environment.lookUp(setting))
    .flatMap((raw) => (raw.state === 'given' ? [raw.text, ...partsOf(raw.text)] : []));
  const others = Object.entries(source.env).flatMap(([name, value = '']) =>
    secretName.test(name) && value.length >= 8 ? [value] : [],
  );
  return [...configured, ...others];
}

/** The password of an address; the values of `name=value,name=value`, as headers of tracing are given. */
function partsOf(text: string): readonly string[] {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text.trim())) {
    return [...text.matchAll(/=([^,]+)/g)].flatMap(([, value = '']) => [value.trim(), decoded(value.trim())]);
  }
  const [, password = ''] = /^[^:]*:\/\/[^/@]*?:(.*)@/.exec(text.trim()) ?? [];
  return [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
