"""What follows from results, read: consequences, coverage over years, the figures of a yearly report."""
