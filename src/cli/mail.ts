import type { Command } from 'commander';

const json = ['--json', 'as JSON'] as const;

/** `brownie mail …`: mails that wait to be sent, for the operator of a service without a mail server. */
export function addMail(program: Command): void {
  const mail = program
    .command('mail')
    .description('mails that wait to be sent: what the operator hands on where there is no mail server');
  mail
    .command('list')
    .description('show to whom they go, and what they are for')
    .option(...json)
    .action(async (options) => (await load()).listMails(options));
  mail
    .command('show')
    .description('print a mail with the token that it holds, and leave word of it; it waits on')
    .argument('<mail>', 'id')
    .option(...json)
    .action(async (id, options) => (await load()).showMail(id, options));
}

const load = () => import('../commands/mail.ts');
