/** Shapes of what commands print with `-f json`: `?` marks a key that is left out where there is nothing to say. */
export const MODELS: Readonly<Record<string, string>> = {
  Workflow:
    '{id,name,user,description?,timestamp?,compute_node_expiration_buffer_seconds?,compute_node_wait_for_new_jobs_seconds?,compute_node_ignore_workflow_completion?,compute_node_wait_for_healthy_database_minutes?,compute_node_min_time_for_new_jobs_seconds?,jobs_sort_method?,resource_monitor_config?,slurm_defaults?,use_pending_failed?,status_id?}',
  Status: '{id,is_canceled,is_archived?,run_id,has_detected_need_to_run_completion_script?,status}',
  Job: '{id,workflow_id,name,command,invocation_script?,status,cancel_on_blocking_job_failure?,supports_termination?,depends_on_job_ids?,input_file_ids?,output_file_ids?,input_user_data_ids?,output_user_data_ids?,resource_requirements_id?,scheduler_id,failure_handler_id?,attempt_id?}',
  File: '{id,workflow_id,name,path,st_mtime?}',
  UserData: '{id,workflow_id,name,is_ephemeral?,data?}',
  Requirements: '{id,workflow_id,name,num_cpus,num_gpus,num_nodes,memory,runtime}',
  Handler: '{id,workflow_id,name,rules}',
  Event: '{id,workflow_id,timestamp,timestamp_formatted,data}',
  Result:
    '{id,job_id,workflow_id,run_id,attempt_id,compute_node_id,return_code,exec_time_minutes,completion_time,status,peak_memory_bytes?,avg_memory_bytes?,peak_cpu_percent?,avg_cpu_percent?}',
  Node: '{id,workflow_id,hostname,pid,start_time,duration_seconds?,is_active,num_cpus,memory_gb,num_gpus,num_nodes,time_limit?,scheduler_config_id?,compute_node_type,scheduler?}',
  Action:
    '{id,workflow_id,trigger_type,action_type,action_config,job_ids?,trigger_count,required_triggers,executed,executed_at?,executed_by?,persistent,is_recovery}',
  Group: '{id,name,description?,created_at}',
  Member: '{id,user_name,group_id,role,created_at}',
  Link: '{workflow_id,group_id,created_at}',
  Scheduled: '{id,workflow_id,scheduler_id,scheduler_config_id,scheduler_type,status}',
  Done: '{status,message,workflow_id}',
  Check:
    '{workflow_id,safe,missing_input_files,missing_input_file_count,existing_output_files,existing_output_file_count}',
  Plan: '{status,source,workflow_id?,workflow_name,total_events,total_jobs,root_events,leaf_events,events:[PlanEvent]}',
  PlanEvent:
    '{id,trigger:{type,data?},trigger_description,scheduler_allocations,jobs_becoming_ready,depends_on_events,unlocks_events}',
};

const PAGE = 'offset,max_limit,count,total_count,has_more';
const JOB_JOB = '{job_id,job_name,depends_on_job_id,depends_on_job_name,workflow_id}';
const ENDS = 'producer_job_id?,producer_job_name?,consumer_job_id?,consumer_job_name?,workflow_id';

const STATES =
  '{uninitialized,blocked,ready,pending,running,completed,failed,canceled,terminated,disabled,pending_failed}';
const OWNER = 'workflow_id,workflow_name,workflow_user';
const SUMMARY = `{${OWNER},total_jobs,jobs_by_status:${STATES},total_exec_time_minutes,total_exec_time_formatted,active_compute_nodes,pending_scheduled_nodes,active_scheduled_nodes,is_complete?,is_canceled?,walltime_seconds?,walltime_formatted?}`;
const REPORTED =
  '{job_id,job_name,status,run_id,return_code,completion_time,exec_time_minutes,compute_node_id,job_stdout?,job_stderr?,compute_node_type?,job_runner_log?,slurm_job_id?,slurm_stdout?,slurm_stderr?}';
const EXPORT =
  '{export_version,exported_at,workflow:Workflow,files,user_data,resource_requirements,slurm_schedulers,local_schedulers,failure_handlers,jobs,workflow_actions,results,events}';

/** The place in a session where jobs run. */
export const WORK = 'work';

