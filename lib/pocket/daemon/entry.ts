import { runDaemon } from './main.js';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: entry.js STATE_FOLDER');
await runDaemon(folder);
