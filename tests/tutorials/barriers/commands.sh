#: Step 2: Create the Output Directory
mkdir -p output
#: Step 3: Create the Workflow
torc workflows create barrier_demo.yaml
#: Step 4: Run the Workflow
torc workflows run 1
