"""What this user keeps: folders, configuration, history, recordings and how long they stay."""
