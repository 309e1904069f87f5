const semiSpace = '--max-semi-space-size';

/**
 * What Node.js is given for the service: the flags that this process was given, and where nobody says otherwise, 16 MiB for what requests make
 * and leave. @NOTE V8's own choice grows further under load: it costs memory, and saves no time.
 */
export function nodeFlags(flags: readonly string[], nodeOptions = ''): readonly string[] {
  const isChosen = [...flags, nodeOptions].some((each) => each.replaceAll('_', '-').includes(semiSpace));
  return [...flags, '--no-warnings', ...(isChosen ? [] : [`${semiSpace}=16`])];
}
