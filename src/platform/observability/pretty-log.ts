import pretty from 'pino-pretty';

/** Where the log goes on a terminal: a line for people, on standard output, in colors unless NO_COLOR is set. */
export const prettyLog = (): { write(line: string): void } =>
  pretty({
    destination: 1,
    sync: true,
    messageKey: 'message',
    levelKey: 'level',
    timestampKey: 'timestamp',
    errorLikeObjectKeys: ['error', 'err'],
    customLevels: 'debug:20,info:30,warning:40,error:50,critical:60',
    customColors: 'debug:gray,info:green,warning:yellow,error:red,critical:bgRed',
    useOnlyCustomProps: true,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    ignore: 'logger',
  });
