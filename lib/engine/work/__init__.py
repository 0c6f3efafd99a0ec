"""Who trains where: the line, the dispatcher, the cluster and its host process."""
