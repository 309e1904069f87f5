import { makeSecretCommand, secretLengthMin } from './jwt-secret.ts';
import type { Condition, Section, SettingDescription } from './setting.ts';
import { allSettings, fileVariable, sectionTitles } from './settings.ts';

/** When a default holds that is not the usual one. Markdown. */
export const conditionWords: Readonly<Record<Condition, string>> = {
  embedded: 'in embedded mode',
  v1: 'under v1',
  debug: 'with `METADATA_DEBUG=true`',
  'node-production': 'with `NODE_ENV=production`',
};

/** The text of docs/configuration.md, made of the table of settings. Markdown, ends in a newline. */
export function configurationDocument(): string {
  const sections = Object.keys(sectionTitles) as Section[];
  return [
    introduction(),
    ...sections.map((section) => sectionText(section)),
    sourcesText(),
    productionText(),
    embeddedText(),
    profileText(),
    checkingText(),
  ].join('\n');
}

function introduction(): string {
  return `# Configuration

<!-- Made by scripts/generate-configuration-docs.ts from the settings in src/config. Change those, then run it. -->

The service is configured by environment variables. It starts without any: then it runs an embedded PostgreSQL
and listens on 127.0.0.1, for trying it out. The configuration is read once, at the start. Whatever is wrong with it is
reported in one go, and the service does not start: a value that cannot be read is never replaced by a default.
`;
}

function sectionText(section: Section): string {
  const rows = allSettings.filter((setting) => setting.section === section).map(row);
  return `## ${sectionTitles[section]}

${markdownTable(['Setting', 'Default', 'Example', 'What it does'], rows)}
`;
}

function row(setting: SettingDescription): string[] {
  const kind = setting.secret ? 'Secret' : capital(setting.expects);
  return [
    `\`${setting.name}\``,
    defaultText(setting),
    `\`${setting.example}\``,
    `${kind}. ${setting.description}`,
  ];
}

function defaultText({ defaults, absent }: SettingDescription): string {
  if (defaults.length === 0) {
    return absent.replace(/METADATA_\w+/g, '`$&`');
  }
  return defaults
    .map(({ condition, shown }) =>
      condition === undefined ? `\`${shown}\`` : `\`${shown}\` ${conditionWords[condition]}`,
    )
    .join('; ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sourcesText(): string {
  const secrets = allSettings.filter(({ secret }) => secret);
  const files = secrets.map(({ name }) => `- \`${fileVariable(name)}\``).join('\n');
  return `## Where values come from

In this order:

1. the process environment;
2. \`.env\` in the working directory, if there is one: \`NAME=value\` lines, \`#\` begins a comment. Put quotes around a
   value that holds a \`#\` or spaces at its ends. \`cp .env.example .env\` gives one with every setting in it, commented out;
3. the default.

An empty variable counts as unset. Words such as \`info\` and \`true\` may be written in any case; \`1\`, \`yes\` and \`on\` mean
\`true\`, \`0\`, \`no\` and \`off\` mean \`false\`.

### Secrets in files

A secret may be mounted as a file instead, whose path one of these names:

${files}

Line breaks at the end of the file do not count. Setting both a variable and its file is a fault, and so is a file that
cannot be read or is empty.

### Unknown variables

A variable that begins with \`METADATA_\` and is none of the above is reported as a warning, with the nearest name that is.
`;
}

function productionText(): string {
  return `## Production

\`METADATA_ENVIRONMENT=production\` or \`NODE_ENV=production\` makes a production service. Then

- \`METADATA_POSTGRES_DSN\` is required: there is no embedded mode;
- \`METADATA_JWT_SECRET\` is required, with at least ${secretLengthMin} characters. Placeholders, examples from documentation,
  repetitions and sequences are refused. This makes a good one:

  \`\`\`sh
  ${makeSecretCommand}
  \`\`\`

- \`METADATA_DEBUG=true\` is refused.

A \`METADATA_ENVIRONMENT\` other than \`production\` beside \`NODE_ENV=production\` is a contradiction, and refused. Elsewhere a weak
secret gives a warning. RFC 7518 asks for keys of 48 bytes with HS384 and 64 bytes with HS512
(\`openssl rand -base64 64\`); a shorter one gives a warning.
`;
}

function embeddedText(): string {
  return `## Embedded mode

Outside production and without \`METADATA_POSTGRES_DSN\` the service runs a PostgreSQL of its own, in \`METADATA_DATA_DIR\`,
and listens on 127.0.0.1 unless \`METADATA_HOST\` says otherwise.

Outside production and without \`METADATA_JWT_SECRET\` a secret is generated at the first start and kept in the file \`jwt-secret\` of
\`METADATA_DATA_DIR\`, mode 0600, so that tokens survive a restart. Delete the file to have a new one made.

Commands that only look make nothing in that folder: \`brownie serve\` makes the secret, and it, \`brownie migrate\` and \`brownie demo\`
the database.
`;
}

function profileText(): string {
  const rows = allSettings.flatMap(({ name, defaults }) => {
    const usual = defaults.find(({ condition }) => condition === undefined);
    const under = defaults.find(({ condition }) => condition === 'v1');
    return usual && under ? [[`\`${name}\``, `\`${usual.shown}\``, `\`${under.shown}\``]] : [];
  });
  return `## The v1 profile

\`METADATA_COMPATIBILITY=v1\` keeps clients of the service before this one working while they move over
([moving-from-v1.md](moving-from-v1.md)). It changes these defaults:

${markdownTable(['Setting', 'Usual default', 'Under v1'], rows)}

A value that is set wins over the profile. And it eases how requests are read:

- fields of a body that the route does not know are ignored, and named in the reply’s header \`Brownie-Ignored-Fields\`;
- times without an offset are read as UTC;
- a path with a slash at its end is redirected (308) to the one without.

Nothing else differs. The profile gives a warning at each start; unset it when the clients have moved.
`;
}

function checkingText(): string {
  return `## Looking at it

\`brownie config\` prints each setting with its effective value and where that came from: \`default\`, \`environment\`, \`.env\`,
\`file <path>\`, \`generated\` or \`profile v1\`. A secret is masked and followed by the first 8 hex digits of its SHA-256, so that
two replicas can be compared without showing it:

\`\`\`sh
printf %s "$METADATA_JWT_SECRET" | sha256sum | cut -c1-8
\`\`\`

Of a connection string host, port and database are shown; user, password and parameters are not. No message of the service
holds the value of a secret.
`;
}

/** A Markdown table of a heading row and others, with aligned columns, as the formatter of this repository has it. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = [heading, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = heading.map((_, column) =>
    Math.max(3, ...escaped.map((cells) => cells[column]?.length ?? 0)),
  );
  const [head = '', ...body] = escaped.map((cells) =>
    tableRow(widths.map((width, column) => (cells[column] ?? '').padEnd(width))),
  );
  return [head, tableRow(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
