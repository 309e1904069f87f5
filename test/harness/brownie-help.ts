import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';

/**
 * What `brownie <words> --help` says, without a process for each: the help of the command that the words lead to, as far as they name
 * one of the command before. Undefined where the first names none; without words, that of `brownie`.
 */
export function helpOf(words = ''): string | undefined {
  const path = words.split(' ').filter((word) => word !== '');
  const named = (command: Command, word: string): Command | undefined =>
    command.commands.find((each) => each.name() === word);
  const program = createProgram();
  const leadsTo = path.reduce<Command>((command, word) => named(command, word) ?? command, program);
  return path.length > 0 && leadsTo === program ? undefined : leadsTo.helpInformation();
}
