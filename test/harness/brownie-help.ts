import { brownie, type Finished } from '../acceptance/service-process.ts';

const helps = new Map<string, Promise<Finished>>();

/** What `brownie <subcommand> --help` says; asked once for each. Exit code 2 where there is no such command. */
export function helpOf(subcommand: string): Promise<Finished> {
  const help = helps.get(subcommand) ?? brownie([subcommand, '--help']);
  helps.set(subcommand, help);
  return help;
}
