"""What lies beside the data for those who have not made them: one file for each standard."""
