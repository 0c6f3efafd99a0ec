"""Pictures of the Build page: the network, its data, its curves, its boundary."""
