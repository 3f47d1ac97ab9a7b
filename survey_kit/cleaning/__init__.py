"""What is wrong with it: checks give findings, corrections give an audited log."""
