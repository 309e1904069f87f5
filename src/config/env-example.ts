import { conditionWords } from './documentation.ts';
import { plainText, type Section, type SettingDescription } from './setting.ts';
import { allSettings, fileVariable, sectionTitles } from './settings.ts';

const widthMax = 100;

/** The text of .env.example, made of the table of settings: every line a comment, so that a copy changes nothing. */
export function environmentExample(): string {
  const sections = Object.keys(sectionTitles) as Section[];
  return [
    `# Every setting of the service. Copy this file to .env, uncomment what you change, and look at the outcome with:
# brownie config. What is in the process environment wins over .env; an empty value counts as unset.
# Where a setting has a default, that stands here; else an example. More: docs/configuration.md.
#
# Made by scripts/generate-configuration-docs.ts from the settings in src/config. Change those, then run it.
`,
    ...sections.map(sectionText),
  ].join('\n');
}

function sectionText(section: Section): string {
  const entries = allSettings.filter((setting) => setting.section === section).map(entry);
  return `## ${sectionTitles[section]}\n\n${entries.join('\n')}`;
}

function entry(setting: SettingDescription): string {
  const { name, secret, expects, description, example, defaults, absent } = setting;
  const [usual, ...others] = defaults;
  const elsewhere = others.flatMap(({ condition, shown }) =>
    condition === undefined ? [] : [` Default ${conditionWords[condition]}: ${shown}.`],
  );
  const words = [
    description,
    ` Takes: ${secret ? `a secret, or its file in ${fileVariable(name)}` : expects}.`,
    usual === undefined ? ` Without it: ${absent}.` : '',
    ...elsewhere,
  ];
  return `${wrapped(plainText(words.join('')))}\n#${name}=${usual?.shown ?? writable(example)}\n`;
}

/** @NOTE a file is no shell: an example that runs a program would be taken word for word. */
const writable = (example: string): string => (example.includes('$(') ? '' : example);

function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > widthMax) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
