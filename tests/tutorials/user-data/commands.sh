#: Step 2: Create and Initialize the Workflow
# Create the workflow
WORKFLOW_ID=$(torc workflows create user_data_workflow.yaml -f json | jq -r '.id')
echo "Created workflow: $WORKFLOW_ID"

# Initialize jobs
torc workflows initialize-jobs $WORKFLOW_ID
#: Step 3: Check Initial State: user data
# Check user_data - should be null
torc user-data list $WORKFLOW_ID
#: Step 3: Check Initial State: jobs
torc jobs list $WORKFLOW_ID
#: Step 4: Run the Workflow
torc run $WORKFLOW_ID
#: Step 5: Observe the Data Flow
torc user-data list $WORKFLOW_ID -f json | jq '.[] | {name, data}'
#: Step 6: Verify Completion
torc results list $WORKFLOW_ID
#: Read user_data: the full record
# Get the full record
torc user-data get $USER_DATA_ID
#: Read user_data: the data field
# Get just the data field
torc user-data get $USER_DATA_ID | jq '.data'
#: Read user_data: to a file
# Save to a file for your application
torc user-data get $USER_DATA_ID | jq '.data' > config.json
#: Write user_data: JSON
# Update with JSON data
torc user-data update $USER_DATA_ID --data '{"key": "value"}'
#: Write user_data: from a file
# Update from a file
torc user-data update $USER_DATA_ID --data "$(cat results.json)"
