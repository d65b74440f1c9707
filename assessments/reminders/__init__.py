"""What people are told, and who has not submitted."""
