import pretty from 'pino-pretty';
import { prettyLine } from './pretty-line.ts';

/**
 * Where the log goes on a terminal: lines for people, on standard output, in colors unless NO_COLOR is set. Date and local time
 * come first, so that the log of a day can be read there: `2026-11-25 18:01:33.436 INFO: service started url=…`.
 */
export const prettyLog = (): { write(line: string): void } =>
  pretty({
    destination: 1,
    sync: true,
    messageKey: 'message',
    levelKey: 'level',
    timestampKey: 'timestamp',
    customLevels: 'debug:20,info:30,warning:40,error:50,critical:60',
    customColors: 'debug:gray,info:green,warning:yellow,error:red,critical:bgRed,message:reset',
    useOnlyCustomProps: true,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
    customPrettifiers: { time: (time) => String(time) },
    messageFormat: (log, _messageKey, _levelLabel, { colors }) => prettyLine(log, colors.gray),
    // @NOTE `messageFormat` has written the fields already.
    hideObject: true,
  });
