/**
 * Commands of the reference, and older names, that people have in scripts: positional arguments, then options, in the
 * notation of a synopsis. `[ID]` may be left out, `IDS...` takes several, `!` must be given, `--limit N=10000` has a default, an
 * option without a word behind it is a switch.
 */
export const REFERENCE: Readonly<Record<string, string>> = {
  '': '--log-level W -f/--format W --url W --username W --password W --prompt-password --skip-version-check',
  run: 'WORKFLOW_SPEC_OR_ID --max-parallel-jobs W --num-cpus W --memory-gb W --num-gpus W -p/--poll-interval W -o/--output-dir W --skip-checks',
  submit: 'WORKFLOW_SPEC_OR_ID -i/--ignore-missing-data --skip-checks',
  ping: '',
  completions: 'SHELL',
  'plot-resources':
    'DB_PATHS... -o/--output-dir W=. -j/--job-ids W... -p/--prefix W=resource_plot -f/--format W=html',

  'workflows create': 'FILE -u/--user W --no-resource-monitoring --skip-checks --dry-run',
  'workflows new': '-n/--name W! -d/--description W -u/--user W',
  'workflows list':
    '-u/--user W --all-users -l/--limit W=10000 --offset W=0 --sort-by W --reverse-sort --archived-only --include-archived',
  'workflows get': '[ID] -u/--user W',
  'workflows update': '[ID] -n/--name W -d/--description W --owner-user W',
  'workflows cancel': '[WORKFLOW_ID]',
  'workflows delete': '[IDS]... --no-prompts --force',
  'workflows archive': 'IS_ARCHIVED [WORKFLOW_IDS]...',
  'workflows submit': '[WORKFLOW_ID] --force',
  'workflows run': '[WORKFLOW_ID] -p/--poll-interval W --max-parallel-jobs W -o/--output-dir W',
  'workflows initialize': '[WORKFLOW_ID] --force --no-prompts --dry-run',
  'workflows initialize-jobs': '[WORKFLOW_ID] --force --no-prompts --dry-run',
  'workflows start': '[WORKFLOW_ID] --force --no-prompts --dry-run',
  'workflows reinitialize': '[WORKFLOW_ID] --force --dry-run',
  'workflows status': '[WORKFLOW_ID] -u/--user W',
  'workflows reset-status': '[WORKFLOW_ID] --failed-only -r/--reinitialize -r/--restart --force --no-prompts',
  'workflows execution-plan': 'SPEC_OR_ID',
  'workflows list-actions': '[WORKFLOW_ID]',
  'workflows is-complete': '[ID]',
  'workflows export': '[WORKFLOW_ID] -o/--output W --include-results --include-events',
  'workflows import': 'FILE --name W --skip-results --skip-events',

  'jobs create':
    '[WORKFLOW_ID] -n/--name W! -c/--command W! -r/--resource-requirements-id W -b/--blocking-job-ids W... -i/--input-file-ids W... -o/--output-file-ids W...',
  'jobs create-from-file':
    'WORKFLOW_ID FILE --cpus-per-job W=1 --memory-per-job W=1m --runtime-per-job W=P0DT1M',
  'jobs list':
    '[WORKFLOW_ID] -s/--status W --upstream-job-id W -l/--limit W=10000 --offset W=0 --sort-by W --reverse-sort --include-relationships',
  'jobs list-by-status': '[WORKFLOW_ID] -s/--status W',
  'jobs get': 'ID',
  'jobs update': 'ID -n/--name W -c/--command W',
  'jobs delete': 'IDS...',
  'jobs delete-all': '[WORKFLOW_ID]',
  'jobs list-resource-requirements': '[WORKFLOW_ID] -j/--job-id W',
  'jobs list-failure-handlers': '[WORKFLOW_ID] -j/--job-id W',

  'files create': '[WORKFLOW_ID] -n/--name W! -p/--path W!',
  'files list':
    '[WORKFLOW_ID] --produced-by-job-id W -l/--limit W=10000 --offset W=0 --sort-by W --reverse-sort',
  'files get': 'ID',
  'files update': 'ID -n/--name W -p/--path W',
  'files delete': 'ID',
  'files list-required-existing': '[WORKFLOW_ID]',

  'user-data create':
    '[WORKFLOW_ID] -n/--name W! -d/--data W --ephemeral --consumer-job-id W --producer-job-id W',
  'user-data list':
    '[WORKFLOW_ID] -l/--limit W=50 -o/--offset W=0 --sort-by W --reverse-sort --name W --is-ephemeral W --consumer-job-id W --producer-job-id W',
  'user-data get': 'ID',
  'user-data update': 'ID -n/--name W -d/--data W --ephemeral W',
  'user-data delete': 'ID',
  'user-data delete-all': 'WORKFLOW_ID',
  'user-data list-missing': 'WORKFLOW_ID',

  'events create': '[WORKFLOW_ID] -d/--data W!',
  'events list':
    '[WORKFLOW_ID] -t/--type W -c/--category W -l/--limit W=10000 -o/--offset W=0 -s/--sort-by W -r/--reverse-sort',
  'events monitor':
    '[WORKFLOW_ID] -d/--duration W --level W=info --filename W -p/--poll-interval W -c/--category W',
  'events get-latest-event': '[WORKFLOW_ID]',
  'events delete': 'ID',

  'results list':
    '[WORKFLOW_ID] -j/--job-id W -r/--run-id W --return-code W --failed -s/--status W -l/--limit W=10000 --offset W=0 --sort-by W --reverse-sort --all-runs --compute-node W',
  'results get': 'ID',
  'results delete': 'ID',

  'resource-requirements create':
    '[WORKFLOW_ID] -n/--name W! --num-cpus W=1 --num-gpus W=0 --num-nodes W=1 -m/--memory W=1m -r/--runtime W=P0DT1M',
  'resource-requirements list': '[WORKFLOW_ID] -l/--limit W=10000 --offset W=0 --sort-by W --reverse-sort',
  'resource-requirements get': 'ID',
  'resource-requirements update':
    'ID -n/--name W --num-cpus W --num-gpus W --num-nodes W --memory W --runtime W',
  'resource-requirements delete': 'ID',

  'failure-handlers list': '[WORKFLOW_ID] -l/--limit W=10000 --offset W=0',
  'failure-handlers get': 'ID',

  'compute-nodes get': 'ID',
  'compute-nodes list':
    '[WORKFLOW_ID] -l/--limit W=10000 -o/--offset W=0 -s/--sort-by W -r/--reverse-sort --scheduled-compute-node W',

  'scheduled-compute-nodes get': 'ID',
  'scheduled-compute-nodes list':
    '[WORKFLOW_ID] -l/--limit W=10000 -o/--offset W=0 -s/--sort-by W -r/--reverse-sort --scheduler-id W --scheduler-config-id W --status W',
  'scheduled-compute-nodes list-jobs': 'ID',

  'job-dependencies job-job': '[WORKFLOW_ID] -l/--limit W=10000 --offset W=0',
  'job-dependencies job-file': '[WORKFLOW_ID] -l/--limit W=10000 --offset W=0',
  'job-dependencies job-user-data': '[WORKFLOW_ID] -l/--limit W=10000 --offset W=0',

  'reports check-resource-utilization': '[WORKFLOW_ID] -r/--run-id W -a/--all --include-failed',
  'reports results': '[WORKFLOW_ID] -o/--output-dir W=output --all-runs -j/--job-id W...',
  'reports summary': '[WORKFLOW_ID]',

  'access-groups create': 'NAME -d/--description W',
  'access-groups get': 'ID',
  'access-groups list': '-l/--limit W=100 -o/--offset W=0',
  'access-groups delete': 'ID',
  'access-groups add-user': 'GROUP_ID USER_NAME -r/--role W=member',
  'access-groups remove-user': 'GROUP_ID USER_NAME',
  'access-groups list-members': 'GROUP_ID -l/--limit W=100 -o/--offset W=0',
  'access-groups list-user-groups': 'USER_NAME -l/--limit W=100 -o/--offset W=0',
  'access-groups add-workflow': 'WORKFLOW_ID GROUP_ID',
  'access-groups remove-workflow': 'WORKFLOW_ID GROUP_ID',
  'access-groups list-workflow-groups': 'WORKFLOW_ID',

  'config show': '-f/--format W',
  'config paths': '',
  'config init': '--system --user --local -f/--force',
  'config validate': '',
};
