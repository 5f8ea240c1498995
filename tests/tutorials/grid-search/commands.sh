#: Step 2: Create and Initialize the Workflow
WORKFLOW_ID=$(torc workflows create grid_search.yaml -f json | jq -r '.id')
echo "Created workflow: $WORKFLOW_ID"

torc workflows initialize-jobs $WORKFLOW_ID
#: Step 3: Verify the Expansion: count
torc jobs list $WORKFLOW_ID -f json | jq '.jobs | length'
#: Step 3: Verify the Expansion: names
torc jobs list $WORKFLOW_ID -f json | jq -r '.jobs[] | select(.name | startswith("train_")) | .name' | sort
#: Step 4: Examine the Dependency Graph
torc jobs list $WORKFLOW_ID
#: Step 5: Run the Workflow
torc run $WORKFLOW_ID
#: Step 6: Monitor Progress
# Check status summary
torc workflows status $WORKFLOW_ID
#: Step 7: Retrieve Results
# View best configuration
cat /results/best_config.json

# View summary of all runs
cat /results/summary.csv
