import t from 'tap';
import { FormatError } from '../lib/format-error.js';

t.test('the message is one line with the value and what is allowed', async (t) => {
  const error = new FormatError('job id', 'a"b\nc', 'a number');
  t.equal(error.message, 'invalid job id "a\\"b\\nc": expected a number');
  t.match(error, { name: 'FormatError', what: 'job id', value: 'a"b\nc', expected: 'a number' });
  t.ok(error instanceof Error);
});

t.test('a long value is cut in the message and whole in the error', async (t) => {
  const value = 'x'.repeat(4096);
  const error = new FormatError('array', value, 'less');
  t.ok(error.message.length < 130);
  t.equal(error.value, value);
});
