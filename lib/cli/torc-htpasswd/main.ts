import { hash, truncates } from 'bcryptjs';
import { AfterokError } from '../../errors.js';
import { faultOfUsername } from '../../server/htpasswd-file.js';
import { API_VERSION } from '../../wire/version.js';
import { renderHelp } from '../help.js';
import { type ParsedArguments, parseArguments } from '../parse.js';
import { terminal } from '../terminal.js';
import { changeHtpasswd, createHtpasswd, readHtpasswd } from './file.js';
import { TORC_HTPASSWD } from './spec.js';

/** @param words behind the command and the file */
type Verb = (file: string, words: readonly string[], args: ParsedArguments) => Promise<void> | void;

const VERBS: Readonly<Record<string, Verb>> = { add, list, verify, remove, create };

const DEFAULT_COST = 12;

/** torc-htpasswd: users of a server. */
export async function torcHtpasswd(argv: string[]): Promise<number> {
  const args = parseArguments(TORC_HTPASSWD, argv);
  const [word, ...rest] = args.positionals;
  if (args.has('version')) {
    console.log(`torc-htpasswd ${API_VERSION}`);
    return 0;
  }
  if (args.has('help') || word === undefined) {
    process.stdout.write(renderHelp(TORC_HTPASSWD));
    return word === undefined && !args.has('help') ? 2 : 0;
  }
  if (word === 'hash') {
    await printHash(rest, args);
    return 0;
  }
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
  if (verb === undefined) {
    const known = [...Object.keys(VERBS), 'hash'].join(', ');
    throw new AfterokError('bad-option', `unknown command ${word}: expected one of ${known}`);
  }
  const [file, ...words] = args.has('file') ? [args.text('file') ?? '', ...rest] : rest;
  if (file === undefined) throw new AfterokError('bad-option', `${word}: which file? --file <file>`);
  await verb(file, words, args);
  return 0;
}

async function add(file: string, words: readonly string[], args: ParsedArguments): Promise<void> {
  const user = oneUser('add', words);
  const cost = costOf(args);
  // Before anybody types a password: whether the file can be read at all.
  readHtpasswd(file, { missing: 'empty' });
  const hashed = await hash(await newPassword(user, args), cost);
  let known = false;
  await changeHtpasswd(file, (users) => {
    known = users.hashOf(user) !== null;
    return users.with(user, hashed);
  });
  console.log(
    known ? `Updated the password of user '${user}' in ${file}` : `Added user '${user}' to ${file}`,
  );
}

function list(file: string, words: readonly string[]): void {
  noMoreWords('list', words);
  const users = readHtpasswd(file);
  for (const user of users.users) console.log(user);
  for (const { line, message } of users.problems) console.error(`torc-htpasswd: ${file}:${line}: ${message}`);
}

async function verify(file: string, words: readonly string[], args: ParsedArguments): Promise<void> {
  const user = oneUser('verify', words);
  const users = readHtpasswd(file);
  if (users.hashOf(user) === null) throw unknownUser(user, file);
  if (!(await users.verify(user, await givenPassword(user, args))))
    throw new AfterokError('bad-htpasswd', `this is not the password of user '${user}'`);
  console.log(`The password of user '${user}' is correct`);
}

async function remove(file: string, words: readonly string[]): Promise<void> {
  const user = oneUser('remove', words);
  await changeHtpasswd(file, (users) => {
    if (users.hashOf(user) === null) throw unknownUser(user, file);
    return users.without(user);
  });
  console.log(`Removed user '${user}' from ${file}`);
}

function create(file: string, words: readonly string[], args: ParsedArguments): void {
  noMoreWords('create', words);
  createHtpasswd(file, args.has('force'));
  console.log(`Created ${file}`);
}

async function printHash(words: readonly string[], args: ParsedArguments): Promise<void> {
  const user = words.length === 0 ? null : oneUser('hash', words);
  const hashed = await hash(await newPassword(user ?? 'the new user', args), costOf(args));
  console.log(user === null ? hashed : `${user}:${hashed}`);
}

function oneUser(verb: string, words: readonly string[]): string {
  const [user, ...more] = words;
  if (user === undefined) throw new AfterokError('bad-option', `${verb}: which user?`);
  noMoreWords(verb, more);
  const fault = faultOfUsername(user);
  if (fault !== null) throw new AfterokError('bad-option', `user ${JSON.stringify(user)}: ${fault}`);
  return user;
}

function noMoreWords(verb: string, words: readonly string[]): void {
  if (words.length > 0) throw new AfterokError('bad-option', `${verb}: unexpected ${words.join(' ')}`);
}

function unknownUser(user: string, file: string): AfterokError {
  return new AfterokError('bad-htpasswd', `there is no user '${user}' in ${file}`);
}

function costOf(args: ParsedArguments): number {
  const cost = args.integer('cost', 4) ?? DEFAULT_COST;
  if (cost > 31) throw new AfterokError('bad-option', `--cost ${cost}: expected 4 to 31`);
  return cost;
}

async function givenPassword(user: string, args: ParsedArguments): Promise<string> {
  const option = args.text('password');
  if (option !== null) {
    console.error('torc-htpasswd: --password shows in the process list; leave it out to be asked');
    return option;
  }
  return await terminal.askSecret(`Password for ${user}: `);
}

/** A password that a user can have; on a terminal it is asked for twice. */
async function newPassword(user: string, args: ParsedArguments): Promise<string> {
  const password = await givenPassword(user, args);
  if (password === '') throw new AfterokError('bad-option', 'the password is empty');
  if (password.includes('\0')) throw new AfterokError('bad-option', 'a password has no NUL character');
  if (truncates(password))
    throw new AfterokError(
      'bad-option',
      'the password is longer than 72 bytes, which is all that bcrypt reads',
    );
  if (args.has('password') || !terminal.isThere) return password;
  if ((await terminal.askSecret('Once more: ')) !== password)
    throw new AfterokError('bad-option', 'the two passwords differ');
  return password;
}