/** Commands in this order, the shapes of what they print, and their exit codes. `{}` is the folder, `%20` a space. */
export const SESSION: readonly [words: string, shape: string, exit?: number][] = [
  ['ping', '{status}'],
  ['workflows create --dry-run {}/w.yaml', '{valid,errors,warnings,summary:_}'],
  ['workflows create {}/w.yaml', '{workflow_id,status,message}'],
  ['workflows new -n other -d text', 'Workflow'],
  ['workflows list', '[Workflow]'],
  ['workflows get 1', 'Workflow'],
  ['workflows update 2 -n another', 'Workflow'],
  ['workflows list-actions 1', '{actions:[Action]}'],
  ['workflows execution-plan {}/w.yaml', 'Plan'],
  ['workflows initialize 1 --dry-run', 'Check', 1],
  ['workflows initialize 1 --force', 'Done'],
  ['workflows execution-plan 1', 'Plan'],
  ['workflows status 1', 'Status'],
  [WORK, ''],
  ['workflows is-complete 1', '{is_canceled,is_complete,needs_to_run_completion_script}'],
  ['jobs create 2 -n j -c true', 'Job'],
  ['jobs create-from-file 2 {}/commands.txt', '{status,message,workflow_id,jobs_created}'],
  ['jobs list 1 --include-relationships', '{jobs:[Job]}'],
  ['jobs list-by-status 1 -s completed', '{jobs:[Job]}'],
  ['jobs get 1', 'Job'],
  ['jobs update 4 -n k', 'Job'],
  [
    'jobs list-resource-requirements 1',
    '[{job_id,job_name,rr_id,rr_name,workflow_id,num_cpus,num_gpus,num_nodes,memory,runtime}]',
  ],
  ['jobs list-failure-handlers 1', '[{job_id,job_name,failure_handler_id?,failure_handler_name?,rules?}]'],
  ['jobs delete 5', '{jobs:[Job]}'],
  ['jobs delete 99', '{error,missing_ids}', 1],
  ['files create 2 -n f -p p', 'File'],
  ['files list 1', '{files:[File]}'],
  ['files list 1 --produced-by-job-id 1', '{files:[File]}'],
  ['files get 1', 'File'],
  ['files update 3 -p q', 'File'],
  ['files list-required-existing 1', '{files}'],
  ['files delete 3', 'File'],
  ['user-data create 2 -n u -d {"x":1}', 'UserData'],
  ['user-data list 1', '{user_data:[UserData]}'],
  ['user-data get 2', 'UserData'],
  ['user-data update 2 --ephemeral true', 'UserData'],
  ['user-data list-missing 1', '{user_data}'],
  ['user-data delete 2', 'UserData'],
  ['resource-requirements create 2 -n r', 'Requirements'],
  ['resource-requirements list 1', '{resource_requirements:[Requirements]}'],
  ['resource-requirements get 1', 'Requirements'],
  ['resource-requirements update 1 --num-cpus 2', 'Requirements'],
  ['failure-handlers list 1', '{failure_handlers:[Handler]}'],
  ['failure-handlers get 1', 'Handler'],
  ['results list 1', '{results:[Result]}'],
  ['results list 1 --failed', '{results:[Result]}'],
  ['results get 1', 'Result'],
  ['events create 1 -d {"category":"note"}', 'Event'],
  ['events list 1 -c note', '{events:[Event]}'],
  ['events list 1 --type note', '{events:[Event]}'],
  ['events get-latest-event 1', 'Event'],
  ['compute-nodes list 1', '{compute_nodes:[Node]}'],
  ['compute-nodes list 1 --scheduled-compute-node 1', '{compute_nodes:[Node]}'],
  ['compute-nodes get 1', 'Node'],
  ['scheduled-compute-nodes list 1 --scheduler-id 77', '{scheduled_compute_nodes:[Scheduled]}'],
  ['scheduled-compute-nodes get 1', 'Scheduled'],
  [
    'scheduled-compute-nodes list-jobs 1',
    '{scheduled_compute_node_id,workflow_id,compute_node_count,job_ids}',
  ],
  ['job-dependencies job-job 1', `{items:[${JOB_JOB}],${PAGE}}`],
  ['job-dependencies job-file 1', `{items:[{file_id,file_name,file_path,${ENDS}}],${PAGE}}`],
  ['job-dependencies job-user-data 1', `{items:[{user_data_id,user_data_name,${ENDS}}],${PAGE}}`],
  ['reports summary 1', SUMMARY],
  ['reports results 1', `{${OWNER},all_runs,total_results,results:[${REPORTED}]}`],
  ['reports check-resource-utilization 1 --all', '_'],
  ['access-groups create team', 'Group'],
  ['access-groups list', '{groups:[Group]}'],
  ['access-groups get 1', 'Group'],
  ['access-groups add-user 1 bob', 'Member'],
  ['access-groups list-members 1', '{members:[Member]}'],
  ['access-groups list-user-groups bob', '{groups:[Group]}'],
  ['access-groups add-workflow 1 1', 'Link'],
  ['access-groups list-workflow-groups 1', '{groups:[Group]}'],
  ['access-groups remove-workflow 1 1', 'Link'],
  ['access-groups remove-user 1 bob', 'Member'],
  ['access-groups delete 1', 'Group'],
  ['workflows export 1 --include-results --include-events', EXPORT],
  [
    'workflows export 1 -o {}/e.json',
    '{success,workflow_id,workflow_name,output_file,jobs,files,user_data,results,events}',
  ],
  ['workflows import {}/e.json --name again', '{success,workflow_id,workflow_name,jobs,files,user_data}'],
  [
    'workflows reset-status 1 --failed-only --force --no-prompts',
    '{status,workflow_id,operations:{workflow_reset,job_reset,reinitialize?},failed_only,messages,errors?}',
  ],
  ['workflows reinitialize 1 --dry-run', '_', 1],
  ['workflows reinitialize 1 --force', 'Done'],
  ['workflows cancel 1', '{status,workflow_id,canceled_slurm_jobs,errors?}'],
  ['workflows archive true 2', '{status,updated_workflows,is_archived}'],
  ['workflows list --archived-only', '[Workflow]'],
  ['results delete 1', 'Result'],
  ['events delete 1', '_'],
  ['jobs delete-all 2', '{count}'],
  ['user-data delete-all 2', '_'],
  ['resource-requirements delete 1', 'Requirements'],
  ['workflows delete --no-prompts 2', '[Workflow]'],
  ['config show', '_'],
  ['config paths', '_'],
];
