const semiSpace = '--max-semi-space-size';

/**
 * What Node.js is given for the service: the flags that this process was given, and where nobody says otherwise, 4 MiB for what a request makes
 * and leaves. @NOTE V8's own choice grows to 100 MB under load, for requests whose garbage fits into a few: it costs memory, and saves no time.
 */
export function nodeFlags(flags: readonly string[], nodeOptions = ''): readonly string[] {
  const isChosen = [...flags, nodeOptions].some((each) => each.replaceAll('_', '-').includes(semiSpace));
  return [...flags, '--no-warnings', ...(isChosen ? [] : [`${semiSpace}=4`])];
}
