#: Step 2: Create Input Data
# Create test input file
echo -e "apple red\nbanana yellow\ncherry red\ndate brown" > /tmp/input.txt
#: Step 3: Create and Initialize the Workflow
# Create the workflow and capture the ID
WORKFLOW_ID=$(torc workflows create diamond.yaml -f json | jq -r '.id')
echo "Created workflow: $WORKFLOW_ID"

# Ensure the input file timestamp is current
touch /tmp/input.txt

# Initialize the workflow (builds dependency graph)
torc workflows initialize-jobs $WORKFLOW_ID
#: Step 4: Observe Dependency Resolution
# Check job statuses
torc jobs list $WORKFLOW_ID
#: Step 5: Run the Workflow
torc run $WORKFLOW_ID
#: Step 6: Verify Results
cat /tmp/output.txt
