"""What happens, one verb a file; a flow does not import another flow."""
