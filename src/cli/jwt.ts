import type { Command } from 'commander';
import type { JwtVerb } from '../commands/jwt.ts';

/** `brownie jwt …`: the keys that sign access tokens. */
export function addJwt(program: Command): void {
  const jwt = program.command('jwt').description('the keys that sign access tokens: show and rotate them');
  const verb = (name: JwtVerb, description: string): Command =>
    jwt
      .command(name)
      .description(description)
      .option('--json', 'as JSON')
      .action(async (options) => (await import('../commands/jwt.ts')).jwt(name, options));
  const dryRun = ['--dry-run', 'say what would be done, and change nothing'] as const;
  verb('status', 'show the keys, by their ids');
  verb('stage', 'make the next key: accepted by every instance, not used yet').option(...dryRun);
  verb('promote', 'let the staged key sign').option(...dryRun);
  verb('retire', 'refuse the tokens of previous keys')
    .option(...dryRun)
    .option('--force', 'while some of them are still valid: logs their users out');
  verb('revoke-all', 'refuse every token there is: for a key that leaked')
    .option(...dryRun)
    .option('--yes', 'log everybody out, indeed');
}
