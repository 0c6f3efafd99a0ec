"""What is known of runs: events, live state, snapshots, the store and the sentences about them."""
