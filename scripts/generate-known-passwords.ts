import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dictionary } from '@zxcvbn-ts/language-common';

// Writes the passwords of that package (MIT) that a service can be asked about: METADATA_PASSWORD_MIN_LENGTH is 8 at least. Its own
// form takes longer to unpack than all else that a start does.
const shortest = 8;
const words = dictionary['passwords-common'].filter((word) => word.length >= shortest);
const file = join(import.meta.dirname, '../src/platform/auth/known-passwords.txt');
writeFileSync(file, `${words.join('\n')}\n`);
