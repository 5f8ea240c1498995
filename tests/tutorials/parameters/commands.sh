#: Step 2: Create and Initialize the Workflow
WORKFLOW_ID=$(torc workflows create learning_rate_sweep.yaml -f json | jq -r '.id')
echo "Created workflow: $WORKFLOW_ID"

torc workflows initialize-jobs $WORKFLOW_ID
#: Step 3: Verify the Expansion: count
# Count jobs (should be 11: 5 train + 5 evaluate + 1 compare)
torc jobs list $WORKFLOW_ID -f json | jq '.jobs | length'
#: Step 3: Verify the Expansion: names
torc jobs list $WORKFLOW_ID -f json | jq -r '.jobs[].name' | sort
#: Step 4: Check Dependencies
torc jobs list $WORKFLOW_ID
#: Step 5: Run the Workflow
torc run $WORKFLOW_ID
