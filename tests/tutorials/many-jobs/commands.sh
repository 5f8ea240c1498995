#: Step 1: Start the Torc Server
torc-server run
#: If you use a custom port
export TORC_API_URL="http://localhost:8100/torc-service/v1"
#: Step 3: Run the Workflow
torc run hundred_jobs.yaml
#: Step 4: Monitor Execution: status
# Check workflow status
torc workflows status <workflow_id>
#: Step 4: Monitor Execution: jobs
# List jobs and their states
torc jobs list <workflow_id>
#: Step 5: View Results
torc results list <workflow_id>
