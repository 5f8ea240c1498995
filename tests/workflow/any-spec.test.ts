import fc from 'fast-check';
import json5 from 'json5';
import t from 'tap';
import { stringify } from 'yaml';
import { expand } from '../../lib/workflow/expand.js';
import type { WorkflowSpec } from '../../lib/workflow/spec.js';
import { parseSpec } from '../../lib/workflow/spec-file.js';
import { validate } from '../../lib/workflow/validate.js';
import { anySpec, toKdl } from './any-spec.js';
import { isTreatedWell } from './written-spec.js';

fc.configureGlobal({ seed: 20260119 });

t.test('specifications of the right shape with anything in them', async () => {
  fc.assert(
    fc.property(anySpec, (spec) => isTreatedWell(JSON.stringify(spec), 'x.json')),
    { numRuns: 1000 },
  );
});

t.test('one workflow in four syntaxes is one workflow', async () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const json = JSON.stringify(spec);
      const outcomes = [
        outcome(json, 'x.json'),
        outcome(json5.stringify(JSON.parse(json), null, 1), 'x.json5'),
        outcome(stringify(JSON.parse(json)), 'x.yaml'),
        outcome(toKdl(JSON.parse(json) as WorkflowSpec), 'x.kdl'),
      ];
      return new Set(outcomes).size === 1;
    }),
    { numRuns: 120 },
  );
});

/** The model, or what is wrong without the places, which differ. */
function outcome(text: string, file: string): string {
  const { spec, source } = parseSpec(text, file);
  const { errors, ...result } = validate({ spec, source });
  const problems = errors.map((error) => error.replace(/^\S+:\d+:\d+: /, ''));
  return JSON.stringify([result, problems, errors.length === 0 ? expand(spec, source) : null]);
}
