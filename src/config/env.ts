import { readFileSync } from 'node:fs';
import { fileFault, type ReadFile, readDotenv } from './files.ts';
import { keepJwtSecret, keptJwtSecret, newJwtSecret } from './jwt-secret.ts';
import type { SettingDescription } from './setting.ts';
import { fileVariable } from './settings.ts';

/** Where the configuration is read from. A plain record is enough: then there is no file and nothing is kept. */
export interface ConfigSource<Secret extends string | undefined = string> {
  /** The process environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads `.env` and the files of secrets. Default: there is no file. */
  readonly readFile?: ReadFile;
  /** Gives the JWT secret kept in a folder, for where none is set. Default: a new one that is not kept. */
  readonly jwtSecretIn?: (folder: string) => Secret;
}

/**
 * The source of a process that looks: its environment, `.env` in its working directory, its disk. It makes nothing: the
 * JWT secret is the one that the service has kept.
 */
export function processSource(): ConfigSource<string | undefined> {
  return {
    env: { ...process.env },
    readFile: (path) => readFileSync(path, 'utf8'),
    jwtSecretIn: keptJwtSecret,
  };
}

/** As `processSource`, for the service: where there is no JWT secret yet, it is made and kept. */
export function serviceSource(): ConfigSource {
  return { ...processSource(), jwtSecretIn: keepJwtSecret };
}

/** Where a value came from. */
export type Origin = 'environment' | '.env' | `file ${string}`;

type NamedSetting = Pick<SettingDescription, 'name' | 'secret'>;

/** The text of a setting: unset, given, or given in a way that is at fault (and reported in `faults`). */
type RawValue =
  | { readonly state: 'unset' }
  | { readonly state: 'faulty' }
  | { readonly state: 'given'; readonly text: string; readonly origin: Origin };

export interface Environment<Secret extends string | undefined = string> {
  /** The variables that are set, in the process environment or in `.env`. */
  readonly names: readonly string[];
  readonly faults: readonly string[];
  /** Asked twice, it reads once. */
  readonly lookUp: (setting: NamedSetting) => RawValue;
  /** The JWT secret kept in a folder, or a new one. */
  readonly jwtSecretIn: (folder: string) => Secret | string;
}

/** Opens a source. An empty variable counts as unset; the process environment wins over `.env`. */
export function openEnvironment<Secret extends string | undefined>(
  source: ConfigSource<Secret>,
): Environment<Secret> {
  const readFile = source.readFile ?? noFile;
  const dotenv = readDotenv(readFile);
  const faults = [...dotenv.faults];

  const find = (name: string): { readonly text: string; readonly origin: Origin } | undefined => {
    const own = source.env[name];
    if (own !== undefined && own !== '') {
      return { text: own, origin: 'environment' };
    }
    const filed = dotenv.values[name];
    return filed !== undefined && filed !== '' ? { text: filed, origin: '.env' } : undefined;
  };

  const fault = (words: string): RawValue => {
    faults.push(words);
    return { state: 'faulty' };
  };

  const lookUp = ({ name, secret }: NamedSetting): RawValue => {
    const direct = find(name);
    const pointer = secret ? find(fileVariable(name)) : undefined;
    if (pointer === undefined) {
      return direct === undefined ? { state: 'unset' } : { state: 'given', ...direct };
    }
    const variable = fileVariable(name);
    if (direct !== undefined) {
      return fault(
        `${name}: both ${name} (${direct.origin}) and ${variable} (${pointer.origin}) are set; unset one of them`,
      );
    }
    try {
      const text = readFile(pointer.text)
        .replace(/^\uFEFF/, '')
        .replace(/[\r\n]+$/, '');
      if (text === '') {
        return fault(`${variable}: the file is empty; write the value into it`);
      }
      return { state: 'given', text, origin: `file ${pointer.text}` };
    } catch (error) {
      return fault(`${variable}: ${fileFault(error).words}; give the path of a file that holds the value`);
    }
  };

  const known = new Map<string, RawValue>();
  const lookUpOnce = (setting: NamedSetting): RawValue => {
    const raw = known.get(setting.name) ?? lookUp(setting);
    known.set(setting.name, raw);
    return raw;
  };

  const names = new Set([...Object.keys(source.env), ...Object.keys(dotenv.values)]);
  return {
    names: [...names].filter((name) => find(name) !== undefined),
    faults,
    lookUp: lookUpOnce,
    jwtSecretIn: source.jwtSecretIn ?? newJwtSecret,
  };
}

function noFile(): never {
  throw Object.assign(new Error('no files here'), { code: 'ENOENT' });
}
